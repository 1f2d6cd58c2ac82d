-- Medical claim lines that survive as of a day, by what had been received by then: the columns of medical_claim.
-- Where money of whole claims counts, take medical_claim_version_as_of.
-- asked.day: the day as text. In Athena write before it: WITH asked AS (SELECT '2024-03-01' AS day)
SELECT
  v.claim_id, v.claim_line_number, v.claim_type, v.person_id, v.member_id, v.payer, v.plan, v.claim_start_date,
  v.claim_end_date, v.claim_line_start_date, v.claim_line_end_date, v.admission_date, v.discharge_date,
  v.admit_source_code, v.admit_type_code, v.discharge_disposition_code, v.place_of_service_code, v.bill_type_code,
  v.drg_code_type, v.drg_code, v.revenue_center_code, v.service_unit_quantity, v.hcpcs_code, v.hcpcs_modifier_1,
  v.hcpcs_modifier_2, v.hcpcs_modifier_3, v.hcpcs_modifier_4, v.hcpcs_modifier_5, v.rendering_npi, v.rendering_tin,
  v.billing_npi, v.billing_tin, v.facility_npi, v.paid_date, v.paid_amount, v.allowed_amount, v.charge_amount,
  v.coinsurance_amount, v.copayment_amount, v.deductible_amount, v.total_cost_amount, v.diagnosis_code_type,
  v.diagnosis_code_1, v.diagnosis_code_2, v.diagnosis_code_3, v.diagnosis_code_4, v.diagnosis_code_5,
  v.diagnosis_code_6, v.diagnosis_code_7, v.diagnosis_code_8, v.diagnosis_code_9, v.diagnosis_code_10,
  v.diagnosis_code_11, v.diagnosis_code_12, v.diagnosis_code_13, v.diagnosis_code_14, v.diagnosis_code_15,
  v.diagnosis_code_16, v.diagnosis_code_17, v.diagnosis_code_18, v.diagnosis_code_19, v.diagnosis_code_20,
  v.diagnosis_code_21, v.diagnosis_code_22, v.diagnosis_code_23, v.diagnosis_code_24, v.diagnosis_code_25,
  v.diagnosis_poa_1, v.diagnosis_poa_2, v.diagnosis_poa_3, v.diagnosis_poa_4, v.diagnosis_poa_5, v.diagnosis_poa_6,
  v.diagnosis_poa_7, v.diagnosis_poa_8, v.diagnosis_poa_9, v.diagnosis_poa_10, v.diagnosis_poa_11, v.diagnosis_poa_12,
  v.diagnosis_poa_13, v.diagnosis_poa_14, v.diagnosis_poa_15, v.diagnosis_poa_16, v.diagnosis_poa_17,
  v.diagnosis_poa_18, v.diagnosis_poa_19, v.diagnosis_poa_20, v.diagnosis_poa_21, v.diagnosis_poa_22,
  v.diagnosis_poa_23, v.diagnosis_poa_24, v.diagnosis_poa_25, v.procedure_code_type, v.procedure_code_1,
  v.procedure_code_2, v.procedure_code_3, v.procedure_code_4, v.procedure_code_5, v.procedure_code_6,
  v.procedure_code_7, v.procedure_code_8, v.procedure_code_9, v.procedure_code_10, v.procedure_code_11,
  v.procedure_code_12, v.procedure_code_13, v.procedure_code_14, v.procedure_code_15, v.procedure_code_16,
  v.procedure_code_17, v.procedure_code_18, v.procedure_code_19, v.procedure_code_20, v.procedure_code_21,
  v.procedure_code_22, v.procedure_code_23, v.procedure_code_24, v.procedure_code_25, v.procedure_date_1,
  v.procedure_date_2, v.procedure_date_3, v.procedure_date_4, v.procedure_date_5, v.procedure_date_6,
  v.procedure_date_7, v.procedure_date_8, v.procedure_date_9, v.procedure_date_10, v.procedure_date_11,
  v.procedure_date_12, v.procedure_date_13, v.procedure_date_14, v.procedure_date_15, v.procedure_date_16,
  v.procedure_date_17, v.procedure_date_18, v.procedure_date_19, v.procedure_date_20, v.procedure_date_21,
  v.procedure_date_22, v.procedure_date_23, v.procedure_date_24, v.procedure_date_25, v.in_network_flag,
  v.data_source, v.file_name, v.file_date, v.ingest_datetime, v.claim_frequency_code, v.claim_record_type,
  v.original_claim_id, v.claim_adjustment_type_code, v.claim_group_id, v.claim_effective_date, v.received_date,
  v.claim_sequence_number, v.sender_final_action_flag, v.line_processing_indicator_code, v.adjustment_group_code,
  v.adjustment_reason_code, v.claim_version_id, v.ingest_file_id, v.ingest_run_id, v.year, v.month
FROM medical_claim_version AS v
CROSS JOIN asked
WHERE cardinality(filter(
  split(v.final_periods, ','),
  period -> substr(period, 1, 10) <= asked.day AND (length(period) = 11 OR substr(period, 12, 10) > asked.day)
)) > 0
