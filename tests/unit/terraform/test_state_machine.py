"""The end of the state machine, run by moto's interpreter as it stands: when are the summaries started?

What comes before is tested in the local cloud; here a run is resumed at its end, and nothing but that is asked.
"""

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Template
from typing import Any

import boto3
import pytest
from moto import mock_aws

ASL = Path(__file__).resolve().parents[3] / "terraform" / "state_machines" / "claims_pipeline.asl.json"
SUMMARIES = "summarize-claims"
ROLE = "arn:aws:iam::123456789012:role/any"
SECONDS = 30.0


def definition(*, after_publish: bool) -> str:
    """The file, filled in; the function at the end of a run is a step that does nothing."""
    values = {
        "summaries_job_name": SUMMARIES,
        "summarize_after_publish": json.dumps(after_publish),
        "partition": "aws",
        "manifest_bucket": "temp",
        "manifest_prefix": "manifests",
        "max_workers": "10",
        "process_timeout_seconds": "3600",
    }
    filled = json.loads(Template(ASL.read_text()).safe_substitute(values))
    finish = filled["States"]["FinishRun"]
    filled["States"]["FinishRun"] = {"Type": "Pass", "Next": finish["Next"]}
    # waits of retries are real time here
    for retrier in filled["States"]["StartSummaries"]["Retry"]:
        retrier |= {"IntervalSeconds": 1, "BackoffRate": 1, "MaxDelaySeconds": 2}
    return json.dumps(filled)


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        yield


def make_job(runs_at_once: int) -> Any:  # noqa: ANN401 - boto3 makes clients at run time
    glue = boto3.client("glue")
    glue.create_job(
        Name=SUMMARIES, Role=ROLE, Command={"Name": "glueetl"}, ExecutionProperty={"MaxConcurrentRuns": runs_at_once}
    )
    return glue


def finished(asked: Mapping[str, object], *, after_publish: bool) -> str:
    """How a run ended that is resumed at its end."""
    machine = boto3.client("stepfunctions")
    arn = machine.create_state_machine(name="one", definition=definition(after_publish=after_publish), roleArn=ROLE)
    given = {
        "job_id": "claims-etl-1",
        "files": [{"bucket": "b", "key": "k"}],
        "resume": "finish",
        "outcome": "SUCCEEDED",
    }
    execution = machine.start_execution(stateMachineArn=arn["stateMachineArn"], input=json.dumps({**given, **asked}))
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        told = machine.describe_execution(executionArn=execution["executionArn"])
        if told["status"] != "RUNNING":
            return str(told["status"])
        time.sleep(0.1)
    return "RUNNING"


@pytest.mark.parametrize(
    ("after_publish", "asked", "starts"),
    [
        pytest.param(True, {}, 1, id="on"),
        pytest.param(False, {}, 0, id="off"),
        pytest.param(True, {"summarize": False}, 0, id="a back-fill says no"),
        pytest.param(False, {"summarize": True}, 1, id="a request says yes"),
        pytest.param(True, {"outcome": "PARTIAL"}, 1, id="a part was published"),
    ],
)
@pytest.mark.usefixtures("aws")
def test_a_finished_run_starts_the_summaries_where_it_should(
    after_publish: bool, asked: Mapping[str, object], starts: int
) -> None:
    glue = make_job(runs_at_once=2)
    assert finished(asked, after_publish=after_publish) == "SUCCEEDED"
    assert len(glue.get_job_runs(JobName=SUMMARIES)["JobRuns"]) == starts


@pytest.mark.usefixtures("aws")
def test_summaries_that_are_going_already_fail_no_run() -> None:
    glue = make_job(runs_at_once=0)  # as if all that it may have were going
    # on AWS it is refused once; moto does not name errors of this integration, so that it is tried again
    assert finished({}, after_publish=True) == "SUCCEEDED"
    assert glue.get_job_runs(JobName=SUMMARIES)["JobRuns"] == []


@pytest.mark.usefixtures("aws")
def test_summaries_that_cannot_be_started_fail_no_run() -> None:
    assert finished({}, after_publish=True) == "SUCCEEDED"
