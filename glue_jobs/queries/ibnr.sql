-- What is still to come: paid so far, estimated in the end, and incurred but not reported (IBNR), by month of service.
-- The chain ladders of claim types and payers, added up; docs/summaries.md tells how it estimates, and its limits.
SELECT
  year_month,
  max(valuation_year_month) AS valuation_year_month,
  sum(paid_amount) AS paid_amount,
  sum(ultimate_amount) AS ultimate_amount,
  sum(ibnr_amount) AS ibnr_amount,
  CAST(
    CAST(sum(CASE WHEN ultimate_amount IS NOT NULL THEN paid_amount END) AS decimal(38, 6))
    / nullif(sum(ultimate_amount), 0) AS decimal(18, 4)
  ) AS completed_share
FROM completion_factor
GROUP BY year_month
ORDER BY year_month
