"""EventBridge: events go to every kind of target that is deployed, after the request that made them."""

import copy
import json
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from moto.events.models import Rule
from moto.events.utils import EventTemplateParser

from tests.cloud.local_cloud.registry import changes
from tests.cloud.local_cloud.runtimes.deliveries import deliver
from tests.cloud.local_cloud.runtimes.work import LOGGER, in_background

OWN_TARGETS = {"lambda", "sqs", "sns", "states"}
Event = Any
"""An event as moto has it, and as it is sent on."""


@changes(
    Rule,
    "send_to_targets",
    expected="functions, topics and state machines are targets too; a disabled rule sends nothing; events have ids",
    moto="fails at these targets, sends to queues only, and gives every event one id",
)
def send_to_targets(
    original: Callable[..., None], self: Rule, original_event: Event, transform_input: bool = True
) -> None:
    if self.state != "ENABLED" or not self.event_pattern.matches_event(original_event):
        return
    event = {**copy.deepcopy(original_event), "id": str(uuid.uuid4()), "time": _time(original_event)}
    for target in list(self.targets):
        if target["Arn"].split(":")[2] in OWN_TARGETS:
            body = _input(target, event)
            in_background("delivery", partial(_deliver, target, body, self.account_id))
        else:
            one = copy.copy(self)
            one.targets = [target]
            original(one, original_event, transform_input)


def _deliver(target: Mapping[str, Any], body: str, account: str) -> None:
    """Give the event to the target, or else to the target's dead letters."""
    try:
        deliver(target["Arn"], body, account)
    except Exception:
        dead_letters = target.get("DeadLetterConfig", {}).get("Arn")
        LOGGER.exception("an event did not reach its target")
        if dead_letters:
            deliver(dead_letters, body, account)


def _input(target: Mapping[str, Any], event: Event) -> str:
    if "Input" in target:
        return str(target["Input"])
    if transformer := target.get("InputTransformer"):
        filled = EventTemplateParser.parse(transformer["InputTemplate"], transformer.get("InputPathsMap", {}), event)
        return json.dumps(filled)
    return json.dumps(event)


def _time(event: Event) -> str:
    time = event.get("time")
    moment = datetime.fromtimestamp(float(time), UTC) if isinstance(time, int | float) else datetime.now(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
