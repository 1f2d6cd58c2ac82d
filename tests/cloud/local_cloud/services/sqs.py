"""SQS: attributes of a queue as they are read back, and dead letters that are moved back."""

import json
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import unix_time_millis
from moto.moto_api._internal import mock_random
from moto.sqs.exceptions import SQSException
from moto.sqs.models import Queue, SQSBackend
from moto.sqs.responses import SQSResponse

from tests.cloud.local_cloud.memory import kept_on
from tests.cloud.local_cloud.registry import adds, changes

REDRIVE_ALLOW = "RedriveAllowPolicy"
MOVES = "message_moves"


class NoDeadLettersError(SQSException):
    """Raised when letters are to be moved out of a queue that is no queue of dead letters."""

    code = "InvalidParameterValue"

    def __init__(self) -> None:
        super().__init__("Source queue must be configured as a Dead Letter Queue.")


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


@adds(SQSResponse, expected="dead letters are moved back to a queue, where they are new messages")
def start_message_move_task(self: SQSResponse) -> ActionResult:
    source = _queue(self, "SourceArn")
    sources = self.sqs_backend.list_dead_letter_source_queues(source.name)
    if not sources:
        raise NoDeadLettersError
    target = _queue(self, "DestinationArn") if self._get_param("DestinationArn") else sources[0]
    letters = [message for message in source.messages if message.visible]
    for letter in letters:
        letter.id, letter.approximate_receive_count = str(mock_random.uuid4()), 0
        # moto moves dead letters so itself; its add_message would try to run the queue's function first
        source._messages.remove(letter)  # noqa: SLF001
        target._messages.append(letter)  # noqa: SLF001
    handle = str(mock_random.uuid4())
    kept_on(self.sqs_backend, MOVES)[handle] = {
        "SourceArn": source.queue_arn,
        "DestinationArn": target.queue_arn,
        "Status": "COMPLETED",
        "ApproximateNumberOfMessagesMoved": len(letters),
        "ApproximateNumberOfMessagesToMove": len(letters),
        "StartedTimestamp": int(unix_time_millis()),
    }
    return ActionResult({"TaskHandle": handle})


@adds(SQSResponse, expected="who moves dead letters looks how far it is")
def list_message_move_tasks(self: SQSResponse) -> ActionResult:
    arn, most = _queue(self, "SourceArn").queue_arn, int(self._get_param("MaxResults") or 1)
    moves = [move for move in kept_on(self.sqs_backend, MOVES).values() if move["SourceArn"] == arn]
    return ActionResult({"Results": moves[::-1][:most]})


def _queue(response: SQSResponse, parameter: str) -> Queue:
    return response.sqs_backend.get_queue(response._get_param(parameter).rsplit(":", 1)[-1])  # noqa: SLF001
