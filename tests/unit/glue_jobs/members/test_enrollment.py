"""Months and gaps of enrolment: cases worked by hand, then drawn spans against a count of days in plain Python."""

import csv
import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from glue_jobs.members.enrollment_gaps import enrollment_gaps
from glue_jobs.members.member_months import member_months
from tests.unit.glue_jobs.members import enrolled_days
from tests.unit.glue_jobs.members.enrolled_days import Span


def months(spark: SparkSession, *spans: Span) -> list[str]:
    """Months in order, one entry a row."""
    found = member_months(enrolled_days.rows(spark, spans)).collect()
    return sorted(row["year_month"] for row in found)


def test_a_month_counts_once_with_any_day_enrolled_however_spans_overlap(spark: SparkSession) -> None:
    spans = (
        Span("a", date(2024, 1, 31), date(2024, 3, 1)),
        Span("a", date(2024, 2, 10), date(2024, 3, 5)),
        Span("a", date(2024, 3, 20), date(2024, 3, 20)),
    )
    assert months(spark, *spans) == ["202401", "202402", "202403"]


def test_an_open_span_goes_to_the_day_of_its_file(spark: SparkSession) -> None:
    file_date, read_on = date(2024, 3, 1), date(2025, 1, 1)
    spans = [
        Span(f"{end}", date(2024, 2, 1), end, file_date=file_date, read_on=read_on)
        for end in (None, date(9999, 12, 31), date(2199, 12, 31))
    ]
    assert months(spark, *spans) == ["202402"] * 3 + ["202403"] * 3


def test_an_open_span_of_a_file_without_a_day_goes_to_the_day_it_was_read(spark: SparkSession) -> None:
    span = Span("a", date(2024, 1, 1), None, file_date=None, read_on=date(2024, 2, 5))
    assert months(spark, span) == ["202401", "202402"]


def test_a_stated_end_holds_no_further_than_the_day_on_which_it_was_told(spark: SparkSession) -> None:
    span = Span("a", date(2024, 1, 1), date(2024, 12, 31), file_date=date(2024, 2, 1), read_on=date(2024, 3, 2))
    assert months(spark, span) == ["202401", "202402", "202403"]


def test_no_month_lies_after_the_month_of_death_whichever_row_tells_it(spark: SparkSession) -> None:
    alive = Span("a", date(2024, 1, 1), date(2024, 12, 31))
    dead = Span("a", date(2023, 12, 1), date(2023, 12, 31), died=date(2024, 2, 1))
    assert months(spark, alive, dead) == ["202312", "202401", "202402"]


def test_what_was_delivered_last_of_one_span_counts_even_if_it_takes_months_away(spark: SparkSession) -> None:
    first = Span("a", date(2024, 1, 1), None, file_date=date(2024, 6, 30), born=date(1950, 1, 1))
    later = Span("a", date(2024, 1, 1), date(2024, 2, 29), file_date=date(2024, 7, 31), born=date(1951, 1, 1))
    assert months(spark, first, later) == ["202401", "202402"]
    (row, _) = member_months(enrolled_days.rows(spark, [first, later])).orderBy("year_month").collect()
    assert row["birth_date"] == date(1951, 1, 1)


def test_a_cancelled_span_has_no_months(spark: SparkSession) -> None:
    first = Span("a", date(2024, 1, 1), None, file_date=date(2024, 6, 30))
    cancelled = Span("a", date(2024, 1, 1), date(2023, 12, 31), file_date=date(2024, 7, 31))
    assert months(spark, first, cancelled) == []


def test_age_is_that_of_the_first_day_of_the_month(spark: SparkSession) -> None:
    cases = {
        date(1959, 3, 1): (65, "65-74"),
        date(1959, 3, 2): (64, "55-64"),
        date(2004, 2, 29): (20, "18-34"),
        date(2024, 3, 2): (None, "unknown"),
        None: (None, "unknown"),
        date(1939, 3, 1): (85, "85+"),
        date(2006, 3, 2): (17, "0-17"),
    }
    spans = [Span(f"{born}", date(2024, 3, 15), date(2024, 3, 31), born=born) for born in cases]
    found = member_months(enrolled_days.rows(spark, spans)).collect()
    assert {row["month_start_date"] for row in found} == {date(2024, 3, 1)}
    assert {row["birth_date"]: (row["age_years"], row["age_band"]) for row in found} == cases


