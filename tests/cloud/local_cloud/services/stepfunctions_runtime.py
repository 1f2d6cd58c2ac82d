"""Step Functions: executions run, as far as moto's interpreter needs help."""

import json
from collections.abc import Callable
from typing import Any

from botocore.response import StreamingBody
from moto.events.models import events_backends
from moto.stepfunctions.parser.asl.component.common.retry.jitter_strategy_decl import JitterStrategyDecl
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import ResourceCondition
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (
    StateTaskServiceAwsSdk,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_glue import (
    StateTaskServiceGlue,
)
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication

from tests.cloud.local_cloud.clock import CLOCK
from tests.cloud.local_cloud.registry import changes
from tests.cloud.local_cloud.runtimes.work import in_background
from tests.cloud.local_cloud.turns import TURN

Original = Callable[..., None]


@changes(
    StateTaskServiceGlue,
    "__init__",
    expected="a state waits for the run of a job (.sync)",
    moto="forgets to make what it interrupts when the run has ended, and fails there",
)
def wait_for_runs(original: Original, self: StateTaskServiceGlue) -> None:
    original(self)
    vars(self)["_supported_integration_patterns"] = {ResourceCondition.Sync, ResourceCondition.WaitForTaskToken}


@changes(
    StateTaskServiceAwsSdk,
    "_eval_service_task",
    expected="an object is put from JSON, and a text that is got can be read by the states that follow",
    moto="sends JSON as no client can, and hands on a stream",
)
def exchange_bodies(
    original: Original,
    self: StateTaskServiceAwsSdk,
    env: Environment,
    resource_runtime_part: object,
    normalised_parameters: dict[str, Any],
    *credentials: object,
    **named: object,
) -> None:
    if isinstance(normalised_parameters.get("Body"), dict | list):
        normalised_parameters["Body"] = json.dumps(normalised_parameters["Body"], separators=(",", ":"))
    original(self, env, resource_runtime_part, normalised_parameters, *credentials, **named)
    answer = env.stack[-1]
    for name, value in answer.items() if isinstance(answer, dict) else ():
        if isinstance(value, StreamingBody):
            answer[name] = value.read().decode()


@changes(
    JitterStrategyDecl,
    "_eval_body",
    expected="a retry waits as long as the definition says, in the time of the local cloud",
    moto="knows real time only",
)
def retry_in_scaled_time(original: Original, self: JitterStrategyDecl, env: Environment) -> None:
    original(self, env)
    env.stack.append(CLOCK.scaled(float(env.stack.pop())))


@changes(
    WaitFunction,
    "_wait_interval",
    expected="a state waits as long as the definition says, in the time of the local cloud",
    moto="knows real time only, and whole seconds",
)
def wait_in_scaled_time(original: Original, self: WaitFunction, env: Environment, wait_seconds: float) -> None:
    del original, self
    env.program_state_event.wait(CLOCK.scaled(wait_seconds))


@changes(
    BaseExecutionWorkerCommunication,
    "terminated",
    expected="the end of an execution is an event that rules can send on",
    moto="tells nobody",
)
def tell_the_end(original: Original, self: BaseExecutionWorkerCommunication) -> None:
    original(self)
    execution = self.execution
    ended: Any = execution.stop_date
    detail = {
        "executionArn": execution.exec_arn,
        "name": execution.name,
        "stateMachineArn": execution.state_machine_arn,
        "status": execution.status,
        "startDate": int(execution.start_date.timestamp() * 1000),
        "stopDate": int(ended.timestamp() * 1000),
        "input": execution.execution_input,
    }
    event = {
        "Source": "aws.states",
        "DetailType": "Step Functions Execution Status Change",
        "Resources": [execution.exec_arn],
        "Detail": json.dumps(detail),
    }

    def put() -> None:
        with TURN:
            events_backends[execution.account_id][execution.region_name].put_events([event])

    in_background("event of an execution", put)
