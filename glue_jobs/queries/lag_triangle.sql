-- How fast claims are paid: the lag triangle, paid in all by month of service (down) and months until paid (across).
-- A cell is empty where that month is still to come for a sender: the latest month of payment is the last diagonal.
SELECT
  t.year_month,
  CASE WHEN min(t.age) >= 0 THEN sum(CASE WHEN t.lag_months <= 0 THEN t.paid_amount ELSE 0 END) END AS paid_by_lag_0,
  CASE WHEN min(t.age) >= 1 THEN sum(CASE WHEN t.lag_months <= 1 THEN t.paid_amount ELSE 0 END) END AS paid_by_lag_1,
  CASE WHEN min(t.age) >= 2 THEN sum(CASE WHEN t.lag_months <= 2 THEN t.paid_amount ELSE 0 END) END AS paid_by_lag_2,
  CASE WHEN min(t.age) >= 3 THEN sum(CASE WHEN t.lag_months <= 3 THEN t.paid_amount ELSE 0 END) END AS paid_by_lag_3,
  CASE WHEN min(t.age) >= 4 THEN sum(CASE WHEN t.lag_months <= 4 THEN t.paid_amount ELSE 0 END) END AS paid_by_lag_4,
  CASE WHEN min(t.age) >= 5 THEN sum(CASE WHEN t.lag_months <= 5 THEN t.paid_amount ELSE 0 END) END AS paid_by_lag_5,
  CASE WHEN min(t.age) >= 6 THEN sum(CASE WHEN t.lag_months <= 6 THEN t.paid_amount ELSE 0 END) END AS paid_by_lag_6,
  CASE WHEN min(t.age) >= 7 THEN sum(CASE WHEN t.lag_months <= 7 THEN t.paid_amount ELSE 0 END) END AS paid_by_lag_7,
  CASE WHEN min(t.age) >= 8 THEN sum(CASE WHEN t.lag_months <= 8 THEN t.paid_amount ELSE 0 END) END AS paid_by_lag_8,
  CASE WHEN min(t.age) >= 9 THEN sum(CASE WHEN t.lag_months <= 9 THEN t.paid_amount ELSE 0 END) END AS paid_by_lag_9,
  CASE WHEN min(t.age) >= 10 THEN sum(CASE WHEN t.lag_months <= 10 THEN t.paid_amount ELSE 0 END) END AS paid_by_lag_10,
  CASE WHEN min(t.age) >= 11 THEN sum(CASE WHEN t.lag_months <= 11 THEN t.paid_amount ELSE 0 END) END AS paid_by_lag_11,
  CASE WHEN min(t.age) >= 12 THEN sum(CASE WHEN t.lag_months <= 12 THEN t.paid_amount ELSE 0 END) END AS paid_by_lag_12,
  sum(t.paid_amount) AS paid_amount
FROM (
  SELECT
    l.year_month,
    l.lag_months,
    l.paid_amount,
    latest.month_number - 12 * CAST(l.year AS int) - CAST(l.month AS int) AS age
  FROM claim_lag AS l
  INNER JOIN (
    SELECT data_source, max(12 * CAST(year AS int) + CAST(month AS int) + lag_months) AS month_number
    FROM claim_lag
    WHERE year <> '0000'
    GROUP BY data_source
  ) AS latest ON l.data_source = latest.data_source
  WHERE l.lag_months IS NOT NULL AND l.year <> '0000'
) AS t
GROUP BY t.year_month
ORDER BY t.year_month
