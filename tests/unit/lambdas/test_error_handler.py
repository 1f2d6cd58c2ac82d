"""What is done about failures: by a table of names, and what people decide about files that wait."""

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.errors import ArgumentError
from lambdas.common.failures import EventError, plain_name
from lambdas.common.messages import Category
from lambdas.error_handler.failure_events import job_id_in, outside_failure
from lambdas.error_handler.failure_rules import (
    CATEGORIES,
    RUNBOOKS,
    SENTENCES,
    Failure,
    RetryLimits,
    Stage,
    category_of,
    decide,
    wait_seconds,
)
from tests.unit.lambdas.conftest import Cloud

ROOT = Path(__file__).resolve().parents[3]
EVENTS = ROOT / "tests" / "events" / "error_handler"
LIMITS = RetryLimits(most_attempts=3, base_seconds=10, most_seconds=60)
JOB = "claims-etl-20240101-120000-1234"
FILE = "s3://raw/raw/claims/sample_professional/claims.csv"


def event(name: str, **change: object) -> dict[str, Any]:
    return {**json.loads((EVENTS / f"{name}.json").read_text()), **change}


TABLE = [
    ("ValidationError", "reject", 1, "data_quality", "medium", "quarantine"),
    ("TransientError", "validate_file", 1, "transient", "low", "retry"),
    ("TransientError", "validate_file", 3, "transient", "high", "fail"),
    ("Sandbox.Timedout", "validate_file", 3, "transient", "medium", "quarantine"),
    ("MissingObjectError", "validate_file", 1, "data_quality", "medium", "quarantine"),
    ("AccessError", "validate_file", 1, "security", "critical", "fail"),
    ("FileNotJudged", "validate", 1, "transient", "low", "retry"),
    ("S3.AccessDenied", "read", 1, "security", "critical", "fail"),
    ("S3.SlowDown", "read", 2, "transient", "low", "retry"),
    ("Glue.ThrottlingException", "process", 1, "transient", "low", "retry"),
    ("Glue.ThrottlingException", "process", 3, "transient", "high", "fail"),
    ("JobWithoutReport", "process", 1, "transient", "low", "retry"),
    ("States.Timeout", "process", 1, "transient", "high", "fail"),
    ("States.Timeout", "validate_file", 1, "transient", "low", "retry"),
    ("Glue.JobRunStopped", "process", 1, "system", "critical", "fail"),
    ("AuditError", "process", 1, "data_quality", "medium", "quarantine"),
    ("AccountingError", "process", 1, "system", "critical", "fail"),
    ("SchemaError", "process", 1, "system", "critical", "fail"),
    ("States.DataLimitExceeded", "validate", 1, "system", "critical", "fail"),
    ("FunctionError", "finish", 1, "system", "critical", "fail"),
    ("TransientError", "finish", 2, "transient", "low", "retry"),
    ("MissingObjectError", "finish", 1, "data_quality", "medium", "fail"),
    ("Execution.TIMED_OUT", "execution", 1, "system", "critical", "fail"),
    ("Glue.FAILED", "outside", 1, "system", "high", "fail"),
    ("TransientError", "outside", 1, "transient", "high", "fail"),
    ("NobodyKnowsError", "validate_file", 1, "system", "high", "fail"),
]


@pytest.mark.parametrize(("name", "stage", "attempt", "category", "severity", "action"), TABLE)
def test_a_failure_is_decided_by_its_name_stage_and_attempt(  # noqa: PLR0913, PLR0917 - a table's columns
    name: str, stage: Stage, attempt: int, category: str, severity: str, action: str
) -> None:
    found = decide(Failure(name, stage, attempt), LIMITS, lambda: 1.0)
    assert (found.category, found.severity, found.action) == (category, severity, action)
    assert (found.wait_seconds > 0) == (action == "retry")


@given(st.integers(1, 50), st.floats(0, 1))
def test_waits_double_at_most_and_never_pass_the_longest(attempt: int, jitter: float) -> None:
    assert 1 <= wait_seconds(attempt, LIMITS, jitter) <= min(60, 10 * 2 ** (attempt - 1))


def test_full_jitter_reaches_from_nothing_to_the_doubled_wait() -> None:
    assert [wait_seconds(n, LIMITS, 1.0) for n in (1, 2, 3, 4)] == [10, 20, 40, 60]
    assert wait_seconds(3, LIMITS, 0.0) == 1


@pytest.mark.parametrize("name", ["Jane Doe", "", "x" * 101, "a@b", "Fehler\n"])
def test_what_cannot_be_a_name_of_an_error_is_not_repeated(name: str) -> None:
    assert plain_name(name) == "UnknownError"


