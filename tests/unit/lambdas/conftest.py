"""AWS in the memory of this process, and the environment that a function's handler is imported with."""

import io
import logging
import sys
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

import boto3
import pytest
from moto import mock_aws

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
