"""Spans of enrolment as they can be counted: what was last said of each, with an end that is known.

Shape. In: rows of `eligibility`. Out: rows with all its columns and grain data_source, person_id, member_id, payer,
plan, enrollment_start_date; `span_end_date`, never before the start; `delivered`, by which later news is told.
Nothing depends on other persons' rows or on the day it runs, so that some persons can be made again alone.
"""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

PERSON = ("data_source", "person_id")
SPAN = (*PERSON, "member_id", "payer", "plan", "enrollment_start_date")
OPEN_FROM = "2100-01-01"
"""Senders write days far off (9999-12-31, 2999-12-31, 2199-12-31) where a span has no end yet."""


def enrollment_spans(eligibility: DataFrame) -> DataFrame:
    """Of rows that name the same start, the last delivered: it may have closed, cut or cancelled (end before start)."""
    latest = Window.partitionBy(*SPAN).orderBy(F.col("delivered").desc(), F.col("record_hash").desc())
    told = eligibility.withColumn("delivered", _delivered()).withColumn("_place", F.row_number().over(latest))
    of_person = Window.partitionBy(*PERSON)
    death = F.max(F.when(F.col("death_date").isNotNull(), F.struct("delivered", "death_date"))).over(of_person)
    return (
        told.withColumn("_death", death["death_date"])
        .where("_place = 1")
        .withColumn("span_end_date", F.least(_known_end(), "_death"))
        .where("enrollment_start_date <= span_end_date")
        .drop("_place", "_death")
    )


def _delivered() -> Column:
    """What makes one row later news than another; between equals, that which says the later end."""
    end = F.coalesce("enrollment_end_date", F.lit("9999-12-31").cast("date"))
    return F.struct(F.col("file_date"), F.col("ingest_datetime"), end.alias("end"))


def _known_end() -> Column:
    """The last day of the span that its row can know of.

    An open span goes to the day of the file, or to the day it was read where the file has no day. A stated end holds as
    far as the later of both: plans end in December, and nobody knows in March who is enrolled then.
    """
    read_on = F.to_date("ingest_datetime")
    open_end = F.col("enrollment_end_date").isNull() | (F.col("enrollment_end_date") >= F.lit(OPEN_FROM).cast("date"))
    stated = F.least("enrollment_end_date", F.greatest("file_date", read_on))
    return F.when(open_end, F.coalesce("file_date", read_on)).otherwise(stated)
