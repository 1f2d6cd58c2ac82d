"""A check asks the resources of a plan one thing, and says in words what is wrong."""

import json
from typing import Any

import pytest

from terraform.estate.checks import Check, at_least, carry_out, denies, equals, is_a, is_set, is_told
from terraform.estate.compliance import state
from terraform.estate.controls import Control
from terraform.estate.plan import UNKNOWN, Estate, Resource

KEY = Resource("module.k.aws_kms_key.this", "aws_kms_key", {"arn": "arn:aws:kms:us-east-1:123456789012:key/1"})


def estate(*queues: dict[str, Any]) -> Estate:
    made = (Resource(f'aws_sqs_queue.q["{n}"]', "aws_sqs_queue", values) for n, values in enumerate(queues))
    return Estate("prod", (KEY, *made))


def policy(effect: str, key: str) -> dict[str, str]:
    return {"policy": json.dumps({"Statement": [{"Effect": effect, "Condition": {"Bool": {key: "false"}}}]})}


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (Check("aws_sqs_queue", "on", equals(True)), {"on": True}, {"on": False}),
        (Check("aws_sqs_queue", "days", at_least(10)), {"days": 10}, {"days": 9}),
        (Check("aws_sqs_queue", "days", at_least(10)), {"days": 10}, {"days": None}),
        (Check("aws_sqs_queue", "name", is_set()), {"name": "a"}, {"name": ""}),
        (Check("aws_sqs_queue", "name", is_set()), {"name": "a"}, {}),
        (Check("aws_sqs_queue", "key", is_a("aws_kms_key")), {"key": KEY.values["arn"]}, {"key": "alias/aws/sqs"}),
        (Check("aws_sqs_queue", "keys", is_a("aws_kms_key")), {"keys": [KEY.values["arn"]]}, {"keys": ["other"]}),
        (Check("aws_sqs_queue", "policy", denies("aws:Tls")), policy("Deny", "aws:Tls"), policy("Allow", "aws:Tls")),
        (Check("aws_sqs_queue", "policy", denies("aws:Tls")), policy("Deny", "aws:Tls"), policy("Deny", "aws:Else")),
    ],
)
def test_a_check_tells_good_from_bad(check: Check, good: dict[str, Any], bad: dict[str, Any]) -> None:
    assert carry_out(check, estate(good)).faults == ()
    (fault,) = carry_out(check, estate(good, bad)).faults
    assert fault.startswith(f"`aws_sqs_queue.q`: `{check.path}` is ")


def test_what_is_wrong_is_counted_by_block() -> None:
    check = Check("aws_sqs_queue", "days", at_least(10))
    (fault,) = carry_out(check, estate({"days": 1}, {"days": 1}, {"days": 12})).faults
    assert fault == "`aws_sqs_queue.q` (2): `days` is `1`, not at least 10"


def test_none_of_a_type_is_a_fault_and_too_few_as_well() -> None:
    assert carry_out(Check("aws_cloudtrail"), estate()).faults == ("no `aws_cloudtrail`",)
    few = carry_out(Check("aws_kms_key", each="aws_sqs_queue"), estate({}, {}))
    assert few.faults == ("`aws_kms_key`: 1 for 2 of `aws_sqs_queue`",)


def test_one_of_a_type_that_must_not_be_is_a_fault() -> None:
    check = Check("aws_sqs_queue", absent=True)
    assert carry_out(check, estate()).faults == ()
    assert carry_out(check, estate({})).faults == ("`aws_sqs_queue.q`: there, and should not be",)


def test_two_that_must_differ_and_do_not_are_a_fault() -> None:
    check = Check("aws_sqs_queue", "role", is_told(), distinct=True)
    assert carry_out(check, estate({"role": "a"}, {"role": "b"})).faults == ()
    assert carry_out(check, estate({"role": "a"}, {"role": "a"})).faults == (
        "`aws_sqs_queue`: two have the same `role`",
    )


def test_what_is_not_known_yet_is_neither_right_nor_wrong() -> None:
    check = Check("aws_sqs_queue", "policy", denies("aws:Tls"))
    outcome = carry_out(check, estate({"policy": UNKNOWN}))
    assert (outcome.faults, outcome.values) == ((), ("known after apply",))
    untold = Resource("aws_sqs_queue.q", "aws_sqs_queue", {}, frozenset({"policy"}))
    assert carry_out(check, Estate("dev", (untold,))).faults == ()


def test_values_name_blocks_and_no_account() -> None:
    of_key = carry_out(Check("aws_sqs_queue", "key", is_a("aws_kms_key")), estate({"key": KEY.values["arn"]}))
    assert of_key.values == ("`module.k.aws_kms_key.this`",)
    told = carry_out(Check("aws_sqs_queue", "url", is_told()), estate({"url": "https://x/123456789012/q"}))
    assert told.values == ("`https://x/<account>/q`",)


def test_a_control_stands_as_its_checks_and_what_it_lacks_say() -> None:
    encrypted = Check("aws_sqs_queue", "key", is_a("aws_kms_key"))
    assert state(Control("1", "", ""), estate()) == "yours"
    assert state(Control("1", "", "", (encrypted,)), estate({"key": KEY.values["arn"]})) == "met"
    assert state(Control("1", "", "", (encrypted,)), estate({"key": "alias/aws/sqs"})) == "gap"
    assert state(Control("1", "", "", (encrypted,), lacks="x"), estate({"key": KEY.values["arn"]})) == "in part"
    assert state(Control("1", "", "", lacks="x"), estate()) == "gap"