def test_a_change_of_plan_is_no_gap_and_a_gap_says_what_was_before_and_after(spark: SparkSession) -> None:
    spans = (
        Span("a", date(2024, 1, 1), date(2024, 6, 30)),
        Span("a", date(2024, 2, 1), date(2024, 2, 29), plan="inner"),
        Span("a", date(2024, 7, 1), date(2024, 7, 31), plan="silver"),
        Span("a", date(2024, 9, 2), date(2024, 9, 30), payer="other", plan="bronze"),
    )
    (row,) = enrollment_gaps(enrolled_days.rows(spark, spans)).collect()
    assert (row["gap_start_date"], row["gap_end_date"]) == (date(2024, 8, 1), date(2024, 9, 1))
    assert (row["gap_days_count"], row["gap_months_count"], row["year"], row["month"]) == (32, 1, "2024", "08")
    assert (row["plan_before"], row["payer_after"], row["plan_after"]) == ("silver", "other", "bronze")


def drawn(seed: int) -> list[Span]:
    """Spans of forty persons, few enough days long to overlap, touch, repeat and leave gaps of every size."""
    draw = random.Random(seed)  # noqa: S311 - drawn cases, no secret
    spans: list[Span] = []
    for number in range(160):
        start = date(2023, 1, 1) + timedelta(days=draw.randrange(500))
        length = draw.choice([-1, 0, 1, 14, 27, 28, 30, 31, 60, 90, 365])
        end = draw.choice([start + timedelta(days=length)] * 8 + [None, date(9999, 12, 31)])
        person = f"p{draw.randrange(40)}"
        died = date(2024, 3, 10) if person in {"p3", "p4"} else None
        plan = draw.choice(["gold", "silver"])
        # each start once a person and plan: what a later delivery does is worked by hand above
        if not any((span.person, span.plan, span.start) == (person, plan, start) for span in spans):
            spans.append(Span(person, start, end, plan=plan, died=died, record=f"{number}"))
    return spans


@pytest.mark.parametrize("seed", [1, 2])
def test_months_and_gaps_of_drawn_spans_are_those_counted_day_by_day(spark: SparkSession, seed: int) -> None:
    spans = drawn(seed)
    eligibility = enrolled_days.rows(spark, spans)
    found = member_months(eligibility).select("person_id", "payer", "plan", "year_month").collect()
    assert len(found) == len(set(found))
    assert {tuple(row) for row in found} == enrolled_days.months(spans)
    gaps = enrollment_gaps(eligibility).select(
        "person_id", "gap_start_date", "gap_end_date", "gap_days_count", "gap_months_count"
    )
    assert {tuple(row) for row in gaps.collect()} == enrolled_days.gaps(spans)


def test_the_public_tuva_members_have_their_182_months(spark: SparkSession, shared: Path) -> None:
    with (shared / "data/tuva_input_layer/eligibility.csv").open(encoding="utf-8") as file:
        spans = [
            Span(
                row["person_id"],
                date.fromisoformat(row["enrollment_start_date"]),
                date.fromisoformat(row["enrollment_end_date"]),
                row["payer"],
                row["plan"],
                file_date=date.fromisoformat(row["file_date"]),
                read_on=date.fromisoformat(row["ingest_datetime"][:10]),
            )
            for row in csv.DictReader(file)
        ]
    eligibility = enrolled_days.rows(spark, spans)
    assert member_months(eligibility).count() == 182
    # 22 spans of 6 persons, none of which touch: each but a person's first ends a gap, here of a month each
    gaps = enrollment_gaps(eligibility).collect()
    assert len(gaps) == 16
    assert {row["gap_months_count"] for row in gaps} == {1}
