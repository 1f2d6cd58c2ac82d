-- Which chronic conditions members live with: persons by condition and year of service, and their share of members.
-- An inpatient claim shows a condition, or claims of two days do; members are all persons enrolled in the year.
SELECT
  c.service_year,
  c.condition,
  max(c.condition_description) AS condition_description,
  count(*) AS persons,
  max(m.members) AS members,
  CAST(CAST(count(*) AS decimal(38, 6)) / nullif(max(m.members), 0) AS decimal(18, 4)) AS share_of_members
FROM member_condition AS c
LEFT JOIN (
  SELECT service_year, count(*) AS members
  FROM (SELECT DISTINCT CAST(year AS int) AS service_year, data_source, person_id FROM member_month) AS enrolled
  GROUP BY service_year
) AS m ON c.service_year = m.service_year
WHERE c.scheme = 'chronic' AND c.confirmed_flag = 1
GROUP BY c.service_year, c.condition
ORDER BY c.service_year, persons DESC, c.condition
