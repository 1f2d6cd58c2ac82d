"""Files that land: read from every form of event, admitted or not, gathered, and started once whatever happens."""

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote_plus

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glue_jobs.storage.chosen_files import manifest_entries
from lambdas.common.failures import EventError, TransientError
from lambdas.s3_event_trigger.admission import SENTENCES, admit
from lambdas.s3_event_trigger.batches import (
    STATE_BYTES,
    BatchLimits,
    RunSizing,
    WaitingFile,
    due_batches,
    execution_input,
    manifest_of,
)
from lambdas.s3_event_trigger.landed_objects import landed_in_text, landed_objects
from tests.unit.lambdas.conftest import ACCOUNT, REGION, Cloud, listen, loaded, topic_arn

EVENTS = Path(__file__).resolve().parents[2] / "events" / "s3_event_trigger"
NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)
KEY = "raw/claims/sample_professional/a.csv"
LIMITS = BatchLimits(files=10, text_bytes=1000, age_seconds=60, big_file_bytes=500)


def event(name: str) -> Any:  # noqa: ANN401 - as Lambda gives it
    return json.loads((EVENTS / f"{name}.json").read_text())


def waiting(number: int, size: int = 1, at: datetime = NOON, name: str = "") -> WaitingFile:
    key = f"raw/claims/sample_professional/{name or f'{number:04d}.csv'}"
    return WaitingFile(f"{number:032x}", "raw", key, size, "sample_professional", at)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("s3_notification", ["raw/claims/sample_professional/2024/claims jan(2).csv"]),
        ("s3_notification_minimal", [KEY]),
        ("event_bridge_object_created", [KEY]),
        ("s3_object_removed", []),
        ("s3_test_event", []),
    ],
)
def test_every_form_of_event_tells_which_objects_landed(name: str, keys: list[str]) -> None:
    plain = event(name)
    assert [landed.key for landed in landed_objects(plain)] == keys
    in_topic = {"Type": "Notification", "Message": json.dumps(plain)}
    in_queue = {"Records": [{"eventSource": "aws:sqs", "body": json.dumps(in_topic)}]}
    assert [landed.key for landed in landed_objects(in_queue)] == keys


def test_the_key_of_a_notification_is_decoded_and_that_of_event_bridge_is_not() -> None:
    key = "raw/claims/sample_professional/a+b %41é.csv"
    notified, told = event("s3_notification_minimal"), event("event_bridge_object_created")
    notified["Records"][0]["s3"]["object"]["key"] = quote_plus(key)
    told["detail"]["object"]["key"] = key
    assert landed_objects(notified)[0].key == landed_objects(told)[0].key == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "this is no event",
        "[]",
        "{}",
        '{"Records": [{}]}',
        '{"Records": [{"s3": {"bucket": {}}}]}',
        '"x"',
        "[" * 9999,
    ],
)
def test_what_is_no_event_is_an_error_without_the_text(text: str) -> None:
    with pytest.raises(EventError) as caught:
        landed_in_text(text)
    assert caught.value.__cause__ is None
    assert "this is" not in str(caught.value)


@pytest.mark.parametrize(
    ("key", "verdict", "reason"),
    [
        (KEY, "accept", ""),
        ("raw/claims/sample_professional/_hidden.csv", "accept", ""),
        ("raw/claims/sample_professional/requeued/0123/a.csv", "accept", ""),
        ("raw/claims/nobody/a.csv", "quarantine", "unknown_source"),
        ("raw/claims/a.csv", "quarantine", "unknown_source"),
        ("processed/claims/a.csv", "ignore", "outside_raw"),
        ("raw/other/sample_professional/a.csv", "ignore", "outside_raw"),
        ("raw/claims/sample_professional/", "ignore", "folder"),
        ("raw/claims/sample_professional/_SUCCESS", "ignore", "marker"),
        ("raw/claims/sample_professional/.DS_Store", "ignore", "marker"),
        ("raw/claims/sample_professional/a.csv.filepart", "ignore", "unfinished"),
        ("raw/claims/sample_professional/a.csv.control.json", "ignore", "control_file"),
    ],
)
def test_an_object_is_admitted_by_its_key(key: str, verdict: str, reason: str) -> None:
    found = admit(key)
    assert (found.verdict, found.reason) == (verdict, reason)
    assert (found.source == "sample_professional") == (verdict == "accept")
    assert verdict != "quarantine" or SENTENCES[reason]


