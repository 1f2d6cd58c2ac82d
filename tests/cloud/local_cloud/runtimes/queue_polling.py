"""Queues are polled for the functions that are mapped to them, as Lambda does it.

Messages are received in batches, and deleted where the function took them. Those that it did not take are visible again
when the queue's visibility time-out is over, and go to the dead letters after as many receives as the queue allows.
"""

import json
import time
from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from threading import Semaphore, Thread
from typing import Any

from moto.awslambda.models import EventSourceMapping, LambdaBackend, lambda_backends
from moto.sqs.exceptions import ReceiptHandleIsInvalid
from moto.sqs.models import Message, SQSBackend, sqs_backends

from tests.cloud.local_cloud.clock import CLOCK
from tests.cloud.local_cloud.runtimes import functions
from tests.cloud.local_cloud.runtimes.lambda_workers import Outcome
from tests.cloud.local_cloud.runtimes.work import LOGGER, in_background
from tests.cloud.local_cloud.turns import TURN

PAUSE_SECONDS = 0.1
BATCHES_AT_ONCE = 2
"""Of one mapping; Lambda begins with five and grows, the mapping's own maximum permitting."""
PARTIAL = "ReportBatchItemFailures"


class Poller:
    """The poller of all mappings of this server."""

    def __init__(self) -> None:
        self.places: dict[str, Semaphore] = defaultdict(lambda: Semaphore(BATCHES_AT_ONCE))

    def start(self) -> None:
        """Poll from now on."""
        Thread(target=self._poll, daemon=True, name="poller").start()

    def _poll(self) -> None:
        while True:
            time.sleep(PAUSE_SECONDS)
            try:
                self.look()
            except Exception:
                LOGGER.exception("polling failed")

    def look(self) -> None:
        """Look once into every queue that is mapped, and begin a batch where messages are."""
        for backend, mapping in _mappings():
            place = self.places[mapping.uuid]
            if not place.acquire(blocking=False):
                continue
            queue = mapping.event_source_arn.split(":")[-1]
            messages = _receive(_sqs(backend), queue, int(mapping.batch_size))
            if messages:
                in_background("batch", partial(_run_batch, backend, mapping, messages, place))
            else:
                place.release()


def _mappings() -> list[tuple[LambdaBackend, EventSourceMapping]]:
    with TURN:
        return [
            (backend, mapping)
            for regions in list(lambda_backends.values())
            for backend in list(regions.values())
            for mapping in list(backend._event_source_mappings.values())  # noqa: SLF001 - no other way in
            if mapping.enabled and ":sqs:" in mapping.event_source_arn
        ]


def _sqs(backend: LambdaBackend) -> SQSBackend:
    found: SQSBackend = sqs_backends[backend.account_id][backend.region_name]
    return found


def _receive(sqs: SQSBackend, queue: str, count: int) -> list[Message]:
    with TURN:
        if queue not in sqs.queues or count < 1:
            return []
        return list(sqs.receive_message(queue, count, 0, int(_hidden_seconds(sqs, queue))))


def _hidden_seconds(sqs: SQSBackend, queue: str) -> float:
    kept: Any = sqs.queues[queue]  # its attributes are set by name
    return float(kept.visibility_timeout)


def _run_batch(backend: LambdaBackend, mapping: EventSourceMapping, messages: list[Message], place: Semaphore) -> None:
    try:
        sqs, queue = _sqs(backend), mapping.event_source_arn.split(":")[-1]
        messages += _gather(sqs, queue, mapping, len(messages))
        with TURN:
            function = backend.get_function(str(mapping.function_name))
        outcome = functions.run(function, {"Records": [_record(message, mapping) for message in messages]})
        failed = failed_ids(outcome, [message.id for message in messages], mapping.function_response_types or [])
        for message in messages:
            _settle(sqs, queue, message, is_taken=message.id not in failed)
    finally:
        place.release()


def _gather(sqs: SQSBackend, queue: str, mapping: EventSourceMapping, have: int) -> list[Message]:
    """What else comes within the batching window, until the batch is full."""
    end = time.monotonic() + CLOCK.scaled(float(mapping.max_batch_window or 0))
    gathered: list[Message] = []
    while have + len(gathered) < mapping.batch_size and time.monotonic() < end:
        gathered += _receive(sqs, queue, mapping.batch_size - have - len(gathered))
        time.sleep(PAUSE_SECONDS)
    return gathered


def failed_ids(outcome: Outcome, sent: Sequence[str], response_types: Sequence[str]) -> set[str]:
    """The messages that the function did not take: all, where it failed or names what it was not sent."""
    if outcome.error is not None:
        return set(sent)
    answer = json.loads(outcome.result or "null")
    if PARTIAL not in response_types or not answer:
        return set()
    failures = answer.get("batchItemFailures") or [] if isinstance(answer, dict) else [{}]
    named = {str(failure.get("itemIdentifier", "")) for failure in failures}
    return named if named <= set(sent) else set(sent)


def _settle(sqs: SQSBackend, queue: str, message: Message, *, is_taken: bool) -> None:
    """Delete the message; one that was not taken comes back as after the queue's visibility time-out."""
    with TURN:
        if queue not in sqs.queues:
            return
        try:
            if is_taken:
                sqs.delete_message(queue, str(message.receipt_handle))
                return
            hidden: Any = CLOCK.scaled(_hidden_seconds(sqs, queue))  # not in whole seconds
            for kept in sqs.queues[queue]._messages:  # noqa: SLF001 - its operation takes whole seconds
                if kept.had_receipt_handle(str(message.receipt_handle)):
                    kept.change_visibility(hidden)
        except ReceiptHandleIsInvalid:
            LOGGER.warning("a message of %s was gone before its batch ended", queue)


def _record(message: Message, mapping: EventSourceMapping) -> dict[str, Any]:
    """A message as a function is given it."""
    attributes = {
        "ApproximateReceiveCount": str(message.approximate_receive_count),
        "SentTimestamp": str(message.sent_timestamp),
        "ApproximateFirstReceiveTimestamp": str(message.approximate_first_receive_timestamp),
    }
    return {
        "messageId": message.id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": attributes,
        "messageAttributes": {
            name: {"stringValue": value.get("string_value"), "dataType": value.get("data_type")}
            for name, value in message.message_attributes.items()
        },
        "md5OfBody": message.body_md5,
        "eventSource": "aws:sqs",
        "eventSourceARN": mapping.event_source_arn,
        "awsRegion": mapping.region,
    }
