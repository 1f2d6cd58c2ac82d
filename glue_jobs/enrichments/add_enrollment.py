"""Whether the person was enrolled on the day of service, with which payer and plan, and the person's gender."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from glue_jobs.enrichments.enrichment import SERVICE_DAY, Enrichment, References, service_day

OPEN_END = "9999-12-31"
SPAN = ("data_source", "payer", "plan", "enrollment_start_date", "enrollment_end_date", "gender", "birth_date")


def add_enrollment(lines: DataFrame, references: References) -> DataFrame:
    """Add the enrolment of the day: one row a line, however many spans overlap.

    Spans of the line's data source count, or those of all sources where it delivers none. Of several spans that hold
    the day the one with the claim's payer is taken, then with its plan, then the one that began last.
    """
    is_any = ~F.coalesce("_own", F.lit(False))
    spans = F.filter("_spans", lambda span: is_any | (span.data_source == F.col("data_source")))
    best = F.array_max(F.transform(F.filter("_of_source", lambda span: _holds(span, service_day())), _rank))
    own = references.eligibility.where("data_source IS NOT NULL").select("data_source").distinct()
    enrolled = F.when(service_day().isNull(), F.lit(None)).when(F.col("_best").isNotNull(), 1).when(F.col("_own"), 0)
    return (
        lines.join(spans_by_member(references.eligibility), on="_member", how="left")
        .join(F.broadcast(own.withColumn("_own", F.lit(True))), on="data_source", how="left")
        .withColumn("_of_source", spans)
        .withColumn("_best", best)
        .select(
            *lines.columns,
            enrolled.cast("int").alias("enrolled_flag"),
            F.col("_best.payer").alias("enrolled_payer"),
            F.col("_best.plan").alias("enrolled_plan"),
            _latest("gender").alias("gender"),
            _latest("birth_date").alias("_birth_date"),
        )
    )


def spans_by_member(eligibility: DataFrame) -> DataFrame:
    """One row a person and one a member number: `_member` and all its `_spans`, in no order."""
    names = F.array_distinct(F.array_compact(F.array("person_id", "member_id")))
    return (
        eligibility.select(F.explode(names).alias("_member"), F.struct(*SPAN).alias("_span"))
        .groupBy("_member")
        .agg(F.collect_set("_span").alias("_spans"))
    )


def _end(span: Column) -> Column:
    return F.coalesce(span.enrollment_end_date, F.lit(OPEN_END).cast("date"))


def _holds(span: Column, day: Column) -> Column:
    has_begun = span.enrollment_start_date.isNull() | (span.enrollment_start_date <= day)
    return has_begun & (day <= _end(span))


def _rank(span: Column) -> Column:
    """What the best span is greatest by; struct fields count in their order, and a missing value is the least."""
    return F.struct(
        F.coalesce(span.payer == F.col("payer"), F.lit(False)).alias("is_payer"),
        F.coalesce(span.plan == F.col("plan"), F.lit(False)).alias("is_plan"),
        span.enrollment_start_date.alias("start"),
        _end(span).alias("end"),
        span.payer.alias("payer"),
        span.plan.alias("plan"),
    )


def _latest(name: str) -> Column:
    """The value of the span that ends last, of those that have one."""
    known = F.filter("_of_source", lambda span: span[name].isNotNull())
    ordered = F.transform(
        known,
        lambda span: F.struct(
            _end(span).alias("end"), span.enrollment_start_date.alias("start"), span[name].alias("value")
        ),
    )
    return F.array_max(ordered)["value"]


ADD_ENROLLMENT = Enrichment(
    "enrolment",
    ("_member", "data_source", "payer", "plan", *SERVICE_DAY),
    ("enrolled_flag", "enrolled_payer", "enrolled_plan", "gender", "_birth_date"),
    add_enrollment,
)
