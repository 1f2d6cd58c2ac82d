"""The quality section of the report page: scores by source and dimension, the worst files, the trend."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from expectations.quality_score import Dimension, DimensionCount
from expectations.report import RunReport
from expectations.report_page import render_run_report
from expectations.report_parts import FileOutcome, ScorePoint
from expectations.report_quality import FILES_SHOWN, RUNS_DRAWN, quality_section

END = datetime(2024, 3, 1, 14, 5, 9, tzinfo=UTC)
CLEAN, HALF = (0, 0), (500, 0)


def scored(name: str, source: str = "clinic", **broken: tuple[int, int]) -> FileOutcome:
    counts = tuple(
        DimensionCount(dimension=Dimension(dimension), rows=1000, critical_rows=critical, warning_rows=warning)
        for dimension, (critical, warning) in broken.items()
    )
    facts = {"file": name, "file_id": name, "source": source, "target_table": "medical_claim", "status": "published"}
    return FileOutcome.model_validate({**facts, "records_read": 1000, "records_accepted": 1000, "quality": counts})


def earlier(number: int, score: str, source: str = "clinic") -> ScorePoint:
    finished_at = END - timedelta(days=100 - number)
    return ScorePoint(source=source, run_id=f"run-{number:03d}", finished_at=finished_at, score=Decimal(score))


def report(*files: FileOutcome, history: tuple[ScorePoint, ...] = ()) -> RunReport:
    return RunReport(
        run_id="run-this",
        job_id="run-this",
        status="SUCCEEDED",
        started_at=END,
        finished_at=END,
        code_version="0.1.0",
        contract_version="1",
        files=files,
        history=history,
    )


def section(*files: FileOutcome, history: tuple[ScorePoint, ...] = ()) -> Mapping[str, Any]:
    return quality_section(report(*files, history=history))


def scores(row: Mapping[str, Any]) -> list[str]:
    return [str(cell["score"]) if cell else "" for cell in (row["total"], *row["cells"])]


def test_each_source_has_its_scores_and_a_dimension_that_was_not_judged_is_left_empty() -> None:
    found = section(scored("a", validity=HALF, uniqueness=CLEAN), scored("b", "payer", validity=CLEAN))
    assert found["dimensions"] == [Dimension.VALIDITY, Dimension.UNIQUENESS]
    assert [(row["source"], row["records"], scores(row)) for row in found["rows"]] == [
        ("clinic", 1000, ["68.7", "50.0", "100.0"]),
        ("payer", 1000, ["100.0", "100.0", ""]),
        ("All sources", 2000, ["84.3", "75.0", "100.0"]),
    ]


def test_one_source_needs_no_row_for_all_of_them() -> None:
    found = section(scored("a", validity=CLEAN))
    assert [row["source"] for row in found["rows"]] == ["clinic"]
    assert not found["with_total_row"]


@pytest.mark.parametrize(
    ("broken", "spoken"),
    [
        pytest.param((100, 0), "left 90.0; lost to records in error 10.0; lost to warnings 0.0", id="in error"),
        pytest.param((0, 100), "left 95.0; lost to records in error 0.0; lost to warnings 5.0", id="warned"),
        pytest.param((0, 1), "left 99.9; lost to records in error 0.0; lost to warnings less than 0.1", id="hardly"),
    ],
)
def test_a_bar_says_what_took_the_points(broken: tuple[int, int], spoken: str) -> None:
    (row,) = section(scored("a", validity=broken))["rows"]
    assert f'aria-label="validity: {spoken}"' in row["cells"][0]["bar"]
    assert f'aria-label="total: {spoken}"' in row["total"]["bar"]


def test_files_below_100_are_listed_the_worst_first_with_their_worst_dimension_first() -> None:
    files = (
        scored("good", validity=CLEAN),
        scored("fair", validity=(10, 0), consistency=(0, 400)),
        scored("bad", validity=HALF),
    )
    shown = section(*files, scored("unscored"))["files"]
    assert [(file["file"], file["parts"]) for file in shown] == [
        ("bad", ["validity 50.0"]),
        ("fair", ["consistency 80.0", "validity 99.0"]),
    ]


def test_of_many_files_below_100_the_worst_are_shown_and_the_others_counted() -> None:
    files = [scored(f"{number:02d}", validity=(number, 0)) for number in range(1, FILES_SHOWN + 3)]
    found = section(*files)
    assert len(found["files"]) == FILES_SHOWN
    assert found["files_left_out"] == 2
    assert found["files"][0]["file"] == f"{FILES_SHOWN + 2:02d}"
    assert "2 more files with better scores" in render_run_report(report(*files))


def test_a_trend_has_the_latest_earlier_runs_of_its_source_in_order_and_then_this_one() -> None:
    history = [earlier(number, "90.5") for number in range(40, 0, -1)]
    (trend,) = section(scored("a", validity=HALF), history=(*history, earlier(99, "10", "payer"), earlier(50, "97.5")))[
        "trends"
    ]
    titles = re.findall(r"<circle[^>]*><title>([^<]*)</title>", trend["chart"])
    assert len(titles) == RUNS_DRAWN + 1
    assert titles[-2:] == ["11 Jan 2024, run run-050: 97.5", "1 Mar 2024, run run-this: 50.0"]
    assert titles == [*sorted(titles[:-1], key=lambda title: title.split("run ")[1]), titles[-1]]
    assert (trend["source"], trend["now"], trend["before"]) == ("clinic", Decimal("50.0"), Decimal("97.5"))


def test_a_run_told_again_is_not_its_own_past() -> None:
    again = earlier(1, "12.5").model_copy(update={"run_id": "run-this"})
    found = section(scored("a", validity=HALF), history=(again,))
    assert (found["trends"], found["first_time"]) == ([], ["clinic"])


def test_the_page_says_where_there_is_no_score_no_fault_or_no_past() -> None:
    assert "No record was scored." in render_run_report(report(scored("a")))
    page = render_run_report(report(scored("a", validity=CLEAN)))
    assert "Every file scores 100.0." in page
    assert "No earlier score to compare with: clinic." in page


def test_the_page_shows_the_total_at_the_top_and_the_charts_in_the_section() -> None:
    page = render_run_report(report(scored("a", validity=HALF), history=(earlier(1, "97.5"),)))
    assert page.index("50.0 of 100") < page.index('<h2 id="quality">')
    assert (
        'aria-label="Quality score of clinic by run: 23 Nov 2023, run run-001: 97.5; 1 Mar 2024, run run-this: 50.0"'
        in page
    )
    assert "50.0 in this run, 97.5 in the one before." in page
