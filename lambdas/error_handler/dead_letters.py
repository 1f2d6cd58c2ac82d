"""Dead letters: runs that were given up are put there, and SQS moves them back to their queue when a person says so."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from expectations.errors import ArgumentError
from lambdas.common.failures import ServiceError, told
from lambdas.error_handler.run_notes import GivenUpRun

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

GIVEN_UP = "run_given_up"
FAILURES = "failures"
"""The queue that the error handler reads: a run that is given up waits among its dead letters."""

_GOING = frozenset({"RUNNING", "CANCELLING"})
_LOOKS = 30


@dataclass(frozen=True)
class Moved:
    """What became of a queue's dead letters. SQS counts about, and up to a minute late."""

    queue: str
    dead_letters_before: int
    dead_letters_after: int
    queue_before: int
    queue_after: int
    moved: int
    status: str


def given_up_run_in(body: str) -> str:
    """The run that a message is about; empty where it is another message."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    is_ours = isinstance(message, dict) and message.get("event_type") == GIVEN_UP
    return str(message.get("run", "")) if is_ours else ""


class DeadLetters:
    """Queues by their short names, `landing`, each with the queue of its dead letters; both are given by ARN."""

    def __init__(
        self,
        client: "SQSClient",
        queues: Mapping[str, str],
        dead_letters: Mapping[str, str],
        sleep: Callable[[float], None],
    ) -> None:
        self._client, self._queues, self._dead_letters, self._sleep = client, queues, dead_letters, sleep

    def add(self, run: GivenUpRun) -> None:
        """Let a run that was given up wait among the dead letters: moved back, it is started again."""
        message = {"version": "1", "event_type": GIVEN_UP, "run": run.run, "job_id": run.job_id}
        with _told():
            self._client.send_message(QueueUrl=self._url(self._dead_letters[FAILURES]), MessageBody=json.dumps(message))

    def check(self, queue: str) -> None:
        """Raise ArgumentError where there is no such queue."""
        if queue not in self._queues or queue not in self._dead_letters:
            known = ", ".join(sorted(set(self._queues) & set(self._dead_letters)))
            raise ArgumentError(f"no queue of this name; expected one of {known}; cure: correct QUEUE")

    def waiting(self, queue: str) -> int:
        """How many dead letters a queue has, about."""
        return self._count(self._dead_letters[queue])

    def is_moving(self, queue: str) -> bool:
        """Whether SQS is moving a queue's dead letters at this moment."""
        return str(self._last_move(queue).get("Status")) in _GOING

    def move(self, queue: str) -> Moved:
        """Have SQS move a queue's dead letters back, and look on for a while: a long move goes on by itself."""
        source, target = self._dead_letters[queue], self._queues[queue]
        before, queue_before = self._count(source), self._count(target)
        # the target is named: SQS does not know where a letter comes from that a service put there itself
        with _told():
            self._client.start_message_move_task(SourceArn=source, DestinationArn=target)
        move = self._last_move(queue)
        for _ in range(_LOOKS):
            if str(move.get("Status")) not in _GOING:
                break
            self._sleep(2)
            move = self._last_move(queue)
        status = str(move.get("Status", "UNKNOWN"))
        if status == "FAILED":
            raise ServiceError("SQS could not move the letters; expected it to; cure: aws sqs list-message-move-tasks")
        moved = int(move.get("ApproximateNumberOfMessagesMoved", 0))
        return Moved(queue, before, self._count(source), queue_before, self._count(target), moved, status)

    def _last_move(self, queue: str) -> Mapping[str, Any]:
        with _told():
            found = self._client.list_message_move_tasks(SourceArn=self._dead_letters[queue], MaxResults=1)
        moves = found.get("Results", [])
        return moves[0] if moves else {}

    def _count(self, arn: str) -> int:
        with _told():
            found = self._client.get_queue_attributes(
                QueueUrl=self._url(arn), AttributeNames=["ApproximateNumberOfMessages"]
            )
        return int(found["Attributes"]["ApproximateNumberOfMessages"])

    def _url(self, arn: str) -> str:
        with _told():
            return self._client.get_queue_url(QueueName=arn.rsplit(":", 1)[-1])["QueueUrl"]


@contextmanager
def _told() -> Iterator[None]:
    """Errors of AWS as ours."""
    try:
        yield
    except Exception as error:
        raise told(error) from None
