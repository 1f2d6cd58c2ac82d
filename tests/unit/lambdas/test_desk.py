"""The desk asks the deployed handler: here the real one, called and answering as Lambda does."""

import contextlib
import io
import json
from types import ModuleType
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, NoCredentialsError, ReadTimeoutError
from typer.testing import CliRunner

from lambdas.desk.__main__ import app
from tests.unit.lambdas.conftest import Cloud, Pipeline
from tests.unit.lambdas.test_error_handler import quarantined
from tests.unit.lambdas.test_redrive import JOB, RUN, give_up

DECISION = ("--by", "a.smith", "--why", "The sender confirmed.")


class Invoked:
    """Lambda's client, in front of a handler of this process."""

    def __init__(self, handler: ModuleType, context: object) -> None:
        self._handler, self._context = handler, context
        self.calls: list[tuple[str, str]] = []

    def invoke(self, **asked: Any) -> dict[str, Any]:  # noqa: ANN401 - boto3's own
        self.calls.append((asked["FunctionName"], asked["Qualifier"]))
        try:
            with contextlib.redirect_stdout(io.StringIO()):  # what a function prints goes to its log
                answer = self._handler.handle(json.loads(asked["Payload"]), self._context)
        except Exception as error:
            told = {"errorType": type(error).__name__, "errorMessage": str(error), "stackTrace": ["Jane Doe"]}
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(json.dumps(told).encode())}
        return {"Payload": io.BytesIO(json.dumps(answer).encode())}


@pytest.fixture
def deployed(handler: ModuleType, context: object, monkeypatch: pytest.MonkeyPatch) -> Invoked:
    client = Invoked(handler, context)
    monkeypatch.setattr(boto3, "client", lambda name, **others: client)
    return client


def said(*arguments: str, code: int = 0) -> str:
    found = CliRunner().invoke(app, list(arguments))
    assert found.exit_code == code, found.output
    return found.output


def test_what_waits_is_listed_until_somebody_decides(
    deployed: Invoked, handler: ModuleType, cloud: Cloud, context: object
) -> None:
    file_id = quarantined(handler, cloud, context)
    shown = said("review", "--env", "staging")
    assert deployed.calls == [("healthcare-claims-staging-error-handler", "live")]
    assert "Files: 1 wait, 0 are decided." in shown
    assert file_id in shown
    said("review", "--file", file_id, "--do", "release", *DECISION)
    assert f"raw/claims/sample_professional/requeued/{file_id}/claims.csv" in cloud.keys("raw")
    shown = said("review")
    assert "Files: 0 wait, 1 are decided." in shown
    assert file_id not in shown
    shown = said("review", "--file", file_id)
    assert all(word in shown for word in ("release", "a.smith", "The sender confirmed."))


def test_a_second_other_decision_is_refused_in_one_line(
    deployed: Invoked, handler: ModuleType, cloud: Cloud, context: object
) -> None:
    file_id = quarantined(handler, cloud, context)
    assert deployed
    said("review", "--file", file_id, "--do", "release", *DECISION)
    told = said("review", "--file", file_id, "--do", "reject", *DECISION, code=1)
    assert told.startswith("ArgumentError: the file was decided otherwise before;")
    assert told.count("\n") == 1


def test_what_is_in_a_file_and_a_key_that_may_hold_a_name_are_not_shown(
    deployed: Invoked, handler: ModuleType, cloud: Cloud, context: object
) -> None:
    assert deployed
    cloud.put("s3://raw/raw/claims/sample_professional/Jane Doe.csv", b"Jane Doe,123-45-6789")
    rejected = {"stage": "reject", "job_id": JOB, "error": {"Error": "ValidationError", "Cause": "Jane Doe"}}
    file = {"bucket": "raw", "key": "raw/claims/sample_professional/Jane Doe.csv", "size": 20}
    handler.handle({**rejected, "file": file}, context)
    (key,) = cloud.keys("quarantine")
    for shown in (said("review"), said("review", "--file", key.split("/")[1])):
        assert "sample_professional" in shown
        assert "Jane" not in shown
        assert "6789" not in shown


