-- How often discharged members come back: readmissions within 30 days, for any cause, by year of discharge and payer.
-- Discharges of the last month or so can still be followed by a readmission whose claim has not come.
SELECT
  substr(discharge_year_month, 1, 4) AS year,
  payer,
  count(*) AS index_discharges,
  count(DISTINCT person_id) AS persons,
  sum(readmitted_flag) AS readmissions,
  CAST(CAST(sum(readmitted_flag) AS decimal(38, 6)) / count(*) AS decimal(18, 4)) AS readmission_rate,
  count(DISTINCT CASE WHEN readmitted_flag = 1 THEN person_id END) AS persons_readmitted,
  sum(readmission_paid_amount) AS readmission_paid_amount
FROM readmission
WHERE index_flag = 1
GROUP BY substr(discharge_year_month, 1, 4), payer
ORDER BY year, payer NULLS FIRST
