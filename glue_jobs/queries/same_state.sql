-- Whether medical_claim and medical_claim_header show the same state: the snapshot of medical_claim_version that each
-- was made from, which the nearest ancestor of its current snapshot with that label names (compaction writes none).
-- In Athena: same_state.athena.sql.
SELECT
  coalesce(lines.shown = headers.shown, false) AS same_state,
  lines.shown AS medical_claim_shows,
  headers.shown AS medical_claim_header_shows
FROM (
  SELECT max_by(element_at(s.summary, 'claims-etl.version-snapshot'), s.committed_at) AS shown
  FROM processed.medical_claim.snapshots AS s
  INNER JOIN processed.medical_claim.history AS h ON s.snapshot_id = h.snapshot_id
  WHERE h.is_current_ancestor AND element_at(s.summary, 'claims-etl.version-snapshot') IS NOT NULL
) AS lines
CROSS JOIN (
  SELECT max_by(element_at(s.summary, 'claims-etl.version-snapshot'), s.committed_at) AS shown
  FROM processed.medical_claim_header.snapshots AS s
  INNER JOIN processed.medical_claim_header.history AS h ON s.snapshot_id = h.snapshot_id
  WHERE h.is_current_ancestor AND element_at(s.summary, 'claims-etl.version-snapshot') IS NOT NULL
) AS headers
