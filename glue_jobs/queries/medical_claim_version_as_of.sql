-- Lines of medical_claim_version that survive as of a day, by what had been received by then: all columns, so also the
-- money of whole claims; version_rank, is_final_action and superseded_by stay those of today.
-- asked.day: the day as text. In Athena write before it: WITH asked AS (SELECT '2024-03-01' AS day)
SELECT v.*
FROM medical_claim_version AS v
CROSS JOIN asked
WHERE cardinality(filter(
  split(v.final_periods, ','),
  period -> substr(period, 1, 10) <= asked.day AND (length(period) = 11 OR substr(period, 12, 10) > asked.day)
)) > 0
