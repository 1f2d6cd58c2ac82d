import pytest

from tests.permissions.estate import Estate, Facts, Need
from tests.permissions.iam_actions import UnknownCallError, actions_of
from tests.permissions.judgement import RolePolicies
from tests.permissions.pipeline_needs import UnknownTaskError, state_machine, tasks
from tests.permissions.reached_calls import Call

ACCOUNT = "123456789012"
RAW, TEMP = "arn:aws:s3:::ours-raw", "arn:aws:s3:::ours-temp"
PUT = Need("s3:PutObject", f"{TEMP}/a/x", "the code writes")
LIST = Need("s3:ListBucket", TEMP, "the code lists", (("s3:prefix", "a/"),))


def estate(definition: Facts | None = None) -> Estate:
    outputs = {"bucket_names": {"raw": "ours-raw", "temp": "ours-temp"}, "state_machine_arn": "arn:machine"}
    return Estate("ours", ACCOUNT, "us-east-1", outputs, "arn:data", "arn:operations", (), (), (), (), definition or {})


def role(*statements: dict[str, object]) -> RolePolicies:
    return RolePolicies(tuple({"Effect": "Allow", "Sid": "One", **one} for one in statements))


def test_a_role_that_allows_what_is_needed_is_faultless() -> None:
    limits = {"StringLike": {"s3:prefix": ["a/*"]}}
    judged = role(
        {"Action": "s3:PutObject", "Resource": f"{TEMP}/a/*"},
        {"Action": ["s3:ListBucket"], "Resource": [TEMP], "Condition": limits},
    )
    assert judged.missing([PUT, LIST]) == []
    assert judged.unneeded([PUT, LIST]) == []
    assert judged.loose(ACCOUNT) == []
    assert judged.trespasses([PUT, LIST], estate()) == []


@pytest.mark.parametrize(
    "statement",
    [
        {"Action": "s3:GetObject", "Resource": f"{TEMP}/a/*"},
        {"Action": "s3:PutObject", "Resource": f"{TEMP}/b/*"},
        {"Action": "s3:PutObject", "Resource": f"{RAW}/a/*"},
        {"Action": "s3:PutObject", "Resource": f"{TEMP}/a/*", "Effect": "Deny"},
        {"Action": "s3:PutObject", "Resource": f"{TEMP}/a/*", "Condition": {"StringEquals": {"aws:x": "y"}}},
    ],
    ids=["another action", "another key", "another bucket", "denied", "under a condition that does not hold"],
)
def test_what_a_role_lacks_is_told(statement: dict[str, object]) -> None:
    assert role(statement).missing([PUT]) == [f"s3:PutObject on {TEMP}/a/x: the code writes"]


@pytest.mark.parametrize(
    "statement",
    [
        {"Action": ["s3:PutObject", "s3:PutObjectAcl"], "Resource": f"{TEMP}/a/*"},
        {"Action": "s3:PutObject", "Resource": [f"{TEMP}/a/*", f"{TEMP}/b/*"]},
        {"Action": "s3:Put*", "Resource": f"{TEMP}/a/*"},
        {"Action": "s3:PutObject", "Resource": "*"},
    ],
    ids=["an action more", "a resource more", "actions by a wildcard", "every resource"],
)
def test_what_nothing_needs_is_told(statement: dict[str, object]) -> None:
    judged = role(statement)
    assert judged.missing([PUT]) == []
    assert len(judged.unneeded([PUT])) == 1


@pytest.mark.parametrize("resource", ["arn:aws:s3:::ours-*/a/*", "arn:aws:s3:::*", "arn:aws:sns:*:*:topic"])
def test_resources_of_other_buckets_and_accounts_are_loose(resource: str) -> None:
    assert role({"Action": "s3:PutObject", "Resource": resource}).loose(ACCOUNT)


def test_a_wide_bucket_name_is_a_trespass_in_every_zone_without_a_need() -> None:
    judged = role({"Action": ["s3:PutObject", "s3:DeleteObject"], "Resource": "arn:aws:s3:::ours-*/*"})
    found = judged.trespasses([PUT], estate())
    assert found == ["may delete in raw", "may delete in temp", "may write in raw"]


@pytest.mark.parametrize(
    ("service", "method", "argument", "actions"),
    [
        ("s3", "head_object", "", ("s3:GetObject",)),
        ("s3", "get_object", "", ("s3:GetObject",)),
        ("s3", "get_paginator", "list_objects_v2", ("s3:ListBucket",)),
        ("s3", "get_waiter", "object_exists", ("s3:GetObject",)),
        ("s3", "delete_objects", "", ("s3:DeleteObject",)),
        ("s3", "upload_fileobj", "", ("s3:AbortMultipartUpload", "s3:PutObject")),
        ("s3", "copy", "", ("s3:GetObject", "s3:AbortMultipartUpload", "s3:PutObject")),
        ("stepfunctions", "start_execution", "", ("states:StartExecution",)),
        ("redshift-data", "execute_statement", "", ("redshift-data:ExecuteStatement",)),
        ("cloudwatch", "put_metric_data", "", ("cloudwatch:PutMetricData",)),
        ("s3", "exceptions", "", ()),
    ],
)
def test_a_call_needs_the_action_of_its_operation(
    service: str, method: str, argument: str, actions: tuple[str, ...]
) -> None:
    assert actions_of(Call("f", service, method, 1, argument)) == actions


def test_a_call_with_a_version_needs_the_action_on_versions() -> None:
    call = Call("f", "s3", "get_object", 1, keywords=frozenset({"VersionId"}))
    assert actions_of(call) == ("s3:GetObjectVersion",)


@pytest.mark.parametrize(("method", "argument"), [("put_objekt", ""), ("get_paginator", ""), ("meta", "")])
def test_a_method_that_is_no_operation_is_an_error(method: str, argument: str) -> None:
    with pytest.raises(UnknownCallError, match=method):
        actions_of(Call("f", "s3", method, 1, argument))


def test_tasks_of_a_definition_are_found_inside_of_maps_and_branches() -> None:
    task = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "arn:f"}}
    inner = {"States": {"A": task}}
    definition = {
        "States": {"M": {"Type": "Map", "ItemProcessor": inner}, "P": {"Type": "Parallel", "Branches": [inner]}}
    }
    assert list(tasks(definition)) == [task, task]
    assert Need("lambda:InvokeFunction", "arn:f", "") in state_machine(estate(definition))


def test_a_task_that_nobody_knows_is_an_error() -> None:
    task = {"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync", "Parameters": {}}
    with pytest.raises(UnknownTaskError, match="batch:submitJob"):
        state_machine(estate({"States": {"A": task}}))
