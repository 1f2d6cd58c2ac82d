-- Why lines are denied: adjustment group and reason, or processing indicator, in the last twelve months, by payer.
-- Descriptions of reason codes are X12's, and licensed: load your own list beside it.
SELECT
  d.payer,
  d.adjustment_group_code,
  d.adjustment_reason_code,
  d.line_processing_indicator_code,
  sum(d.lines) AS lines,
  CAST(
    CAST(sum(d.lines) AS decimal(38, 6)) / nullif(sum(sum(d.lines)) OVER (PARTITION BY d.payer), 0) AS decimal(18, 4)
  ) AS share_of_payer,
  sum(d.charge_amount) AS charge_amount,
  max(d.persons) AS persons_at_least
FROM denial AS d
CROSS JOIN (SELECT max(month_start_date) AS month_start_date FROM denial) AS latest
WHERE d.month_start_date > latest.month_start_date - INTERVAL '12' MONTH AND d.denied_flag = 1
GROUP BY d.payer, d.adjustment_group_code, d.adjustment_reason_code, d.line_processing_indicator_code
ORDER BY
  d.payer NULLS FIRST, lines DESC, d.adjustment_group_code NULLS FIRST, d.adjustment_reason_code NULLS FIRST,
  d.line_processing_indicator_code NULLS FIRST
