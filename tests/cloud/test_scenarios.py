"""What the deployed pipeline does where no table is published: bad files, and parts of it that fail."""

import json
import urllib.request

import pytest

from expectations.contract import load_source
from tests.cloud.live_page import LivePage
from tests.cloud.pipeline import Execution, Pipeline
from tests.cloud.stack import PREFIX
from tests.leak.planted import plain_file
from tests.leak.records import CanarySource

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

SOURCE = "raw/claims/sample_professional"
MADE = CanarySource(load_source("sample_professional"))
FAILED = {"state": "FAILED", "message": "planted by a test"}
LATE = {"seconds": 0.001}


def good(copy: int) -> bytes:
    """A file that nobody has sent before."""
    return plain_file(MADE, (copy,)).encode()


def run_one(pipeline: Pipeline, key: str, content: bytes) -> Execution:
    pipeline.drop(key, content)
    (execution,) = pipeline.wait_for_batch()
    return execution


def statuses(pipeline: Pipeline, job_id: str) -> list[str]:
    messages = [heard.message for heard in pipeline.heard_of(job_id) if heard.topic == "status"]
    return sorted(message["status"] for message in messages)


def errors(pipeline: Pipeline, job_id: str) -> list[tuple[str, str]]:
    return [
        (heard.topic, heard.message["action"])
        for heard in pipeline.heard_of(job_id)
        if heard.message["event_type"] == "error"
    ]


def test_a_file_of_no_source_is_quarantined_and_told_and_nothing_runs(pipeline: Pipeline) -> None:
    before = len(pipeline.executions())
    pipeline.drop("raw/claims/nobody_knows/a.csv", b"a,b\n1,2\n")
    pipeline.rest()
    assert len(pipeline.executions()) == before
    (heard,) = [one for one in pipeline.heard() if "nobody_knows" in str(one.message)]
    assert (heard.topic, heard.message["event_type"]) == ("medium", "error")
    assert [key for key in pipeline.keys("quarantine", "files/") if key.endswith("/note.json")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("header.csv", b"A;B;C\n1;2;3\n", id="bad header"),
        pytest.param("most.csv", good(301) + b"".join(b"cut,%d\n" % n for n in range(9)), id="most records bad"),
    ],
)
def test_a_bad_file_is_quarantined_by_the_gate_and_the_job_never_starts(
    pipeline: Pipeline, name: str, content: bytes
) -> None:
    before = len(pipeline.job_runs())
    execution = run_one(pipeline, f"{SOURCE}/{name}", content)
    assert execution.status == "SUCCEEDED"
    assert execution.path[-2:] == ("AnnounceRejected", "RunRejected")
    assert len(pipeline.job_runs()) == before
    assert statuses(pipeline, execution.job_id) == ["FAILED", "STARTED"]
    assert errors(pipeline, execution.job_id) == [("medium", "quarantine")]
    told = {one.message["input_file"] for one in pipeline.heard_of(execution.job_id) if one.topic == "status"}
    assert told == {f"s3://{pipeline.buckets['raw']}/{SOURCE}/{name}"}


def test_a_file_that_is_deleted_before_it_is_read_is_told_and_the_run_ends(pipeline: Pipeline) -> None:
    key = f"{SOURCE}/deleted.csv"
    pipeline.drop(key, good(302))
    pipeline.rest()
    version = pipeline.s3.head_object(Bucket=pipeline.buckets["raw"], Key=key)["VersionId"]
    pipeline.s3.delete_object(Bucket=pipeline.buckets["raw"], Key=key)
    pipeline.s3.delete_object(Bucket=pipeline.buckets["raw"], Key=key, VersionId=version)
    (execution,) = pipeline.wait_for_batch()
    assert execution.path[-2:] == ("AnnounceRejected", "RunRejected")
    assert errors(pipeline, execution.job_id) == [("medium", "quarantine")]


def test_a_file_that_is_overwritten_before_it_is_read_is_judged_by_what_it_is_now(pipeline: Pipeline) -> None:
    key = f"{SOURCE}/overwritten.csv"
    pipeline.drop(key, good(307))
    pipeline.rest()
    pipeline.drop(key, b"Z;Y;X\n1;2;3\n")
    (execution,) = pipeline.wait_for_batch()
    assert execution.path[-2:] == ("AnnounceRejected", "RunRejected")
    notes = [json.loads(pipeline.read("quarantine", name)) for name in pipeline.keys("quarantine", "files/")]
    reasons = [note["reason"] for note in notes if note["original_uri"].endswith(key)]
    assert len(reasons) == 1


