-- How many members there are, by month, payer and plan: enrolled, new since the month before, gone by the month after.
-- New and gone are of the payer and plan; the first month has nothing before it, the last nothing after.
SELECT
  year_month,
  payer,
  plan,
  count(*) AS members,
  sum(CASE WHEN month_number = first_month THEN NULL WHEN month_before = month_number - 1 THEN 0 ELSE 1 END)
    AS members_new,
  sum(CASE WHEN month_number = last_month THEN NULL WHEN month_after = month_number + 1 THEN 0 ELSE 1 END)
    AS members_gone_after
FROM (
  SELECT
    year_month,
    payer,
    plan,
    month_number,
    min(month_number) OVER () AS first_month,
    max(month_number) OVER () AS last_month,
    lag(month_number) OVER (PARTITION BY data_source, person_id, payer, plan ORDER BY month_number) AS month_before,
    lead(month_number) OVER (PARTITION BY data_source, person_id, payer, plan ORDER BY month_number) AS month_after
  FROM (
    SELECT DISTINCT
      data_source, person_id, payer, plan, year_month, 12 * CAST(year AS int) + CAST(month AS int) AS month_number
    FROM member_month
  ) AS enrolled
) AS followed
GROUP BY year_month, payer, plan
ORDER BY year_month, payer NULLS FIRST, plan NULLS FIRST
