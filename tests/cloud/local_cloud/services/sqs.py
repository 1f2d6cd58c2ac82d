"""SQS: attributes of a queue as they are read back."""

import json
from collections.abc import Callable
from typing import Any

from moto.sqs.models import Queue, SQSBackend

from tests.cloud.local_cloud.registry import changes

REDRIVE_ALLOW = "RedriveAllowPolicy"


@changes(
    Queue,
    "_set_attributes",
    expected="setting one attribute leaves the policy of the queue as it is",
    moto="forgets the policy whenever another attribute is set",
)
def keep_policy(
    original: Callable[..., None], self: Queue, attributes: dict[str, Any], now: float | None = None
) -> None:
    policy = getattr(self, "policy", None)
    original(self, attributes, now)
    if "Policy" not in attributes:
        self.policy = policy


@changes(
    SQSBackend,
    "get_queue_attributes",
    expected="Terraform waits until both redrive policies read as they were written, without blanks",
    moto="puts blanks into the redrive policy, and does not know the redrive-allow policy",
)
def read_back(
    original: Callable[..., dict[str, Any]], self: SQSBackend, queue_name: str, attribute_names: list[str]
) -> dict[str, Any]:
    attributes = original(self, queue_name, [name for name in attribute_names if name != REDRIVE_ALLOW])
    if attributes.get("RedrivePolicy"):
        attributes["RedrivePolicy"] = json.dumps(json.loads(attributes["RedrivePolicy"]), separators=(",", ":"))
    allowed = getattr(self.get_queue(queue_name), "redrive_allow_policy", None)
    if allowed and {REDRIVE_ALLOW, "All"} & set(attribute_names):
        attributes[REDRIVE_ALLOW] = allowed
    return attributes
