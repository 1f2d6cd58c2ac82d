-- Which conditions cost most: the 25 principal diagnoses with the greatest paid amount in the last twelve months.
-- The last month is the latest month of service with claims. Persons of several months cannot be added up: there are at
-- least as many as one month of a payer has.
SELECT
  rank() OVER (ORDER BY sum(t.paid_amount) DESC NULLS LAST) AS place,
  t.diagnosis_code_type,
  t.diagnosis_code_1,
  max(t.ccsr_category_description) AS ccsr_category_description,
  max(t.diagnosis_chapter) AS diagnosis_chapter,
  sum(t.claims) AS claims,
  sum(t.lines) AS lines,
  max(t.persons) AS persons_at_least,
  sum(t.allowed_amount) AS allowed_amount,
  sum(t.paid_amount) AS paid_amount
FROM top_diagnosis AS t
CROSS JOIN (SELECT max(month_start_date) AS month_start_date FROM top_diagnosis) AS latest
WHERE t.month_start_date > latest.month_start_date - INTERVAL '12' MONTH AND t.diagnosis_code_1 IS NOT NULL
GROUP BY t.diagnosis_code_type, t.diagnosis_code_1
ORDER BY place, t.diagnosis_code_type, t.diagnosis_code_1
LIMIT 25