def test_few_small_files_wait_until_the_oldest_is_old_enough() -> None:
    files = [waiting(n, at=NOON + timedelta(seconds=n)) for n in range(3)]
    assert due_batches(files, LIMITS, NOON + timedelta(seconds=59)) == []
    assert due_batches(files, LIMITS, NOON + timedelta(seconds=60)) == [tuple(files)]
    assert due_batches([], LIMITS, NOON) == []


def test_files_enough_by_number_or_bytes_start_and_the_rest_waits() -> None:
    assert [len(batch) for batch in due_batches([waiting(n) for n in range(25)], LIMITS, NOON)] == [10, 10]
    assert [len(batch) for batch in due_batches([waiting(n) for n in range(10)], LIMITS, NOON)] == [10]
    assert [len(batch) for batch in due_batches([waiting(n, 400) for n in range(5)], LIMITS, NOON)] == [2, 2]
    packed = [waiting(n, 100, name=f"{n}.csv.gz") for n in range(2)]
    assert [len(batch) for batch in due_batches(packed, LIMITS, NOON)] == [1]
    assert LIMITS.is_big(packed[0])
    assert not LIMITS.is_big(waiting(1, 100))


def test_five_hundred_small_files_are_one_run_and_long_keys_never_overfill_the_state() -> None:
    limits, later = BatchLimits(), NOON + timedelta(hours=1)
    assert [len(batch) for batch in due_batches([waiting(n) for n in range(500)], limits, later)] == [500]
    long = [waiting(n, name="x" * 900 + str(n)) for n in range(500)]
    batches = due_batches(long, limits, later)
    assert sum(len(batch) for batch in batches) == 500
    for batch in batches:
        manifest = json.loads(manifest_of(batch).content)
        held = len(json.dumps(manifest)) + len(json.dumps(manifest["objects"]))
        assert held < STATE_BYTES


@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 90)), max_size=60), st.integers(0, 200))
def test_no_file_is_in_two_batches_and_none_waits_too_long(files: list[tuple[int, int]], seconds: int) -> None:
    all_files = [waiting(n, size, NOON + timedelta(seconds=at)) for n, (size, at) in enumerate(files)]
    now = NOON + timedelta(seconds=seconds)
    batched = [file for batch in due_batches(all_files, LIMITS, now) for file in batch]
    assert len(set(batched)) == len(batched)
    left = set(all_files) - set(batched)
    assert all((now - file.landed_at).total_seconds() < LIMITS.age_seconds for file in left)
    assert len(left) < LIMITS.files
    assert len(left) == 0 or sum(file.size for file in left) < LIMITS.text_bytes


def test_the_same_files_in_any_order_have_the_same_manifest_and_names() -> None:
    files = [waiting(n, at=NOON + timedelta(seconds=n)) for n in range(20)]
    first = manifest_of(files)
    assert manifest_of(random.Random(7).sample(files, len(files))) == first  # noqa: S311 - a shuffle
    assert first.job_id.startswith("claims-etl-20240101-120019-")
    assert first.execution_name.startswith(first.job_id)
    assert len(first.execution_name) <= 80
    again = [*files[:-1], replace(files[-1], file_id="f" * 32)]
    assert manifest_of(again).execution_name != first.execution_name
    assert manifest_of(files, tie=1).job_id != first.job_id


