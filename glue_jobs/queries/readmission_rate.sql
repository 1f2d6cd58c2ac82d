-- How often discharged members come back: readmissions within 30 days, for any cause, by year of discharge and payer.
-- A readmission that was planned does not count as unplanned, nor does what comes after it within the 30 days.
-- Discharges of the last month or so can still be followed by a readmission whose claim has not come.
SELECT
  substr(discharge_year_month, 1, 4) AS year,
  payer,
  count(*) AS index_discharges,
  count(DISTINCT person_id) AS persons,
  sum(readmitted_flag) AS readmissions,
  CAST(CAST(sum(readmitted_flag) AS decimal(38, 6)) / count(*) AS decimal(18, 4)) AS readmission_rate,
  sum(CASE WHEN readmission_planned_flag = 0 THEN 1 ELSE 0 END) AS unplanned_readmissions,
  CAST(
    CAST(sum(CASE WHEN readmission_planned_flag = 0 THEN 1 ELSE 0 END) AS decimal(38, 6)) / count(*) AS decimal(18, 4)
  ) AS unplanned_readmission_rate,
  count(DISTINCT CASE WHEN readmitted_flag = 1 THEN person_id END) AS persons_readmitted,
  sum(readmission_paid_amount) AS readmission_paid_amount
FROM readmission
WHERE index_flag = 1
GROUP BY substr(discharge_year_month, 1, 4), payer
ORDER BY year, payer NULLS FIRST
