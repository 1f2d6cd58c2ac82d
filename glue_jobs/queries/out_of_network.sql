-- How much care is out of network: paid by payer, year and service category, of lines whose sender says which it is.
SELECT
  year,
  payer,
  service_category_1,
  sum(CASE WHEN in_network_flag = 0 THEN 1 ELSE 0 END) AS lines_out_of_network,
  count(in_network_flag) AS lines_known,
  sum(CASE WHEN in_network_flag = 0 THEN paid_amount END) AS paid_amount_out_of_network,
  CAST(
    CAST(sum(CASE WHEN in_network_flag = 0 THEN paid_amount END) AS decimal(38, 6))
    / nullif(sum(CASE WHEN in_network_flag IS NOT NULL THEN paid_amount END), 0) AS decimal(18, 4)
  ) AS paid_share_out_of_network
FROM medical_claim_enriched
WHERE year <> '0000' AND in_network_flag IS NOT NULL
GROUP BY year, payer, service_category_1
ORDER BY year, payer NULLS FIRST, service_category_1
