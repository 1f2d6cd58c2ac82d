"""Files go in, hostile ones and in hostile order; the published tables are those of one local run.

Spark is dear, so there are two runs, each of many scenarios at once:

1. Good CSV and JSON; files with bad records, without a header, of another delimiter, names that hold people's names;
   the event of each object three times and out of order.
2. Fifty small files at once, and the correction of a claim of the first run; the job fails once before it runs, and is
   killed once when it has published versions and not yet the claims that survive.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from expectations.contract import load_source
from expectations.control_files import CONTROL_ENDING
from tests.cloud.pipeline import Execution, Pipeline
from tests.cloud.published import CLAIMS, Rows, mirror, rows, run_locally
from tests.leak.canaries import Needles
from tests.leak.planted import Planted, plain_file, plant, text_of
from tests.leak.records import CanarySource, Cells

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

RUN_SECONDS = 900.0
SMALL_FILES = int(os.environ.get("CLOUD_SMALL_FILES", "50"))
"""At most 499, which with the correction are the most that one run takes."""

CSV, JSON = (CanarySource(load_source(name)) for name in ("sample_professional", "acme_claims_json"))
ORIGINAL, CORRECTION = 310, 311
FAULTS: tuple[dict[str, Any], ...] = (
    {"state": "FAILED", "message": "planted by a test"},
    {"killed_after": "medical_claim_version"},
    {},
)


def place(made: CanarySource, name: str) -> str:
    return f"raw/{made.source.zone}/{made.source.name}/{name}"


def claim(copy: int, **cells: str) -> Cells:
    return {**CSV.cells(copy), "FREQ_CD": "1", "ORIG_CLAIM_NO": "", **cells}


def claims(*records: Cells) -> bytes:
    return text_of(CSV, [CSV.line(record) for record in records]).encode()


@dataclass
class Story:
    """What was dropped, what ran, and what is published in the end, there and by one local run."""

    planted: Planted
    dropped: dict[str, bytes] = field(default_factory=dict)
    executions: list[Execution] = field(default_factory=list)
    tables: Mapping[str, tuple[Rows, Rows]] = field(default_factory=dict)
    lake: Path = Path()

    @property
    def files(self) -> set[str]:
        """The keys of what is no control file."""
        return {key for key in self.dropped if not key.endswith(CONTROL_ENDING)}


@pytest.fixture(scope="module")
def story(pipeline: Pipeline, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Both runs, and the local one."""
    folder = tmp_path_factory.mktemp("story")
    told = Story(plant(folder, (CSV.source.name, JSON.source.name)))
    planted = sorted(path for path in (folder / "raw").rglob("*") if path.is_file())
    first = {path.relative_to(folder).as_posix(): path.read_bytes() for path in planted}
    first |= {place(made, f"good.{end}"): plain_file(made, range(330, 350)).encode() for made, end in FORMATS}
    first[place(CSV, "original.csv")] = claims(claim(ORIGINAL))
    small = {place(CSV, f"small_{number:02}.csv"): claims(claim(400 + number)) for number in range(SMALL_FILES)}
    corrected = claim(CORRECTION, FREQ_CD="7", ORIG_CLAIM_NO=claim(ORIGINAL)[CSV.key])
    second = {**small, place(CSV, "correction.csv"): claims(corrected)}

    told.executions += run(pipeline, told, first, times=3)
    pipeline.cloud.plant(pipeline.job, *FAULTS)
    told.executions += run(pipeline, told, second, times=1)

    taken = {key: told.dropped[key] for key in accepted(pipeline, told.executions)}
    local = run_locally(taken, tmp_path_factory.mktemp("local"), max_error_share="0.8")
    told.lake = mirror(pipeline.s3, pipeline.stack.client("glue"), tmp_path_factory.mktemp("mirror"))
    told.tables = {name: (rows(told.lake, name), rows(local, name)) for name in CLAIMS}
    return told


FORMATS = ((CSV, "csv"), (JSON, "ndjson"))


def run(pipeline: Pipeline, told: Story, files: Mapping[str, bytes], *, times: int) -> list[Execution]:
    """Drop the files, their events coming so many times, and wait for what runs."""
    for key, content in files.items():
        pipeline.drop(key, content)
    for _ in range(times - 1):
        pipeline.tell_again(sorted(files, reverse=True))
    told.dropped |= files
    return pipeline.wait_for_batch(RUN_SECONDS)


def accepted(pipeline: Pipeline, executions: Sequence[Execution]) -> list[str]:
    """Keys of the files that passed the gate."""
    listed = [pipeline.read("temp", f"manifests/{one.job_id}.accepted.json") for one in executions]
    bucket = f"s3://{pipeline.buckets['raw']}/"
    return [uri.removeprefix(bucket) for manifest in listed for uri in json.loads(manifest)["files"]]


def test_each_drop_is_one_run_however_many_files_and_events_there_were(story: Story) -> None:
    assert [execution.status for execution in story.executions] == ["SUCCEEDED", "SUCCEEDED"]
    assert [execution.path[-3:] for execution in story.executions] == [
        ("FinishRun", "SummariesFollow", "RunFinished")
    ] * 2


