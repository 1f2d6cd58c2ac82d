"""What is done when a run has ended: metrics, checks, lineage, the event and the message, once each."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import boto3
import pytest

from expectations.contract import load_table
from expectations.quality_score import Dimension, DimensionCount
from expectations.report import RunReport
from expectations.report_parts import FileOutcome, MoneyByOutcome, TableOutcome
from lambdas.common.failures import EventError, MissingObjectError, TransientError
from lambdas.post_processing.finished_run import batch_facts, cost_in_dollars, finished_run, run_metrics
from lambdas.post_processing.lineage_events import lineage_event, run_uuid
from lambdas.post_processing.smoke_count import COUNT, STORED_AS, Counted, SmokeCount
from lambdas.post_processing.warehouse_load import WarehouseLoad, statement_name
from tests.unit.lambdas.conftest import ACCOUNT, REGION, Cloud, listen, loaded, topic_arn

EVENTS = Path(__file__).resolve().parents[2] / "events" / "post_processing"
JOB = "claims-etl-20240101-120000-1234"
NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)
TEN_PAST = datetime(2024, 1, 1, 12, 10, tzinfo=UTC)
FILE = "s3://raw/raw/claims/sample_professional/Jane Doe.csv"


def event(name: str, **change: object) -> dict[str, Any]:
    return {**json.loads((EVENTS / f"{name}.json").read_text()), **change}


def outcome(name: str, published: int, quarantined: int) -> FileOutcome:
    count = DimensionCount(dimension=Dimension.VALIDITY, rows=published + quarantined, critical_rows=quarantined)
    return FileOutcome(
        file=name,
        file_id="0" * 32,
        source="sample_professional",
        target_table="medical_claim",
        status="published",
        size_bytes=1000,
        records_read=published + quarantined,
        records_accepted=published,
        records_quarantined=quarantined,
        lines_published=published,
        quality=(count,),
    )


def report(**change: object) -> RunReport:
    facts: dict[str, Any] = {
        "run_id": JOB,
        "job_id": JOB,
        "status": "SUCCEEDED",
        "started_at": NOON,
        "finished_at": TEN_PAST,
        "code_version": "1",
        "contract_version": "1",
        "files": (outcome("a.csv", 100, 0), outcome("b.csv", 50, 50)),
        "tables": (TableOutcome(table="medical_claim", rows_published=150, location="s3://processed"),),
    }
    return RunReport.model_validate({**facts, **change})


def metrics_of(run_report: RunReport, dollars: float = 0.0) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    batch = batch_facts(json.dumps({"landed_at": "2024-01-01T12:00:00Z", "files": [FILE]}).encode())
    for name, value in run_metrics(run_report, batch, TEN_PAST, dollars):
        found.setdefault(name, []).append(value)
    return found


def test_the_metrics_of_a_run_are_those_of_its_report_and_its_batch() -> None:
    found = metrics_of(report(), dollars=0.3)
    assert found["RecordsProcessed"] == [200]
    assert found["RecordsQuarantined"] == [50]
    assert found["QualityScore"] == [100.0, 50.0]
    assert found["MinutesToReadable"] == [10.0]
    assert found["CostUsdPerMillionLines"] == [pytest.approx(2000)]
    assert "MinutesToReadable" not in metrics_of(report(files=(), tables=()))
    assert "CostUsd" not in metrics_of(report())


@pytest.mark.parametrize(
    ("size", "seconds", "dollars"),
    [
        ({"workers": 10, "worker_type": "G.1X"}, 3600, 4.4),
        ({"workers": 10, "worker_type": "G.2X"}, 3600, 8.8),
        ({"workers": 10, "worker_type": "G.1X", "execution_class": "FLEX"}, 3600, 2.9),
        ({"workers": 60, "worker_type": "G.1X"}, 1, 0.44),
        ({"workers": 10, "worker_type": "G.1X"}, 0, 0.0),
    ],
)
def test_a_run_costs_its_workers_for_its_time(size: dict[str, object], seconds: int, dollars: float) -> None:
    run = finished_run(event("succeeded", size=size, job={"seconds": seconds}))
    assert cost_in_dollars(run, 0.44, 0.29) == pytest.approx(dollars)
    assert cost_in_dollars(run, 0.44, 0.29, 3600) >= dollars


@pytest.mark.parametrize("content", [None, b"", b"a list\nof files", b"[]", b'{"files": 3}'])
def test_a_manifest_that_tells_nothing_is_no_fault(content: bytes | None) -> None:
    assert batch_facts(content).files == ()


def test_a_lineage_event_has_what_openlineage_asks_for_and_counts_only() -> None:
    start = lineage_event("START", job_id=JOB, environment="dev", happened_at=NOON)
    complete = lineage_event("COMPLETE", job_id=JOB, environment="dev", happened_at=NOON, report=report())
    fail = lineage_event("FAIL", job_id=JOB, environment="dev", happened_at=NOON, error_type="AuditError")
    for one in (start, complete, fail):
        assert {"eventType", "eventTime", "producer", "schemaURL", "run", "job", "inputs", "outputs"} == set(one)
        assert one["run"]["runId"] == run_uuid(JOB)
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", run_uuid(JOB))
    (read,), (written,) = complete["inputs"], complete["outputs"]
    assert read["inputFacets"]["inputStatistics"]["rowCount"] == 200
    assert (written["name"], written["outputFacets"]["outputStatistics"]["rowCount"]) == ("medical_claim", 150)
    assert fail["run"]["facets"]["errorMessage"]["message"] == "AuditError"
    assert ".csv" not in json.dumps(complete)


class FakeAthena:
    """Answers after some polls; the same token is the same query."""

    def __init__(self, *states: str, row: tuple[str, ...] = ("150", "150")) -> None:
        self.states, self.row = list(states), row
        self.started: list[dict[str, Any]] = []

    def start_query_execution(self, **arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401 - boto3's own
        self.started.append(arguments)
        return {"QueryExecutionId": "q"}

    def get_query_execution(self, **_: Any) -> Mapping[str, Any]:  # noqa: ANN401
        return {"QueryExecution": {"Status": {"State": self.states.pop(0) if self.states else "SUCCEEDED"}}}

    def get_query_results(self, **_: Any) -> Mapping[str, Any]:  # noqa: ANN401
        rows = [("a", "b"), self.row] if self.row else []
        return {"ResultSet": {"Rows": [{"Data": [{"VarCharValue": cell} for cell in row]} for row in rows]}}


def smoke(athena: FakeAthena, most_waits: int = 5) -> SmokeCount:
    return SmokeCount(athena, "workgroup", "processed", most_waits, lambda _: None)


def test_athena_is_asked_by_parameters_and_once_for_the_same_run_and_table() -> None:
    athena = FakeAthena("QUEUED", "RUNNING")
    assert smoke(athena).counts(JOB, ["medical_claim", "no_table; DROP"]) == (Counted("medical_claim", 150, 150),)
    smoke(athena).counts(JOB, ["medical_claim"])
    first, second = athena.started
    assert first["ExecutionParameters"] == [f"'{JOB}'", "'medical_claim'", f"'{JOB}'"]
    assert first["ClientRequestToken"] == second["ClientRequestToken"]
    assert JOB not in first["QueryString"]
    assert 32 <= len(first["ClientRequestToken"]) <= 128


@pytest.mark.parametrize("row", [(), ("150",), ("150", "many")], ids=["none", "one count", "a word"])
def test_an_answer_without_counts_is_a_transient_error(row: tuple[str, ...]) -> None:
    with pytest.raises(TransientError, match="no counts"):
        smoke(FakeAthena(row=row)).counts(JOB, ["medical_claim"])


@pytest.mark.parametrize("states", [("FAILED",), ("RUNNING",) * 9])
def test_athena_that_fails_or_is_late_is_a_transient_error(states: tuple[str, ...]) -> None:
    with pytest.raises(TransientError):
        smoke(FakeAthena(*states)).counts(JOB, ["medical_claim"])


def test_the_columns_that_are_counted_by_are_those_of_the_contract() -> None:
    audit = load_table("ingest_audit").column_names
    assert {name for name in ("lines_published", "run_id", "target_table", "status") if name in COUNT} <= set(audit)
    for table in ("medical_claim", "pharmacy_claim", "eligibility", "provider"):
        assert "ingest_run_id" in load_table(STORED_AS.get(table, table)).column_names


class FakeRedshift:
    def __init__(self) -> None:
        self.statements: list[dict[str, Any]] = []

    def list_statements(self, **arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401 - boto3's own
        return {"Statements": [one for one in self.statements if one["StatementName"] == arguments["StatementName"]]}

    def execute_statement(self, **arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401
        self.statements.append({**arguments, "Status": "SUBMITTED"})
        return {"Id": "1"}


def test_a_load_is_started_once_and_again_only_after_it_failed() -> None:
    redshift = FakeRedshift()
    warehouse = WarehouseLoad(redshift, "workgroup", "claims", "claims.load_run")
    name = statement_name(JOB, "medical_claim")
    assert warehouse.load(JOB, ["medical_claim"]) == (name,)
    assert warehouse.load(JOB, ["medical_claim"]) == ()
    redshift.statements[0]["Status"] = "FAILED"
    assert warehouse.load(JOB, ["medical_claim"]) == (name,)
    first, second = redshift.statements
    assert first["ClientToken"] != second["ClientToken"]
    assert JOB not in first["Sql"]
    assert len(name) <= 500


@pytest.fixture
def finisher(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    events = boto3.client("events")
    events.put_rule(Name="all", EventPattern='{"source": ["claims-etl"]}')
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:heard"
    events.put_targets(Rule="all", Targets=[{"Id": "1", "Arn": arn}])
    environment = {
        "SNS_TOPIC_ARN": topic_arn("status"),
        "ERROR_TOPIC_ARN": topic_arn("high"),
        "REPORTS_URI": "s3://reports",
        "TEMP_URI": "s3://temp",
    }
    manifest = {"landed_at": "2024-01-01T12:00:00Z", "files": [FILE, FILE + "2"], "objects": []}
    cloud.put(event("succeeded")["batch_manifest"], json.dumps(manifest).encode())
    return loaded(monkeypatch, "lambdas.post_processing.handler", environment)


def published(cloud: Cloud, run_report: RunReport) -> None:
    cloud.put(f"s3://reports/{JOB}.json", run_report.to_json().encode())


def heard(cloud: Cloud) -> dict[str, dict[str, Any]]:
    found = [json.loads(text) for text in cloud.heard()]
    return {message.get("event_type") or message["detail-type"]: message for message in found}


def test_a_run_that_succeeded_is_announced_once_with_lineage_and_counts(
    finisher: ModuleType, cloud: Cloud, context: object, capsys: pytest.CaptureFixture[str]
) -> None:
    published(cloud, report())
    log = listen("post_processing")
    assert finisher.handle(event("succeeded"), context)["status"] == "finished"
    messages = heard(cloud)
    assert messages["job_status_update"]["status"] == "SUCCEEDED"
    assert messages["job_status_update"]["records_published"] == 150
    detail = messages["ClaimsBatchPublished"]["detail"]
    assert detail["tables"] == [{"table": "medical_claim", "rows_published": 150}]
    assert {f"lineage/{JOB}/START.json", f"lineage/{JOB}/COMPLETE.json"} <= set(cloud.keys("reports"))
    printed = capsys.readouterr().out
    (metrics,) = [line for line in map(json.loads, printed.splitlines()) if "_aws" in line]
    assert (metrics["RecordsProcessed"], metrics["CostUsd"]) == ([200.0], [pytest.approx(0.44)])
    assert "Jane" not in printed + log.getvalue() + json.dumps(messages)
    assert finisher.handle(event("succeeded"), context)["status"] == "known"
    assert heard(cloud) == {}


def test_a_run_that_failed_is_announced_and_its_temp_zone_is_cleaned(
    finisher: ModuleType, cloud: Cloud, context: object
) -> None:
    cloud.put(f"s3://temp/{JOB}/part-0", b"x")
    assert finisher.handle(event("failed"), context)["temp_objects_deleted"] == 1
    assert cloud.keys("temp") == [f"manifests/{JOB}.json"]
    message = heard(cloud)["job_status_update"]
    assert (message["status"], message["error_type"]) == ("FAILED", "States.TaskFailed")
    assert json.loads(cloud.get(f"s3://reports/lineage/{JOB}/FAIL.json"))["eventType"] == "FAIL"


def test_a_batch_of_which_nothing_passed_the_gate_is_told_as_failed_and_rejected(
    finisher: ModuleType, cloud: Cloud, context: object
) -> None:
    finisher.handle(event("failed", outcome="REJECTED", error_type=""), context)
    message = heard(cloud)["job_status_update"]
    assert (message["status"], message["outcome"], message["files"]) == ("FAILED", "REJECTED", 2)


def test_a_run_that_published_a_part_is_announced_as_partial(
    finisher: ModuleType, cloud: Cloud, context: object
) -> None:
    published(cloud, report(status="PARTIAL"))
    empty_job = {"run_id": "", "state": "NOT_RUN", "seconds": 0}
    finisher.handle(event("succeeded", outcome="PARTIAL", job=empty_job), context)
    messages = heard(cloud)
    assert messages["job_status_update"]["outcome"] == "PARTIAL"
    assert messages["ClaimsBatchPublished"]["detail"]["outcome"] == "PARTIAL"


def test_a_run_that_published_and_left_no_report_is_a_failure_of_the_stage(
    finisher: ModuleType, cloud: Cloud, context: object
) -> None:
    with pytest.raises(MissingObjectError):
        finisher.handle(event("succeeded"), context)
    assert heard(cloud) == {}


@pytest.mark.parametrize(
    ("athena", "said", "alerts"),
    [
        (FakeAthena(), "agrees", 0),
        (FakeAthena(row=("150", "149")), "differs", 1),
        (FakeAthena("FAILED"), "failed", 0),
    ],
    ids=["agrees", "differs", "away"],
)
def test_the_smoke_count_is_told_and_stops_nothing(  # noqa: PLR0913, PLR0917 - fixtures
    athena: FakeAthena,
    said: str,
    alerts: int,
    finisher: ModuleType,
    cloud: Cloud,
    context: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(finisher, "SMOKE_COUNT", smoke(athena))
    published(cloud, report())
    assert finisher.handle(event("succeeded"), context)["smoke_count"] == said
    messages = heard(cloud)
    assert ("error" in messages) == bool(alerts)
    assert messages["job_status_update"]["status"] == "SUCCEEDED"


def test_a_load_is_started_and_numbers_that_do_not_add_up_are_told(
    finisher: ModuleType, cloud: Cloud, context: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finisher, "WAREHOUSE", WarehouseLoad(FakeRedshift(), "w", "d", "claims.load_run"))
    published(cloud, report(money=MoneyByOutcome(accepted=Decimal("1.00"), published=Decimal("2.00"))))
    assert finisher.handle(event("succeeded"), context)["warehouse_load"] == "started"
    assert heard(cloud)["error"]["severity"] == "critical"


def test_an_event_that_the_bus_did_not_take_is_sent_again(
    finisher: ModuleType, cloud: Cloud, context: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(cloud, report())
    refuses = type("Refuses", (), {"put_events": lambda *_, **__: {"FailedEntryCount": 1}})
    monkeypatch.setattr(finisher, "BUS", finisher.EventBus(refuses(), "default"))
    with pytest.raises(TransientError):
        finisher.handle(event("succeeded"), context)
    assert f"lineage/{JOB}/COMPLETE.json" not in cloud.keys("reports")


@pytest.mark.parametrize("wrong", [{}, {"outcome": "Jane"}, {"outcome": "FAILED", "job_id": "../Jane"}])
def test_a_call_without_run_or_outcome_is_an_error_without_its_text(
    wrong: dict[str, Any], finisher: ModuleType, context: object
) -> None:
    with pytest.raises(EventError) as caught:
        finisher.handle(wrong, context)
    assert "Jane" not in str(caught.value)
