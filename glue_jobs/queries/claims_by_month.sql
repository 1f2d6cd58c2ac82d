-- How many claims there are, and what they come to, by month of service: claims once, lines, persons at least, money.
SELECT
  year_month,
  sum(claims_once) AS claims,
  sum(lines) AS lines,
  max(persons) AS persons_at_least,
  sum(charge_amount) AS charge_amount,
  sum(allowed_amount) AS allowed_amount,
  sum(paid_amount) AS paid_amount
FROM monthly_claims
GROUP BY year_month
ORDER BY year_month