def test_a_job_that_failed_and_then_died_while_it_published_was_run_again_by_the_same_execution(story: Story) -> None:
    first, second = (execution.path for execution in story.executions)
    assert (first.count("ProcessClaims"), second.count("ProcessClaims")) == (1, 3)
    assert second.index("WaitForRetry") < second.index("FinishRun")


@pytest.mark.parametrize("table", CLAIMS)
def test_a_published_table_is_that_of_one_local_run(story: Story, table: str) -> None:
    published, local = story.tables[table]
    assert sum(published.values()) > SMALL_FILES
    assert (len(published - local), len(local - published)) == (0, 0)


def test_a_correction_takes_the_place_of_the_claim_that_was_published_before(story: Story) -> None:
    ids = {claim_id for (claim_id,) in rows(story.lake, "medical_claim", ["claim_id"])}
    original, correction = claim(ORIGINAL)[CSV.key], claim(CORRECTION)[CSV.key]
    assert (original in ids, correction in ids) == (False, True)


def test_every_file_is_published_and_audited_or_quarantined_with_a_note(pipeline: Pipeline, story: Story) -> None:
    notes = [json.loads(pipeline.read("quarantine", key)) for key in pipeline.keys("quarantine", "files/")]
    passed = accepted(pipeline, story.executions)
    assert len(passed) == len(set(passed))
    places = {note["original_uri"].removeprefix(f"s3://{pipeline.buckets['raw']}/") for note in notes}
    set_aside = places & story.files
    assert set(passed) | set_aside == story.files
    assert not set(passed) & set_aside
    audited = rows(story.lake, "ingest_audit", ["run_id", "status"])
    first, second = (execution.job_id for execution in story.executions)
    # to the attempt that came after the death in the second run its files were known: the dead one had published them
    known = {key: n for key, n in audited.items() if key[1] == "known"}
    assert known == {(second, "known"): SMALL_FILES + 1}
    assert sum(audited.values()) - SMALL_FILES - 1 == len(passed)
    assert {run_id for run_id, _ in audited} == {first, second}
    assert {status for _, status in audited} <= {"published", "held", "refused", "known"}


def test_every_run_balances(pipeline: Pipeline, story: Story) -> None:
    totals = [pipeline.report(execution.job_id)["totals"] for execution in story.executions]
    assert [total["balanced"] for total in totals] == [True, True]


def test_status_messages_have_the_form_on_which_others_rely(pipeline: Pipeline, story: Story) -> None:
    for execution in story.executions:
        messages = [one.message for one in pipeline.heard_of(execution.job_id) if one.topic == "status"]
        assert sorted(message["status"] for message in messages) == ["STARTED", "SUCCEEDED"]
        for message in messages:
            assert message["event_type"] == "job_status_update"
            assert message["job_id"] == execution.job_id
            assert message["input_file"].startswith(tuple(f"s3://{bucket}/" for bucket in pipeline.buckets.values()))
            assert message["timestamp"].endswith("Z")


def test_nothing_but_manifests_is_left_in_the_temp_zone(pipeline: Pipeline, story: Story) -> None:
    assert story.executions
    assert {key.partition("/")[0] for key in pipeline.keys("temp")} == {"manifests"}


def test_no_message_waits_in_any_queue(pipeline: Pipeline, story: Story) -> None:
    assert story.executions
    left = pipeline.waiting_messages()
    # of other tests of these: a message that is never taken, runs that were given up
    assert left.keys() <= {"landing dead letters", "failures dead letters"}, left


def test_runs_of_the_job_tell_what_they_took(pipeline: Pipeline, story: Story) -> None:
    assert story.executions
    runs = [run for run in pipeline.job_runs() if run["JobRunState"] == "SUCCEEDED"]
    assert len(runs) == len(story.executions)
    assert all(run["ExecutionTime"] > 0 and run["DPUSeconds"] >= run["ExecutionTime"] for run in runs)


def test_no_claim_value_is_in_any_log_message_state_or_key(pipeline: Pipeline, story: Story) -> None:
    values = Needles(
        story.planted.cells | {text for copy in range(300, 400 + SMALL_FILES) for text in claim(copy).values()}
    )
    everything = story.planted.needles
    assert values.found_in(story.dropped[place(CSV, "correction.csv")].decode())  # they would be recognised
    logs, messages = list(pipeline.logs()), [json.dumps(one.message) for one in pipeline.heard()]
    assert len(logs) > 100
    assert not {found for line in logs for found in everything.found_in(line)}
    assert not {found for message in messages for found in everything.found_in(message)}
    # a state points to files by their keys, which may name people; of what is in the files it holds nothing
    assert not {found for execution in story.executions for found in values.found_in(execution.held)}
    zones = [zone for zone in pipeline.buckets if zone not in ("raw", "temp")]
    keys = [key for zone in zones for key in pipeline.keys(zone)]
    assert not {found for key in keys for found in everything.found_in(key)}
