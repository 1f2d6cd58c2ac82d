-- Pharmacy claims as Tuva's input layer has them: its columns in its order, one row a fill or reversal.
-- Where rows of a claim share a line number (a reversal and a new fill), the claim's rows are numbered anew: nothing is
-- left out, and Tuva's key is unique.
SELECT
  l.claim_id,
  CAST(CASE WHEN l.most_repeats = 1 THEN l.claim_line_number ELSE l.place END AS int) AS claim_line_number,
  l.person_id, l.member_id, l.payer, l.plan, l.prescribing_provider_npi, l.dispensing_provider_npi,
  l.dispensing_date, l.ndc_code, l.quantity, l.days_supply, l.refills, l.paid_date, l.paid_amount, l.allowed_amount,
  l.charge_amount, l.coinsurance_amount, l.copayment_amount, l.deductible_amount, l.in_network_flag, l.data_source,
  l.file_name, l.file_date, l.ingest_datetime
FROM (
  SELECT n.*, max(n.repeat_number) OVER (PARTITION BY n.data_source, n.claim_id) AS most_repeats
  FROM (
    SELECT
      p.*,
      row_number() OVER (
        PARTITION BY p.data_source, p.claim_id
        ORDER BY p.claim_line_number, p.ingest_datetime, p.record_hash
      ) AS place,
      row_number() OVER (
        PARTITION BY p.data_source, p.claim_id, p.claim_line_number
        ORDER BY p.ingest_datetime, p.record_hash
      ) AS repeat_number
    FROM pharmacy_claim AS p
  ) AS n
) AS l