def test_a_run_that_was_given_up_is_listed_and_started_again_once(
    deployed: Invoked, handler: ModuleType, cloud: Cloud, pipeline: Pipeline, context: object
) -> None:
    assert deployed
    give_up(handler, cloud, pipeline, context)
    shown = said("review")
    assert "Runs: 1 wait" in shown
    assert RUN in shown
    assert said("redrive", "--run", JOB, *DECISION).startswith(f"started {RUN}-again1")
    assert f"known {RUN}-again1: started before, by a.smith" in said("redrive", "--run", JOB, *DECISION)
    assert f"{RUN}-again1" in pipeline.requests()
    assert "redrive" in said("review", "--run", RUN)


def test_dead_letters_are_counted_before_and_after(deployed: Invoked, pipeline: Pipeline) -> None:
    assert deployed
    for _ in range(3):
        pipeline.send("landing-dlq", "letter")
    shown = said("redrive", "--queue", "landing", *DECISION)
    assert "3 moved, COMPLETED" in shown
    rows = [[cell.strip() for cell in line.strip("│ ").split("│")] for line in shown.splitlines() if "landing" in line]
    assert rows == [["dead letters of landing", "3", "0"], ["landing", "0", "3"]]
    assert "No dead letters of landing" in said("redrive", "--queue", "landing", *DECISION)


@pytest.mark.parametrize(
    ("arguments", "sign"),
    [
        (["review", "--do", "release", *DECISION], "nothing to release"),
        (["review", "--file", "0" * 32, "--do", "reject", "--by", "a.smith"], "without a person or a reason"),
        (["review", "--file", "0" * 32, "--run", RUN], "one of them"),
        (["review", "--file", "0" * 32], "no file of this id"),
        (["review", "--file", "Jane Doe"], "wrong fields; expected otherwise: file_id"),
        (["review", "--run", RUN, "--do", "release", *DECISION], "a run is not released"),
        (["review", "--run", RUN], "no run of this name"),
        (["redrive"], "QUEUE= or RUN="),
        (["redrive", "--queue", "landing", "--run", RUN, *DECISION], "QUEUE= or RUN="),
        (["redrive", "--queue", "landing"], "without a person or a reason"),
        (["redrive", "--queue", "elsewhere", *DECISION], "expected one of failures, functions, landing"),
        (["redrive", "--run", RUN, *DECISION], "no run of this name"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line_with_its_cure(
    arguments: list[str], sign: str, deployed: Invoked
) -> None:
    assert deployed
    told = said(*arguments, code=1)
    assert sign in told
    assert "cure: " in told
    assert told.count("\n") == 1
    assert "Jane" not in told


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "Jane Doe"}}, "Invoke")


@pytest.mark.parametrize(
    ("fault", "sign"),
    [
        (NoCredentialsError(), "AccessError: AWS does not know you"),
        (refusal("ExpiredTokenException"), "AccessError: AWS does not know you"),
        (refusal("AccessDeniedException"), "AccessError: you may not call healthcare-claims-dev-error-handler"),
        (
            refusal("ResourceNotFoundException"),
            "MissingObjectError: no function healthcare-claims-dev-error-handler",
        ),
        (refusal("TooManyRequestsException"), "TransientError: "),
        (ReadTimeoutError(endpoint_url="Jane Doe"), "TransientError: ReadTimeoutError"),
    ],
    ids=lambda value: str(value).split(":", maxsplit=1)[0][:40],
)
def test_where_aws_refuses_the_cure_is_told(fault: Exception, sign: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing:
        def invoke(self, **asked: object) -> None:
            raise fault

    monkeypatch.setattr(boto3, "client", lambda name, **others: Refusing())
    told = said("review", code=1)
    assert told.startswith(sign)
    assert "cure" in told
    assert "Jane" not in told


def test_an_error_of_the_function_that_is_none_of_ours_is_told_by_its_class_alone(
    deployed: Invoked, handler: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(event: object, context: object) -> None:
        raise RuntimeError("Jane Doe")

    assert deployed
    monkeypatch.setattr(handler, "handle", broken)
    told = said("review", code=1)
    assert told.startswith("FunctionError: RuntimeError stopped the function;")
    assert "Jane" not in told


def test_a_machine_without_settings_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    assert said("review", code=1).startswith("ArgumentError: no region;")
