"""What all functions share: settings, messages, failures told without others' texts, logs, metrics, S3."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import boto3
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from pydantic import ValidationError

from expectations.errors import ArgumentError, StorageError
from lambdas.common.edge import run_call
from lambdas.common.event_log import EventLog
from lambdas.common.failures import told
from lambdas.common.messages import Category, ErrorContext, ErrorMessage, Severity, StatusMessage
from lambdas.common.object_store import ObjectStore, Place
from lambdas.common.pipeline_metrics import PipelineMetrics
from lambdas.common.settings import Settings, TopicArn, TopicSettings
from lambdas.common.topics import Topics

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)
NAME = "Jane Doe"


class Example(Settings):
    sns_topic_arn: TopicArn
    how_many: int = 3


def client_error(code: str, status: int = 400) -> ClientError:
    return ClientError(
        {"Error": {"Code": code, "Message": NAME}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item]
        "GetObject",
    )


def test_settings_come_from_variables_in_capitals_and_empty_ones_count_as_missing() -> None:
    found = Example.read({"SNS_TOPIC_ARN": "arn:aws:sns:us-east-1:123456789012:s", "HOW_MANY": "5", "ENVIRONMENT": ""})
    assert (found.how_many, found.environment, found.metrics_namespace) == (5, "dev", "HealthcareClaims")


def test_wrong_settings_are_named_without_their_values() -> None:
    with pytest.raises(ArgumentError, match="missing or wrong: HOW_MANY, SNS_TOPIC_ARN") as caught:
        Example.read({"HOW_MANY": NAME})
    assert NAME not in str(caught.value)


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (client_error("SlowDown", 503), "TransientError"),
        (client_error("Whatever", 500), "TransientError"),
        (client_error("ThrottlingException"), "TransientError"),
        (ReadTimeoutError(endpoint_url=NAME), "TransientError"),
        (client_error("NoSuchKey", 404), "MissingObjectError"),
        (client_error("AccessDenied", 403), "AccessError"),
        (client_error("ValidationException"), "ServiceError"),
        (StorageError("ours"), "StorageError"),
        (ValueError(NAME), "FunctionError"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_failure_is_told_by_its_class_and_without_the_text_of_its_cause(error: Exception, name: str) -> None:
    found = told(error)
    assert type(found).__name__ == name
    assert NAME not in str(found)


def test_a_call_that_fails_is_counted_and_logged_and_its_text_stays_inside(capsys: pytest.CaptureFixture[str]) -> None:
    def fails() -> None:
        raise ValueError(NAME)

    with pytest.raises(Exception, match="ValueError stopped the function") as caught:
        run_call(EventLog("test"), PipelineMetrics("Claims", "dev"), fails)
    assert caught.value.__cause__ is None
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line.get("error_type") for line in lines} == {"FunctionError", None}
    metrics = next(line for line in lines if "_aws" in line)
    assert (metrics["Attempts"], metrics["FailedAttempts"]) == ([1.0], [1.0])
    assert NAME not in json.dumps(lines)


def test_metrics_have_the_environment_as_their_one_dimension(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "other")
    metrics = PipelineMetrics("Claims", "prod")
    metrics.flush()
    for value in (1, 2):
        metrics.add("FilesReceived", value)
    metrics.add("QualityScore", 99.5)
    metrics.flush()
    metrics.add("FilesIgnored", 0)
    metrics.flush()
    first, second = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    told_of = first["_aws"]["CloudWatchMetrics"][0]
    assert (told_of["Namespace"], told_of["Dimensions"], first["environment"]) == ("Claims", [["environment"]], "prod")
    assert (first["FilesReceived"], first["QualityScore"], second["FilesIgnored"]) == ([1.0, 2.0], [99.5], [0.0])
    assert "FilesReceived" not in second
    assert second["environment"] == "prod"


def test_a_log_line_has_allowed_fields_only(capsys: pytest.CaptureFixture[str]) -> None:
    log = EventLog("allow-list")
    log.begin("c-1")
    log.info("file_received", source="sample", severity=Severity.HIGH)
    line = json.loads(capsys.readouterr().out)
    assert (line["event"], line["source"], line["severity"]) == ("file_received", "sample", "high")
    assert line["correlation_id"] == "c-1"
    with pytest.raises(ValueError, match="not allowed: key"):
        log.info("file_received", key=NAME)


def test_messages_have_the_fields_that_others_rely_on_and_no_name_of_a_person() -> None:
    status = StatusMessage(job_id="j", status="STARTED", input_file=f"s3://b/raw/{NAME}.csv", timestamp=NOON)
    shown = json.loads(status.to_json())
    assert {"event_type", "job_id", "status", "input_file", "timestamp"} <= set(shown)
    assert (shown["event_type"], shown["timestamp"]) == ("job_status_update", "2024-01-01T12:00:00Z")
    context = ErrorContext(function_name="data-validation", file=f"{NAME}.csv")
    error = ErrorMessage(
        error_message="What\nhappened",
        error_type="ValidationError",
        severity=Severity.MEDIUM,
        category=Category.DATA_QUALITY,
        context=context,
        timestamp=NOON,
    )
    assert {"event_type", "error_message", "error_type", "context", "timestamp"} <= set(json.loads(error.to_json()))
    assert NAME not in status.to_json() + error.to_json()
    with pytest.raises(ValidationError) as caught:
        StatusMessage(job_id="j", status="STARTED", input_file="", timestamp=NOON, key=NAME)  # type: ignore[call-arg]
    assert NAME not in str(caught.value)


class FakeTopic:
    def __init__(self) -> None:
        self.published: list[dict[str, object]] = []

    def publish(self, **message: object) -> None:
        self.published.append(message)


def test_an_error_goes_to_the_topic_of_its_severity_with_attributes_to_filter_by() -> None:
    topic = FakeTopic()
    context = ErrorContext(function_name="f")
    topics = Topics(cast("SNSClient", topic), "status", {severity: severity.value for severity in Severity})
    error = ErrorMessage(
        error_message="m",
        error_type="E",
        severity=Severity.HIGH,
        category=Category.SYSTEM,
        context=context,
        timestamp=NOON,
    )
    topics.alert(error)
    topics.tell(StatusMessage(job_id="j", status="FAILED", input_file="", timestamp=NOON))
    assert [message["TopicArn"] for message in topic.published] == ["high", "status"]
    attributes = topic.published[0]["MessageAttributes"]
    assert isinstance(attributes, dict)
    assert attributes["severity"] == {"DataType": "String", "StringValue": "high"}


def test_objects_are_written_once_read_by_ranges_and_deleted_by_folder(aws: None) -> None:
    client = boto3.client("s3")
    client.create_bucket(Bucket="raw")
    store = ObjectStore(client)
    assert store.write_new("s3://raw/a/one", b"0123456789")
    assert not store.write_new("s3://raw/a/one", b"other")
    facts = store.facts("s3://raw/a/one")
    assert (facts.size, facts.version) == (10, "")
    assert store.read_range("s3://raw/a/one", 2, 3, facts.etag) == b"234"
    with store.open("s3://raw/a/one") as stream:
        assert [stream.read(4), stream.read(), stream.read(1)] == [b"0123", b"456789", b""]
    store.copy("s3://raw/a/one", "s3://raw/b/one")
    store.write("s3://raw/b/two", b"")
    assert list(store.list("s3://raw/b")) == ["s3://raw/b/one", "s3://raw/b/two"]
    assert store.delete_below("s3://raw/b") == 2
    assert store.delete_below("s3://raw/b") == 0
    assert store.read_if_any("s3://raw/b/one") is None
    with pytest.raises(ArgumentError, match="none in S3"):
        Place.of("lake/x")


def test_a_severity_without_a_topic_of_its_own_goes_to_the_topic_of_errors() -> None:
    arn = "arn:aws:sns:us-east-1:123456789012:"
    variables = {"SNS_TOPIC_ARN": f"{arn}s", "ERROR_TOPIC_ARN": f"{arn}e", "CRITICAL_TOPIC_ARN": f"{arn}c"}
    topics = TopicSettings.read(variables).error_topics()
    assert topics[Severity.CRITICAL] == f"{arn}c"
    assert {topics[severity] for severity in Severity} == {f"{arn}c", f"{arn}e"}
