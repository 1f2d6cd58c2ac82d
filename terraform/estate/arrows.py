"""What flows where, taken from the plan: events, queues, schedules, and what each role may read and write."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from terraform.estate.plan import Estate, Resource

DRAWN = {
    "aws_athena_workgroup": "workgroup",
    "aws_cloudwatch_event_rule": "event rule",
    "aws_dynamodb_table": "table",
    "aws_glue_catalog_database": "catalog",
    "aws_glue_job": "job",
    "aws_lambda_function": "function",
    "aws_redshiftserverless_workgroup": "warehouse",
    "aws_s3_bucket": "bucket",
    "aws_scheduler_schedule": "schedule",
    "aws_sfn_state_machine": "state machine",
    "aws_sns_topic": "topic",
    "aws_sqs_queue": "queue",
}
"""Types of resources that are drawn, and what they are called."""
HOLD_DATA = ("workgroup", "table", "catalog", "warehouse", "bucket")
"""Kinds that are read and written; the others are called and told."""
ROLES = {"aws_lambda_function": "role", "aws_glue_job": "role_arn", "aws_sfn_state_machine": "role_arn"}
"""Types that act by themselves, and the attribute that holds their role."""
MOVES_NOTHING = re.compile(
    r"^(ec2|kms|logs|xray|cloudwatch):|:(List|Describe)|:Get(Bucket|QueueAttributes|Job|Connection|Work|QueryExecution)"
    r"|^sqs:(Delete|Change)"
)
"""Actions that carry nothing from one part of the picture to another."""
READS = re.compile(r":(Get|BatchGet|Query|Receive|Scan)")


@dataclass(frozen=True, order=True)
class Arrow:
    """From one resource's address to another's.

    Attributes:
        label: By what.
        aside: Whether it is for what went wrong.
        data: Whether data is read, written or copied along it; else something is called or told.
    """

    source: str
    target: str
    label: str = ""
    aside: bool = False
    data: bool = False


def arrows(estate: Estate) -> set[Arrow]:
    """All arrows of an estate whose plan knows its values."""
    aside = set(_of_failures(estate))
    ends = {(arrow.source, arrow.target) for arrow in aside}
    found = {
        *_of_events(estate),
        *_of_schedules(estate),
        *_of_mappings(estate),
        *_of_roles(estate),
        *_of_copies(estate),
    }
    return aside | {one for one in found if one.source != one.target and (one.source, one.target) not in ends}


def drawn(value: Any, estate: Estate) -> Resource | None:  # noqa: ANN401 - a value of a plan
    """The drawn resource that a value names: by its ARN, that of something in it, its alias, or its name."""
    if not isinstance(value, str):
        return None
    alias = estate.named(value, "aws_lambda_alias")
    if alias:
        return estate.named(alias.values["function_name"], "aws_lambda_function")
    inside = value.split("/")
    for length in range(len(inside), 0, -1):
        start = "/".join(inside[:length])
        found = next((one for kind in DRAWN if (one := estate.named(start, kind))), None)
        if found or not value.startswith("arn:"):
            return found
    return None


def _of_events(estate: Estate) -> Iterator[Arrow]:
    """What an event tells of, to where its rule sends it; the rule itself, where that is not drawn."""
    for target in estate.of_type("aws_cloudwatch_event_target"):
        rule = estate.named(target.values["rule"], "aws_cloudwatch_event_rule")
        to = drawn(target.values["arn"], estate)
        if rule and to:
            pattern = strings(json.loads(rule.values["event_pattern"]))
            sources = [one for text in pattern if (one := drawn(text, estate))]
            yield from (Arrow(one.address, to.address, short_name(rule, estate)) for one in sources)
            if not sources:
                yield Arrow(rule.address, to.address)


def _of_schedules(estate: Estate) -> Iterator[Arrow]:
    """A schedule to what it calls: by its ARN or, where it calls AWS's own API, by the name in its input."""
    for schedule in estate.of_type("aws_scheduler_schedule"):
        called = schedule.at("target.arn")
        if not any(drawn(arn, estate) for arn in called):
            called = [text for given in schedule.at("target.input") for text in strings(json.loads(given))]
        yield from (Arrow(schedule.address, to.address) for text in called if (to := drawn(text, estate)))


def _of_mappings(estate: Estate) -> Iterator[Arrow]:
    for mapping in estate.of_type("aws_lambda_event_source_mapping"):
        source, to = drawn(mapping.values["event_source_arn"], estate), drawn(mapping.values["function_name"], estate)
        if source and to:
            yield Arrow(source.address, to.address)


def _of_roles(estate: Estate) -> Iterator[Arrow]:
    """What the role of each function, job and state machine may read and write."""
    for actor in (one for kind in ROLES for one in estate.of_type(kind)):
        role = estate.named(actor.values[ROLES[actor.type]], "aws_iam_role")
        for statement in _statements(role, estate) if role else ():
            actions = [one for one in _listed(statement["Action"]) if not MOVES_NOTHING.search(one)]
            touched = [one for arn in _listed(statement["Resource"]) if (one := drawn(arn, estate))]
            for one in touched if statement["Effect"] == "Allow" else ():
                data = DRAWN[one.type] in HOLD_DATA
                if any(READS.search(action) for action in actions):
                    yield Arrow(one.address, actor.address, data=data)
                if any(not READS.search(action) for action in actions):
                    yield Arrow(actor.address, one.address, data=data)


def _of_failures(estate: Estate) -> Iterator[Arrow]:
    for queue in estate.of_type("aws_sqs_queue"):
        if queue.values.get("redrive_policy"):
            letters = drawn(json.loads(queue.values["redrive_policy"])["deadLetterTargetArn"], estate)
            if letters:
                yield Arrow(queue.address, letters.address, aside=True)
    for function in estate.of_type("aws_lambda_function"):
        for arn in function.at("dead_letter_config.target_arn"):
            if letters := drawn(arn, estate):
                yield Arrow(function.address, letters.address, aside=True)


def _of_copies(estate: Estate) -> Iterator[Arrow]:
    for replication in estate.of_type("aws_s3_bucket_replication_configuration"):
        source = drawn(replication.values["bucket"], estate)
        for arn in replication.at("rule.destination.bucket"):
            if source and (to := drawn(arn, estate)):
                yield Arrow(source.address, to.address, "copies", data=True)


def strings(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from strings(entry)


def short_name(resource: Resource, estate: Estate) -> str:
    """Its name without what every name of the estate has in common."""
    names = (resource.values.get(name) for name in ("function_name", "bucket", "name"))
    name = next((one for one in names if one), resource.key)
    return re.sub(r"-\d{12}$", "", name).split(f"-{estate.environment}-", 1)[-1]


def _statements(role: Resource, estate: Estate) -> Iterator[dict[str, Any]]:
    own = [
        one
        for one in estate.of_type("aws_iam_role_policy")
        if one.values["role"] in (role.values["id"], role.values["arn"])
    ]
    for policy in {*(one.values["policy"] for one in own), *role.at("inline_policy.policy")}:
        yield from json.loads(policy)["Statement"]


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
