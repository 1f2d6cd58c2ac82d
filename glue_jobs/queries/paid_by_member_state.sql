-- Where the members live: paid by state of the member and year of service, with its share of the year, and by category.
-- A member for whom eligibility has no state has none here.
SELECT
  year,
  member_state,
  service_category_1,
  sum(lines) AS lines,
  sum(allowed_amount) AS allowed_amount,
  sum(paid_amount) AS paid_amount,
  CAST(
    CAST(sum(paid_amount) AS decimal(38, 6)) / nullif(sum(sum(paid_amount)) OVER (PARTITION BY year), 0)
    AS decimal(18, 4)
  ) AS paid_share
FROM monthly_claims
WHERE year <> '0000'
GROUP BY year, member_state, service_category_1
ORDER BY year, paid_amount DESC NULLS LAST, member_state NULLS FIRST, service_category_1 NULLS FIRST
