"""Policies of keys agree with what the keys encrypt: each service that must use a key may, and no other is let in.

Roles are not named in them: the account's own policies say what those may do (`tests/cloud/test_roles.py`).
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

import pytest

from terraform.estate.plan import Estate, Resource
from tests.permissions.judgement import listed

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

LOGS, TRAIL, VENDED = "logs.us-east-1.amazonaws.com", "cloudtrail.amazonaws.com", "delivery.logs.amazonaws.com"
ENCRYPTED = ("kms:Decrypt", "kms:GenerateDataKey")
"""What a service needs that puts something into an encrypted queue or topic."""
BY_SERVICE: Mapping[str, tuple[str, ...]] = {
    LOGS: (*ENCRYPTED, "kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:DescribeKey"),
    TRAIL: ("kms:GenerateDataKey", "kms:DescribeKey"),
    VENDED: ("kms:Decrypt",),
}


@pytest.fixture(scope="module")
def production(estates: dict[str, Estate]) -> Estate:
    return estates["prod"]


def statements(policy: str) -> Iterator[tuple[str, Any]]:
    """What is allowed to services: each service with its statement."""
    for one in listed(json.loads(policy)["Statement"]):
        if one["Effect"] == "Allow" and isinstance(one["Principal"], dict):
            yield from ((service, one) for service in listed(one["Principal"].get("Service", [])))


def senders(estate: Estate, kind: str, place: Resource) -> set[str]:
    """Services that the policy of a queue or topic lets send to it."""
    policies = (one.values["policy"] for one in estate.of_type(f"{kind}_policy") if place.values["arn"] in one.text())
    return {service for policy in policies for service, _ in statements(policy)}


def needed(estate: Estate) -> dict[str, set[str]]:
    """Services by the key that they must use."""
    found: dict[str, set[str]] = defaultdict(set)
    for group in estate.of_type("aws_cloudwatch_log_group"):
        found[group.values["kms_key_id"]].add(LOGS)
    for trail in estate.of_type("aws_cloudtrail"):
        found[trail.values["kms_key_id"]].add(TRAIL)
    for machine in estate.of_type("aws_sfn_state_machine"):
        (group,) = (one for one in estate.of_type("aws_cloudwatch_log_group") if one.values["arn"] in machine.text())
        # logs of state machines are delivered for them
        found[group.values["kms_key_id"]].add(VENDED)
    for kind in ("aws_sns_topic", "aws_sqs_queue"):
        for place in estate.of_type(kind):
            found[key_arn(estate, place.values["kms_master_key_id"])] |= senders(estate, kind, place)
    return dict(found)


def key_arn(estate: Estate, name: str) -> str:
    """A key is named by its ARN or its id."""
    (found,) = (one for one in estate.of_type("aws_kms_key") if name in (one.values["arn"], one.values["key_id"]))
    return str(found.values["arn"])


def test_each_service_that_must_use_a_key_may_and_no_other(production: Estate) -> None:
    let_in = {
        key.values["arn"]: {service for service, _ in statements(key.values["policy"])}
        for key in production.of_type("aws_kms_key")
    }
    assert {arn: services for arn, services in let_in.items() if services} == needed(production)


def test_a_service_may_do_what_it_needs_for_this_account_alone(production: Estate) -> None:
    for key in production.of_type("aws_kms_key"):
        for service, statement in statements(key.values["policy"]):
            allowed = listed(statement["Action"])
            lacks = [
                one for one in BY_SERVICE.get(service, ENCRYPTED) if not any(fnmatchcase(one, two) for two in allowed)
            ]
            assert not lacks, (key.address, service)
            assert "kms:*" not in allowed
            assert "123456789012" in json.dumps(statement["Condition"])


def test_every_log_group_lies_where_the_key_lets_logs_be_encrypted(production: Estate) -> None:
    for group in production.of_type("aws_cloudwatch_log_group"):
        (key,) = (one for one in production.of_type("aws_kms_key") if one.values["arn"] == group.values["kms_key_id"])
        (patterns,) = (
            statement["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"]
            for service, statement in statements(key.values["policy"])
            if service == LOGS
        )
        assert any(fnmatchcase(group.values["arn"], pattern) for pattern in listed(patterns))
