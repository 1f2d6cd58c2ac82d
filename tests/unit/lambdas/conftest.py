"""AWS in the memory of this process, and the environment that a function's handler is imported with."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

import boto3
import pytest
from moto import mock_aws
from moto.sqs.responses import SQSResponse

from tests.cloud.local_cloud.registry import PATCHES
from tests.cloud.local_cloud.services import sqs as changes_of_sqs  # noqa: F401 - declares what moto's SQS lacks

ACCOUNT = "123456789012"
REGION = "us-east-1"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": REGION}
OF_THE_MACHINE = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_REGION")
TOPICS = ("status", "critical", "high", "medium", "low")


class Cloud:
    """Buckets, topics and a queue that hears every topic."""

    def __init__(self) -> None:
        self.s3 = boto3.client("s3")
        for bucket in ("raw", "reports", "quarantine", "temp"):
            self.s3.create_bucket(Bucket=bucket)
        sns, self.sqs = boto3.client("sns"), boto3.client("sqs")
        self.heard_url = self.sqs.create_queue(QueueName="heard")["QueueUrl"]
        for topic in TOPICS:
            arn = sns.create_topic(Name=topic)["TopicArn"]
            attributes = {"RawMessageDelivery": "true"}
            sns.subscribe(
                TopicArn=arn, Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:{ACCOUNT}:heard", Attributes=attributes
            )

    def put(self, uri: str, content: bytes) -> None:
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        self.s3.put_object(Bucket=bucket, Key=key, Body=content)

    def get(self, uri: str) -> bytes:
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        return self.s3.get_object(Bucket=bucket, Key=key)["Body"].read()

    def keys(self, bucket: str) -> list[str]:
        return [found["Key"] for found in self.s3.list_objects_v2(Bucket=bucket).get("Contents", ())]

    def heard(self) -> list[str]:
        """Messages published since the last time, whatever their topic."""
        found = []
        while messages := self.sqs.receive_message(QueueUrl=self.heard_url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                found.append(message["Body"])
                self.sqs.delete_message(QueueUrl=self.heard_url, ReceiptHandle=message["ReceiptHandle"])
        return found


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    for name in OF_THE_MACHINE:
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        yield


@pytest.fixture
def cloud(aws: None) -> Cloud:
    return Cloud()


def topic_arn(name: str) -> str:
    return f"arn:aws:sns:{REGION}:{ACCOUNT}:{name}"


def loaded(monkeypatch: pytest.MonkeyPatch, module: str, environment: dict[str, str]) -> ModuleType:
    """A handler imported anew, as a cold start does, with its clients made inside moto."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    sys.modules.pop(module, None)
    return import_module(module)


def listen(function: str) -> io.StringIO:
    """From now on a function's log lines go here."""
    stream = io.StringIO()
    (handler,) = logging.getLogger(function).handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    return stream


class Context:
    """What Lambda gives beside the event."""

    function_name = "function"
    aws_request_id = "request-1"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


@pytest.fixture
def context() -> Context:
    return Context()


QUEUES = ("landing", "failures", "functions")
MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:claims-pipeline"


def queue_arn(name: str) -> str:
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"


class Pipeline:
    """Queues with their dead letters, and a state machine, as the error handler has them beside it."""

    def __init__(self, cloud: Cloud) -> None:
        self.sqs, self.steps = cloud.sqs, boto3.client("stepfunctions")
        for name in QUEUES:
            self.sqs.create_queue(QueueName=f"{name}-dlq")
            policy = json.dumps({"deadLetterTargetArn": queue_arn(f"{name}-dlq"), "maxReceiveCount": 3})
            self.sqs.create_queue(QueueName=name, Attributes={"RedrivePolicy": policy})
        definition = json.dumps({"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 9, "End": True}}})
        role = f"arn:aws:iam::{ACCOUNT}:role/steps"
        self.steps.create_state_machine(name="claims-pipeline", definition=definition, roleArn=role)

    def send(self, queue: str, body: str) -> None:
        self.sqs.send_message(QueueUrl=self.sqs.get_queue_url(QueueName=queue)["QueueUrl"], MessageBody=body)

    def waiting(self, queue: str) -> list[str]:
        """Bodies of the messages of a queue, which are taken out."""
        url, found = self.sqs.get_queue_url(QueueName=queue)["QueueUrl"], []
        while messages := self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                found.append(message["Body"])
                self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return found

    def start(self, name: str, request: dict[str, object], *, stop: bool = True) -> str:
        """An execution that was stopped, or runs; its ARN."""
        arn = self.steps.start_execution(stateMachineArn=MACHINE, name=name, input=json.dumps(request))["executionArn"]
        if stop:
            self.steps.stop_execution(executionArn=arn)
        return str(arn)

    def requests(self) -> dict[str, dict[str, object]]:
        """The input of every execution, by its name."""
        executions = self.steps.list_executions(stateMachineArn=MACHINE)["executions"]
        found = {one["name"]: self.steps.describe_execution(executionArn=one["executionArn"]) for one in executions}
        return {name: json.loads(one["input"]) for name, one in found.items()}


@pytest.fixture
def pipeline(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    for patch in PATCHES:
        if patch.owner is SQSResponse and patch.is_new:
            monkeypatch.setattr(patch.owner, patch.attribute, patch.replacement, raising=False)
    return Pipeline(cloud)


@pytest.fixture
def handler(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The error handler as a cold start has it."""
    assert pipeline
    environment = {
        "SNS_TOPIC_ARN": topic_arn("status"),
        "ERROR_TOPIC_ARN": topic_arn("high"),
        **{f"{name.upper()}_TOPIC_ARN": topic_arn(name) for name in ("critical", "medium", "low")},
        "GLUE_JOB_NAME": "process-medical-claims",
        "REPORTS_URI": "s3://reports",
        "QUARANTINE_URI": "s3://quarantine",
        "TEMP_URI": "s3://temp",
        "STATE_MACHINE_ARN": MACHINE,
        "QUEUE_ARNS": json.dumps({name: queue_arn(name) for name in QUEUES}),
        "DEAD_LETTER_ARNS": json.dumps({name: queue_arn(f"{name}-dlq") for name in QUEUES}),
    }
    return loaded(monkeypatch, "lambdas.error_handler.handler", environment)
