"""The rows of the scorecard: what a report says of a file's quality, and nothing that it does not say."""

from datetime import UTC, datetime
from decimal import Decimal

from expectations.contract import load_table
from expectations.quality_score import Dimension, DimensionCount
from expectations.report import RunReport
from expectations.report_parts import FileOutcome
from expectations.scorecard import TOTAL, scorecard_rows

END = datetime(2024, 3, 1, 14, 5, 9, tzinfo=UTC)
QUALITY = (
    DimensionCount(dimension=Dimension.VALIDITY, rows=96, critical_rows=6, warning_rows=3),
    DimensionCount(dimension=Dimension.TIMELINESS, rows=96),
)


def outcome(status: str, **changed: object) -> FileOutcome:
    facts = {"file": "march.csv", "file_id": "f1", "source": "clinic", "target_table": "medical_claim"}
    return FileOutcome.model_validate({**facts, "status": status, **changed})


def rows_of(*files: FileOutcome) -> list[dict[str, object]]:
    report = RunReport(
        run_id="r1",
        job_id="r1",
        status="SUCCEEDED",
        started_at=END,
        finished_at=END,
        code_version="0.1.0",
        contract_version="7",
        files=files,
    )
    return scorecard_rows(report)


def test_a_judged_file_has_a_row_a_dimension_and_one_for_its_total() -> None:
    file = outcome("published", records_read=100, records_accepted=90, records_quarantined=6, quality=QUALITY)
    rows = rows_of(file)
    assert [(row["dimension"], row["records"], row["critical_records"], row["warning_records"]) for row in rows] == [
        ("validity", 96, 6, 3),
        ("timeliness", 96, 0, 0),
        (TOTAL, 96, 6, None),
    ]
    assert [row["score"] for row in rows] == [Decimal("92.1"), Decimal("100.0"), Decimal("93.4")]
    assert {(row["run_id"], row["file_id"], row["source"], row["contract_version"]) for row in rows} == {
        ("r1", "f1", "clinic", "7")
    }


def test_a_held_file_is_scored_by_all_its_records_in_error() -> None:
    rows = rows_of(outcome("held", records_read=96, records_held=96, records_in_error=60, quality=QUALITY))
    assert rows[-1]["critical_records"] == 60


def test_a_file_that_was_not_judged_has_no_row() -> None:
    assert rows_of(outcome("refused"), outcome("known"), outcome("published", records_read=1)) == []


def test_the_rows_fill_every_column_of_the_table_and_none_stands_twice() -> None:
    table = load_table("quality_scorecard")
    rows = rows_of(outcome("published", quality=QUALITY), outcome("published", file_id="f2", quality=QUALITY))
    assert {frozenset(row) for row in rows} == {frozenset(table.column_names)}
    keys = [tuple(row[name] for name in table.grain) for row in rows]
    assert len(set(keys)) == len(keys) == 6
