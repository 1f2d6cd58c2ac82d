-- Quality scores by source and run, oldest first: of the counts of the run's files added up, rounded down to one decimal.
-- A dimension that was not judged is empty; docs/quality.md tells the formula and its weights.
SELECT
  source,
  run_id,
  max(finished_at) AS finished_at,
  max(files) AS files,
  max(records) AS records,
  CAST(floor(CAST(sum(weight * tenths) AS double) / sum(weight)) / 10.0 AS decimal(4, 1)) AS score,
  CAST(max(CASE WHEN dimension = 'completeness' THEN tenths END) / 10.0 AS decimal(4, 1)) AS completeness,
  CAST(max(CASE WHEN dimension = 'validity' THEN tenths END) / 10.0 AS decimal(4, 1)) AS validity,
  CAST(max(CASE WHEN dimension = 'consistency' THEN tenths END) / 10.0 AS decimal(4, 1)) AS consistency,
  CAST(max(CASE WHEN dimension = 'uniqueness' THEN tenths END) / 10.0 AS decimal(4, 1)) AS uniqueness,
  CAST(max(CASE WHEN dimension = 'timeliness' THEN tenths END) / 10.0 AS decimal(4, 1)) AS timeliness,
  CAST(max(CASE WHEN dimension = 'plausibility' THEN tenths END) / 10.0 AS decimal(4, 1)) AS plausibility
FROM (
  SELECT
    source,
    run_id,
    dimension,
    max(finished_at) AS finished_at,
    count(*) AS files,
    sum(records) AS records,
    CASE dimension
      WHEN 'completeness' THEN 25
      WHEN 'validity' THEN 25
      WHEN 'consistency' THEN 20
      WHEN 'uniqueness' THEN 15
      WHEN 'timeliness' THEN 5
      WHEN 'plausibility' THEN 10
    END AS weight,
    CASE
      WHEN sum(records) = 0 THEN 1000
      ELSE floor(
        CAST(500 * (2 * sum(records) - 2 * sum(critical_records) - sum(warning_records)) AS double) / sum(records)
      )
    END AS tenths
  FROM quality_scorecard
  WHERE dimension <> 'total'
  GROUP BY source, run_id, dimension
) AS judged
GROUP BY source, run_id
ORDER BY finished_at, source, run_id
