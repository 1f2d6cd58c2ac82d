"""Lambda: functions run, from what was deployed."""

import base64
import json
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

from moto.awslambda.models import EventSourceMapping, LambdaBackend, LambdaFunction
from moto.sqs.models import sqs_backends

from tests.cloud.local_cloud.registry import changes
from tests.cloud.local_cloud.runtimes import functions
from tests.cloud.local_cloud.runtimes.deliveries import invoke_later

TAIL_BYTES = 4096
"""Of the log that an answer has with it."""


@changes(
    LambdaFunction,
    "invoke",
    expected="a function runs its deployed code, and fails as Lambda tells it; an event is taken, and runs afterwards",
    moto="starts a container where it may, and otherwise answers a constant",
)
def invoke(
    original: Callable[..., Any],
    self: LambdaFunction,
    body: str | bytes,
    request_headers: Mapping[str, str],
    response_headers: MutableMapping[str, str],
) -> bytes:
    del original
    event = json.loads(body or "{}")
    # who calls without headers is another service, which gives an event and does not wait
    kind = request_headers.get("x-amz-invocation-type", "RequestResponse") if request_headers else "Event"
    if kind == "DryRun":
        return b""
    if kind == "Event":
        invoke_later(self, event)
        return b""
    outcome = functions.run(self, event)
    if outcome.error is not None:
        response_headers["x-amz-function-error"] = "Unhandled"
    tail = outcome.printed.encode()[-TAIL_BYTES:]
    response_headers["x-amz-log-result"] = base64.b64encode(tail).decode()
    return functions.payload(outcome).encode()


@changes(
    LambdaBackend,
    "create_event_source_mapping",
    expected="a queue that is mapped to a function is polled",
    moto="calls the function while a message is being sent, message by message",
)
def poll_instead(
    original: Callable[..., EventSourceMapping], self: LambdaBackend, spec: dict[str, Any]
) -> EventSourceMapping:
    mapping = original(self, spec)
    for queue in sqs_backends[self.account_id][self.region_name].queues.values():
        queue.lambda_event_source_mappings.clear()
    return mapping
