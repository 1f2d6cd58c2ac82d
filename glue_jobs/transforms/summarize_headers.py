"""One row a claim from its lines: header money once, and the sum of the lines where the source has no header money."""

from collections.abc import Collection

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.contract import Table
from glue_jobs.transforms.conform_records import HEADER_PREFIX

CLAIM_KEY = ("data_source", "claim_id")
AMOUNTS = (
    "paid_amount",
    "allowed_amount",
    "charge_amount",
    "coinsurance_amount",
    "copayment_amount",
    "deductible_amount",
)
TOTAL_LINE_REVENUE_CODE = "0001"
EARLIEST = ("claim_start_date", "admission_date")


def summarize_headers(versions: DataFrame, header: Table, unfilled: Collection[str] = ()) -> DataFrame:
    """Rows of `medical_claim_header` (grain: data_source, claim_id) from surviving rows of `medical_claim_version`.

    A claim amount of the source stands on every line of its record and is counted once a record, or once where every
    record of the claim repeats it. Revenue code 0001 is
    the sender's own total line and stays out of sums over lines, unless the claim has no other line with that amount.

    `unfilled` are columns in which no version has a value; headers have none in them either.
    """
    own = (*CLAIM_KEY, *AMOUNTS, "line_count", "year", "month")
    names = [name for name in header.column_names if name not in own and name not in unfilled]
    month = F.struct("year", "month")
    earliest = F.coalesce(F.min_by(month, "claim_start_date"), F.min(month))
    return (
        versions.groupBy(*CLAIM_KEY)
        .agg(
            *((F.min(name) if name in EARLIEST else F.max(name)).alias(name) for name in names),
            *(_claim_amount(name).alias(name) for name in AMOUNTS),
            F.count("*").cast("int").alias("line_count"),
            earliest.alias("_month"),
        )
        .select("*", "_month.year", "_month.month")
        .select(*(_typed(column.name, column.type, unfilled) for column in header.columns))
    )


def _claim_amount(name: str) -> Column:
    sent, repeats = F.col(HEADER_PREFIX + name), F.col("header_amounts_repeat_flag") == 1
    of_record = F.sum(F.when((F.col("record_line") == 0) & ~F.coalesce(repeats, F.lit(False)), sent))
    once = F.coalesce(of_record, F.max(F.when(repeats, sent)))
    counted = F.coalesce(F.col("revenue_center_code") != TOTAL_LINE_REVENUE_CODE, F.lit(True))
    return F.coalesce(once, F.sum(F.when(counted, F.col(name))), F.sum(name))


def _typed(name: str, kind: str, unfilled: Collection[str]) -> Column:
    known = name not in unfilled or name in AMOUNTS
    return (F.col(name) if known else F.lit(None)).cast(kind).alias(name)
