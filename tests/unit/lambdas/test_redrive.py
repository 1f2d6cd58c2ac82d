"""Dead letters and runs that were given up are started again once, by somebody who says why."""

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from expectations.errors import ArgumentError
from lambdas.common.failures import EventError, TransientError
from lambdas.error_handler.redrive import next_name
from tests.unit.lambdas.conftest import Cloud, Pipeline

EVENTS = Path(__file__).resolve().parents[2] / "events" / "error_handler"
JOB = "claims-etl-20240101-120000-1234"
RUN = f"{JOB}-0123456789abcdef"
MANIFEST = f"s3://temp/manifests/{JOB}.json"
REQUEST = {"job_id": JOB, "correlation_id": JOB, "manifest": MANIFEST, "workers": 3, "partitions": 8}
WHO = {"decided_by": "a.smith", "explanation": "AWS is well again."}
AGAIN = {"redrive": "run", "run": JOB, **WHO}


def give_up(handler: ModuleType, cloud: Cloud, pipeline: Pipeline, context: object, **change: object) -> None:
    """A run that the state machine has asked about for the last time, and that has ended."""
    cloud.put(MANIFEST, b'{"files": []}')
    arn = pipeline.start(RUN, REQUEST)
    failed = json.loads((EVENTS / "process.json").read_text())
    report = {"status": "FAILED", "error": {"error_type": "AccountingError"}}
    cloud.put(f"s3://reports/{JOB}.json", json.dumps(report).encode())
    assert handler.handle({**failed, "execution": arn, **change}, context)["action"] == "fail"
    cloud.heard()


def queue_event(*bodies: str) -> dict[str, Any]:
    record = json.loads((EVENTS.parent / "s3_event_trigger" / "sqs_batch.json").read_text())["Records"][0]
    return {"Records": [{**record, "messageId": f"m{n}", "body": body} for n, body in enumerate(bodies)]}


def test_a_run_that_is_given_up_waits_for_a_person_and_among_the_dead_letters(
    handler: ModuleType, cloud: Cloud, pipeline: Pipeline, context: object
) -> None:
    give_up(handler, cloud, pipeline, context)
    listed = handler.handle({"review": "list"}, context)
    assert [(run["run"], run["stage"], run["error_type"]) for run in listed["runs"]] == [
        (RUN, "process", "AccountingError")
    ]
    assert (listed["runs_waiting"], listed["runs_decided"], listed["files_waiting"]) == (1, 0, 0)
    assert [json.loads(body)["run"] for body in pipeline.waiting("failures-dlq")] == [RUN]


def test_asked_twice_by_the_state_machine_a_run_waits_once(
    handler: ModuleType, cloud: Cloud, pipeline: Pipeline, context: object
) -> None:
    for _ in range(2):
        failed = {**json.loads((EVENTS / "process.json").read_text()), "error": {"Error": "SchemaError"}}
        handler.handle(failed, context)
    assert len(pipeline.waiting("failures-dlq")) == 1


def test_a_run_is_started_again_once_with_the_input_it_had(
    handler: ModuleType, cloud: Cloud, pipeline: Pipeline, context: object
) -> None:
    give_up(handler, cloud, pipeline, context)
    first = handler.handle(AGAIN, context)
    assert (first["status"], first["decision"]["started_as"]) == ("started", f"{RUN}-again1")
    second = handler.handle({**AGAIN, "decided_by": "b.jones"}, context)
    assert (second["status"], second["decision"]["decided_by"]) == ("known", "a.smith")
    assert pipeline.requests() == {RUN: REQUEST, f"{RUN}-again1": REQUEST}
    kept = json.loads(cloud.get(f"s3://quarantine/runs/{RUN}/decision.json"))
    assert (kept["decision"], kept["decided_by"], kept["explanation"]) == ("redrive", *WHO.values())
    assert [(message["job_id"], message["status"]) for message in map(json.loads, cloud.heard())] == [(JOB, "STARTED")]
    assert handler.handle({"review": "list"}, context)["runs_waiting"] == 0