def test_a_manifest_is_what_the_job_reads_and_what_the_state_machine_maps_over() -> None:
    manifest = manifest_of([waiting(1, 5), waiting(2, 6)])
    assert manifest_entries(manifest.content, "m.json") == (waiting(1).uri, waiting(2).uri)
    read = json.loads(manifest.content)
    assert read["objects"][1] == {"bucket": "raw", "key": waiting(2).key, "size": 6}
    assert read["landed_at"] == "2024-01-01T12:00:00Z"


@pytest.mark.parametrize(
    ("size", "rate", "workers", "partitions"),
    [(1000, 0.06, 2, 10), (10 * 10**9, 0.06, 3, 200), (10 * 10**9, 0.6, 10, 200)],
)
def test_workers_and_partitions_come_from_bytes(size: int, rate: float, workers: int, partitions: int) -> None:
    found = execution_input("job", "s3://m/1.json", [waiting(1, size)], RunSizing(rate, 10))
    assert (found["workers"], found["partitions"]) == (workers, partitions)
    assert set(found) == {"job_id", "correlation_id", "manifest", "workers", "partitions"}


ENVIRONMENT = {
    "SNS_TOPIC_ARN": topic_arn("status"),
    "ERROR_TOPIC_ARN": topic_arn("medium"),
    "GLUE_JOB_NAME": "process-medical-claims",
    "ENVIRONMENT": "dev",
    "STATE_MACHINE_ARN": f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:claims",
    "LANDED_FILES_TABLE": "landed-files",
    "MANIFESTS_URI": "s3://temp/manifests",
    "QUARANTINE_URI": "s3://quarantine/quarantine",
    "BATCH_AGE_SECONDS": "0",
}


