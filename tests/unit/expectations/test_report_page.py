"""The run report's page: self-contained, well-formed, escaped, and sensible for every kind of run."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from expectations.quality_score import Dimension, DimensionCount
from expectations.report import RunReport
from expectations.report_charts import dollars
from expectations.report_fields import Reported
from expectations.report_page import duration, example_query, render_run_report, size
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
from expectations.row_rules import RECORD_RULES

START = datetime(2024, 3, 1, 14, 5, 9, tzinfo=UTC)
VOID = {"meta", "wbr", "br", "hr", "img", "input", "link"}
HOSTILE = '<script>alert("1")</script>\'&.csv'


class Page(HTMLParser):
    """What a page is made of; fails on a tag that is closed wrongly."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> without a start"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data if self.open[-1:] != ["style"] else ""

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]

    def charts(self) -> list[str]:
        return [str(attributes["aria-label"]) for attributes in self.all("svg") if attributes.get("role") == "img"]


def published(number: int = 1, **changed: object) -> FileOutcome:
    facts: dict[str, object] = {
        "file": f"claims_{number:03d}.csv",
        "file_id": f"f{number}",
        "source": "clinic",
        "target_table": "medical_claim",
        "status": "published",
        "size_bytes": 1_834_221,
        "records_read": 1000,
        "records_accepted": 1000,
        "lines_published": 1004,
    }
    return FileOutcome.model_validate({**facts, **changed})


def not_read(status: str, **changed: object) -> FileOutcome:
    return published(900, status=status, records_read=0, records_accepted=0, lines_published=0, **changed)


def held(**changed: object) -> FileOutcome:
    numbers = {"records_held": 100, "records_in_error": 60, "max_error_share": 0.5, "records_accepted": 0}
    return published(500, status="held", records_read=100, lines_published=0, **{**numbers, **changed})


def judged(rows: int = 1000, **broken: tuple[int, int]) -> tuple[DimensionCount, ...]:
    counts = {dimension: broken.get(dimension.value, (0, 0)) for dimension in Dimension}
    return tuple(
        DimensionCount(dimension=dimension, rows=rows, critical_rows=critical, warning_rows=warning)
        for dimension, (critical, warning) in counts.items()
    )


def scored(source: str, number: int, score: str) -> ScorePoint:
    finished_at = START - timedelta(days=100 - number)
    return ScorePoint(source=source, run_id=f"earlier-{number:03d}", finished_at=finished_at, score=Decimal(score))


def months(number: int, table: str = "medical_claim", sign: int = 1) -> tuple[MonthMoney, ...]:
    return tuple(
        MonthMoney(
            table=table,
            year=str(2019 + index // 12),
            month=f"{index % 12 + 1:02d}",
            lines=10 + index,
            paid_amount=sign * Decimal(1000 * index + 500),
            allowed_amount=Decimal(0),
            charge_amount=Decimal(0),
        )
        for index in range(number)
    )


def run_report(**changed: object) -> RunReport:
    rules = tuple(
        BrokenRule(
            rule_id=rule.rule_id,
            severity=rule.severity,
            sentence=rule.sentence,
            cure=rule.cure,
            records=7,
            source="clinic",
        )
        for rule in RECORD_RULES[:3]
    )
    facts: dict[str, object] = {
        "run_id": "r1",
        "job_id": "claims-etl-20240301-140509-0001",
        "status": "SUCCEEDED",
        "started_at": START,
        "finished_at": START + timedelta(seconds=20),
        "code_version": "0.1.0",
        "contract_version": "1",
        "files": (published(),),
        "broken_rules": rules,
        "months": months(12),
        "stages": (StageTime(name="read records", seconds=6.2), StageTime(name="publish", seconds=0.4)),
        "tables": (TableOutcome(table="medical_claim", rows_published=1004, location="lake/processed/medical_claim"),),
        "money": MoneyByOutcome(accepted=Decimal("1234567.80"), published=Decimal("1234567.80")),
    }
    return RunReport.model_validate({**facts, **changed})


def test_the_page_has_each_chart_with_its_numbers_for_those_who_cannot_see_it() -> None:
    charts = Page(render_run_report(run_report())).charts()
    assert [chart.split(":")[0] for chart in charts] == [
        "Records by outcome",
        "Records that broke a rule, by rule",
        "Paid amounts published to medical_claim",
        "Time by stage",
    ]
    assert "Published 1,000" in charts[0]
    assert "RC001 · quarantined 7" in charts[1]
    assert "Dec 2019: $11,500.00 on 21 lines" in charts[2]
    assert "publish 0.4 s" in charts[3]


def test_the_page_says_what_happened_and_where_to_look() -> None:
    text = Page(render_run_report(run_report())).text
    for expected in (
        "What happened to your claims files",
        "1 file read, 1,000 records: 1,000 published as 1,004 lines, 0 quarantined, 0 sent twice.",
        "1 March 2024, 14:05:09 UTC",
        "$1,234,567.80",
        RECORD_RULES[0].sentence,
        RECORD_RULES[0].cure,
        "lake/processed/medical_claim",
        'make query SQL="SELECT year, month, count(*)',
        "Words used here",
    ):
        assert expected in text


def test_the_page_needs_nothing_from_elsewhere() -> None:
    text = render_run_report(run_report())
    page = Page(text)
    assert not re.search(r"https?:|//|url\(|@import", text)
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "link", "img", "iframe", "object"})
    assert all(str(link["href"]).startswith("#") for link in page.all("a"))
    assert {str(link["href"])[1:] for link in page.all("a")} <= {
        str(attributes.get("id")) for _, attributes in page.tags
    }


