"""The development stack applies to the local cloud; a second plan changes nothing; it is used, and leaves no trace.

What `make cloud-apply` runs.
"""

import json

import pytest

from tests.cloud.local_cloud.server import ACCOUNT_ID, REGION
from tests.cloud.role_policies import RolePolicies
from tests.cloud.stack import Stack
from tests.cloud.terraform_runner import find_terraform

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(find_terraform() is None, reason="Terraform is not on PATH: the stack is not applied"),
]

PREFIX = "healthcare-claims-dev"
TRIGGER, GATE, HANDLER, FINISHER = "s3-event-trigger", "data-validation", "error-handler", "post-processing"
JOB, UPKEEP = "process-medical-claims", "maintain-tables"
ROLES = (TRIGGER, GATE, HANDLER, FINISHER, JOB, UPKEEP)


def zone(name: str, key: str = "") -> str:
    return f"arn:aws:s3:::{PREFIX}-{name}-{ACCOUNT_ID}{key}"


def arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT_ID}:{resource}"


def test_it_applies_and_a_second_plan_changes_nothing(stack: Stack) -> None:
    assert stack.report.failures == ()
    assert stack.plan.changes == ()
    assert not stack.plan.differs


def test_what_outputs_name_is_there(stack: Stack) -> None:
    buckets = {bucket["Name"] for bucket in stack.client("s3").list_buckets()["Buckets"]}
    assert set(stack.outputs["bucket_names"].values()) <= buckets
    functions = stack.client("lambda").list_functions()["Functions"]
    assert {one["FunctionName"] for one in functions} >= set(stack.outputs["function_names"].values())
    assert set(stack.client("glue").list_jobs()["JobNames"]) >= set(stack.outputs["glue_job_names"].values())
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


