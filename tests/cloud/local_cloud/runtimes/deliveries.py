"""Events that nobody waits for, and where they go: a queue, a topic, a state machine, or a function.

A function is called, called again where it fails, and then the event is set aside as its settings say.
"""

import json
import uuid
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import boto3
from moto import settings
from moto.awslambda.models import LambdaFunction, lambda_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from tests.cloud.local_cloud.clock import CLOCK
from tests.cloud.local_cloud.memory import noted
from tests.cloud.local_cloud.runtimes import functions
from tests.cloud.local_cloud.runtimes.lambda_workers import Outcome
from tests.cloud.local_cloud.runtimes.work import in_background
from tests.cloud.local_cloud.turns import TURN

RETRY_SECONDS = (60, 120)
"""Lambda's own waits before it calls again."""
RETRIES = 2
NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})
UNIVERSAL = "aws-sdk"
"""Of a schedule's target that is any operation: `arn:aws:scheduler:::aws-sdk:glue:startJobRun`."""


class NoSuchTargetError(Exception):
    """Raised when an event is for what the local cloud does not deliver to."""


def deliver(arn: str, body: str, account: str, attributes: Mapping[str, str] = NO_ATTRIBUTES) -> None:
    """Give an event to a target; a queue takes attributes beside it.

    Raises:
        NoSuchTargetError: it is of a kind that is not delivered to here.
    """
    _, _, service, region, _, *resource = arn.split(":")
    if service == "lambda":
        with TURN:
            function = lambda_backends[account][region].get_function(arn)
        invoke_later(function, json.loads(body))
    elif service == "sqs":
        with TURN:
            sqs_backends[account][region].send_message(
                queue_name=resource[-1],
                message_body=body,
                message_attributes={
                    name: {"data_type": "String", "string_value": value} for name, value in attributes.items()
                },
            )
    elif service == "sns":
        with TURN:
            sns_backends[account][region].publish(arn=arn, message=body)
    elif service == "states":
        with TURN:
            stepfunctions_parser_backends[account][region].start_execution(
                arn, name=str(uuid.uuid4()), execution_input=body
            )
    elif service == "scheduler" and resource[0] == UNIVERSAL:
        _call(resource[1], resource[2], json.loads(body))
    else:
        raise NoSuchTargetError(f"events for {service} are not delivered; cure: add it to {__name__}.deliver")


def invoke_later(function: LambdaFunction, event: Any) -> None:  # noqa: ANN401 - an event is any JSON
    """Call the function in the background."""
    in_background("event", lambda: _invoke(function, event))


def _invoke(function: LambdaFunction, event: Any) -> None:  # noqa: ANN401
    outcome = functions.run(function, event)
    for seconds in RETRY_SECONDS[: _settings(function).get("MaximumRetryAttempts", RETRIES)]:
        if outcome.error is None:
            return
        CLOCK.wait(seconds)
        outcome = functions.run(function, event)
    if outcome.error is not None:
        _set_aside(function, event, outcome)


def _settings(function: LambdaFunction) -> dict[str, Any]:
    """How the function's events are treated; moto keeps it with the unpublished version."""
    with TURN:
        backend = lambda_backends[function.account_id][function.region]
        given = backend.get_function(function.function_name).event_invoke_config
        return dict(given[-1].config) if given else {}


def _set_aside(function: LambdaFunction, event: Any, outcome: Outcome) -> None:  # noqa: ANN401
    """Give the event to the destination of failures, in its envelope, and to the dead letters, as it is."""
    on_failure = (_settings(function).get("DestinationConfig") or {}).get("OnFailure", {})
    if destination := on_failure.get("Destination"):
        context = {"functionArn": function.function_arn, "condition": "RetriesExhausted"}
        envelope = {"requestContext": context, "requestPayload": event, "responsePayload": outcome.error}
        deliver(destination, json.dumps(envelope), function.account_id)
    if dead_letters := noted(function, "settings", {}).get("DeadLetterConfig", {}).get("TargetArn"):
        error = outcome.error or {}
        said = {"ErrorCode": "200", "ErrorMessage": str(error.get("errorMessage", ""))[:1000] or "none"}
        deliver(dead_letters, json.dumps(event), function.account_id, said)


def _call(service: str, operation: str, parameters: dict[str, Any]) -> None:
    """Call any operation of this cloud: `startJobRun` of `glue`."""
    url = f"http://127.0.0.1:{settings.moto_server_port()}"
    client: Any = boto3.client(
        service,  # type: ignore[call-overload]
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - moto takes any
    )
    name = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in operation)
    getattr(client, name)(**parameters)
