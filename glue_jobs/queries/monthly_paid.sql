-- Money by month of service and type of claim: surviving claims, money of the whole claim once.
SELECT
  year,
  month,
  claim_type,
  count(*) AS claims,
  sum(line_count) AS line_count,
  sum(charge_amount) AS charge_amount,
  sum(allowed_amount) AS allowed_amount,
  sum(paid_amount) AS paid_amount
FROM medical_claim_header
GROUP BY year, month, claim_type
ORDER BY year, month, claim_type
