"""Per member per month: what was paid and allowed for the enrolled, over the months they were enrolled."""

from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from glue_jobs.summaries.count_claims_once import count_claims_once
from glue_jobs.summaries.table_rows import MONTH, table_rows, with_month

GROUP = ("data_source", "payer", "plan", *MONTH)
MEMBER = ("person_id", *GROUP)
KINDS = ("medical", "pharmacy")


def pmpm(lines: DataFrame, headers: DataFrame, drugs: DataFrame, member_months: DataFrame) -> DataFrame:
    """Rows of `pmpm` (grain: data_source, payer, plan, year_month), as Tuva counts.

    A person counts once a month, payer and plan. Money counts where its person has such a member month in the month of
    the claim; what does not is kept beside it, so that nothing is lost.
    """
    enrolled = member_months.select(*MEMBER).distinct().withColumn("_enrolled", F.lit(1))
    spent = _spent(count_claims_once(lines, headers), "medical").unionByName(_spent(drugs, "pharmacy"))
    same = reduce(
        lambda one, other: one & other, (F.col(f"s.{name}").eqNullSafe(F.col(f"m.{name}")) for name in MEMBER)
    )
    found = spent.alias("s").join(enrolled.alias("m"), on=same, how="left").select("s.*", "_enrolled")
    members = enrolled.select(*GROUP, F.lit("member").alias("_kind"), F.col("_enrolled"))
    rows = found.unionByName(members, allowMissingColumns=True).groupBy(*GROUP).agg(*_sums())
    return table_rows(with_month(rows).withColumns(_rates()), "pmpm")


def _spent(lines: DataFrame, kind: str) -> DataFrame:
    """Lines and money of one kind by person and month: few rows, before they look for their member month."""
    return lines.groupBy(*MEMBER).agg(
        F.lit(kind).alias("_kind"),
        F.count("*").alias("_lines"),
        F.sum("paid_amount").alias("_paid"),
        F.sum("allowed_amount").alias("_allowed"),
    )


def _sums() -> list[Column]:
    sums = [F.sum((F.col("_kind") == "member").cast("int")).alias("member_months")]
    for kind in KINDS:
        is_kind, is_enrolled = F.col("_kind") == kind, F.col("_enrolled").isNotNull()
        counted = is_kind & is_enrolled
        sums += [
            _sum(counted, "_lines", "bigint").alias(f"{kind}_lines"),
            _sum(counted, "_paid").alias(f"{kind}_paid_amount"),
            _sum(counted, "_allowed").alias(f"{kind}_allowed_amount"),
            _sum(is_kind & ~is_enrolled, "_paid").alias(f"unenrolled_{kind}_paid_amount"),
        ]
    return sums


def _sum(condition: Column, name: str, kind: str = "decimal(18,2)") -> Column:
    return F.coalesce(F.sum(F.when(condition, F.col(name))), F.lit(0)).cast(kind)


def _rates() -> dict[str, Column]:
    both = {what: F.col(f"medical_{what}_amount") + F.col(f"pharmacy_{what}_amount") for what in ("paid", "allowed")}
    amounts = {
        "medical_paid_pmpm": F.col("medical_paid_amount"),
        "pharmacy_paid_pmpm": F.col("pharmacy_paid_amount"),
        "paid_pmpm": both["paid"],
        "allowed_pmpm": both["allowed"],
    }
    months = F.when(F.col("member_months") > 0, F.col("member_months")).cast("decimal(10,0)")
    return {name: (amount / months).cast("decimal(18,4)") for name, amount in amounts.items()}
