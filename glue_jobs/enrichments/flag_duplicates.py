"""Lines that repeat another (CMS Claims Processing Manual, chapter 1, section 120): flagged, never removed.

Decided among claims of the same month of service, so that a month can be made again by itself: a claim that repeats one
which began in another month is not found.
"""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from glue_jobs.enrichments.enrichment import Enrichment, References, service_day

MODIFIERS = tuple(f"hcpcs_modifier_{number}" for number in range(1, 6))
CLAIM = ("claim_id", "claim_version_id")


SAME_PARTIES = ("_member", "data_source", "payer", "claim_type", "_provider_npi", "year", "month")
"""What lines share before they are compared at all; a member's two payers are billed for one service."""


def flag_duplicates(lines: DataFrame, _: References) -> DataFrame:
    """Add both flags: 1 on every line but the first one received of those that say the same, else 0."""
    with_exact = lines.withColumn("duplicate_exact_flag", F.coalesce(_repeats_exactly(), F.lit(False)).cast("int"))
    with_earlier = _add_earlier_end(with_exact)
    overlaps = F.col("_provider_npi").isNotNull() & (F.col("_earlier_end") >= F.col("_claim_start"))
    suspected = F.when(overlaps & (F.col("duplicate_exact_flag") == 0), 1).otherwise(0)
    return with_earlier.select(*with_exact.columns, suspected.alias("duplicate_suspected_flag"))


def _repeats_exactly() -> Column:
    """The same service of the same provider on the same days for the same money.

    An institutional line repeats one of another claim with the same type of bill and total charge: lines of one bill
    may be alike. A professional line repeats any other line, unless a modifier tells them apart.
    """
    is_institutional = F.col("claim_type") == "institutional"
    money = F.coalesce("charge_amount", "allowed_amount", "paid_amount")
    line_end = F.coalesce("claim_line_end_date", "claim_end_date", service_day())
    first_day = F.when(is_institutional, F.col("_claim_start")).otherwise(service_day())
    same = Window.partitionBy(
        *SAME_PARTIES,
        first_day,
        F.when(is_institutional, F.col("_claim_end")).otherwise(line_end),
        "hcpcs_code",
        F.array_sort(F.array_compact(F.array(*MODIFIERS))),
        "bill_type_code",
        "revenue_center_code",
        "place_of_service_code",
        F.when(is_institutional, F.col("_claim_charge")),
        money,
    ).orderBy("_claim_received", *CLAIM, "claim_line_number")
    is_of_other_claim = F.col("claim_id") != F.first("claim_id").over(same)
    is_repeated = F.when(is_institutional, is_of_other_claim).otherwise(F.row_number().over(same) > 1)
    has_service = F.coalesce("hcpcs_code", "revenue_center_code", "bill_type_code").isNotNull()
    is_known = F.col("_provider_npi").isNotNull() & first_day.isNotNull() & has_service & money.isNotNull()
    return is_known & is_repeated


def _add_earlier_end(lines: DataFrame) -> DataFrame:
    """Add `_earlier_end`: the last day of the claims of the same parties that began before, or were received first.

    For professional lines the procedure and its modifiers are the same too: a doctor bills one day on several claims.
    """
    is_institutional = F.coalesce(F.col("claim_type") == "institutional", F.lit(False))
    lines = lines.withColumn("_procedure", F.when(~is_institutional, F.struct("hcpcs_code", *MODIFIERS)))
    parties, claim = (*SAME_PARTIES, "_procedure"), ("_claim_start", "_claim_received", *CLAIM)
    before = Window.partitionBy(*parties).orderBy(*claim, "claim_line_number")
    # Lines of one claim lie together: what its first line has before it are other claims. One sort serves both.
    same_claim = Window.partitionBy(*parties, *claim).orderBy("claim_line_number")
    ends = F.max("_claim_end").over(before.rowsBetween(Window.unboundedPreceding, -1))
    return lines.withColumn("_ends", ends).withColumn("_earlier_end", F.first("_ends").over(same_claim))


FLAG_DUPLICATES = Enrichment(
    "duplicates",
    (
        *SAME_PARTIES,
        *CLAIM,
        "claim_line_number",
        "claim_line_start_date",
        "claim_line_end_date",
        "claim_start_date",
        "claim_end_date",
        "hcpcs_code",
        *MODIFIERS,
        "bill_type_code",
        "revenue_center_code",
        "place_of_service_code",
        "charge_amount",
        "allowed_amount",
        "paid_amount",
        "_claim_start",
        "_claim_end",
        "_claim_received",
        "_claim_charge",
    ),
    ("duplicate_exact_flag", "duplicate_suspected_flag"),
    flag_duplicates,
)
