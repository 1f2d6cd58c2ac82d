-- How much hospital care members use: acute admissions and days per 1,000 members a year, mean stay and cost, by payer.
-- Stays count in the year of admission, enrolled or not; member months are those of the same year.
SELECT
  stays.year,
  stays.payer,
  stays.admissions,
  members.member_months,
  CAST(CAST(12000 * stays.admissions AS decimal(38, 6)) / nullif(members.member_months, 0) AS decimal(18, 1))
    AS admissions_per_thousand,
  CAST(CAST(12000 * stays.days AS decimal(38, 6)) / nullif(members.member_months, 0) AS decimal(18, 1))
    AS days_per_thousand,
  CAST(CAST(stays.days AS decimal(38, 6)) / nullif(stays.admissions, 0) AS decimal(18, 2)) AS mean_stay_days,
  CAST(CAST(stays.paid_amount AS decimal(38, 6)) / nullif(stays.admissions, 0) AS decimal(18, 2))
    AS paid_amount_per_stay,
  stays.persons
FROM (
  SELECT
    extract(YEAR FROM admission_date) AS year,
    payer,
    count(*) AS admissions,
    count(DISTINCT person_id) AS persons,
    sum(length_of_stay_days) AS days,
    sum(paid_amount) AS paid_amount
  FROM inpatient_stay
  WHERE service_category_2 = 'acute inpatient' AND admission_date IS NOT NULL
  GROUP BY extract(YEAR FROM admission_date), payer
) AS stays
LEFT JOIN (
  SELECT CAST(year AS int) AS year, payer, sum(member_months) AS member_months
  FROM pmpm
  GROUP BY year, payer
) AS members ON stays.year = members.year AND coalesce(stays.payer, '') = coalesce(members.payer, '')
ORDER BY stays.year, stays.payer NULLS FIRST
