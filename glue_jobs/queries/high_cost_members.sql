-- Whose care costs most: persons for whom 50,000 dollars or more was paid in a year of service, medical and pharmacy.
-- Rows are persons: the answer is as confidential as the claims.
SELECT
  year,
  data_source,
  person_id,
  sum(medical_paid_amount) AS medical_paid_amount,
  sum(pharmacy_paid_amount) AS pharmacy_paid_amount,
  sum(medical_paid_amount + pharmacy_paid_amount) AS paid_amount
FROM (
  SELECT year, data_source, person_id, coalesce(paid_amount, 0) AS medical_paid_amount, 0 AS pharmacy_paid_amount
  FROM medical_claim_header
  UNION ALL
  SELECT year, data_source, person_id, 0 AS medical_paid_amount, coalesce(paid_amount, 0) AS pharmacy_paid_amount
  FROM pharmacy_claim
) AS paid
WHERE person_id IS NOT NULL AND year <> '0000'
GROUP BY year, data_source, person_id
HAVING sum(medical_paid_amount + pharmacy_paid_amount) >= 50000
ORDER BY year, paid_amount DESC, data_source, person_id
