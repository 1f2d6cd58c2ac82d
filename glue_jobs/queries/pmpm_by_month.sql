-- What is paid for a member a month (PMPM), by month of service, and what was paid in the same month a year before.
-- Member months are those of all payers and plans: a person with two of them in a month counts twice, of persons once.
SELECT
  m.year_month,
  m.member_months,
  e.persons,
  m.medical_paid_amount,
  m.pharmacy_paid_amount,
  CAST(CAST(m.medical_paid_amount AS decimal(38, 6)) / nullif(m.member_months, 0) AS decimal(18, 2))
    AS medical_paid_pmpm,
  CAST(CAST(m.pharmacy_paid_amount AS decimal(38, 6)) / nullif(m.member_months, 0) AS decimal(18, 2))
    AS pharmacy_paid_pmpm,
  CAST(CAST(m.paid_amount AS decimal(38, 6)) / nullif(m.member_months, 0) AS decimal(18, 2)) AS paid_pmpm,
  CAST(CAST(y.paid_amount AS decimal(38, 6)) / nullif(y.member_months, 0) AS decimal(18, 2))
    AS paid_pmpm_year_before
FROM (
  SELECT
    year_month,
    month_start_date,
    sum(member_months) AS member_months,
    sum(medical_paid_amount) AS medical_paid_amount,
    sum(pharmacy_paid_amount) AS pharmacy_paid_amount,
    sum(coalesce(medical_paid_amount, 0) + coalesce(pharmacy_paid_amount, 0)) AS paid_amount
  FROM pmpm
  WHERE year_month <> '000000'
  GROUP BY year_month, month_start_date
) AS m
LEFT JOIN (
  SELECT
    month_start_date,
    sum(member_months) AS member_months,
    sum(coalesce(medical_paid_amount, 0) + coalesce(pharmacy_paid_amount, 0)) AS paid_amount
  FROM pmpm
  WHERE year_month <> '000000'
  GROUP BY month_start_date
) AS y ON y.month_start_date = m.month_start_date - INTERVAL '12' MONTH
LEFT JOIN (
  SELECT year_month, count(*) AS persons
  FROM (SELECT DISTINCT year_month, data_source, person_id FROM member_month) AS enrolled
  GROUP BY year_month
) AS e ON m.year_month = e.year_month
ORDER BY m.year_month
