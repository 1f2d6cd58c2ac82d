-- Where the care is given: paid by state of the provider and year of service, with its share of the year.
-- A provider that NPPES does not know has no state.
SELECT
  year,
  provider_state,
  sum(lines) AS lines,
  sum(allowed_amount) AS allowed_amount,
  sum(paid_amount) AS paid_amount,
  CAST(
    CAST(sum(paid_amount) AS decimal(38, 6)) / nullif(sum(sum(paid_amount)) OVER (PARTITION BY year), 0)
    AS decimal(18, 4)
  ) AS paid_share
FROM top_provider
WHERE year <> '0000'
GROUP BY year, provider_state
ORDER BY year, paid_amount DESC NULLS LAST, provider_state NULLS FIRST
