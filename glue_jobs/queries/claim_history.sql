-- Every version of a claim and of the claims that references tie to it, oldest first: what it did, what became of it.
-- asked.claim_id: id of any version. In Athena write before it: WITH asked AS (SELECT 'A1234' AS claim_id)
SELECT
  v.data_source,
  v.claim_id,
  v.version_rank,
  v.version_action,
  v.is_final_action,
  v.superseded_by,
  v.original_claim_id,
  v.original_missing_flag,
  v.received_date,
  v.final_periods,
  v.claim_version_id,
  count(*) AS line_count,
  sum(v.paid_amount) AS paid_amount,
  max(v.header_paid_amount) AS header_paid_amount,
  min(v.file_name) AS file_name,
  max(v.ingest_datetime) AS ingest_datetime
FROM medical_claim_version AS v
INNER JOIN (
  SELECT DISTINCT named.data_source, coalesce(named.claim_family_id, named.claim_id) AS claim_family_id
  FROM medical_claim_version AS named
  INNER JOIN asked ON named.claim_id = asked.claim_id
) AS family
  ON v.data_source = family.data_source AND coalesce(v.claim_family_id, v.claim_id) = family.claim_family_id
GROUP BY
  v.data_source, v.claim_family_id, v.claim_id, v.version_rank, v.version_action, v.is_final_action, v.superseded_by,
  v.original_claim_id, v.original_missing_flag, v.received_date, v.final_periods, v.claim_version_id
ORDER BY v.data_source, v.claim_family_id, v.version_rank, v.claim_version_id, v.is_final_action, v.final_periods
