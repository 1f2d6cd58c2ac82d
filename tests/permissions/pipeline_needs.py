"""What the state machine and the scheduler need: the tasks of the applied definition, the targets of the schedules."""

import json
from collections.abc import Iterator

from tests.permissions.estate import Estate, Facts, Need
from tests.permissions.iam_actions import actions_of
from tests.permissions.reached_calls import Call
from tests.permissions.service_needs import sends
from tests.permissions.told_places import A_RUN

SDK = "aws-sdk:"
A_KEY = f"manifests/{A_RUN}.json"
"""The keys of the definition are put together at run time, all in the folder of manifests."""
RUN_JOB = ("StartJobRun", "GetJobRun", "GetJobRuns", "BatchStopJobRun")
"""What `.sync` does: start, look until it has ended, stop it with the execution."""
LOG_DELIVERY = (
    "CreateLogDelivery",
    "GetLogDelivery",
    "UpdateLogDelivery",
    "DeleteLogDelivery",
    "ListLogDeliveries",
    "PutResourcePolicy",
    "DescribeResourcePolicies",
    "DescribeLogGroups",
)
TRACES = ("PutTraceSegments", "PutTelemetryRecords", "GetSamplingRules", "GetSamplingTargets")


class UnknownTaskError(Exception):
    """Raised for a task or target of which nobody has said what it needs."""


def state_machine(estate: Estate) -> set[Need]:
    """The role of the state machine."""
    needs = [need for task in tasks(estate.definition) for need in _task(estate, task)]
    machine = estate.outputs["state_machine_arn"]
    needs += estate.encrypted_by(
        "aws:states:stateMachineArn", machine, "executions are encrypted", "Decrypt", "GenerateDataKey"
    )
    needs += estate.encrypted_by("SourceArn", estate.arn("logs", "x"), "its log is encrypted", "GenerateDataKey")
    needs += [Need(f"logs:{one}", "*", "log delivery has no resource") for one in LOG_DELIVERY]
    needs += [Need(f"xray:{one}", "*", "X-Ray has no resource for segments") for one in TRACES]
    return set(needs)


def scheduler(estate: Estate) -> set[Need]:
    """The role of the schedules."""
    needs = []
    for schedule in estate.schedules:
        target = schedule["Target"]
        needs += _target(estate, target)
        needs += sends(estate, target["DeadLetterConfig"]["Arn"], "what could not be started is kept")
        own_arn = estate.arn("scheduler", f"schedule/{schedule['GroupName']}/{schedule['Name']}")
        needs += estate.encrypted_by("aws:scheduler:schedule:arn", own_arn, "its input is encrypted", "Decrypt")
    return set(needs)


def tasks(definition: Facts) -> Iterator[Facts]:
    """Every state of type Task, also inside of maps and branches."""
    for state in definition["States"].values():
        if state["Type"] == "Task":
            yield state
        inner = [state[name] for name in ("ItemProcessor", "Iterator") if name in state]
        for one in (*inner, *state.get("Branches", ())):
            yield from tasks(one)


def _task(estate: Estate, task: Facts) -> list[Need]:
    resource, given = task["Resource"].rpartition(":::")[2], task["Parameters"]
    why = f"the definition has a task {resource}"
    if resource == "lambda:invoke":
        return [Need("lambda:InvokeFunction", given["FunctionName"], why)]
    if resource == "glue:startJobRun.sync":
        job = estate.arn("glue", f"job/{given['JobName']}")
        return [Need(f"glue:{one}", job, why) for one in RUN_JOB]
    if resource == f"{SDK}glue:startJobRun":
        return [Need("glue:StartJobRun", estate.arn("glue", f"job/{given['JobName']}"), why)]
    if resource == "sns:publish":
        via = estate.kms(estate.operations_key, "sns", "topics are encrypted", "Decrypt", "GenerateDataKey")
        return [Need("sns:Publish", given["TopicArn"], why), *via]
    if resource.startswith(f"{SDK}s3:"):
        method = {"getObject": "get_object", "putObject": "put_object"}.get(resource.rpartition(":")[2], resource)
        found = actions_of(Call("the definition", "s3", method, 0))
        return [need for action in found for need in estate.s3(action, given["Bucket"], A_KEY, why)]
    raise UnknownTaskError(f"nobody has said what a task {resource} needs")


def _target(estate: Estate, target: Facts) -> list[Need]:
    arn = target["Arn"]
    if ":lambda:" in arn:
        return [Need("lambda:InvokeFunction", arn, "a schedule calls it")]
    if arn.endswith(f"{SDK}glue:startJobRun"):
        job = estate.arn("glue", f"job/{json.loads(target['Input'])['JobName']}")
        return [Need("glue:StartJobRun", job, "a schedule starts it")]
    raise UnknownTaskError(f"nobody has said what a schedule of {arn} needs")
