-- How ill the members are: persons and mean score by payment year, model and band of the score.
-- Bands are of the raw score, in units of CMS-HCC or points of an index. Members without a score are not in it.
SELECT
  payment_year,
  model,
  score_band,
  count(*) AS persons,
  CAST(sum(CAST(score AS decimal(38, 6))) / count(*) AS decimal(18, 4)) AS mean_score
FROM (
  SELECT
    payment_year,
    model,
    score,
    CASE
      WHEN score < 0 THEN '1: below 0'
      WHEN score < 0.5 THEN '2: 0 to 0.5'
      WHEN score < 1 THEN '3: 0.5 to 1'
      WHEN score < 2 THEN '4: 1 to 2'
      WHEN score < 3 THEN '5: 2 to 3'
      WHEN score < 5 THEN '6: 3 to 5'
      ELSE '7: 5 or more'
    END AS score_band
  FROM member_risk_score
  WHERE score IS NOT NULL
) AS scored
GROUP BY payment_year, model, score_band
ORDER BY payment_year, model, score_band
