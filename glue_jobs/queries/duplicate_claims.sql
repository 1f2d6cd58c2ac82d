-- What may have been paid twice: lines that repeat an earlier one, exactly or by suspicion, by payer and provider.
-- Nothing was removed: what is suspected needs a person's look.
SELECT
  payer,
  billing_npi,
  sum(CASE WHEN duplicate_exact_flag = 1 THEN 1 ELSE 0 END) AS lines_exact,
  sum(CASE WHEN duplicate_exact_flag = 1 THEN paid_amount END) AS paid_amount_exact,
  sum(CASE WHEN duplicate_suspected_flag = 1 THEN 1 ELSE 0 END) AS lines_suspected,
  sum(CASE WHEN duplicate_suspected_flag = 1 THEN paid_amount END) AS paid_amount_suspected
FROM medical_claim_enriched
WHERE duplicate_exact_flag = 1 OR duplicate_suspected_flag = 1
GROUP BY payer, billing_npi
ORDER BY
  paid_amount_exact DESC NULLS LAST, paid_amount_suspected DESC NULLS LAST, payer NULLS FIRST, billing_npi NULLS FIRST
