-- How much is denied, by payer and month of service: denied lines and their charge, of all lines of which it is known.
-- Lines of senders who do not say what was denied are in lines_unknown, and in no rate.
SELECT
  payer,
  year_month,
  sum(CASE WHEN denied_flag IS NOT NULL THEN lines ELSE 0 END) AS lines_judged,
  sum(CASE WHEN denied_flag = 1 THEN lines ELSE 0 END) AS lines_denied,
  CAST(
    CAST(sum(CASE WHEN denied_flag = 1 THEN lines ELSE 0 END) AS decimal(38, 6))
    / nullif(sum(CASE WHEN denied_flag IS NOT NULL THEN lines ELSE 0 END), 0) AS decimal(18, 4)
  ) AS denied_share,
  sum(CASE WHEN denied_flag = 1 THEN charge_amount END) AS denied_charge_amount,
  sum(CASE WHEN denied_flag IS NULL THEN lines ELSE 0 END) AS lines_unknown,
  coalesce(max(CASE WHEN denied_flag = 1 THEN persons END), 0) AS persons_at_least
FROM denial
WHERE year_month <> '000000'
GROUP BY payer, year_month
ORDER BY payer NULLS FIRST, year_month
