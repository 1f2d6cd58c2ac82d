-- Which plan costs what: member months and what is paid for a member a month (PMPM), by year, payer and plan.
SELECT
  year,
  payer,
  plan,
  sum(member_months) AS member_months,
  CAST(CAST(sum(medical_paid_amount) AS decimal(38, 6)) / nullif(sum(member_months), 0) AS decimal(18, 2))
    AS medical_paid_pmpm,
  CAST(CAST(sum(pharmacy_paid_amount) AS decimal(38, 6)) / nullif(sum(member_months), 0) AS decimal(18, 2))
    AS pharmacy_paid_pmpm,
  CAST(
    CAST(sum(coalesce(medical_paid_amount, 0) + coalesce(pharmacy_paid_amount, 0)) AS decimal(38, 6))
    / nullif(sum(member_months), 0) AS decimal(18, 2)
  ) AS paid_pmpm
FROM pmpm
WHERE year <> '0000'
GROUP BY year, payer, plan
ORDER BY year, payer NULLS FIRST, plan NULLS FIRST
