-- How fresh the data is: the last file of each source, when it was loaded, and the latest days it knows of.
SELECT
  source,
  target_table,
  files,
  lines,
  last_loaded_at,
  last_service_date,
  last_received_date,
  last_paid_date,
  service_lag_days
FROM data_freshness
ORDER BY source, target_table
