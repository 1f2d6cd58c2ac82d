"""Functions of the local cloud, made by hand: what they see, how queues feed them, what becomes of failures."""

import io
import json
import time
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cloud.local_cloud.runtimes.lambda_workers import Outcome
from tests.cloud.local_cloud.runtimes.queue_polling import PARTIAL, failed_ids
from tests.cloud.local_cloud.server import LocalCloud
from tests.cloud.probes_of_runtimes import ROLE, arn, make_function, make_queue

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

HANDLER = """
import boto3, json, os, sys, time

def handle(event, context):
    asked = event.get("do", "")
    if asked == "look":
        found = {}
        for name in ("expectations", "lambdas", "glue_jobs", "tests", "pytest", "pydantic"):
            try:
                found[name] = bool(__import__(name))
            except ImportError:
                found[name] = False
        names = [one["FunctionName"] for one in boto3.client("lambda").list_functions()["Functions"]]
        return {"imported": found, "told": sorted(os.environ), "is_listed": context.function_name in names}
    if asked == "sleep":
        time.sleep(60)
    if asked == "die":
        os._exit(1)
    if asked == "fail":
        raise ValueError("asked to")
    print("given", json.dumps(event))
    bodies = {record["messageId"]: record["body"] for record in event.get("Records", [])}
    return {"batchItemFailures": [{"itemIdentifier": one} for one, body in bodies.items() if body == "bad"]}
"""
NAME = "runtimes"


@pytest.fixture(scope="module")
def client(cloud: LocalCloud) -> Iterator[Any]:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("own.py", HANDLER)
    make_function(cloud, f"{NAME}-role").delete_function(FunctionName=f"{NAME}-role")
    made = cloud.client("lambda")
    make_queue(cloud, f"{NAME}-dead")
    made.create_function(
        FunctionName=NAME,
        Runtime="python3.11",
        Role=ROLE,
        Handler="own.handle",
        Code={"ZipFile": archive.getvalue()},
        Timeout=2,
        Environment={"Variables": {"OWN": "1"}},
        DeadLetterConfig={"TargetArn": arn("sqs", f"{NAME}-dead")},
    )
    yield made
    # the stack of other tests stands in the same cloud, and is to go without a trace
    for mapping in made.list_event_source_mappings(FunctionName=NAME)["EventSourceMappings"]:
        made.delete_event_source_mapping(UUID=mapping["UUID"])
    made.delete_function(FunctionName=NAME)
    sqs = cloud.client("sqs")
    for url in sqs.list_queues(QueueNamePrefix=NAME)["QueueUrls"]:
        sqs.delete_queue(QueueUrl=url)
    cloud.client("logs").delete_log_group(logGroupName=f"/aws/lambda/{NAME}")
    cloud.client("iam").delete_role(RoleName=ROLE.rpartition("/")[2])


def answered(client: Any, event: dict[str, Any]) -> tuple[str, Any]:  # noqa: ANN401 - boto3's client, any JSON
    answer = client.invoke(FunctionName=NAME, Payload=json.dumps(event))
    return answer.get("FunctionError", ""), json.load(answer["Payload"])


def waiting(cloud: LocalCloud, name: str) -> list[str]:
    sqs = cloud.client("sqs")
    messages = sqs.receive_message(QueueUrl=sqs.get_queue_url(QueueName=name)["QueueUrl"], MaxNumberOfMessages=10)
    return [message["Body"] for message in messages.get("Messages", [])]


def test_a_function_sees_its_own_code_and_environment_and_may_call_the_cloud(client: Any) -> None:  # noqa: ANN401
    error, seen = answered(client, {"do": "look"})
    assert error == ""
    assert not any(seen["imported"].values())
    assert seen["is_listed"]
    assert {"OWN", "AWS_ENDPOINT_URL", "AWS_LAMBDA_FUNCTION_NAME"} <= set(seen["told"])
    assert not [name for name in seen["told"] if name.startswith(("PYTHON", "PYTEST", "MOTO"))]


@pytest.mark.parametrize(
    ("asked", "kind"), [("sleep", "Sandbox.Timedout"), ("die", "Runtime.ExitError"), ("fail", "ValueError")]
)
def test_a_function_that_fails_is_told_by_its_error_and_the_next_call_is_answered(
    client: Any,  # noqa: ANN401
    asked: str,
    kind: str,
) -> None:
    begun = time.monotonic()
    error, told = answered(client, {"do": asked})
    assert (error, told["errorType"]) == ("Unhandled", kind)
    assert time.monotonic() - begun < 30
    assert answered(client, {}) == ("", {"batchItemFailures": []})


def test_an_event_that_always_fails_goes_to_the_dead_letters_of_the_function(cloud: LocalCloud, client: Any) -> None:  # noqa: ANN401
    client.invoke(FunctionName=NAME, InvocationType="Event", Payload=b'{"do": "fail", "number": 1}')
    cloud.come_to_rest(60)
    assert waiting(cloud, f"{NAME}-dead") == ['{"do": "fail", "number": 1}']
    logs = cloud.client("logs").filter_log_events(logGroupName=f"/aws/lambda/{NAME}")["events"]
    assert sum("ErrorType: ValueError" in event["message"] for event in logs) >= 3


def test_of_a_batch_the_messages_that_failed_come_back_and_go_to_the_dead_letters(
    cloud: LocalCloud,
    client: Any,  # noqa: ANN401
) -> None:
    make_queue(cloud, f"{NAME}-bad")
    redrive = json.dumps({"deadLetterTargetArn": arn("sqs", f"{NAME}-bad"), "maxReceiveCount": 2})
    url = make_queue(cloud, f"{NAME}-in", VisibilityTimeout="30", RedrivePolicy=redrive)
    mapping = client.create_event_source_mapping(
        FunctionName=NAME, EventSourceArn=arn("sqs", f"{NAME}-in"), FunctionResponseTypes=[PARTIAL]
    )
    entries = [{"Id": str(number), "MessageBody": "bad" if number == 1 else "good"} for number in range(3)]
    cloud.client("sqs").send_message_batch(QueueUrl=url, Entries=entries)
    cloud.come_to_rest(60)
    client.delete_event_source_mapping(UUID=mapping["UUID"])
    assert waiting(cloud, f"{NAME}-bad") == ["bad"]
    assert waiting(cloud, f"{NAME}-in") == []


@pytest.mark.parametrize(
    ("answer", "types", "failed"),
    [
        ('{"batchItemFailures": [{"itemIdentifier": "a"}]}', [PARTIAL], {"a"}),
        ('{"batchItemFailures": []}', [PARTIAL], set()),
        ("null", [PARTIAL], set()),
        ('{"batchItemFailures": [{"itemIdentifier": "a"}]}', [], set()),
        ('{"batchItemFailures": [{"itemIdentifier": "not sent"}]}', [PARTIAL], {"a", "b"}),
        ('{"batchItemFailures": [{}]}', [PARTIAL], {"a", "b"}),
        ('"text"', [PARTIAL], {"a", "b"}),
    ],
)
def test_what_failed_of_a_batch_is_read_as_lambda_reads_it(answer: str, types: list[str], failed: set[str]) -> None:
    assert failed_ids(Outcome(answer, None, ""), ["a", "b"], types) == failed


def test_a_batch_fails_as_a_whole_where_its_function_does() -> None:
    assert failed_ids(Outcome("", {"errorType": "ValueError"}, ""), ["a", "b"], [PARTIAL]) == {"a", "b"}
