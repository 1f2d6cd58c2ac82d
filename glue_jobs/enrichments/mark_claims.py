"""What the lines of a claim together say of it: marks by which all its lines are sorted, its days and its charge."""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from glue_jobs.enrichments.enrichment import Enrichment, References

TOTAL_LINE = "0001"
"""Revenue code of the sender's own total, left out of sums."""

NEVER = "9999-12-31"
"""Day of receipt of a claim that has none: it comes after those that have one."""

CLAIM = ("_member", "data_source", "claim_id", "claim_version_id")

MARKS = {
    "_has_emergency": "revenue_center_code IN ('0450', '0451', '0452', '0459', '0981') "
    "OR hcpcs_code IN ('99281', '99282', '99283', '99284', '99285', 'G0380', 'G0381', 'G0382', 'G0383', 'G0384')",
    "_has_urgent_care": "revenue_center_code = '0456' OR hcpcs_code IN ('S9083', 'S9088')",
    "_has_observation": "revenue_center_code = '0762' OR hcpcs_code IN ('G0378', 'G0379')",
    "_has_dialysis": "substr(revenue_center_code, 1, 3) IN ('082', '083', '084', '085', '088')",
    "_has_ambulatory_surgery": "substr(revenue_center_code, 1, 3) = '049'",
    # Blood is drawn (36400 to 36425, 36591, 36592) on claims of a laboratory too.
    "_has_surgery": "substr(revenue_center_code, 1, 3) = '036' OR (hcpcs_code RLIKE '^[0-9]{5}$' "
    "AND hcpcs_code BETWEEN '10004' AND '69990' AND NOT hcpcs_code BETWEEN '36400' AND '36425' "
    "AND hcpcs_code NOT IN ('36591', '36592'))",
    "_has_psychiatric_bed": "revenue_center_code IN ('0114', '0124', '0134', '0144', '0154', '0204')",
    "_has_detoxification_bed": "revenue_center_code IN ('0116', '0126', '0136', '0146', '0156')",
    "_has_rehabilitation_bed": "revenue_center_code IN ('0118', '0128', '0138', '0148', '0158')",
    "_has_hospice_bed": "revenue_center_code IN "
    "('0115', '0125', '0135', '0145', '0155', '0235', '0655', '0656', '0658')",
    "_has_intensive_nursery": "revenue_center_code IN ('0173', '0174')",
}
"""A claim has the mark where one of its lines fulfils the condition."""


def mark_claims(lines: DataFrame, _: References) -> DataFrame:
    """Add the marks, and the claim's first and last day, day of receipt and charge, to each of its lines."""
    claim = Window.partitionBy(*CLAIM)
    charge = F.when(F.coalesce(F.col("revenue_center_code") != TOTAL_LINE, F.lit(True)), F.col("charge_amount"))
    marks = {name: F.max(F.coalesce(F.expr(condition), F.lit(False))).over(claim) for name, condition in MARKS.items()}
    last_day = F.coalesce("claim_end_date", "claim_line_end_date", "claim_start_date")
    return lines.withColumns(
        marks
        | {
            "_claim_start": F.min("claim_start_date").over(claim),
            "_claim_end": F.max(last_day).over(claim),
            "_claim_received": F.coalesce(F.min("received_date").over(claim), F.lit(NEVER).cast("date")),
            "_claim_charge": F.sum(charge).over(claim),
        }
    )


MARK_CLAIMS = Enrichment(
    "claim",
    (
        *CLAIM,
        "claim_start_date",
        "claim_end_date",
        "claim_line_end_date",
        "received_date",
        "revenue_center_code",
        "hcpcs_code",
        "charge_amount",
    ),
    (*MARKS, "_claim_start", "_claim_end", "_claim_received", "_claim_charge"),
    mark_claims,
)
