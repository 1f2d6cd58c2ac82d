"""Each role of the applied development stack against what its code, its definition or its service does; both ways.

What is needed is read from the source of functions and jobs, from the applied state machine and schedules, and from
the short declarations of `tests/permissions/service_needs.py`.
"""

import json

import pytest

from tests.cloud.local_cloud.server import ACCOUNT_ID, REGION
from tests.cloud.stack import PREFIX, Stack
from tests.cloud.terraform_runner import find_terraform
from tests.permissions.estate import Estate, Need
from tests.permissions.judgement import RolePolicies
from tests.permissions.roles import ROLES

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(find_terraform() is None, reason="Terraform is not on PATH: the stack is not applied"),
]


@pytest.fixture(scope="module")
def estate(stack: Stack) -> Estate:
    return Estate.read(stack.client, stack.outputs, PREFIX, ACCOUNT_ID, REGION)


def judged(stack: Stack, estate: Estate, name: str) -> tuple[RolePolicies, set[Need]]:
    return RolePolicies.of(stack.client("iam"), f"{PREFIX}-{name}"), ROLES[name](estate)


def assert_none(faults: list[str]) -> None:
    assert not faults, "\n".join(faults)


def test_every_role_is_judged(stack: Stack) -> None:
    roles = {one["RoleName"] for one in stack.client("iam").list_roles()["Roles"]}
    assert {name for name in roles if name.startswith(PREFIX)} == {f"{PREFIX}-{name}" for name in ROLES}


@pytest.mark.parametrize("name", ROLES)
def test_a_role_may_do_all_that_is_needed(stack: Stack, estate: Estate, name: str) -> None:
    policies, needs = judged(stack, estate, name)
    assert_none(policies.missing(needs))


@pytest.mark.parametrize("name", ROLES)
def test_a_role_may_do_nothing_that_is_not_needed(stack: Stack, estate: Estate, name: str) -> None:
    policies, needs = judged(stack, estate, name)
    assert_none(policies.unneeded(needs))
    assert_none(policies.loose(ACCOUNT_ID))


@pytest.mark.parametrize("name", ROLES)
def test_a_role_has_no_way_into_a_zone_without_a_need(stack: Stack, estate: Estate, name: str) -> None:
    policies, needs = judged(stack, estate, name)
    assert_none(policies.trespasses(needs, estate))


def test_queues_take_events_of_the_rules_that_send_to_them_and_of_no_others(stack: Stack) -> None:
    """EventBridge has no role for queues: their policies let its rules in, one by one."""
    events, sent = stack.client("events"), set()
    for rule in (one for one in events.list_rules()["Rules"] if one["Name"].startswith(PREFIX)):
        for target in events.list_targets_by_rule(Rule=rule["Name"])["Targets"]:
            assert "RoleArn" not in target
            sent |= {(target["Arn"], rule["Arn"]), (target["DeadLetterConfig"]["Arn"], rule["Arn"])}
    assert sent == {(queue, rule) for queue in {one for one, _ in sent} for rule in let_in(stack, queue)}


def let_in(stack: Stack, queue: str) -> set[str]:
    """The rules whose events a queue takes."""
    sqs = stack.client("sqs")
    url = sqs.get_queue_url(QueueName=queue.rpartition(":")[2])["QueueUrl"]
    policy = json.loads(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]["Policy"])
    found: set[str] = set()
    for one in (one for one in policy["Statement"] if one["Effect"] == "Allow"):
        assert one["Principal"] == {"Service": "events.amazonaws.com"}
        assert one["Action"] == "sqs:SendMessage"
        rules = one["Condition"]["ArnEquals"]["aws:SourceArn"]
        found |= set(rules if isinstance(rules, list) else [rules])
    return found
