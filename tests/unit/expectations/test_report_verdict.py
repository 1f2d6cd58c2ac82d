"""The verdict on a run, in the words that a reader sees first."""

from datetime import UTC, datetime

import pytest

from expectations.report import RunReport
from expectations.report_parts import FileOutcome, VersionCounts
from expectations.report_verdict import held_because, verdict

NOW = datetime(2024, 3, 1, 14, 5, 9, tzinfo=UTC)


def file_outcome(read: int, accepted: int, quarantined: int, resent: int, lines: int) -> FileOutcome:
    return not_read("published").model_copy(
        update={
            "records_read": read,
            "records_accepted": accepted,
            "records_quarantined": quarantined,
            "records_resent": resent,
            "lines_published": lines,
        }
    )


def not_read(status: str) -> FileOutcome:
    names = {"file": "march.csv", "file_id": "f1", "source": "clinic", "target_table": "medical_claim"}
    return FileOutcome.model_validate({**names, "status": status})


def run_report(status: str, *files: FileOutcome) -> RunReport:
    names = {
        "run_id": "r1",
        "job_id": "claims-etl-20240301-140509-0001",
        "code_version": "0.1.0",
        "contract_version": "1",
    }
    return RunReport.model_validate({**names, "status": status, "started_at": NOW, "finished_at": NOW, "files": files})


BALANCED = file_outcome(100, 90, 6, 4, 95)
ONE_LOST = file_outcome(101, 90, 6, 4, 95)
HELD = not_read("held").model_copy(
    update={"records_read": 100, "records_held": 100, "records_in_error": 60, "max_error_share": 0.5}
)
ONE_ERROR = HELD.model_copy(update={"records_in_error": 1, "max_error_share": 0.001})
REFUSED, KNOWN, EMPTY = not_read("refused"), not_read("known"), not_read("empty")


@pytest.mark.parametrize(
    ("report", "sentences"),
    [
        pytest.param(
            run_report(
                "SUCCEEDED", file_outcome(20_012, 19_860, 90, 62, 19_914), *[file_outcome(25, 22, 2, 1, 22)] * 4
            ),
            "5 files read, 20,112 records: 19,948 published as 20,002 lines, 98 quarantined, 66 sent twice. "
            "Every record is accounted for.",
            id="succeeded",
        ),
        pytest.param(
            run_report("SUCCEEDED", file_outcome(1, 1, 0, 0, 1)),
            "1 file read, 1 record: 1 published as 1 line, 0 quarantined, 0 sent twice. Every record is accounted for.",
            id="one of each",
        ),
        pytest.param(
            run_report("SUCCEEDED", EMPTY),
            "No records were read, so nothing was published. 1 file was empty.",
            id="no records",
        ),
        pytest.param(
            run_report("PARTIAL", BALANCED, REFUSED, REFUSED),
            "1 file read, 100 records: 90 published as 95 lines, 6 quarantined, 4 sent twice. "
            "Every record that was read is accounted for. 2 files were refused: the reason and the cure are below.",
            id="partial",
        ),
        pytest.param(
            run_report("PARTIAL", BALANCED, HELD),
            "2 files read, 200 records: 90 published as 95 lines, 6 quarantined, 4 sent twice, 100 held. "
            "Every record is accounted for. "
            "1 file was held: 60 of 100 records are in error, more than the 50% allowed; nothing of it is published, "
            "and it waits in quarantine; cure: correct at the sender or release, then make requeue.",
            id="held",
        ),
        pytest.param(
            run_report("PARTIAL", HELD, ONE_ERROR),
            "2 files read, 200 records: 0 published as 0 lines, 0 quarantined, 0 sent twice, 200 held. "
            "Every record is accounted for. "
            "2 files were held: 61 of 200 records are in error, more than are allowed; nothing of them is published, "
            "and they wait in quarantine; cure: correct at the sender or release, then make requeue.",
            id="all held, by different shares",
        ),
        pytest.param(
            run_report("NOTHING_NEW", KNOWN, KNOWN),
            "Nothing new: this run published nothing, and the tables are as they were. "
            "2 files were loaded by an earlier run already and not loaded again.",
            id="nothing new",
        ),
        pytest.param(
            run_report("FAILED"),
            "The run failed and published nothing; the tables are as they were.",
            id="failed at once",
        ),
        pytest.param(
            run_report("FAILED", file_outcome(101, 90, 6, 4, 0)),
            "The run failed and published nothing; the tables are as they were. "
            "Before that it read 101 records from 1 file. The numbers do not add up.",
            id="failed by its accounting",
        ),
        pytest.param(
            run_report("FAILED", BALANCED),
            "The run failed after it had published 95 lines. "
            "Before that it read 100 records from 1 file. Every record is accounted for.",
            id="failed halfway",
        ),
        pytest.param(
            run_report("SUCCEEDED", ONE_LOST),
            "1 file read, 101 records: 90 published as 95 lines, 6 quarantined, 4 sent twice. "
            "The numbers do not add up: do not use what this run published until that is explained.",
            id="not balanced",
        ),
    ],
)
def test_the_verdict_says_in_plain_words_what_happened(report: RunReport, sentences: str) -> None:
    assert verdict(report) == sentences


def test_versions_that_took_a_place_or_wait_for_their_original_are_told() -> None:
    report = run_report("SUCCEEDED", BALANCED)
    assert "Versions of claims" not in verdict(report)
    versions = VersionCounts(new_versions=9, superseded_versions=2, pending_voids=1, missing_originals=3)
    told = verdict(report.model_copy(update={"versions": versions}))
    assert (
        "Versions of claims: 2 versions replaced or voided, 1 void waiting for the original, "
        "3 corrections kept without the original."
    ) in told


def test_a_file_held_for_one_record_says_so_in_the_singular_and_to_a_hundredth_of_a_percent() -> None:
    assert held_because([ONE_ERROR]) == "1 of 100 records is in error, more than the 0.1% allowed"