def test_every_category_has_a_sentence_and_a_runbook_that_is_there() -> None:
    headings = {
        line.strip("# ").lower().replace(" ", "-") for line in (ROOT / "docs/lambdas.md").read_text().split("\n")
    }
    for category in Category:
        assert SENTENCES[category]
        assert RUNBOOKS[category].partition("#")[2] in headings
    assert set(CATEGORIES.values()) == set(Category)
    assert category_of("Glue.EntityNotFoundException") is Category.SYSTEM


@pytest.mark.parametrize(
    ("body", "attributes", "function", "error_type"),
    [
        (json.dumps(event("glue_job_failed")), {}, "maintain-tables", "Glue.FAILED"),
        (json.dumps(event("execution_timed_out")), {}, "claims-pipeline", "Execution.TIMED_OUT"),
        (json.dumps(event("load_failed")), {}, "redshift-load", "Load.FAILED"),
        ("{}", {"ErrorCode": {"stringValue": "200", "dataType": "Number"}}, "functions-dlq", "DeadLetter.200"),
        ('{"Jane": "Doe"}', {}, "functions-dlq", "DeadLetter"),
        ("no json", {"ErrorCode": "Jane"}, "functions-dlq", "DeadLetter"),
        ('{"detail-type": "Glue Job State Change", "detail": {"jobName": "J D"}}', {}, "unknown", "Glue.unknown"),
    ],
)
def test_a_message_tells_what_failed_and_nothing_of_its_text(
    body: str, attributes: dict[str, Any], function: str, error_type: str
) -> None:
    found = outside_failure(body, attributes, "arn:aws:sqs:us-east-1:123456789012:functions-dlq")
    assert (found.function_name, found.error_type) == (function, error_type)
    assert "Jane" not in found.model_dump_json()


def test_the_name_of_an_execution_tells_its_job() -> None:
    assert job_id_in(f"arn:aws:states:us-east-1:1:execution:claims:{JOB}-0123") == JOB
    assert job_id_in("replay-of-last-month") == ""


def sqs(*bodies: object) -> dict[str, Any]:
    record = json.loads((EVENTS.parent / "s3_event_trigger" / "sqs_batch.json").read_text())["Records"][0]
    return {"Records": [{**record, "messageId": f"m{n}", "body": json.dumps(body)} for n, body in enumerate(bodies)]}


def report(cloud: Cloud, status: str, error_type: str = "") -> None:
    error = {"error_type": error_type, "message": "Jane Doe"} if error_type else None
    cloud.put(f"s3://reports/{JOB}.json", json.dumps({"status": status, "error": error}).encode())


def test_a_rejected_file_is_noted_once_and_told_with_its_report(
    handler: ModuleType, cloud: Cloud, context: object
) -> None:
    rejected = event("reject")
    cloud.put(FILE, b"x")
    cloud.put(rejected["report_location"], b'{"reason": "missing_column", "message": "the header lacks paid"}')
    for _ in range(2):
        answer = handler.handle(rejected, context)
        assert (answer["action"], answer["wait_seconds"]) == ("quarantine", 0)
    (key,) = cloud.keys("quarantine")
    note = json.loads(cloud.get(f"s3://quarantine/{key}"))
    assert (note["reason"], note["source"], note["original_uri"]) == ("missing_column", "sample_professional", FILE)
    message = json.loads(cloud.heard()[0])
    assert (message["error_type"], message["context"]["report_location"]) == (
        "ValidationError",
        rejected["report_location"],
    )
    assert {"event_type", "error_message", "error_type", "context", "timestamp"} <= set(message)


@pytest.mark.parametrize(
    ("status", "error_type", "action"),
    [
        ("", "", "retry"),
        ("PARTIAL", "", "continue"),
        ("FAILED", "", "quarantine"),
        ("FAILED", "AuditError", "quarantine"),
        ("FAILED", "StorageError", "retry"),
        ("FAILED", "AccountingError", "fail"),
        ("SUCCEEDED", "", "retry"),
    ],
)
def test_only_the_report_tells_bad_data_from_a_lost_worker(  # noqa: PLR0913, PLR0917 - fixtures
    status: str, error_type: str, action: str, handler: ModuleType, cloud: Cloud, context: object
) -> None:
    cloud.put(FILE, b"x")
    cloud.put(event("process")["manifest"], json.dumps({"files": [FILE]}).encode())
    if status:
        report(cloud, status, error_type)
    assert handler.handle(event("process"), context)["action"] == action
    notes = [key for key in cloud.keys("quarantine") if key.startswith("files/")]
    assert len(notes) == (action == "quarantine")
    assert "Jane" not in json.dumps(cloud.heard())