def test_topics_that_are_away_for_a_while_stop_no_run_and_lose_no_message(pipeline: Pipeline) -> None:
    pipeline.cloud.plant("sns", *[{"refuse": "ServiceUnavailable"}] * 5)
    execution = run_one(pipeline, f"{SOURCE}/untold.csv", b"C;B;A\n1;2;3\n")
    assert pipeline.cloud.control("plant_faults") == {}
    assert execution.path[-2:] == ("AnnounceRejected", "RunRejected")
    # a start that could not be told is told when its claim is found abandoned
    assert pipeline.wait_for_batch() == []
    assert statuses(pipeline, execution.job_id) == ["FAILED", "STARTED"]


def test_a_job_that_always_fails_is_tried_and_given_up_and_people_are_called(pipeline: Pipeline) -> None:
    pipeline.cloud.plant(pipeline.job, *[FAILED] * 10)
    execution = run_one(pipeline, f"{SOURCE}/always.csv", good(303))
    left = pipeline.cloud.control("plant_faults").get(pipeline.job, 0)
    pipeline.cloud.plant(pipeline.job)
    assert execution.status == "FAILED"
    assert execution.path.count("ProcessClaims") == 10 - left == 4
    assert statuses(pipeline, execution.job_id) == ["FAILED", "STARTED"]
    assert sorted(errors(pipeline, execution.job_id))[:1] == [("high", "fail")]
    assert pipeline.keys("temp", f"{execution.job_id}/") == []


def test_a_throttled_start_of_the_job_is_tried_again_by_the_state_machine(pipeline: Pipeline) -> None:
    throttled = {"refuse": "ThrottlingException"}
    pipeline.cloud.plant(pipeline.job, throttled, throttled, *[FAILED] * 4)
    execution = run_one(pipeline, f"{SOURCE}/throttled.csv", good(304))
    pipeline.cloud.plant(pipeline.job)
    assert execution.path.count("ProcessClaims") == 4
    assert execution.held.count("Glue.ThrottlingException") >= 2


def test_a_gate_that_runs_out_of_time_is_asked_again_and_then_the_file_is_set_aside(pipeline: Pipeline) -> None:
    function = pipeline.stack.outputs["function_names"]["data_validation"]
    pipeline.cloud.plant(function, *[LATE] * 20)
    execution = run_one(pipeline, f"{SOURCE}/late.csv", good(305))
    asked = 20 - pipeline.cloud.control("plant_faults").get(function, 0)
    pipeline.cloud.plant(function)
    assert asked == 8  # the state machine asks twice, the handler four times
    assert execution.path[-2:] == ("AnnounceRejected", "RunRejected")
    assert ("medium", "quarantine") in errors(pipeline, execution.job_id)


def test_a_message_that_is_never_taken_comes_back_and_ends_with_the_dead_letters(pipeline: Pipeline) -> None:
    function = pipeline.stack.outputs["function_names"]["s3_event_trigger"]
    pipeline.cloud.control("set_clock", scale=0.001)
    pipeline.cloud.plant(function, *[LATE] * 50)  # more than five: the function reads another queue too
    pipeline.drop(f"{SOURCE}/never.csv", good(306))
    pipeline.rest()
    pipeline.cloud.control("set_clock", scale=0.02)
    assert pipeline.cloud.control("plant_faults").pop(function) <= 45
    pipeline.cloud.plant(function)
    assert pipeline.waiting_messages()["landing dead letters"] == 1
    assert not any("never.csv" in item["object_key"]["S"] for item in pipeline.landed())


def test_the_live_page_shows_runs_files_quarantine_and_messages(pipeline: Pipeline) -> None:
    page = LivePage()
    page.show(pipeline)
    with page.served(), urllib.request.urlopen(page.url) as answer:  # noqa: S310 - our own page
        shown = answer.read().decode()
    run = pipeline.executions()[0]
    assert run.job_id in shown
    assert f"<td>{run.path[-1]}</td>" in shown
    for told in ("header.csv", "unknown_source", "medium", "failures dead letters"):
        assert told in shown


def test_an_execution_is_not_started_twice_under_one_name(pipeline: Pipeline) -> None:
    client, name = pipeline.stack.client("stepfunctions"), pipeline.executions()[0].name
    with pytest.raises(client.exceptions.ExecutionAlreadyExists):
        client.start_execution(stateMachineArn=pipeline.machine, name=name, input='{"job_id": "another"}')


def test_failures_outside_of_an_execution_reach_the_error_handler_by_rule_and_queue(pipeline: Pipeline) -> None:
    upkeep = pipeline.stack.outputs["glue_job_names"]["maintain-tables"]
    pipeline.cloud.plant(upkeep, FAILED)
    pipeline.cloud.fire(f"{PREFIX}-maintain-tables")
    pipeline.rest()
    (heard,) = [one for one in pipeline.heard() if upkeep in str(one.message)]
    assert heard.message["error_type"] == "Glue.FAILED"
    assert "planted by a test" not in str(heard.message)
