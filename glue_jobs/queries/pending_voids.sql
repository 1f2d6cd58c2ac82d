-- Voids whose original has not come: one row a void, the longest waiting first. They void their original when it comes.
SELECT
  data_source,
  claim_id,
  original_claim_id,
  received_date,
  min(file_name) AS file_name,
  min(ingest_datetime) AS ingest_datetime,
  count(*) AS line_count,
  sum(paid_amount) AS paid_amount,
  claim_version_id
FROM medical_claim_version
WHERE version_action = 'void' AND original_missing_flag = 1
GROUP BY data_source, claim_id, original_claim_id, received_date, claim_version_id
ORDER BY received_date, data_source, claim_id, claim_version_id
