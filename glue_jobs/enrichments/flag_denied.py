"""Lines that the payer did not pay, and said why."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from glue_jobs.enrichments.enrichment import Enrichment, References

ALLOWED = "A"
MEMBER_SHARE_REASONS = ("1", "2", "3")
"""Deductible, coinsurance, copayment: the line was allowed, and the member pays it."""


GROUPS = "^(CO|PR|OA|PI|CR)"
"""Some senders write the group in front of the reason."""


def flag_denied(lines: DataFrame, _: References) -> DataFrame:
    """Add the flag: 1 denied, 0 not, empty where the sender says neither what was paid nor what was done.

    The payer's indicator counts before the reason of an adjustment: a line can be adjusted and allowed. An allowed line
    that was not paid is the member's to pay, whatever its first adjustment was.
    """
    indicator, reason = F.col("line_processing_indicator_code"), F.col("adjustment_reason_code")
    is_share = F.regexp_replace(reason, GROUPS, "").isin(*MEMBER_SHARE_REASONS)
    denied = (
        F.when(F.col("paid_amount") != 0, 0)
        .when(indicator.isNotNull(), (indicator != ALLOWED).cast("int"))
        .when((F.col("allowed_amount") != 0) | is_share, 0)
        .when(reason.isNotNull(), 1)
    )
    return lines.withColumn("denied_flag", denied)


FLAG_DENIED = Enrichment(
    "denial",
    ("line_processing_indicator_code", "adjustment_reason_code", "paid_amount", "allowed_amount"),
    ("denied_flag",),
    flag_denied,
)
