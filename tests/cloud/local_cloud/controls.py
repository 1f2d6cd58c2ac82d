"""What only the local cloud has: a test sets its clock, plants faults, fires schedules, asks whether it is at rest."""

import json
from collections.abc import Callable, Sized
from typing import Any

from flask import Flask, Response, request
from moto.awslambda.models import lambda_backends
from moto.core.base_backend import BackendDict
from moto.scheduler.models import scheduler_backends
from moto.sqs.models import sqs_backends
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from tests.cloud.local_cloud.clock import CLOCK
from tests.cloud.local_cloud.runtimes.deliveries import deliver
from tests.cloud.local_cloud.runtimes.faults import FAULTS
from tests.cloud.local_cloud.runtimes.work import going_on
from tests.cloud.local_cloud.turns import TURN

PREFIX = "/local-cloud/"


def controls() -> Flask:
    """The application that answers below PREFIX: JSON in, JSON out."""
    application = Flask(__name__)
    for operation in (set_clock, plant_faults, fire, at_work):
        application.add_url_rule(
            f"{PREFIX}{operation.__name__}", operation.__name__, _answering(operation), methods=["POST"]
        )
    return application


def set_clock(asked: dict[str, Any]) -> dict[str, Any]:
    """How many seconds are waited for one of AWS."""
    CLOCK.scale = float(asked["scale"])
    return {"scale": CLOCK.scale}


def plant_faults(asked: dict[str, Any]) -> dict[str, Any]:
    """How the next calls of a function or a job end, see `Faults`; what is left of all that was planted."""
    if "name" in asked:
        FAULTS.plant(asked["name"], asked["faults"])
    return FAULTS.left()


def fire(asked: dict[str, Any]) -> dict[str, Any]:
    """Do what a schedule of that name does when its time comes."""
    with TURN:
        found = [
            (account, schedule)
            for account, backend in _backends(scheduler_backends)
            for group in backend.schedule_groups.values()
            for schedule in group.schedules.values()
            if schedule.name == asked["name"] and schedule.state == "ENABLED"
        ]
    for account, schedule in found:
        deliver(schedule.target["Arn"], schedule.target.get("Input", "{}"), account)
    return {"fired": len(found)}


def at_work(asked: dict[str, Any]) -> dict[str, Any]:
    """What is going on: calls, runs of jobs and state machines, and messages that a function is still to be given."""
    del asked
    with TURN:
        waiting = {f"messages in {name}": len(messages) for name, messages in _mapped_queues()}
        running = sum(
            execution.status == "RUNNING"
            for _, backend in _backends(stepfunctions_parser_backends)
            for machine in backend.state_machines
            for execution in machine.executions
        )
    counted = going_on() | waiting | {"execution": running}
    return {kind: count for kind, count in counted.items() if count}


def _mapped_queues() -> list[tuple[str, Sized]]:
    """Queues that are polled for functions, and all messages in them, hidden ones too."""
    mapped = {
        (account, backend.region_name, mapping.event_source_arn.rsplit(":", 1)[-1])
        for account, backend in _backends(lambda_backends)
        for mapping in backend._event_source_mappings.values()  # noqa: SLF001 - no other way in
    }
    return [
        (name, sqs_backends[account][region].queues[name]._messages)  # noqa: SLF001 - no other way in
        for account, region, name in mapped
        if name in sqs_backends[account][region].queues
    ]


def _backends(service: BackendDict[Any]) -> list[tuple[str, Any]]:
    return [(account, backend) for account, regions in list(service.items()) for backend in list(regions.values())]


def _answering(operation: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[], Response]:
    def answer() -> Response:
        return Response(json.dumps(operation(request.get_json(force=True))), mimetype="application/json")

    return answer