def test_a_run_that_failed_again_is_started_under_the_next_name(
    handler: ModuleType, cloud: Cloud, pipeline: Pipeline, context: object
) -> None:
    give_up(handler, cloud, pipeline, context)
    handler.handle(AGAIN, context)
    arn = f"arn:aws:states:us-east-1:123456789012:execution:claims-pipeline:{RUN}-again1"
    pipeline.steps.stop_execution(executionArn=arn)
    handler.handle({**json.loads((EVENTS / "process.json").read_text()), "execution": arn}, context)
    assert handler.handle(AGAIN, context)["decision"]["started_as"] == f"{RUN}-again2"
    assert set(pipeline.requests()) == {RUN, f"{RUN}-again1", f"{RUN}-again2"}


def test_a_decision_that_was_not_carried_out_is_carried_out_when_it_is_asked_again(
    handler: ModuleType, cloud: Cloud, pipeline: Pipeline, context: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_up(handler, cloud, pipeline, context)

    def throttled(*arguments: object) -> bool:
        raise TransientError("throttled")

    with monkeypatch.context() as broken:
        broken.setattr(handler.REDRIVES.machine, "start", throttled)
        with pytest.raises(TransientError):
            handler.handle(AGAIN, context)
    assert handler.handle({**AGAIN, "decided_by": "b.jones"}, context)["decision"]["decided_by"] == "a.smith"
    assert f"{RUN}-again1" in pipeline.requests()


def test_a_run_whose_last_step_failed_begins_there(
    handler: ModuleType, cloud: Cloud, pipeline: Pipeline, context: object
) -> None:
    give_up(handler, cloud, pipeline, context, stage="finish", error={"Error": "FunctionError"})
    cloud.put(f"s3://reports/{JOB}.json", b'{"status": "PARTIAL"}')
    handler.handle(AGAIN, context)
    assert pipeline.requests()[f"{RUN}-again1"] == {**REQUEST, "resume": "finish", "outcome": "PARTIAL"}


@pytest.mark.parametrize("why", ["unknown", "running", "no_manifest", "forgotten", "rejected"])
def test_what_cannot_be_started_again_is_refused_and_nothing_is_decided(  # noqa: PLR0913, PLR0917 - fixtures
    why: str, handler: ModuleType, cloud: Cloud, pipeline: Pipeline, context: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    if why != "unknown":
        give_up(handler, cloud, pipeline, context)
    if why == "running":
        pipeline.start(f"{RUN}-again7", REQUEST, stop=False)
        arn = f"arn:aws:states:us-east-1:123456789012:execution:claims-pipeline:{RUN}-again7"
        handler.handle({**json.loads((EVENTS / "process.json").read_text()), "execution": arn}, context)
    if why == "no_manifest":
        cloud.s3.delete_object(Bucket="temp", Key=f"manifests/{JOB}.json")
    if why == "forgotten":
        monkeypatch.setattr(handler.REDRIVES.machine, "find", lambda name: None)
    if why == "rejected":
        handler.handle({"review": "reject", "run": RUN, **WHO}, context)
    before = set(pipeline.requests())
    with pytest.raises(ArgumentError, match="cure"):
        handler.handle(AGAIN, context)
    assert set(pipeline.requests()) == before
    decisions = [key for key in cloud.keys("quarantine") if key.endswith("decision.json")]
    assert len(decisions) == (why == "rejected")


@pytest.mark.parametrize("missing", ["decided_by", "explanation"])
@pytest.mark.parametrize("asked", [{"redrive": "run", "run": RUN}, {"redrive": "queue", "queue": "landing"}])
def test_a_redrive_needs_a_person_and_a_reason(
    missing: str, asked: dict[str, str], handler: ModuleType, context: object
) -> None:
    with pytest.raises(EventError, match=missing):
        handler.handle({**asked, **WHO, missing: ""}, context)


def test_dead_letters_go_back_to_their_queue_and_who_moved_them_is_kept(
    handler: ModuleType, cloud: Cloud, pipeline: Pipeline, context: object
) -> None:
    for body in ("one", "two"):
        pipeline.send("landing-dlq", body)
    pipeline.send("failures-dlq", "other")
    asked = {"redrive": "queue", "queue": "landing", **WHO}
    answer = handler.handle(asked, context)
    assert (answer["dead_letters_before"], answer["dead_letters_after"], answer["moved"]) == (2, 0, 2)
    assert (answer["queue_before"], answer["queue_after"], answer["status"]) == (0, 2, "COMPLETED")
    (key,) = cloud.keys("quarantine")
    kept = json.loads(cloud.get(f"s3://quarantine/{key}"))
    assert key.startswith("decisions/queues/landing/")
    assert (kept["decided_by"], kept["explanation"], kept["dead_letters"]) == (*WHO.values(), 2)
    assert handler.handle(asked, context)["status"] == "empty"
    assert sorted(pipeline.waiting("landing")) == ["one", "two"]
    assert pipeline.waiting("failures-dlq") == ["other"]


def test_a_queue_that_nobody_knows_is_refused_with_those_that_there_are(handler: ModuleType, context: object) -> None:
    with pytest.raises(ArgumentError, match="failures, functions, landing"):
        handler.handle({"redrive": "queue", "queue": "elsewhere", **WHO}, context)


def test_a_queue_whose_letters_are_moving_is_left_alone(
    handler: ModuleType, pipeline: Pipeline, context: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.send("landing-dlq", "one")
    monkeypatch.setattr(handler.DEAD_LETTERS, "_last_move", lambda queue: {"Status": "RUNNING"})
    with pytest.raises(ArgumentError, match="going on"):
        handler.handle({"redrive": "queue", "queue": "landing", **WHO}, context)
    assert pipeline.waiting("landing-dlq") == ["one"]


def test_a_run_that_comes_back_from_the_dead_letters_is_started_again_once(
    handler: ModuleType, cloud: Cloud, pipeline: Pipeline, context: object
) -> None:
    give_up(handler, cloud, pipeline, context)
    assert handler.handle({"redrive": "queue", "queue": "failures", **WHO}, context)["moved"] == 1
    (body,) = pipeline.waiting("failures")
    for _ in range(2):
        assert handler.handle(queue_event(body), context) == {"batchItemFailures": []}
    assert set(pipeline.requests()) == {RUN, f"{RUN}-again1"}


def test_a_rejected_run_stays_where_it_is_when_its_dead_letter_comes_back(
    handler: ModuleType, cloud: Cloud, pipeline: Pipeline, context: object
) -> None:
    give_up(handler, cloud, pipeline, context)
    (run,) = handler.handle({"review": "reject", "run": RUN, **WHO}, context)["runs"]
    assert [one["decision"] for one in run["decisions"]] == ["reject"]
    (body,) = pipeline.waiting("failures-dlq")
    assert handler.handle(queue_event(body), context) == {"batchItemFailures": []}
    assert set(pipeline.requests()) == {RUN}


def test_the_late_end_of_a_run_that_was_started_again_leaves_its_temp_zone_alone(
    handler: ModuleType, cloud: Cloud, pipeline: Pipeline, context: object
) -> None:
    ended = json.loads((EVENTS / "execution_timed_out.json").read_text())
    ended["detail"]["executionArn"] = pipeline.start(RUN, REQUEST)
    cloud.put(MANIFEST, b"{}")
    handler.handle(queue_event(json.dumps(ended)), context)
    assert handler.handle(AGAIN, context)["status"] == "started"
    cloud.put(f"s3://temp/{JOB}/part-0", b"x")
    cloud.heard()
    handler.handle(queue_event(json.dumps(ended)), context)
    assert f"{JOB}/part-0" in cloud.keys("temp")
    assert cloud.heard() == []


def test_names_of_runs_count_up_and_stay_as_long_as_step_functions_takes() -> None:
    assert next_name("a") == "a-again1"
    assert next_name("a-again9") == "a-again10"
    assert len(next_name("x" * 80)) == 80
    assert next_name("x" * 73 + "-again1") == "x" * 73 + "-again2"
