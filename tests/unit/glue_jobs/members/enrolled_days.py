"""Enrolment counted day by day in plain Python, and rows of eligibility: nothing of the product is used."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from pyspark.sql import DataFrame, SparkSession

DAY = timedelta(days=1)
SCHEMA = (
    "data_source string, person_id string, member_id string, payer string, plan string, enrollment_start_date date, "
    "enrollment_end_date date, gender string, birth_date date, death_date date, file_date date, "
    "ingest_datetime timestamp, record_hash string"
)


@dataclass(frozen=True)
class Span:
    """One row of eligibility; where nothing is said it comes in a file of the end of 2024."""

    person: str
    start: date
    end: date | None
    payer: str = "acme"
    plan: str = "gold"
    born: date | None = date(1950, 6, 15)
    died: date | None = None
    file_date: date | None = date(2024, 12, 31)
    read_on: date = date(2024, 12, 31)
    gender: str = "female"
    record: str = "h"

    def known_end(self) -> date:
        """The last day that the row can know of."""
        if self.end is None or self.end.year >= 2100:
            end = self.file_date or self.read_on
        else:
            end = min(self.end, max(self.file_date or date.min, self.read_on))
        return min(end, self.died or date.max)


def rows(spark: SparkSession, spans: Iterable[Span]) -> DataFrame:
    """The spans as a frame with the columns of eligibility that members are made of."""
    return spark.createDataFrame(
        [
            (
                "src", span.person, span.person, span.payer, span.plan, span.start, span.end, span.gender, span.born,
                span.died, span.file_date, datetime.combine(span.read_on, datetime.min.time()), span.record,
            )
            for span in spans
        ],
        SCHEMA,
    )  # fmt: skip


def days(spans: Iterable[Span]) -> dict[str, set[date]]:
    """Covered days by person. Death, told by any row of a person, ends them all."""
    spans = list(spans)
    died = {span.person: span.died for span in spans if span.died}
    covered: dict[str, set[date]] = {span.person: set() for span in spans}
    for span in spans:
        end = replace(span, died=died.get(span.person)).known_end()
        day = span.start
        while day <= end:
            covered[span.person].add(day)
            day += DAY
    return covered


def months(spans: Iterable[Span]) -> set[tuple[str, str, str, str]]:
    """Person, payer, plan and month of every covered day."""
    spans = list(spans)
    died = {span.person: span.died for span in spans if span.died}
    return {
        (span.person, span.payer, span.plan, f"{day:%Y%m}")
        for span in spans
        for day in days([replace(span, died=died.get(span.person))])[span.person]
    }


def gaps(spans: Iterable[Span]) -> set[tuple[str, date, date, int, int]]:
    """Person, first and last day, days and whole months of each run of days that is covered on both sides only."""
    found = set()
    for person, covered in days(spans).items():
        run: list[date] = []
        day, last = min(covered, default=date.max), max(covered, default=date.min)
        while day <= last:
            if day not in covered:
                run.append(day)
            elif run:
                whole = {f"{d:%Y%m}" for d in run} - {f"{d:%Y%m}" for d in covered}
                found.add((person, run[0], run[-1], len(run), len(whole)))
                run = []
            day += DAY
    return found