@pytest.fixture
def trigger(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    boto3.client("dynamodb").create_table(
        TableName="landed-files",
        KeySchema=[{"AttributeName": "file_id", "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("file_id", "waiting", "landed_at")
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "waiting",
                "KeySchema": [
                    {"AttributeName": "waiting", "KeyType": "HASH"},
                    {"AttributeName": "landed_at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    boto3.client("stepfunctions").create_state_machine(
        name="claims",
        definition='{"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}',
        roleArn=f"arn:aws:iam::{ACCOUNT}:role/states",
    )
    return loaded(monkeypatch, "lambdas.s3_event_trigger.handler", ENVIRONMENT)


def executions() -> list[dict[str, Any]]:
    client = boto3.client("stepfunctions")
    found = client.list_executions(stateMachineArn=ENVIRONMENT["STATE_MACHINE_ARN"])["executions"]
    return [json.loads(client.describe_execution(executionArn=one["executionArn"])["input"]) for one in found]


def sqs(*events: Any) -> dict[str, Any]:  # noqa: ANN401 - as Lambda gives them
    record = event("sqs_batch")["Records"][0]
    return {"Records": [{**record, "messageId": f"m{n}", "body": json.dumps(one)} for n, one in enumerate(events)]}


def landed(key: str) -> dict[str, Any]:
    told: dict[str, Any] = event("event_bridge_object_created")
    told["detail"]["object"]["key"] = key
    return told


def test_a_file_that_lands_starts_one_execution_with_its_manifest(
    trigger: ModuleType,
    cloud: Cloud,
    context: object,
) -> None:
    cloud.put(f"s3://raw/{KEY}", b"x,y\n")
    answer = trigger.handle(event("event_bridge_object_created"), context)
    assert answer["statusCode"] == 200
    assert answer["body"]["message"] == "Successfully processed 1 files"
    (request,) = executions()
    assert answer["body"]["jobs_started"] == [request["job_id"]]
    assert manifest_entries(cloud.get(request["manifest"]), "m") == (f"s3://raw/{KEY}",)
    (message,) = [json.loads(text) for text in cloud.heard()]
    assert (message["status"], message["job_id"]) == ("STARTED", request["job_id"])
    assert message["input_file"] == f"s3://raw/{KEY}"


def test_events_that_come_three_times_and_out_of_order_start_each_file_once(
    trigger: ModuleType,
    cloud: Cloud,
    context: object,
) -> None:
    keys = [f"raw/claims/sample_professional/{n}.csv" for n in range(4)]
    for key in keys:
        cloud.put(f"s3://raw/{key}", b"x")
    told = [landed(key) for key in keys] * 3
    random.Random(3).shuffle(told)  # noqa: S311 - a shuffle
    for start in range(0, 12, 5):
        answer = trigger.handle(sqs(*told[start : start + 5]), context)
        assert answer["batchItemFailures"] == []
    started = [uri for request in executions() for uri in json.loads(cloud.get(request["manifest"]))["files"]]
    assert sorted(started) == [f"s3://raw/{key}" for key in keys]


def test_one_message_that_is_no_event_fails_alone(trigger: ModuleType, cloud: Cloud, context: object) -> None:
    cloud.put(f"s3://raw/{KEY}", b"x")
    answer = trigger.handle(event("sqs_batch"), context)
    assert answer["batchItemFailures"] == [{"itemIdentifier": "2e1424d4-f796-459a-8184-9c92662be6da"}]
    assert len(executions()) == 1


def test_small_files_wait_for_the_schedule_and_a_big_one_starts_at_once(
    trigger: ModuleType,
    cloud: Cloud,
    context: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits = trigger.SETTINGS.model_copy(update={"batch_age_seconds": 10**9, "big_file_bytes": 100})
    monkeypatch.setattr(trigger, "SETTINGS", waits)
    for n, size in enumerate((10, 20, 100)):
        cloud.put(f"s3://raw/raw/claims/sample_professional/{n}.csv", b"x" * size)
    told = [landed(f"raw/claims/sample_professional/{n}.csv") for n in range(3)]
    assert len(trigger.handle(sqs(*told), context)["body"]["jobs_started"]) == 1
    assert json.loads(cloud.get(executions()[0]["manifest"]))["files"] == [
        "s3://raw/raw/claims/sample_professional/2.csv"
    ]
    monkeypatch.setattr(trigger, "SETTINGS", waits.model_copy(update={"batch_age_seconds": 0}))
    assert len(trigger.handle({"action": "flush"}, context)["body"]["jobs_started"]) == 1
    assert trigger.handle({"action": "flush"}, context)["body"]["jobs_started"] == []
    assert len(executions()) == 2


def test_what_is_no_claims_file_is_told_once_counted_and_never_started(
    trigger: ModuleType,
    cloud: Cloud,
    context: object,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bad, empty = "raw/claims/nobody/Jane Doe 2024.csv", "raw/claims/sample_professional/empty.csv"
    cloud.put(f"s3://raw/{bad}", b"x")
    cloud.put(f"s3://raw/{empty}", b"")
    told = [landed(key) for key in (bad, empty, bad, "raw/claims/sample_professional/gone.csv", "other/x.csv")]
    log = listen("s3_event_trigger")
    trigger.handle(sqs(*told), context)
    assert executions() == []
    messages = [json.loads(text) for text in cloud.heard()]
    assert sorted(message["context"]["reason"] for message in messages) == ["empty", "unknown_source"]
    notes = [json.loads(cloud.get(f"s3://quarantine/{key}")) for key in cloud.keys("quarantine")]
    assert sorted(note["original_uri"] for note in notes) == [f"s3://raw/{bad}", f"s3://raw/{empty}"]
    printed = capsys.readouterr().out
    metrics = next(line for line in map(json.loads, printed.splitlines()) if "_aws" in line)
    assert (len(metrics["FilesReceived"]), sum(metrics["FilesIgnored"]), sum(metrics["FilesQuarantined"])) == (5, 3, 2)
    assert "Jane" not in printed + json.dumps(messages) + log.getvalue()
    assert "unknown_source" in log.getvalue()


@pytest.mark.parametrize("dies_in", ["write_new", "start", "tell", "started"])
def test_a_batch_whose_call_died_is_started_once_all_the_same(
    dies_in: str,
    trigger: ModuleType,
    cloud: Cloud,
    context: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owner = {"write_new": trigger.STORE, "start": trigger.STARTER, "tell": trigger.TOPICS, "started": trigger.LEDGER}
    works = getattr(owner[dies_in], dies_in)

    def dies(*arguments: object) -> None:
        if dies_in == "start":
            works(*arguments)
        raise TransientError("away")

    cloud.put(f"s3://raw/{KEY}", b"x")
    monkeypatch.setattr(owner[dies_in], dies_in, dies)
    answer = trigger.handle(sqs(landed(KEY)), context)
    assert answer["batchItemFailures"] == []
    monkeypatch.setattr(owner[dies_in], dies_in, works)
    cloud.put("s3://raw/raw/claims/sample_professional/b.csv", b"x")
    trigger.handle(sqs(landed("raw/claims/sample_professional/b.csv"), landed(KEY)), context)
    monkeypatch.setattr(trigger, "SETTINGS", trigger.SETTINGS.model_copy(update={"lease_seconds": -1}))
    trigger.handle({"action": "flush"}, context)
    started = [uri for request in executions() for uri in json.loads(cloud.get(request["manifest"]))["files"]]
    assert sorted(started) == [f"s3://raw/{KEY}", "s3://raw/raw/claims/sample_professional/b.csv"]
    told_of = {json.loads(text)["job_id"] for text in cloud.heard()}
    assert told_of == {request["job_id"] for request in executions()}


def test_two_calls_do_not_gather_at_once_and_two_runs_of_one_number_get_other_ones(
    trigger: ModuleType,
    cloud: Cloud,
    context: object,
) -> None:
    cloud.put(f"s3://raw/{KEY}", b"x")
    assert trigger.LEDGER.lease("other", NOON, datetime.now(UTC) + timedelta(minutes=5))
    assert trigger.handle(sqs(landed(KEY)), context)["body"]["jobs_started"] == []
    trigger.LEDGER.give_back("nobody")
    assert trigger.handle({"action": "flush"}, context)["body"]["jobs_started"] == []
    trigger.LEDGER.give_back("other")
    (file,) = trigger.LEDGER.free(10)
    taken, next_one = manifest_of([file]), manifest_of([file], tie=1)
    cloud.put(f"s3://temp/manifests/{taken.job_id}.json", b"another run's")
    assert trigger.handle({"action": "flush"}, context)["body"]["jobs_started"] == [next_one.job_id]


def test_files_of_which_no_event_came_are_found_by_listing_and_known_ones_are_not_counted(
    trigger: ModuleType, cloud: Cloud, context: object, capsys: pytest.CaptureFixture[str]
) -> None:
    for key in (KEY, "raw/claims/sample_professional/lost.csv", "raw/claims/nobody/x.csv"):
        cloud.put(f"s3://raw/{key}", b"x")
    trigger.handle(sqs(landed(KEY)), context)
    capsys.readouterr()
    answer = trigger.handle({"action": "reconcile", "bucket": "raw"}, context)
    assert answer["body"]["message"] == "Successfully processed 2 files"
    (metrics,) = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    assert (metrics["FilesQuarantined"], metrics.get("FilesIgnored")) == ([1.0], None)
    started = [json.loads(cloud.get(request["manifest"]))["files"] for request in executions()]
    assert sorted(started) == [[f"s3://raw/{KEY}"], ["s3://raw/raw/claims/sample_professional/lost.csv"]]
    again = trigger.handle({"action": "reconcile", "bucket": "raw", "hours": 1}, context)
    assert again["body"]["jobs_started"] == []


def test_a_call_of_a_schedule_that_comes_back_from_the_dead_letters_is_made_good(
    trigger: ModuleType, cloud: Cloud, context: object
) -> None:
    cloud.put(f"s3://raw/{KEY}", b"x,y\n")
    answer = trigger.handle(sqs({"action": "reconcile", "bucket": "raw"}, {"action": "wipe"}), context)
    assert answer["batchItemFailures"] == [{"itemIdentifier": "m1"}]
    assert answer["body"]["jobs_started"] == [executions()[0]["job_id"]]
