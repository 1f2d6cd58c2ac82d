-- Who is paid most: the 25 providers with the greatest paid amount in the last twelve months.
-- The last month is the latest month of service with claims. Persons of several months cannot be added up: there are at
-- least as many as one month of a payer has.
SELECT
  rank() OVER (ORDER BY sum(t.paid_amount) DESC NULLS LAST) AS place,
  t.provider_npi,
  max(t.provider_name) AS provider_name,
  max(t.provider_specialty) AS provider_specialty,
  max(t.provider_state) AS provider_state,
  sum(t.claims) AS claims,
  sum(t.lines) AS lines,
  max(t.persons) AS persons_at_least,
  sum(t.allowed_amount) AS allowed_amount,
  sum(t.paid_amount) AS paid_amount
FROM top_provider AS t
CROSS JOIN (SELECT max(month_start_date) AS month_start_date FROM top_provider) AS latest
WHERE t.month_start_date > latest.month_start_date - INTERVAL '12' MONTH AND t.provider_npi IS NOT NULL
GROUP BY t.provider_npi
ORDER BY place, t.provider_npi
LIMIT 25
