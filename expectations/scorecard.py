"""The rows of `quality_scorecard` that a run's report makes: one a judged file and dimension, and one for its total."""

from collections.abc import Iterator

from expectations.report import RunReport
from expectations.report_parts import FileOutcome

TOTAL = "total"
"""Stands in `dimension` in the row of the whole file."""


def scorecard_rows(report: RunReport) -> list[dict[str, object]]:
    """Values by column of the table, for every file of the run that was judged; without one there are none."""
    of_run = {
        "run_id": report.run_id,
        "contract_version": report.contract_version,
        "finished_at": report.finished_at,
    }
    return [of_run | row for file in report.files for row in _file_rows(file)]


def _file_rows(file: FileOutcome) -> Iterator[dict[str, object]]:
    if not file.quality:
        return
    of_file = {
        "source": file.source,
        "target_table": file.target_table,
        "file_id": file.file_id,
        "file_name": file.file,
    }
    for count in file.quality:
        yield of_file | {
            "dimension": count.dimension.value,
            "records": count.rows,
            "critical_records": count.critical_rows,
            "warning_records": count.warning_rows,
            "score": count.score,
        }
    yield of_file | {
        "dimension": TOTAL,
        "records": max(count.rows for count in file.quality),
        "critical_records": file.records_in_error if file.status == "held" else file.records_quarantined,
        "warning_records": None,
        "score": file.quality_score,
    }