ALLOWED: tuple[tuple[str, str, str], ...] = (
    (TRIGGER, "s3:GetObject", zone("raw", "/raw/claims/a/b.csv")),
    (TRIGGER, "s3:PutObject", zone("temp", "/manifests/m.json")),
    (TRIGGER, "s3:PutObject", zone("quarantine", "/files/f/note.json")),
    (TRIGGER, "dynamodb:UpdateItem", arn("dynamodb", f"table/{PREFIX}-landed-files")),
    (TRIGGER, "dynamodb:Query", arn("dynamodb", f"table/{PREFIX}-landed-files/index/waiting")),
    (TRIGGER, "states:StartExecution", arn("states", f"stateMachine:{PREFIX}-claims-pipeline")),
    (TRIGGER, "sns:Publish", arn("sns", f"{PREFIX}-status")),
    (TRIGGER, "sqs:DeleteMessage", arn("sqs", f"{PREFIX}-landing")),
    (GATE, "s3:GetObjectVersion", zone("raw", "/raw/claims/a/b.csv")),
    (GATE, "s3:PutObject", zone("validation-reports", "/files/j/f.json")),
    (HANDLER, "s3:PutObject", zone("raw", "/raw/claims/a/requeued/f/b.csv")),
    (HANDLER, "s3:PutObject", zone("quarantine", "/runs/r.json")),
    (HANDLER, "s3:DeleteObject", zone("temp", "/claims-etl-20240101-120000-1234/x")),
    (HANDLER, "sqs:ReceiveMessage", arn("sqs", f"{PREFIX}-failures")),
    (HANDLER, "sns:Publish", arn("sns", f"{PREFIX}-critical")),
    (FINISHER, "s3:GetObject", zone("validation-reports", "/claims-etl-1.json")),
    (FINISHER, "s3:PutObject", zone("validation-reports", "/lineage/j/start.json")),
    (FINISHER, "events:PutEvents", arn("events", "event-bus/default")),
    (FINISHER, "athena:StartQueryExecution", arn("athena", f"workgroup/{PREFIX}-claims")),
    (FINISHER, "glue:GetTable", arn("glue", "table/processed/medical_claim")),
    (JOB, "s3:GetObject", zone("raw", "/raw/claims/a/b.csv")),
    (JOB, "s3:PutObject", zone("processed", "/processed/medical_claim/data/x.parquet")),
    (JOB, "s3:PutObject", zone("quarantine", "/records/run_id=r/x.parquet")),
    (JOB, "s3:PutObject", zone("validation-reports", "/r.html")),
    (JOB, "s3:DeleteObject", zone("temp", "/r/x")),
    (JOB, "glue:UpdateTable", arn("glue", "table/processed/medical_claim")),
    (UPKEEP, "s3:DeleteObject", zone("processed", "/processed/medical_claim/data/x.parquet")),
    (UPKEEP, "glue:UpdateTable", arn("glue", "table/processed/medical_claim")),
)
FORBIDDEN: tuple[tuple[str, str, str], ...] = (
    *((role, "s3:DeleteObject", zone("raw", "/raw/claims/a/b.csv")) for role in ROLES),
    *((role, "s3:PutObject", zone("raw", "/raw/claims/a/b.csv")) for role in ROLES),
    *((role, "s3:PutObject", zone("archive", "/x")) for role in ROLES),
    *((role, "s3:PutObject", zone("artifacts", "/x")) for role in ROLES),
    *((role, "s3:GetObject", "arn:aws:s3:::of-somebody-else/x") for role in ROLES),
    *((role, "iam:PassRole", f"arn:aws:iam::{ACCOUNT_ID}:role/x") for role in ROLES),
    *((role, "kms:ScheduleKeyDeletion", arn("kms", "key/x")) for role in ROLES),
    *((role, "s3:GetObject", zone("processed", "/processed/x")) for role in (TRIGGER, GATE, HANDLER)),
    *((role, "s3:PutObject", zone("processed", "/processed/x")) for role in (TRIGGER, GATE, HANDLER, FINISHER)),
    *((role, "glue:UpdateTable", arn("glue", "table/processed/x")) for role in (TRIGGER, GATE, HANDLER, FINISHER)),
    *((role, "states:StartExecution", arn("states", "stateMachine:x")) for role in ROLES),
    *((role, "glue:UpdateTable", arn("glue", "table/other/x")) for role in (JOB, UPKEEP)),
    (GATE, "sqs:ReceiveMessage", arn("sqs", f"{PREFIX}-landing")),
    (GATE, "s3:PutObject", zone("quarantine", "/files/x")),
    (GATE, "sns:Publish", arn("sns", f"{PREFIX}-status")),
    (HANDLER, "sqs:ReceiveMessage", arn("sqs", f"{PREFIX}-landing")),
    (UPKEEP, "s3:GetObject", zone("raw", "/raw/claims/a/b.csv")),
)
EVERYWHERE = {
    ("xray:PutTelemetryRecords", "xray:PutTraceSegments"),
    ("cloudwatch:PutMetricData",),
    ("glue:GetSecurityConfiguration",),
}
"""Actions without a resource to name; each says so where it is written."""


def policies(stack: Stack, role: str) -> RolePolicies:
    return RolePolicies.of(stack.client("iam"), f"{PREFIX}-{role}")


@pytest.mark.parametrize(("role", "action", "resource"), ALLOWED)
def test_a_role_may_do_what_its_code_does(stack: Stack, role: str, action: str, resource: str) -> None:
    assert policies(stack, role).allows(action, resource)


@pytest.mark.parametrize(("role", "action", "resource"), FORBIDDEN)
def test_a_role_may_do_nothing_beyond(stack: Stack, role: str, action: str, resource: str) -> None:
    assert not policies(stack, role).allows(action, resource)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_little_everywhere(stack: Stack, role: str) -> None:
    assert set(policies(stack, role).wide()) <= EVERYWHERE


def test_it_goes_without_a_trace(stack: Stack) -> None:
    report, left = stack.destroy()
    assert report.failures == ()
    assert left == set()
