"""What the state machine sends to the functions is what they take, and what it reads of their answers is there."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from lambdas.data_validation.judged_file import ValidationAnswer, ValidationRequest
from lambdas.error_handler.failure_events import StageFailure
from lambdas.post_processing.finished_run import FinishedRun
from lambdas.s3_event_trigger.batches import RunSizing, execution_input, manifest_of
from tests.unit.lambdas.test_s3_event_trigger import waiting

ASL = Path(__file__).resolve().parents[2] / "terraform" / "state_machines" / "claims_pipeline.asl.json"
MODELS: dict[str, type[BaseModel]] = {
    "data_validation": ValidationRequest,
    "error_handler": StageFailure,
    "post_processing": FinishedRun,
}
ANSWERS = {
    "data_validation": set(ValidationAnswer.model_fields),
    "error_handler": {"action", "wait_seconds", "category"},
    "post_processing": set[str](),
}
NOT_READ = {"data_validation": {"file"}, "error_handler": set[str](), "post_processing": {"files"}}

pytestmark = pytest.mark.skipif(not ASL.is_file(), reason="the state machine is not in this checkout")


def states(definition: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, state in definition["States"].items():
        yield name, state
        if inner := state.get("ItemProcessor"):
            yield from states(inner)


def calls() -> list[tuple[str, str, dict[str, Any]]]:
    found = []
    for name, state in states(json.loads(ASL.read_text()) if ASL.is_file() else {"States": {}}):
        function = str(state.get("Parameters", {}).get("FunctionName", ""))
        if function:
            found.append((name, function.strip("${}").removesuffix("_arn"), state))
    return found


@pytest.mark.parametrize(("name", "function", "state"), calls(), ids=[name for name, _, _ in calls()])
def test_a_call_has_what_its_function_asks_for_and_nothing_that_it_does_not_know(
    name: str, function: str, state: dict[str, Any]
) -> None:
    assert name
    sent = {key.removesuffix(".$") for key in state["Parameters"]["Payload"]}
    fields = MODELS[function].model_fields
    required = {field for field, about in fields.items() if about.is_required()}
    assert required <= sent
    assert sent - set(fields) <= NOT_READ[function]


@pytest.mark.parametrize(("name", "function", "state"), calls(), ids=[name for name, _, _ in calls()])
def test_what_is_read_of_an_answer_is_in_it(name: str, function: str, state: dict[str, Any]) -> None:
    assert name
    read = {str(path).removeprefix("$.Payload.") for path in state.get("ResultSelector", {}).values()}
    assert read <= ANSWERS[function]


def test_a_run_is_started_with_what_the_state_machine_reads() -> None:
    text = ASL.read_text()
    request = execution_input(
        "claims-etl-20240101-120000-1234", "s3://temp/manifests/m.json", [waiting(1)], RunSizing(1, 9)
    )
    for name in request:
        assert f"$.{name}" in text
    manifest = json.loads(manifest_of([waiting(1)]).content)
    assert "$.read.content.objects" in text
    assert {"bucket", "key"} <= set(manifest["objects"][0])


def test_a_run_that_is_taken_up_at_its_end_has_what_the_last_step_reads() -> None:
    machine = json.loads(ASL.read_text())["States"]
    taken_up = machine["ResumeFinish"]
    assert taken_up["Next"] == "FinishRun"
    given = {key.removesuffix(".$") for key in taken_up["Parameters"]}
    read = {str(path) for path in machine["FinishRun"]["Parameters"]["Payload"].values()}
    assert {path.removeprefix("$.") for path in read if not path.startswith("$$")} <= given
    # and what the failure of that step asks for
    failed = {str(path) for path in machine["HandleFailure"]["Parameters"]["Payload"].values()}
    asked = {path.removeprefix("$.").split(".")[0] for path in failed if not path.startswith("$$")}
    assert asked - {"stage", "error"} <= given
    (choice,) = [one for one in machine["FilesGiven"]["Choices"] if one["Next"] == "ResumeFinish"]
    assert choice["And"][1]["StringEquals"] == "finish"
