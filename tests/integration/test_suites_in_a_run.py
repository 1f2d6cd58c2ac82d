"""A run judges by the suites: critical rules quarantine, a file over its threshold is held, the branch is audited."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from typer.testing import CliRunner

from expectations.errors import AuditError
from expectations.object_keys import Lake
from expectations.report import RunReport
from expectations.rules import SUITES_FOLDER, load_rules
from glue_jobs import cli
from glue_jobs.jobs import audit_branch
from glue_jobs.jobs.process_medical_claims import process
from glue_jobs.runtime.arguments import RunArguments, new_job_id
from glue_jobs.runtime.telemetry import Telemetry
from glue_jobs.storage import staging
from glue_jobs.storage.held_files import held_notes, released_ids
from tests.oracle.lakes import lake_of_its_own

HEADER = "npi,entity_type_code,entity_type_description,primary_taxonomy_code,primary_specialty_description,"
HEADER += "practice_state,last_updated,deactivation_date,deactivation_flag"
GOOD, BAD_NPI, NO_NPI = "1234567893", "1234567890", ""
STATE = {"type": "expect_column_values_to_be_in_set", "kwargs": {"column": "practice_state", "value_set": ["CO"]}}
ROWS_OF_A_FILE = {"type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": 100}}


def lines(*npis: str, state: str = "CO") -> str:
    rows = (
        f"{npi},1,Individual,207N00000X,Dermatology,{state},2021-10-{day:02d},,0" for day, npi in enumerate(npis, 1)
    )
    return "\n".join([HEADER, *rows]) + "\n"


@pytest.fixture
def own_lake(spark: SparkSession, tmp_path: Path) -> Iterator[Path]:
    root = tmp_path / "lake"
    with lake_of_its_own(spark, root):
        yield root


def raw_file(root: Path, name: str, text: str) -> Path:
    path = root / "raw" / "providers" / "nppes_provider" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def run(root: Path, file: Path, **more: object) -> RunReport:
    job_id = new_job_id()
    arguments = RunArguments(input=str(file), lake=str(root), job_id=job_id, cores="1", partitions=2)
    return process(replace(arguments, **more), Telemetry(job_id))  # type: ignore[arg-type]


def add_rule(monkeypatch: pytest.MonkeyPatch, folder: Path, expectation: Mapping[str, object]) -> None:
    """One more critical rule in the suite of providers, as anyone would write it."""
    folder.mkdir()
    suite = json.loads((SUITES_FOLDER / "provider.json").read_text())
    meta = {"rule_id": "PR900", "sentence": "A rule of this test.", "cure": "No cure.", "dimension": "validity"}
    suite["expectations"].append({**expectation, "severity": "critical", "meta": meta})
    (folder / "provider.json").write_text(json.dumps(suite))
    rules = load_rules("provider", folder)
    for module in (staging, audit_branch):
        monkeypatch.setattr(module, "suite_rules", lambda _: rules)


def providers(spark: SparkSession) -> int:
    session = SparkSession.getActiveSession() or spark
    return session.table("claims.processed.provider").count()


def test_a_critical_rule_that_is_added_to_a_suite_quarantines_the_records_that_break_it(
    own_lake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_rule(monkeypatch, tmp_path / "suites", STATE)
    file = raw_file(own_lake, "p.csv", lines(GOOD, BAD_NPI, GOOD) + lines(GOOD, state="TX").split("\n", 1)[1])
    report = run(own_lake, file)
    assert report.balanced
    assert (report.records_accepted, report.records_quarantined) == (3, 1)
    found = {rule.rule_id: rule.records for rule in report.broken_rules}
    assert found["PR900"] == 1
    session = SparkSession.getActiveSession()
    assert session is not None
    (row,) = session.read.parquet(Lake(str(own_lake)).quarantine(report.run_id)).collect()
    assert (row["rule_ids"], row["columns"], row["row_number"]) == (["PR900"], ["practice_state"], 5)
    assert row["raw_record"] == lines(GOOD, state="TX").splitlines()[1]


def test_a_critical_rule_about_the_whole_table_leaves_it_as_it_was_and_the_report_is_written_first(
    spark: SparkSession, own_lake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(own_lake, raw_file(own_lake, "one.csv", lines(GOOD)))
    assert providers(spark) == first.lines_published == 1
    second = raw_file(own_lake, "two.csv", lines(GOOD, BAD_NPI))
    with monkeypatch.context() as patched:
        add_rule(patched, tmp_path / "suites", ROWS_OF_A_FILE)
        with pytest.raises(AuditError, match="PR900"):
            run(own_lake, second)
    assert providers(spark) == 1
    reports = own_lake / "validation-reports"
    (failed,) = [path for path in reports.glob("*-provider.json") if "PR900" in path.read_text()]
    outcome = {one["rule_id"]: one["success"] for one in json.loads(failed.read_text())["outcomes"]}
    assert outcome["PR900"] is False
    page = failed.with_suffix(".html").read_text()
    assert "PR900" in page
    assert BAD_NPI not in page
    run_report = RunReport.from_json((reports / failed.name.replace("-provider", "")).read_text())
    assert run_report.status == "FAILED"
    # without the rule the same file is new, and published
    again = run(own_lake, second)
    assert (again.lines_published, again.records_resent) == (1, 1)
    assert providers(spark) == 2


def test_both_engines_find_the_same_of_what_is_about_to_be_published(spark: SparkSession, tmp_path: Path) -> None:
    texts = lines(GOOD, BAD_NPI, "2234567893", GOOD) + f"{GOOD},9,,,,XX,2999-01-01,,\n{GOOD}0,,,,,,,,\n"
    found = []
    for engine in ("compiled", "great_expectations"):
        root = tmp_path / engine
        with lake_of_its_own(spark, root):
            report = run(root, raw_file(root, "p.csv", texts), audit=engine)
        audit = root / "validation-reports" / f"{report.run_id}-provider"
        facts = json.loads(audit.with_suffix(".json").read_text())
        assert (facts["engine"], facts["rows"]) == (engine, 6)
        assert audit.with_suffix(".html").exists()
        names = ("rule_id", "elements", "missing", "broken", "success", "error_type")
        found.append([{name: one[name] for name in names} for one in facts["outcomes"]])
    assert found[0] == found[1]
    assert sum(one["broken"] for one in found[0]) > 0


def test_a_file_over_its_threshold_is_held_whole_until_it_is_released(spark: SparkSession, own_lake: Path) -> None:
    file = raw_file(own_lake, "held.csv", lines(NO_NPI, NO_NPI, GOOD, BAD_NPI))
    twin = raw_file(own_lake, "twin.csv", lines(GOOD, "1987654321") + lines("", "", GOOD).rsplit("\n", 2)[1] + "\n")
    report = run(own_lake, file.parent, max_error_share=0.4)
    status = {outcome.file: outcome.status for outcome in report.files}
    assert status == {"held.csv": "held", "twin.csv": "published"}, twin
    (held,) = [outcome for outcome in report.files if outcome.status == "held"]
    assert (held.records_held, held.records_in_error, held.quality_score is not None) == (4, 2, True)
    assert report.balanced
    assert report.status == "PARTIAL"
    # what both files have is published from the one that is not held
    assert providers(spark) == report.lines_published == 3
    (note,) = held_notes(Lake(str(own_lake)))
    assert (note.file_id, note.total_records, note.error_records) == (held.file_id, 4, 2)
    assert released_ids(Lake(str(own_lake))) == frozenset()
    answer = CliRunner().invoke(cli.app, ["requeue", "--lake", str(own_lake), "--file", held.file_id])
    assert answer.exit_code == 0, answer.output
    assert providers(spark) == 4
    again = CliRunner().invoke(cli.app, ["requeue", "--lake", str(own_lake), "--file", held.file_id])
    assert again.exit_code == 0, again.output
    assert providers(spark) == 4
