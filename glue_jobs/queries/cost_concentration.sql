-- How few persons most of the money goes to: what was paid for the costliest 1, 5, 10 and 50 of 100 persons, by year.
-- Of persons for whom a claim was paid in the year, medical and pharmacy; those without a claim are in none of it.
SELECT
  year,
  count(*) AS persons,
  sum(paid_amount) AS paid_amount,
  CAST(
    CAST(sum(CASE WHEN costlier * 100 < persons THEN paid_amount ELSE 0 END) AS decimal(38, 6))
    / nullif(sum(paid_amount), 0) AS decimal(18, 4)
  ) AS share_of_top_1,
  CAST(
    CAST(sum(CASE WHEN costlier * 100 < 5 * persons THEN paid_amount ELSE 0 END) AS decimal(38, 6))
    / nullif(sum(paid_amount), 0) AS decimal(18, 4)
  ) AS share_of_top_5,
  CAST(
    CAST(sum(CASE WHEN costlier * 100 < 10 * persons THEN paid_amount ELSE 0 END) AS decimal(38, 6))
    / nullif(sum(paid_amount), 0) AS decimal(18, 4)
  ) AS share_of_top_10,
  CAST(
    CAST(sum(CASE WHEN costlier * 100 < 50 * persons THEN paid_amount ELSE 0 END) AS decimal(38, 6))
    / nullif(sum(paid_amount), 0) AS decimal(18, 4)
  ) AS share_of_top_50
FROM (
  SELECT
    year,
    paid_amount,
    row_number() OVER (PARTITION BY year ORDER BY paid_amount DESC) - 1 AS costlier,
    count(*) OVER (PARTITION BY year) AS persons
  FROM (
    SELECT year, data_source, person_id, sum(paid_amount) AS paid_amount
    FROM (
      SELECT year, data_source, person_id, paid_amount FROM medical_claim_header
      UNION ALL
      SELECT year, data_source, person_id, paid_amount FROM pharmacy_claim
    ) AS claims
    WHERE person_id IS NOT NULL AND year <> '0000'
    GROUP BY year, data_source, person_id
  ) AS by_person
  WHERE paid_amount > 0
) AS ranked
GROUP BY year
ORDER BY year
