from collections.abc import Sequence
from datetime import date
from typing import Any

from pyspark.sql import SparkSession

from glue_jobs.enrichments.add_enrollment import ADD_ENROLLMENT
from tests.unit.glue_jobs.enrichments.claim_lines import Row, added, column, references

JANUARY, JUNE, DECEMBER = date(2024, 1, 1), date(2024, 6, 15), date(2024, 12, 31)


def span(person: str | None, first: date | None, last: date | None, **others: object) -> dict[str, object]:
    return {
        "person_id": person,
        "member_id": f"m-{person}",
        "data_source": "feed",
        "payer": "acme",
        "plan": "gold",
        "enrollment_start_date": first,
        "enrollment_end_date": last,
        "gender": "female",
        "birth_date": date(1980, 5, 5),
        **others,
    }


def line(member: str, day: date | None = JUNE, **others: object) -> dict[str, object]:
    return {"_member": member, "data_source": "feed", "claim_line_start_date": day, **others}


def enrolled(spark: SparkSession, spans: Sequence[Row], lines: Sequence[Row]) -> list[dict[str, Any]]:
    return added(spark, ADD_ENROLLMENT, lines, references(spark, eligibility=spans))


def test_the_day_of_service_is_held_by_a_span_its_ends_included_and_open_ends_hold_everything(
    spark: SparkSession,
) -> None:
    spans = [span("a", JANUARY, JUNE), span("b", JUNE, None), span("c", None, JUNE), span("d", None, None)]
    cases = [
        (line("a", JUNE), 1),
        (line("a", date(2024, 6, 16)), 0),
        (line("a", date(2023, 12, 31)), 0),
        (line("a", JANUARY), 1),
        (line("b", date(2099, 1, 1)), 1),
        (line("b", date(2024, 6, 14)), 0),
        (line("c", date(1999, 1, 1)), 1),
        (line("d", JUNE), 1),
        (line("m-a", JUNE), None),
        (line("nobody", JUNE), None),
        (line("a", None), None),
        (line("a", None, claim_start_date=JUNE), 1),
    ]
    found = enrolled(spark, spans, [case for case, _ in cases])
    assert column(found, "enrolled_flag") == [flag for _, flag in cases]
    assert found[0]["enrolled_payer"] == "acme"
    assert found[1]["enrolled_payer"] is None


def test_of_spans_that_overlap_the_claims_payer_counts_then_its_plan_then_the_latest_begin(spark: SparkSession) -> None:
    spans = [
        span("a", JANUARY, None, payer="acme", plan="gold"),
        span("a", JANUARY, None, payer="acme", plan="silver"),
        span("a", JUNE, None, payer="best", plan="gold"),
        span("a", JANUARY, DECEMBER, payer="acme", plan="gold"),
    ]
    lines = [
        line("a", payer="acme", plan="silver"),
        line("a", payer="acme", plan="gold"),
        line("a", payer="acme"),
        line("a", payer="other", plan="silver"),
        line("a"),
    ]
    for given in (spans, spans[::-1]):
        found = enrolled(spark, given, lines)
        assert [(row["enrolled_payer"], row["enrolled_plan"]) for row in found] == [
            ("acme", "silver"),
            ("acme", "gold"),
            ("acme", "silver"),
            ("acme", "silver"),
            ("best", "gold"),
        ]


def test_spans_of_the_lines_own_source_count_where_it_sends_some_for_the_person(spark: SparkSession) -> None:
    spans = [
        span("7", JANUARY, None, data_source="other", gender="male"),
        span("7", JANUARY, date(2024, 2, 1)),
        span("8", JANUARY, None, data_source="other"),
    ]
    lines = [line("7"), line("7", data_source="other"), line("7", data_source="third"), line("8"), line("9")]
    found = enrolled(spark, spans, lines)
    assert [(row["enrolled_flag"], row["gender"]) for row in found] == [
        (0, "female"),
        (1, "male"),
        (1, "male"),
        (1, "female"),
        (None, None),
    ]


def test_of_rows_that_name_the_same_start_the_last_delivered_counts(spark: SparkSession) -> None:
    first = span("a", JANUARY, None, file_date=date(2024, 2, 1), record_hash="z")
    cut = span("a", JANUARY, date(2024, 3, 1), file_date=date(2024, 3, 1), record_hash="a")
    cancelled = span("b", JANUARY, date(2023, 12, 31), file_date=date(2024, 3, 1))
    kept = span("b", JANUARY, None, file_date=date(2024, 2, 1))
    for given in ([first, cut, cancelled, kept], [kept, cancelled, cut, first]):
        found = enrolled(spark, given, [line("a"), line("a", date(2024, 2, 15)), line("b")])
        assert column(found, "enrolled_flag") == [0, 1, 0]


def test_gender_and_birth_date_are_of_the_span_that_ends_last_and_has_them(spark: SparkSession) -> None:
    spans = [
        span("a", date(2020, 1, 1), date(2020, 12, 31), gender="male", birth_date=date(1980, 5, 6)),
        span("a", JANUARY, JUNE, gender="female", birth_date=date(1980, 5, 5)),
        span("a", JUNE, None, gender=None, birth_date=None),
    ]
    (found,) = enrolled(spark, spans, [line("a", date(2020, 2, 1))])
    assert (found["gender"], found["_birth_date"]) == ("female", date(1980, 5, 5))


def test_the_state_is_that_of_the_span_of_the_day_else_of_the_last_that_has_one(spark: SparkSession) -> None:
    spans = [
        span("moved", date(2020, 1, 1), date(2020, 12, 31), state="Ohio"),
        span("moved", JANUARY, JUNE, state=" ky "),
        span("moved", JUNE, DECEMBER, state="Puerto Rico", payer="later"),
        span("silent", JANUARY, DECEMBER),
        span("silent", date(2020, 1, 1), date(2020, 12, 31), state="texas"),
        span("abroad", JANUARY, DECEMBER, state="Ontario"),
    ]
    lines = [
        line("moved", date(2020, 2, 1)),
        line("moved", JANUARY),
        line("moved", date(2024, 7, 1)),
        line("moved", date(2022, 7, 1)),
        line("silent"),
        line("abroad"),
        line("nobody"),
    ]
    assert column(enrolled(spark, spans, lines), "member_state") == ["OH", "KY", "PR", "PR", "TX", None, None]


def test_without_eligibility_nothing_is_known(spark: SparkSession) -> None:
    assert enrolled(spark, [], [line("a")]) == [dict.fromkeys(ADD_ENROLLMENT.adds)]
