-- Enrolment as Tuva's input layer has it: its columns in its order, one row a span of a member in a plan.
-- Where a span came more than once with other facts (a new address), the row of the latest file counts: Tuva's key is
-- unique.
SELECT
  e.person_id, e.member_id, e.subscriber_id, e.gender, e.race, e.birth_date, e.death_date, e.death_flag,
  e.enrollment_start_date, e.enrollment_end_date, e.payer, e.payer_type, e.plan, e.original_reason_entitlement_code,
  e.dual_status_code, e.medicare_status_code, e.enrollment_status, e.hospice_flag, e.institutional_snp_flag,
  e.long_term_institutional_flag, e.group_id, e.group_name, e.name_suffix, e.first_name, e.middle_name, e.last_name,
  e.social_security_number, e.subscriber_relation, e.address, e.city, e.state, e.zip_code, e.phone, e.email,
  e.ethnicity, e.data_source, e.file_name, e.file_date, e.ingest_datetime
FROM (
  SELECT
    n.*,
    row_number() OVER (
      PARTITION BY
        n.data_source, n.person_id, n.member_id, n.payer, n.plan, n.enrollment_start_date, n.enrollment_end_date
      ORDER BY n.file_date DESC NULLS LAST, n.ingest_datetime DESC, n.record_hash DESC
    ) AS place
  FROM eligibility AS n
) AS e
WHERE e.place = 1
