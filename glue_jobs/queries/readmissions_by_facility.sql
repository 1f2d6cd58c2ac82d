-- Which hospitals members come back from most: readmissions within 30 days by the facility that discharged them.
-- Only facilities with 11 index discharges or more; not adjusted for how ill their patients are.
SELECT
  r.facility_npi,
  max(p.provider_name) AS provider_name,
  count(*) AS index_discharges,
  sum(r.readmitted_flag) AS readmissions,
  CAST(CAST(sum(r.readmitted_flag) AS decimal(38, 6)) / count(*) AS decimal(18, 4)) AS readmission_rate,
  sum(r.readmission_paid_amount) AS readmission_paid_amount
FROM readmission AS r
LEFT JOIN (
  SELECT provider_npi, max(provider_name) AS provider_name FROM top_provider GROUP BY provider_npi
) AS p ON r.facility_npi = p.provider_npi
WHERE r.index_flag = 1
GROUP BY r.facility_npi
HAVING count(*) >= 11
ORDER BY readmission_rate DESC, readmissions DESC, r.facility_npi NULLS LAST
