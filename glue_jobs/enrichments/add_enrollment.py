"""Whether the person was enrolled on the day of service, with which payer and plan; the person's state and gender.

Of a line only its own person's rows of `eligibility` count, so that a late row changes that person's lines only.
"""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from glue_jobs.enrichments.enrichment import SERVICE_DAY, Enrichment, References, service_day
from glue_jobs.enrichments.states import state_letters

OPEN_END = "9999-12-31"
SPAN = ("data_source", "member_id", "payer", "plan", "enrollment_start_date")


def add_enrollment(lines: DataFrame, references: References) -> DataFrame:
    """Add the enrolment of the day: one row a line, however many spans overlap.

    The person's spans of the line's data source count, or all of the person's where that source sends none. Of several
    spans that hold the day the one with the claim's payer is taken, then with its plan, then the one that began last.
    """
    own = F.filter("_spans", lambda span: span.data_source == F.col("data_source"))
    best = F.array_max(F.transform(F.filter("_of_source", lambda span: _holds(span, service_day())), _rank))
    is_known = F.col("_spans").isNotNull() & service_day().isNotNull()
    return (
        lines.join(spans_by_person(references.eligibility), on="_member", how="left")
        .withColumn("_of_source", F.when(F.size(own) > 0, own).otherwise(F.col("_spans")))
        .withColumn("_best", best)
        .select(
            *lines.columns,
            F.when(is_known, F.col("_best").isNotNull().cast("int")).alias("enrolled_flag"),
            F.col("_best.payer").alias("enrolled_payer"),
            F.col("_best.plan").alias("enrolled_plan"),
            F.coalesce(F.col("_best.state"), _latest("state")).alias("member_state"),
            _latest("gender").alias("gender"),
            _latest("birth_date").alias("_birth_date"),
        )
    )


def spans_by_person(eligibility: DataFrame) -> DataFrame:
    """One row a person: `_member` and all `_spans`, in no order.

    Of rows that name the same start the last delivered counts: it may have closed, cut or cancelled the span.
    """
    end = F.coalesce("enrollment_end_date", F.lit(OPEN_END).cast("date"))
    delivered = F.struct("file_date", "ingest_datetime", end.alias("end"), "record_hash")
    said = F.struct("enrollment_end_date", "gender", "birth_date", state_letters("state").alias("state"))
    return (
        eligibility.where("person_id IS NOT NULL")
        .groupBy(F.col("person_id").alias("_member"), *SPAN)
        .agg(F.max_by(said, delivered).alias("_said"))
        .select("_member", F.struct(*SPAN, "_said.*").alias("_span"))
        .groupBy("_member")
        .agg(F.collect_list("_span").alias("_spans"))
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
        span.state.alias("state"),
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
    ("enrolled_flag", "enrolled_payer", "enrolled_plan", "member_state", "gender", "_birth_date"),
    add_enrollment,
)
