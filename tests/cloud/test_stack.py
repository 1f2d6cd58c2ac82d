"""The development stack applies to the local cloud; a second plan changes nothing; it is used, and leaves no trace.

What `make cloud-apply` runs, after `test_roles.py`, which judges the roles of the same stack.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest

from lambdas.error_handler.dead_letters import DeadLetters
from tests.cloud.local_cloud.server import ACCOUNT_ID, REGION
from tests.cloud.stack import PREFIX, Stack
from tests.cloud.terraform_runner import find_terraform

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(find_terraform() is None, reason="Terraform is not on PATH: the stack is not applied"),
]


def arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT_ID}:{resource}"


def ours(names: Iterable[str]) -> set[str]:
    """What the stack made; probes of other tests stand in the same cloud."""
    return {name for name in names if name.startswith(PREFIX)}


@contextmanager
def unread(stack: Stack, queue: str) -> Iterator[None]:
    """Nobody reads the queue meanwhile, so that what is in it can be counted."""
    lambdas = stack.client("lambda")
    mappings = lambdas.list_event_source_mappings(EventSourceArn=arn("sqs", f"{PREFIX}-{queue}"))["EventSourceMappings"]
    for mapping in mappings:
        lambdas.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    stack.cloud.come_to_rest(60)
    yield
    for mapping in mappings:
        lambdas.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)


def test_it_applies_and_a_second_plan_changes_nothing(stack: Stack) -> None:
    assert stack.report.failures == ()
    assert stack.plan.changes == ()
    assert not stack.plan.differs


def test_what_outputs_name_is_there(stack: Stack) -> None:
    buckets = {bucket["Name"] for bucket in stack.client("s3").list_buckets()["Buckets"]}
    assert set(stack.outputs["bucket_names"].values()) <= buckets
    functions = stack.client("lambda").list_functions()["Functions"]
    assert ours(one["FunctionName"] for one in functions) == set(stack.outputs["function_names"].values())
    assert ours(stack.client("glue").list_jobs()["JobNames"]) == set(stack.outputs["glue_job_names"].values())
    machine = stack.client("stepfunctions").describe_state_machine(stateMachineArn=stack.outputs["state_machine_arn"])
    assert "StartAt" in json.loads(machine["definition"])
    assert "${" not in machine["definition"]
    table = stack.client("dynamodb").describe_table(TableName=stack.outputs["landed_files_table"])["Table"]
    assert [index["IndexName"] for index in table["GlobalSecondaryIndexes"]] == ["waiting"]


def test_files_that_land_in_raw_are_sent_to_the_landing_queue(stack: Stack) -> None:
    events, rule = stack.client("events"), f"{PREFIX}-object-created"
    targets = events.list_targets_by_rule(Rule=rule)["Targets"]
    assert [target["Arn"] for target in targets] == [arn("sqs", f"{PREFIX}-landing")]
    detail = json.loads(events.describe_rule(Name=rule)["EventPattern"])["detail"]
    assert detail["bucket"]["name"] == [stack.outputs["bucket_names"]["raw"]]
    assert [key["prefix"] for key in detail["object"]["key"]] == ["raw/claims/", "raw/providers/", "raw/patients/"]


def test_functions_are_told_where_things_are(stack: Stack) -> None:
    client, names = stack.client("lambda"), stack.outputs["function_names"]
    told = {
        name: client.get_function_configuration(FunctionName=names[name])["Environment"]["Variables"] for name in names
    }
    assert {one["ENVIRONMENT"] for one in told.values()} == {"dev"}
    assert told["s3_event_trigger"]["STATE_MACHINE_ARN"] == stack.outputs["state_machine_arn"]
    assert told["s3_event_trigger"]["LANDED_FILES_TABLE"] == stack.outputs["landed_files_table"]
    assert told["error_handler"]["CRITICAL_TOPIC_ARN"] == stack.outputs["topic_arns"]["critical"]
    assert told["post_processing"]["ATHENA_WORKGROUP"] == stack.outputs["athena_workgroup"]
    (job,) = stack.client("glue").batch_get_jobs(JobNames=[stack.outputs["glue_job_names"]["process-medical-claims"]])[
        "Jobs"
    ]
    assert told["data_validation"]["MAX_ERROR_SHARE"] == job["DefaultArguments"]["--max_error_share"] == "0.8"


def test_dead_letters_of_each_queue_are_moved_back_and_counted(stack: Stack) -> None:
    sqs, lambdas = stack.client("sqs"), stack.client("lambda")
    settings = lambdas.get_function_configuration(FunctionName=stack.outputs["function_names"]["error_handler"])
    told = settings["Environment"]["Variables"]
    queues, dead_letters = json.loads(told["QUEUE_ARNS"]), json.loads(told["DEAD_LETTER_ARNS"])
    assert set(queues) == set(dead_letters) == {"landing", "failures", "functions"}
    letters = DeadLetters(sqs, queues, dead_letters, lambda seconds: None)
    with unread(stack, "functions"):
        sqs.send_message(QueueUrl=stack.outputs["dead_letter_urls"]["functions"], MessageBody='{"action": "flush"}')
        moved = letters.move("functions")
    assert (moved.dead_letters_before, moved.dead_letters_after, moved.moved) == (1, 0, 1)
    assert (moved.queue_after - moved.queue_before, moved.status) == (1, "COMPLETED")


def test_each_queue_whose_dead_letters_can_be_moved_back_has_a_reader(stack: Stack) -> None:
    read = {
        one["EventSourceArn"].rsplit("-", 1)[-1]: one["FunctionArn"].split(":")[6]
        for one in stack.client("lambda").list_event_source_mappings()["EventSourceMappings"]
        if f"{PREFIX}-" in one["EventSourceArn"]
    }
    assert read == {
        "landing": f"{PREFIX}-s3-event-trigger",
        "functions": f"{PREFIX}-s3-event-trigger",
        "failures": f"{PREFIX}-error-handler",
    }


def test_it_goes_without_a_trace(stack: Stack) -> None:
    report, left = stack.destroy()
    assert report.failures == ()
    assert left == set()
