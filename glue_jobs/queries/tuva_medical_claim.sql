-- Medical claims as Tuva's input layer has them: its columns in its order, one row a line of a surviving claim.
-- Money that a sender states for the whole claim only stands on the claim's first line, and total lines (revenue code
-- 0001) have none: sums over lines are those of medical_claim_header. Where surviving versions of a claim number their
-- lines alike (interim bills, late charges), the claim's lines are numbered anew: Tuva's key has no version.
SELECT
  l.claim_id,
  CAST(CASE WHEN l.most_repeats = 1 THEN l.claim_line_number ELSE l.place END AS int) AS claim_line_number,
  l.claim_type, l.person_id, l.member_id, l.payer, l.plan, l.claim_start_date, l.claim_end_date,
  l.claim_line_start_date, l.claim_line_end_date, l.admission_date, l.discharge_date, l.admit_source_code,
  l.admit_type_code, l.discharge_disposition_code, l.place_of_service_code, l.bill_type_code, l.drg_code_type,
  l.drg_code, l.revenue_center_code, l.service_unit_quantity, l.hcpcs_code, l.hcpcs_modifier_1, l.hcpcs_modifier_2,
  l.hcpcs_modifier_3, l.hcpcs_modifier_4, l.hcpcs_modifier_5, l.rendering_npi, l.rendering_tin, l.billing_npi,
  l.billing_tin, l.facility_npi, l.paid_date,
  CAST(CASE
    WHEN l.place = 1 AND h.paid_amount IS NOT NULL THEN h.paid_amount - l.other_paid_amount
    WHEN l.is_counted = 1 THEN l.paid_amount
  END AS decimal(18, 2)) AS paid_amount,
  CAST(CASE
    WHEN l.place = 1 AND h.allowed_amount IS NOT NULL THEN h.allowed_amount - l.other_allowed_amount
    WHEN l.is_counted = 1 THEN l.allowed_amount
  END AS decimal(18, 2)) AS allowed_amount,
  CAST(CASE
    WHEN l.place = 1 AND h.charge_amount IS NOT NULL THEN h.charge_amount - l.other_charge_amount
    WHEN l.is_counted = 1 THEN l.charge_amount
  END AS decimal(18, 2)) AS charge_amount,
  CAST(CASE
    WHEN l.place = 1 AND h.coinsurance_amount IS NOT NULL THEN h.coinsurance_amount - l.other_coinsurance_amount
    WHEN l.is_counted = 1 THEN l.coinsurance_amount
  END AS decimal(18, 2)) AS coinsurance_amount,
  CAST(CASE
    WHEN l.place = 1 AND h.copayment_amount IS NOT NULL THEN h.copayment_amount - l.other_copayment_amount
    WHEN l.is_counted = 1 THEN l.copayment_amount
  END AS decimal(18, 2)) AS copayment_amount,
  CAST(CASE
    WHEN l.place = 1 AND h.deductible_amount IS NOT NULL THEN h.deductible_amount - l.other_deductible_amount
    WHEN l.is_counted = 1 THEN l.deductible_amount
  END AS decimal(18, 2)) AS deductible_amount,
  CASE WHEN l.is_counted = 1 THEN l.total_cost_amount END AS total_cost_amount, l.diagnosis_code_type,
  l.diagnosis_code_1, l.diagnosis_code_2, l.diagnosis_code_3, l.diagnosis_code_4, l.diagnosis_code_5,
  l.diagnosis_code_6, l.diagnosis_code_7, l.diagnosis_code_8, l.diagnosis_code_9, l.diagnosis_code_10,
  l.diagnosis_code_11, l.diagnosis_code_12, l.diagnosis_code_13, l.diagnosis_code_14, l.diagnosis_code_15,
  l.diagnosis_code_16, l.diagnosis_code_17, l.diagnosis_code_18, l.diagnosis_code_19, l.diagnosis_code_20,
  l.diagnosis_code_21, l.diagnosis_code_22, l.diagnosis_code_23, l.diagnosis_code_24, l.diagnosis_code_25,
  l.diagnosis_poa_1, l.diagnosis_poa_2, l.diagnosis_poa_3, l.diagnosis_poa_4, l.diagnosis_poa_5, l.diagnosis_poa_6,
  l.diagnosis_poa_7, l.diagnosis_poa_8, l.diagnosis_poa_9, l.diagnosis_poa_10, l.diagnosis_poa_11,
  l.diagnosis_poa_12, l.diagnosis_poa_13, l.diagnosis_poa_14, l.diagnosis_poa_15, l.diagnosis_poa_16,
  l.diagnosis_poa_17, l.diagnosis_poa_18, l.diagnosis_poa_19, l.diagnosis_poa_20, l.diagnosis_poa_21,
  l.diagnosis_poa_22, l.diagnosis_poa_23, l.diagnosis_poa_24, l.diagnosis_poa_25, l.procedure_code_type,
  l.procedure_code_1, l.procedure_code_2, l.procedure_code_3, l.procedure_code_4, l.procedure_code_5,
  l.procedure_code_6, l.procedure_code_7, l.procedure_code_8, l.procedure_code_9, l.procedure_code_10,
  l.procedure_code_11, l.procedure_code_12, l.procedure_code_13, l.procedure_code_14, l.procedure_code_15,
  l.procedure_code_16, l.procedure_code_17, l.procedure_code_18, l.procedure_code_19, l.procedure_code_20,
  l.procedure_code_21, l.procedure_code_22, l.procedure_code_23, l.procedure_code_24, l.procedure_code_25,
  l.procedure_date_1, l.procedure_date_2, l.procedure_date_3, l.procedure_date_4, l.procedure_date_5,
  l.procedure_date_6, l.procedure_date_7, l.procedure_date_8, l.procedure_date_9, l.procedure_date_10,
  l.procedure_date_11, l.procedure_date_12, l.procedure_date_13, l.procedure_date_14, l.procedure_date_15,
  l.procedure_date_16, l.procedure_date_17, l.procedure_date_18, l.procedure_date_19, l.procedure_date_20,
  l.procedure_date_21, l.procedure_date_22, l.procedure_date_23, l.procedure_date_24, l.procedure_date_25,
  l.in_network_flag, l.data_source, l.file_name, l.file_date, l.ingest_datetime
