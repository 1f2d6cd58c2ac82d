"""Amounts on lines that add up to those of the claims: header money once, total lines not beside what they total."""

from pyspark.sql import Column, DataFrame, WindowSpec
from pyspark.sql import functions as F
from pyspark.sql.window import Window

from glue_jobs.summaries.table_rows import MONTH

CLAIM = ("data_source", "claim_id")
MONEY = ("charge_amount", "allowed_amount", "paid_amount", "member_responsibility_amount")
MEMBER_SHARE = ("coinsurance_amount", "copayment_amount", "deductible_amount")
TOTAL_LINE_REVENUE_CODE = "0001"


def count_claims_once(lines: DataFrame, headers: DataFrame) -> DataFrame:
    """The lines with amounts that may be added up, and `first_line_flag`, 1 on one line of each claim and month.

    Total lines (revenue code 0001) lose their amounts, and the claim's first line gets what its header says beyond its
    lines: all of it where the sender has no money on lines, nothing where the lines say the same. So sums over lines
    are those of `medical_claim_header`. A claim whose lines start in several months has its header in one of them;
    there the lines speak for themselves, so that each month depends on its own rows only.
    """
    claims = headers.select(*CLAIM, *MONTH, F.col("line_count").alias("_line_count"), *_header_money())
    joined = lines.join(claims, on=[*CLAIM, *MONTH], how="left")
    in_month = Window.partitionBy(*CLAIM, *MONTH)
    is_first = F.row_number().over(in_month.orderBy("claim_line_number", "claim_version_id")) == 1
    is_whole = F.coalesce(F.count("*").over(in_month) == F.col("_line_count"), F.lit(False))
    marked = joined.withColumns({"first_line_flag": is_first.cast("int"), "_is_whole": is_whole})
    return marked.select(
        *(name for name in lines.columns if name not in MONEY),
        "first_line_flag",
        *(_counted(name, in_month).cast("decimal(18,2)").alias(name) for name in MONEY),
    )


def _header_money() -> list[Column]:
    nothing = F.lit(0).cast("decimal(18,2)")
    shares = [F.coalesce(name, nothing) for name in MEMBER_SHARE]
    member = F.when(F.coalesce(*MEMBER_SHARE).isNotNull(), shares[0] + shares[1] + shares[2])
    return [*(F.col(name).alias(f"_{name}") for name in MONEY[:-1]), member.alias(f"_{MONEY[-1]}")]


def _counted(name: str, in_month: WindowSpec) -> Column:
    is_total = F.coalesce(F.col("revenue_center_code") == TOTAL_LINE_REVENUE_CODE, F.lit(False))
    own = F.when(~is_total, F.col(name))
    of_lines = F.sum(own).over(in_month)
    of_claim = F.when(F.col("_is_whole"), F.col(f"_{name}")).otherwise(F.coalesce(of_lines, F.sum(name).over(in_month)))
    nothing = F.lit(0).cast("decimal(18,2)")
    rest = of_claim - F.coalesce(of_lines, nothing)
    fills = (F.col("first_line_flag") == 1) & of_claim.isNotNull()
    return F.when(fills, F.coalesce(own, nothing) + rest).otherwise(own)
