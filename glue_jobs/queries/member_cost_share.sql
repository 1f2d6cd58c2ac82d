-- What members pay themselves, as a share of what is allowed: coinsurance, copayment, deductible, by year and plan.
SELECT
  year,
  payer,
  plan,
  sum(allowed_amount) AS allowed_amount,
  sum(member_responsibility_amount) AS member_responsibility_amount,
  CAST(
    CAST(sum(member_responsibility_amount) AS decimal(38, 6)) / nullif(sum(allowed_amount), 0) AS decimal(18, 4)
  ) AS member_share
FROM monthly_claims
WHERE year <> '0000'
GROUP BY year, payer, plan
ORDER BY year, payer NULLS FIRST, plan NULLS FIRST