def test_the_end_of_a_run_that_was_given_up_is_not_told_again(
    handler: ModuleType, cloud: Cloud, context: object
) -> None:
    failed = event("execution_timed_out")
    failed["detail"]["status"] = "FAILED"
    report(cloud, "FAILED", "AccountingError")
    assert handler.handle(event("process"), context)["action"] == "fail"
    assert len(cloud.heard()) == 1
    assert handler.handle(sqs(failed), context) == {"batchItemFailures": []}
    assert cloud.heard() == []
    failed["detail"]["executionArn"] += "x"
    handler.handle(sqs(failed), context)
    assert [json.loads(text)["error_type"] for text in cloud.heard()] == ["Execution.FAILED"]


def test_an_abandoned_run_is_told_as_failed_and_its_temp_zone_is_cleaned(
    handler: ModuleType, cloud: Cloud, context: object
) -> None:
    cloud.put(f"s3://temp/{JOB}/part-0", b"x")
    cloud.put(f"s3://temp/manifests/{JOB}.json", b"x")
    handler.handle(sqs(event("execution_timed_out"), event("glue_job_failed")), context)
    assert cloud.keys("temp") == [f"manifests/{JOB}.json"]
    messages = [json.loads(text) for text in cloud.heard()]
    assert sorted(message["event_type"] for message in messages) == ["error", "error", "job_status_update"]
    assert {message.get("severity") for message in messages} == {"critical", "high", None}


def test_a_load_that_failed_is_told_with_its_run(handler: ModuleType, cloud: Cloud, context: object) -> None:
    handler.handle(sqs(event("load_failed")), context)
    (message,) = [json.loads(text) for text in cloud.heard()]
    assert (message["severity"], message["context"]["function_name"], message["context"]["job_id"]) == (
        "high",
        "redshift-load",
        JOB,
    )


def test_a_run_of_the_pipelines_own_job_is_left_to_the_state_machine(
    handler: ModuleType, cloud: Cloud, context: object
) -> None:
    failed = event("glue_job_failed")
    failed["detail"]["jobName"] = "process-medical-claims"
    handler.handle(sqs(failed), context)
    assert cloud.heard() == []


def quarantined(handler: ModuleType, cloud: Cloud, context: object) -> str:
    cloud.put(FILE, b"content")
    handler.handle(event("reject"), context)
    return cloud.keys("quarantine")[0].split("/")[1]


def test_a_file_that_a_person_releases_lands_again_and_the_decision_stays(
    handler: ModuleType, cloud: Cloud, context: object
) -> None:
    file_id = quarantined(handler, cloud, context)
    (listed,) = handler.handle({"review": "list"}, context)["files"]
    assert (listed["file_id"], listed["decisions"]) == (file_id, [])
    asked = {"review": "release", "file_id": file_id, "decided_by": "a.smith", "explanation": "Sender confirmed."}
    for _ in range(2):
        (shown,) = handler.handle(asked, context)["files"]
        assert [one["decision"] for one in shown["decisions"]] == ["release"]
    assert cloud.get(f"s3://raw/raw/claims/sample_professional/requeued/{file_id}/claims.csv") == b"content"
    assert cloud.get(FILE) == b"content"
    with pytest.raises(ArgumentError, match="decided otherwise"):
        handler.handle({**asked, "review": "reject"}, context)
    assert handler.handle({"review": "show", "file_id": file_id}, context)["files"] == [shown]


@pytest.mark.parametrize("missing", ["decided_by", "explanation", "file_id"])
def test_a_decision_needs_file_person_and_reason(
    missing: str, handler: ModuleType, cloud: Cloud, context: object
) -> None:
    asked = {"review": "reject", "file_id": quarantined(handler, cloud, context), "decided_by": "a", "explanation": "b"}
    with pytest.raises(ArgumentError, match="cure"):
        handler.handle({**asked, missing: ""}, context)
    assert len(cloud.keys("quarantine")) == 1


@pytest.mark.parametrize(
    "wrong", [{}, {"stage": "Jane Doe"}, {"review": "Jane Doe"}, {"stage": "process", "job_id": "Jane/Doe"}]
)
def test_what_is_no_event_of_ours_is_an_error_without_its_text(
    wrong: dict[str, Any], handler: ModuleType, context: object
) -> None:
    with pytest.raises(EventError) as caught:
        handler.handle(wrong, context)
    assert "Jane" not in str(caught.value)
