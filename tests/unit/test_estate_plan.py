"""A plan is read as resources: unknown values where the configuration sets them, addresses without their keys."""

from typing import Any

import pytest

from terraform.estate.errors import EstateError
from terraform.estate.plan import UNKNOWN, Estate, Resource, completed

TOPIC = "module.note.aws_sns_topic.this"


def plan(values: dict[str, Any], unknown: dict[str, Any], configured: set[str]) -> dict[str, Any]:
    address = f'{TOPIC}["high"]'
    resource = {"address": address, "mode": "managed", "type": "aws_sns_topic", "values": values}
    block = {"address": "aws_sns_topic.this", "expressions": {name: {} for name in configured}}
    return {
        "variables": {"environment": {"value": "prod"}},
        "planned_values": {"root_module": {"child_modules": [{"resources": [resource]}]}},
        "resource_changes": [{"address": address, "change": {"after_unknown": unknown}}],
        "configuration": {"root_module": {"module_calls": {"note": {"module": {"resources": [block]}}}}},
        "prior_state": {"secret": "kept away"},
    }


def topic(read: dict[str, Any]) -> Resource:
    return Estate.of(read).resources[0]


def test_a_value_that_the_configuration_sets_is_unknown() -> None:
    assert topic(plan({"name": "n"}, {"kms": True}, {"kms"})).values == {"name": "n", "kms": UNKNOWN}


def test_a_value_that_only_aws_sets_is_missing() -> None:
    assert topic(plan({"name": "n"}, {"kms": True}, {"name"})).values == {"name": "n"}


def test_values_inside_blocks_are_unknown_one_by_one() -> None:
    read = plan({"rule": [{"mode": "KMS"}]}, {"rule": [{"key": True, "on": False}]}, {"rule"})
    assert topic(read).values == {"rule": [{"mode": "KMS", "key": UNKNOWN}]}


def test_what_stands_is_left_out() -> None:
    assert "prior_state" not in completed(plan({}, {}, set()))


def test_a_file_of_another_kind_is_refused() -> None:
    with pytest.raises(EstateError, match="no plan"):
        Estate.of({"format_version": "1.2"})


@pytest.mark.parametrize(
    ("address", "block", "key"),
    [
        ('module.a.aws_sns_topic.this["high"]', "module.a.aws_sns_topic.this", "high"),
        ('module.a["x"].aws_sns_topic.this', 'module.a["x"].aws_sns_topic.this', "x"),
        ("aws_sns_topic.this[0]", "aws_sns_topic.this", ""),
        ("aws_sns_topic.this", "aws_sns_topic.this", ""),
    ],
)
def test_an_address_is_taken_apart(address: str, block: str, key: str) -> None:
    resource = Resource(address, "aws_sns_topic", {})
    assert (resource.block, resource.key) == (block, key)


def test_a_path_looks_into_every_entry_of_a_list() -> None:
    resource = Resource("aws_x.y", "aws_x", {"rule": [{"by": [{"key": 1}]}, {"by": [{"key": 2}, {"key": None}]}]})
    assert resource.at("rule.by.key") == [1, 2]
    assert resource.at("rule.other") == []


def test_a_resource_is_found_by_its_arn_or_its_name() -> None:
    read = plan({"arn": "arn:aws:sns:::n", "name": "n"}, {}, set())
    estate = Estate.of(read)
    assert estate.named("arn:aws:sns:::n") is estate.named("n") is estate.resources[0]
    assert estate.named("other") is None