def test_every_table_says_which_cells_are_headers() -> None:
    page = Page(render_run_report(run_report()))
    assert len(page.all("table")) >= 4
    assert all(cell.get("scope") in {"row", "col"} for cell in page.all("th"))


def test_the_same_report_makes_the_same_page() -> None:
    assert render_run_report(run_report()) == render_run_report(RunReport.from_json(run_report().to_json()))


def hostile_report() -> RunReport:
    file = not_read(
        "refused", source=HOSTILE, target_table=HOSTILE, message=HOSTILE, warnings=(HOSTILE,), extra_columns=(HOSTILE,)
    )
    return run_report(
        run_id=HOSTILE,
        job_id=HOSTILE,
        status="FAILED",
        code_version=HOSTILE,
        contract_version=HOSTILE,
        files=(
            file.model_copy(update={"file": HOSTILE}),
            published(file=HOSTILE, records_read=1001, source=HOSTILE, quality=judged(validity=(1, 1))),
        ),
        broken_rules=(
            BrokenRule(
                rule_id=HOSTILE,
                severity=RECORD_RULES[0].severity,
                dimension=HOSTILE,
                sentence=HOSTILE,
                cure=HOSTILE,
                records=1,
                source=HOSTILE,
            ),
        ),
        months=months(2, HOSTILE),
        stages=(StageTime(name=HOSTILE, seconds=1),),
        tables=(TableOutcome(table=HOSTILE, rows_published=1, location=HOSTILE),),
        quarantine_location=HOSTILE,
        error=ErrorInfo(error_type=HOSTILE, message=HOSTILE),
        history=(scored(HOSTILE, 1, "9.5"),),
    )


def test_hostile_text_in_any_field_is_shown_and_never_run() -> None:
    text = render_run_report(hostile_report())
    page = Page(text)
    assert "<script" not in text
    assert not page.all("script")
    assert HOSTILE in page.text


@given(name=st.text(max_size=30), stage=st.text(max_size=30))
def test_the_page_is_well_formed_whatever_files_and_stages_are_called(name: str, stage: str) -> None:
    plain = Page(render_run_report(run_report()))
    page = Page(
        render_run_report(run_report(files=(published(file=name),), stages=(StageTime(name=stage, seconds=1),) * 2))
    )
    assert [tag for tag, _ in page.tags if tag != "wbr"] == [tag for tag, _ in plain.tags if tag != "wbr"]


@pytest.mark.parametrize(
    "model",
    [RunReport, FileOutcome, BrokenRule, MonthMoney, StageTime, TableOutcome, MoneyByOutcome, ErrorInfo, ScorePoint],
    ids=lambda model: model.__name__,
)
def test_a_value_that_belongs_to_no_field_cannot_reach_the_page(model: type[Reported]) -> None:
    with pytest.raises(ValidationError) as caught:
        model.model_validate({"patient_name": "CANARY-7f3a"})
    assert ("patient_name",) in [error["loc"] for error in caught.value.errors() if error["type"] == "extra_forbidden"]


def test_a_value_forced_past_the_model_does_not_reach_page_or_json() -> None:
    forced = published().model_copy(update={"raw_record": "CANARY-7f3a"})
    report = run_report().model_copy(update={"files": (forced,), "sample": "CANARY-7f3a"})
    assert "CANARY-7f3a" not in render_run_report(report)
    assert "CANARY-7f3a" not in report.to_json()


@pytest.mark.parametrize("number", [0, 1, 6, 12, 60, 61, 1000])
@pytest.mark.parametrize("sign", [1, -1], ids=["paid", "taken back"])
def test_the_page_holds_any_number_of_months(number: int, sign: int) -> None:
    page = Page(render_run_report(run_report(months=months(number, sign=sign))))
    drawn = [chart for chart in page.charts() if chart.startswith("Paid amounts")]
    assert len(drawn) == (1 if number else 0)
    assert ("This run published no amounts." in page.text) == (number == 0)
    assert ("by year" in page.text) == (number > 60)