FROM (
  SELECT
    n.*,
    max(n.repeat_number) OVER (PARTITION BY n.data_source, n.claim_id) AS most_repeats,
    coalesce(sum(CASE WHEN n.place > 1 AND n.is_counted = 1 THEN n.paid_amount END) OVER (
      PARTITION BY n.data_source, n.claim_id
    ), 0) AS other_paid_amount,
    coalesce(sum(CASE WHEN n.place > 1 AND n.is_counted = 1 THEN n.allowed_amount END) OVER (
      PARTITION BY n.data_source, n.claim_id
    ), 0) AS other_allowed_amount,
    coalesce(sum(CASE WHEN n.place > 1 AND n.is_counted = 1 THEN n.charge_amount END) OVER (
      PARTITION BY n.data_source, n.claim_id
    ), 0) AS other_charge_amount,
    coalesce(sum(CASE WHEN n.place > 1 AND n.is_counted = 1 THEN n.coinsurance_amount END) OVER (
      PARTITION BY n.data_source, n.claim_id
    ), 0) AS other_coinsurance_amount,
    coalesce(sum(CASE WHEN n.place > 1 AND n.is_counted = 1 THEN n.copayment_amount END) OVER (
      PARTITION BY n.data_source, n.claim_id
    ), 0) AS other_copayment_amount,
    coalesce(sum(CASE WHEN n.place > 1 AND n.is_counted = 1 THEN n.deductible_amount END) OVER (
      PARTITION BY n.data_source, n.claim_id
    ), 0) AS other_deductible_amount
  FROM (
    SELECT
      m.*,
      CASE WHEN m.revenue_center_code = '0001' THEN 0 ELSE 1 END AS is_counted,
      row_number() OVER (
        PARTITION BY m.data_source, m.claim_id
        ORDER BY
          CASE WHEN m.revenue_center_code = '0001' THEN 1 ELSE 0 END,
          m.claim_version_id, m.claim_line_number, m.ingest_file_id
      ) AS place,
      row_number() OVER (
        PARTITION BY m.data_source, m.claim_id, m.claim_line_number
        ORDER BY m.claim_version_id, m.ingest_file_id
      ) AS repeat_number
    FROM medical_claim AS m
  ) AS n
) AS l
LEFT JOIN medical_claim_header AS h ON l.data_source = h.data_source AND l.claim_id = h.claim_id
