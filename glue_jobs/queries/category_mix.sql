-- What the money goes to: paid by service category in the last twelve months, and in the twelve before.
-- The last month is the latest month of service that has claims; its claims may still be coming in (see ibnr).
SELECT
  service_category_1,
  service_category_2,
  sum(CASE WHEN is_recent = 1 THEN lines END) AS lines,
  sum(CASE WHEN is_recent = 1 THEN paid_amount END) AS paid_amount,
  CAST(
    CAST(sum(CASE WHEN is_recent = 1 THEN paid_amount END) AS decimal(38, 6))
    / nullif(sum(sum(CASE WHEN is_recent = 1 THEN paid_amount END)) OVER (), 0) AS decimal(18, 4)
  ) AS paid_share,
  sum(CASE WHEN is_recent = 0 THEN paid_amount END) AS paid_amount_year_before,
  sum(CASE WHEN is_recent = 1 THEN paid_amount ELSE -paid_amount END) AS paid_amount_change,
  max(CASE WHEN is_recent = 1 THEN persons END) AS persons_at_least
FROM (
  SELECT
    m.service_category_1,
    m.service_category_2,
    CASE WHEN m.month_start_date > latest.month_start_date - INTERVAL '12' MONTH THEN 1 ELSE 0 END AS is_recent,
    max(m.persons) AS persons,
    sum(m.lines) AS lines,
    sum(coalesce(m.paid_amount, 0)) AS paid_amount
  FROM monthly_claims AS m
  CROSS JOIN (SELECT max(month_start_date) AS month_start_date FROM monthly_claims) AS latest
  WHERE m.month_start_date > latest.month_start_date - INTERVAL '24' MONTH
  GROUP BY m.service_category_1, m.service_category_2, m.month_start_date, latest.month_start_date
) AS by_month
GROUP BY service_category_1, service_category_2
ORDER BY paid_amount DESC NULLS LAST, service_category_1, service_category_2
