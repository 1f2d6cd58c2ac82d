-- How long claims take: mean days from service to receipt and payment, and lines filed late, by payer and year.
SELECT
  year,
  payer,
  count(*) AS lines,
  CAST(
    CAST(sum(days_to_receipt_count) AS decimal(38, 6)) / nullif(count(days_to_receipt_count), 0) AS decimal(18, 1)
  ) AS mean_days_to_receipt,
  CAST(
    CAST(sum(days_to_payment_count) AS decimal(38, 6)) / nullif(count(days_to_payment_count), 0) AS decimal(18, 1)
  ) AS mean_days_to_payment,
  sum(CASE WHEN days_to_payment_count <= 30 THEN 1 ELSE 0 END) AS lines_paid_within_30_days,
  sum(CASE WHEN days_to_payment_count > 90 THEN 1 ELSE 0 END) AS lines_paid_after_90_days,
  sum(CASE WHEN timely_filing_flag = 0 THEN 1 ELSE 0 END) AS lines_filed_late
FROM medical_claim_enriched
WHERE year <> '0000'
GROUP BY year, payer
ORDER BY year, payer NULLS FIRST
