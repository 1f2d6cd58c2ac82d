-- How often members go to the emergency department: visits per 1,000 members a year, by month of service.
-- A visit is a person and day with an emergency line, however many claims tell of it.
SELECT
  by_month.year_month,
  by_month.visits,
  by_month.persons,
  members.member_months,
  CAST(CAST(12000 * by_month.visits AS decimal(38, 6)) / nullif(members.member_months, 0) AS decimal(18, 1))
    AS visits_per_thousand
FROM (
  SELECT concat(year, month) AS year_month, count(*) AS visits, count(DISTINCT person_id) AS persons
  FROM (
    SELECT DISTINCT year, month, data_source, person_id, coalesce(claim_line_start_date, claim_start_date) AS visit_date
    FROM medical_claim_enriched
    WHERE service_category_2 = 'emergency department' AND person_id IS NOT NULL AND year <> '0000'
  ) AS days
  GROUP BY year, month
) AS by_month
LEFT JOIN (
  SELECT year_month, sum(member_months) AS member_months FROM pmpm GROUP BY year_month
) AS members ON by_month.year_month = members.year_month
ORDER BY by_month.year_month
