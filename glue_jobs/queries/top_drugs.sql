-- Which drugs cost most: the 25 drug codes (NDC) with the greatest paid amount in the last twelve months of fills.
SELECT
  rank() OVER (ORDER BY sum(p.paid_amount) DESC NULLS LAST) AS place,
  p.ndc_code,
  count(*) AS lines,
  count(DISTINCT p.person_id) AS persons,
  sum(p.days_supply) AS days_supply,
  sum(p.allowed_amount) AS allowed_amount,
  sum(p.paid_amount) AS paid_amount
FROM pharmacy_claim AS p
CROSS JOIN (SELECT max(dispensing_date) AS dispensing_date FROM pharmacy_claim) AS latest
WHERE p.dispensing_date > latest.dispensing_date - INTERVAL '12' MONTH AND p.ndc_code IS NOT NULL
GROUP BY p.ndc_code
ORDER BY place, p.ndc_code
LIMIT 25
