-- What was paid for persons who were not enrolled, by month of service, payer and plan, and its share of all paid.
SELECT
  year_month,
  payer,
  plan,
  sum(unenrolled_medical_paid_amount) AS medical_paid_amount,
  sum(unenrolled_pharmacy_paid_amount) AS pharmacy_paid_amount,
  CAST(
    CAST(
      sum(coalesce(unenrolled_medical_paid_amount, 0) + coalesce(unenrolled_pharmacy_paid_amount, 0)) AS decimal(38, 6)
    ) / nullif(
      sum(
        coalesce(unenrolled_medical_paid_amount, 0) + coalesce(unenrolled_pharmacy_paid_amount, 0)
        + coalesce(medical_paid_amount, 0) + coalesce(pharmacy_paid_amount, 0)
      ), 0
    ) AS decimal(18, 4)
  ) AS paid_share
FROM pmpm
GROUP BY year_month, payer, plan
HAVING sum(coalesce(unenrolled_medical_paid_amount, 0) + coalesce(unenrolled_pharmacy_paid_amount, 0)) <> 0
ORDER BY year_month, payer NULLS FIRST, plan NULLS FIRST
