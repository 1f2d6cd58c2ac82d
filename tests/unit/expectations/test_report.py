"""The run report's facts: what they accept, whether they add up, and their JSON form."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from expectations.errors import ContractError
from expectations.quality_score import Dimension, DimensionCount
from expectations.report import RunReport
from expectations.report_parts import (
    BrokenRule,
    ErrorInfo,
    FileOutcome,
    MoneyByOutcome,
    MonthMoney,
    ScorePoint,
    StageTime,
    TableOutcome,
)
from expectations.row_rules import Severity

START = datetime(2024, 3, 1, 14, 5, 9, tzinfo=UTC)
CENTS = st.integers(-(10**15), 10**15).map(lambda cents: Decimal(cents).scaleb(-2))


def file_outcome(**changed: object) -> FileOutcome:
    numbers: dict[str, object] = {
        "records_read": 100,
        "records_accepted": 90,
        "records_quarantined": 6,
        "records_resent": 4,
        "lines_published": 95,
    }
    if changed.get("status", "published") != "published":
        numbers = {}
    names = {
        "file": "march.csv",
        "file_id": "f1",
        "source": "clinic",
        "target_table": "medical_claim",
        "status": "published",
    }
    return FileOutcome.model_validate({**names, **numbers, **changed})


def run_report(**changed: object) -> RunReport:
    facts: dict[str, object] = {
        "run_id": "r1",
        "job_id": "claims-etl-20240301-140509-0001",
        "status": "SUCCEEDED",
        "started_at": START,
        "finished_at": START + timedelta(seconds=20),
        "code_version": "0.1.0",
        "contract_version": "1",
        "files": (file_outcome(),),
    }
    return RunReport.model_validate({**facts, **changed})


def month_money(**changed: object) -> MonthMoney:
    amounts = {"paid_amount": Decimal("10.50"), "allowed_amount": Decimal(11), "charge_amount": Decimal(-20)}
    return MonthMoney.model_validate(
        {"table": "medical_claim", "year": "2024", "month": "03", "lines": 2, **amounts, **changed}
    )


def held_file(**changed: object) -> FileOutcome:
    held = {"status": "held", "file_id": "h1", "records_read": 100, "records_held": 100, "records_in_error": 60}
    return file_outcome(**{**held, "max_error_share": 0.5, **changed})


def count(dimension: Dimension, rows: int, critical: int = 0, warning: int = 0) -> DimensionCount:
    return DimensionCount(dimension=dimension, rows=rows, critical_rows=critical, warning_rows=warning)


def point(**changed: object) -> ScorePoint:
    facts = {"source": "clinic", "run_id": "r0", "finished_at": START, "score": Decimal("97.5")}
    return ScorePoint.model_validate({**facts, **changed})


def full_report() -> RunReport:
    return run_report(
        files=(file_outcome(quality=(count(Dimension.VALIDITY, 96, 6),)), held_file()),
        history=(point(),),
        broken_rules=(
            BrokenRule(rule_id="RC010", severity=Severity.CRITICAL, sentence="s", cure="c", records=6, source="clinic"),
        ),
        months=(month_money(),),
        stages=(StageTime(name="publish", seconds=1.25),),
        tables=(TableOutcome(table="medical_claim", rows_published=95, location="lake/medical_claim"),),
        money=MoneyByOutcome(accepted=Decimal("10.5"), published=Decimal("10.50")),
        quarantine_location="lake/quarantine",
        error=ErrorInfo(error_type="StorageError", message="disk full"),
    )


def test_a_report_survives_the_way_to_json_and_back() -> None:
    report = full_report()
    assert RunReport.from_json(report.to_json()) == report
    assert RunReport.from_json(report.to_json()).to_json() == report.to_json()


@given(paid=CENTS, accepted=CENTS, seconds=st.floats(0, 1e6), name=st.text(max_size=40))
def test_any_amount_and_any_file_name_survive_the_way_to_json_and_back(
    paid: Decimal, accepted: Decimal, seconds: float, name: str
) -> None:
    report = run_report(
        files=(file_outcome(file=name),),
        months=(month_money(paid_amount=paid),),
        money=MoneyByOutcome(read=accepted, accepted=accepted),
        stages=(StageTime(name="read", seconds=seconds),),
    )
    assert RunReport.from_json(report.to_json()) == report


def test_json_has_money_as_text_with_two_places_and_times_in_utc() -> None:
    vienna = timezone(timedelta(hours=1))
    facts = json.loads(full_report().model_copy(update={"quarantine_location": ""}).to_json())
    moved = json.loads(run_report(started_at=START.astimezone(vienna)).to_json())
    assert facts["months"][0]["paid_amount"] == "10.50"
    assert facts["months"][0]["charge_amount"] == "-20.00"
    assert facts["money"]["accepted"] == "10.50"
    assert facts["started_at"] == moved["started_at"] == "2024-03-01T14:05:09Z"


def test_json_carries_the_totals_for_readers_without_this_module() -> None:
    totals = json.loads(full_report().to_json())["totals"]
    assert totals == {
        "records_read": 200,
        "records_accepted": 90,
        "records_quarantined": 6,
        "records_resent": 4,
        "records_held": 100,
        "lines_published": 95,
        "duration_seconds": 20.0,
        "rows_a_second": 10.0,
        "balanced": True,
        "imbalances": [],
        "score": "93.7",
    }


def test_json_carries_the_scores_of_files_sources_and_dimensions() -> None:
    facts = json.loads(full_report().to_json())
    assert [file["quality_score"] for file in facts["files"]] == ["93.7", None]
    validity = {"dimension": "validity", "rows": 96, "critical_rows": 6, "warning_rows": 0}
    assert facts["files"][0]["quality"] == [validity]
    assert facts["quality"] == [
        {"source": "clinic", "dimensions": [{**validity, "score": "93.7"}], "records": 96, "score": "93.7"}
    ]
    assert facts["history"] == [
        {"source": "clinic", "run_id": "r0", "finished_at": "2024-03-01T14:05:09Z", "score": "97.5"}
    ]


def run_report_with_files(files: object) -> str:
    return json.dumps(json.loads(run_report().to_json()) | {"files": files})


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param("{", "line 1", id="not JSON"),
        pytest.param("[]", "file", id="not an object"),
        pytest.param(json.dumps({"run_id": 1}), "run_id", id="a field of the wrong type"),
        pytest.param(run_report_with_files([7]), "files.0", id="a file of the wrong type"),
        pytest.param(run_report_with_files(7), "files", id="files of the wrong type"),
        pytest.param(run_report().to_json().replace('"run_id"', '"patient"', 1), "run_id", id="a field renamed"),
    ],
)
def test_json_that_is_no_report_is_one_line_that_names_the_field(text: str, named: str) -> None:
    with pytest.raises(ContractError, match=named) as caught:
        RunReport.from_json(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("build", "field"),
    [
        pytest.param(lambda: month_money(paid_amount=10.5), "paid_amount", id="money as floating point"),
        pytest.param(lambda: month_money(paid_amount=Decimal("1.005")), "paid_amount", id="money below a cent"),
        pytest.param(lambda: month_money(paid_amount=Decimal("NaN")), "paid_amount", id="money that is no number"),
        pytest.param(lambda: month_money(paid_amount=Decimal("1e30")), "paid_amount", id="money out of range"),
        pytest.param(lambda: month_money(month="13"), "month", id="a thirteenth month"),
        pytest.param(lambda: file_outcome(records_read=-1), "records_read", id="a negative count"),
        pytest.param(lambda: file_outcome(max_error_share=1.1), "max_error_share", id="a share above one"),
        pytest.param(lambda: point(score=Decimal("100.1")), "score", id="a score above 100"),
        pytest.param(lambda: point(score=Decimal("97.55")), "score", id="a score finer than a tenth"),
        pytest.param(lambda: file_outcome(first_row="x"), "first_row", id="a field that is not declared"),
        pytest.param(
            lambda: run_report(started_at=START.replace(tzinfo=None)), "started_at", id="a time without a zone"
        ),
        pytest.param(lambda: run_report(status="DONE"), "status", id="an unknown status"),
    ],
)
def test_a_report_does_not_take(build: Callable[[], object], field: str) -> None:
    with pytest.raises(ValidationError, match=field):
        build()


def test_a_report_is_frozen() -> None:
    report = run_report()
    with pytest.raises(ValidationError, match="frozen"):
        report.status = "FAILED"  # type: ignore[misc]


def test_a_message_of_several_lines_becomes_one() -> None:
    assert ErrorInfo(error_type="E", message="a\n  b\tc ").message == "a b c"


def test_totals_are_sums_over_the_files() -> None:
    report = run_report(
        files=(file_outcome(), file_outcome(file_id="f2"), file_outcome(file_id="f3", status="refused"))
    )
    assert (report.records_read, report.records_accepted, report.records_quarantined, report.records_resent) == (
        200,
        180,
        12,
        8,
    )
    assert report.lines_published == 190
    assert report.rows_a_second == 10.0
    assert report.file_counts == {"published": 2, "refused": 1}


@pytest.mark.parametrize("seconds", [0, -3], ids=["no time", "a clock set back"])
def test_a_run_without_duration_has_no_rate(seconds: int) -> None:
    report = run_report(finished_at=START + timedelta(seconds=seconds))
    assert (report.duration_seconds, report.rows_a_second) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({"files": (file_outcome(records_read=101),)}, "101 records read, but 100", id="a record lost"),
        pytest.param(
            {"files": (file_outcome(records_resent=5),)}, "100 records read, but 101", id="a record counted twice"
        ),
        pytest.param(
            {"files": (file_outcome(records_read=101), file_outcome(records_read=99))},
            "99 records",
            id="files that cancel out",
        ),
        pytest.param({"files": (file_outcome(lines_accepted=96),)}, "96 lines made, but 95", id="a line lost"),
        pytest.param({"money": MoneyByOutcome(accepted=Decimal(5))}, "accepted are 5.00, but 0.00", id="money lost"),
        pytest.param(
            {"money": MoneyByOutcome(read=Decimal(1))}, "read are 1.00, but 0.00", id="money not accounted for"
        ),
        pytest.param({"files": (held_file(records_held=99),)}, "99 of 100 records held", id="a held record lost"),
        pytest.param(
            {"files": (held_file(records_held=0, records_accepted=100),)},
            "held, with 0 of 100 records held",
            id="a held file taken for a published one",
        ),
        pytest.param({"files": (held_file(lines_published=3),)}, "3 lines published", id="a held file published"),
        pytest.param(
            {"files": (file_outcome(records_accepted=80, records_held=10),)},
            "published, with 10 of 100 records held",
            id="a record held without its file",
        ),
        pytest.param(
            {"status": "FAILED", "files": (file_outcome(lines_accepted=96),)},
            "96 lines made",
            id="a failure half published",
        ),
    ],
)
def test_a_report_is_not_balanced_with(changed: dict[str, object], said: str) -> None:
    report = run_report(**changed)
    assert not report.balanced
    assert said in " ".join(report.imbalances)


def test_a_run_that_failed_before_publishing_is_balanced_when_its_records_are() -> None:
    file = file_outcome(lines_accepted=95, lines_published=0)
    report = run_report(status="FAILED", files=(file,), money=MoneyByOutcome(read=Decimal(7), accepted=Decimal(7)))
    assert report.balanced
    assert report.nothing_published


def test_a_held_file_is_read_and_held_with_its_money_and_nothing_else() -> None:
    money = MoneyByOutcome(read=Decimal(7), accepted=Decimal(3), held=Decimal(4), published=Decimal(3))
    report = run_report(files=(file_outcome(), held_file()), money=money)
    assert report.balanced
    assert (report.records_read, report.records_held, report.records_quarantined) == (200, 100, 6)
    assert (report.lines_published, report.file_counts["held"]) == (95, 1)
    assert held_file().records_accounted_for == 100
    assert held_file().has_problem


def test_scores_of_sources_weigh_their_files_by_records_held_ones_included() -> None:
    good = file_outcome(quality=(count(Dimension.VALIDITY, 900), count(Dimension.TIMELINESS, 900, 0, 90)))
    bad = held_file(quality=(count(Dimension.VALIDITY, 100, 60),))
    other = file_outcome(source="payer", quality=(count(Dimension.COMPLETENESS, 10, 5),))
    report = run_report(files=(good, bad, other, file_outcome(source="unscored")))
    assert [(one.source, one.records, one.score) for one in report.quality] == [
        ("clinic", 1000, Decimal("94.1")),
        ("payer", 10, Decimal("50.0")),
    ]
    assert report.quality[0].dimensions == (
        count(Dimension.VALIDITY, 1000, 60),
        count(Dimension.TIMELINESS, 900, 0, 90),
    )
    assert report.score == Decimal("74.0")
    assert (good.quality_score, bad.quality_score) == (Decimal("99.1"), Decimal("40.0"))


def test_where_no_record_was_judged_there_is_no_score() -> None:
    report = run_report()
    assert (report.score, report.quality, report.files[0].quality_score) == (None, (), None)