def test_tables_are_drawn_apart_and_a_month_without_date_is_named() -> None:
    undated = months(1)[0].model_copy(update={"year": "", "month": ""})
    page = Page(render_run_report(run_report(months=(*months(3), *months(2, "pharmacy_claim"), undated))))
    assert [chart.split(":")[0] for chart in page.charts()[2:4]] == [
        "Paid amounts published to medical_claim",
        "Paid amounts published to pharmacy_claim",
    ]
    assert "no date" in page.text


def test_a_run_without_broken_rules_says_so_and_draws_none() -> None:
    page = Page(render_run_report(run_report(broken_rules=())))
    assert "No record broke a rule." in page.text
    assert not any("rule" in chart for chart in page.charts())


def test_a_refused_file_comes_first_with_its_cure() -> None:
    cure = "header lacks claim_id; cure: ask the sender for it"
    text = Page(
        render_run_report(run_report(status="PARTIAL", files=(published(1), not_read("refused", message=cure))))
    ).text
    assert cure in text
    assert text.index("claims_900.csv") < text.index("claims_001.csv")


def test_a_held_file_is_shown_with_its_share_of_errors_the_cure_and_its_records() -> None:
    page = Page(render_run_report(run_report(status="PARTIAL", files=(published(1), held()))))
    assert page.text.index("claims_500.csv") < page.text.index("claims_001.csv")
    assert page.text.count("60 of 100 records are in error, more than the 50% allowed") == 2
    assert "make requeue" in page.text
    assert "Held 100" in page.charts()[0]
    assert "Numbers do not add up" not in page.text
    told = Page(render_run_report(run_report(status="PARTIAL", files=(held(message="too many errors; cure: none"),))))
    assert "too many errors; cure: none" in told.text


def test_a_run_that_held_nothing_does_not_speak_of_it_in_its_numbers() -> None:
    page = Page(render_run_report(run_report()))
    assert "Held" not in page.charts()[0]
    assert "Held files wait" not in page.text


def test_a_failed_run_shows_its_error_and_calls_no_file_published() -> None:
    error = ErrorInfo(error_type="StorageError", message="disk full; cure: free 2 GB")
    files = (published(lines_published=0),)
    text = Page(render_run_report(run_report(status="FAILED", files=files, error=error, money=MoneyByOutcome()))).text
    assert "StorageError: disk full; cure: free 2 GB" in text
    assert "Read, not published" in text
    assert "Accepted, not published" in text


def test_a_run_without_anything_still_makes_a_page() -> None:
    nothing: dict[str, object] = dict.fromkeys(("files", "broken_rules", "months", "stages", "tables"), ())
    page = Page(render_run_report(run_report(status="NOTHING_NEW", money=MoneyByOutcome(), **nothing)))
    assert "Nothing new" in page.text
    assert page.charts() == []


def test_numbers_that_do_not_add_up_are_named_at_the_top() -> None:
    text = Page(render_run_report(run_report(files=(published(records_read=1001),)))).text
    assert text.index("Numbers do not add up") < text.index("How to read this page")
    assert "claims_001.csv: 1,001 records read, but 1,000 accepted, quarantined, held or sent twice." in text


def test_of_many_files_fifty_are_shown_with_problems_first() -> None:
    files = (*[published(number) for number in range(80)], published(99, records_accepted=990, records_quarantined=10))
    text = Page(render_run_report(run_report(files=files))).text
    assert len(re.findall(r"claims_\d{3}\.csv", text)) == 50
    assert text.index("claims_099.csv") < text.index("claims_000.csv")
    assert "31 more files are in the JSON report, none of them with problems." in text


def test_of_many_files_with_problems_those_left_out_are_counted() -> None:
    files = tuple(published(number, warnings=("odd",)) for number in range(51))
    assert (
        "1 more file is in the JSON report, 1 of them with problems."
        in Page(render_run_report(run_report(files=files))).text
    )


def test_the_example_query_suits_the_tables_there_are() -> None:
    provider = TableOutcome(table="provider", rows_published=1, location="lake")
    assert example_query(run_report(tables=(provider,), months=())) == "SELECT count(*) AS rows_in_table FROM provider"
    assert "FROM medical_claim GROUP BY" in example_query(run_report(tables=(provider, *run_report().tables)))
    assert example_query(run_report(tables=())) == ""


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (duration(0), "0.0 s"),
        (duration(59.94), "59.9 s"),
        (duration(59.96), "1 min 00 s"),
        (duration(125), "2 min 05 s"),
        (duration(11_250), "3 h 07 min"),
        (size(0), "0 bytes"),
        (size(1), "1 byte"),
        (size(48_211), "48.2 kB"),
        (size(5_000_000_000), "5.0 GB"),
        (dollars(-1500.0), "-$1,500"),
        (dollars(0.25), "$0.25"),
    ],
)
def test_numbers_are_shown_as_a_person_writes_them(shown: str, expected: str) -> None:
    assert shown == expected
