"""Glue: runs of jobs."""

import json
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from moto.events.models import events_backends
from moto.glue.exceptions import GlueClientError
from moto.glue.models import FakeJob, FakeJobRun, glue_backends
from moto.logs.models import logs_backends
from moto.s3.models import s3_backends

from tests.cloud.local_cloud.memory import note, noted
from tests.cloud.local_cloud.registry import changes
from tests.cloud.local_cloud.runtimes.faults import FAULTS, Fault
from tests.cloud.local_cloud.runtimes.job_runs import ONE_AT_A_TIME, Ended, JobCode, run_job
from tests.cloud.local_cloud.runtimes.work import in_background
from tests.cloud.local_cloud.turns import TURN

RESULT = "result"
MINUTES = 480
DPUS = {"G.025X": 0.25, "G.1X": 1.0, "G.2X": 2.0, "G.4X": 4.0, "G.8X": 8.0, "Z.2X": 2.0}


@changes(
    FakeJob,
    "start_job_run",
    expected="a run does what the deployed script does, and ends as that ends",
    moto="runs nothing, and says that it succeeded",
)
def start_job_run(original: Callable[..., str], self: FakeJob, *settings: Any, **named: Any) -> str:  # noqa: ANN401
    fault = FAULTS.next_of(self.name)
    if "refuse" in fault:
        raise GlueClientError(fault["refuse"], "planted by a test")
    run_id = original(self, *settings, **named)
    run = self.job_runs[-1]
    vars(run).update(_transitions=[], _status="STARTING")
    note(run, RESULT, {"job": self.name, "begun": time.monotonic()})
    in_background("job run", partial(_run, self, run, fault))
    return run_id


@changes(
    FakeJobRun,
    "as_dict",
    expected="a run tells how long it took, what it used and why it failed",
    moto="tells constants",
)
def describe_run(original: Callable[[FakeJobRun], dict[str, Any]], self: FakeJobRun) -> dict[str, Any]:
    result = noted(self, RESULT, {})
    told = {**original(self), **{name: value for name, value in result.items() if name[0].isupper()}}
    if "CompletedOn" not in result:
        told.pop("CompletedOn")
        told["ExecutionTime"] = 0
    return told


def _run(job: FakeJob, run: FakeJobRun, fault: Fault) -> None:
    """Run it, or do as the planted fault says, and tell its end."""
    begun = time.monotonic()
    try:
        if "state" in fault:
            ended = Ended(fault["state"], fault.get("message", fault["state"]), "", "")
        else:
            with ONE_AT_A_TIME:
                begun = time.monotonic()
                with TURN:
                    vars(run).update(_status="RUNNING")
                    code = _code(job, run)
                seconds = float(fault.get("seconds", 60 * (run.timeout or MINUTES)))
                is_killed = _published(job, fault["killed_after"]) if "killed_after" in fault else None
                ended = run_job(code, seconds, is_killed)
    except Exception as error:
        ended = Ended("FAILED", f"{type(error).__name__}: {error}", "", "")
        raise
    finally:
        with TURN:
            _tell(job, run, ended, time.monotonic() - begun)


def _published(job: FakeJob, table: str) -> Callable[[], bool]:
    """Whether readers of a table have seen something new since now."""
    before = _current_snapshot(job, table)
    return lambda: _current_snapshot(job, table) != before


def _current_snapshot(job: FakeJob, table: str) -> object:
    with TURN:
        databases = glue_backends[job.backend.account_id][job.backend.region_name].databases.values()
        found = [database.tables[table] for database in databases if table in database.tables]
        if not found:
            return None
        metadata = json.loads(_object(job, list(found[0].versions.values())[-1]["Parameters"]["metadata_location"]))
    return metadata["refs"].get("main", {}).get("snapshot-id")


def _code(job: FakeJob, run: FakeJobRun) -> JobCode:
    """What was deployed; packages of other people are those installed here, but must have been deployed too."""
    arguments: dict[str, str] = {**(run.arguments or {}), "--JOB_NAME": job.name, "--JOB_RUN_ID": run.job_run_id}
    for uri in _listed(arguments.get("--additional-python-modules")):
        _object(job, uri)
    wheels = tuple(_object(job, uri) for uri in _listed(arguments.get("--extra-py-files")))
    command: Any = job.command
    return JobCode(_object(job, command["ScriptLocation"]), wheels, arguments)


def _listed(text: str | None) -> Iterable[str]:
    return [part for part in (text or "").split(",") if part]


def _object(job: FakeJob, uri: str) -> bytes:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    found = s3_backends[job.backend.account_id][job.backend.partition].get_object(bucket, key)
    if found is None:
        raise FileNotFoundError(f"the job's file {key} is not in its bucket")
    return bytes(found.value)


def _tell(job: FakeJob, run: FakeJobRun, ended: Ended, seconds: float) -> None:
    """Keep how a run ended and what it printed, and send the event of its end."""
    _keep_log(job, run, "output", ended.output)
    _keep_log(job, run, "error", ended.errors)
    used = seconds * DPUS.get(str(run.worker_type), 1.0) * float(run.number_of_workers or 2)
    result = {"ExecutionTime": round(seconds), "DPUSeconds": round(used, 1), "CompletedOn": datetime.now(UTC)}
    error = {"ErrorMessage": ended.message} if ended.message else {}
    note(run, RESULT, noted(run, RESULT) | result | error)
    vars(run).update(_status=ended.state)
    detail = {"jobName": job.name, "jobRunId": run.job_run_id, "state": ended.state, "message": ended.message}
    event = {"Source": "aws.glue", "DetailType": "Glue Job State Change", "Detail": json.dumps(detail)}
    events_backends[job.backend.account_id][job.backend.region_name].put_events([event])


def _keep_log(job: FakeJob, run: FakeJobRun, kind: str, text: str) -> None:
    """Where Glue writes when a security configuration encrypts its logs."""
    prefix = (run.arguments or {}).get("--custom-logGroup-prefix", "/aws-glue/jobs")
    role = job.role.rsplit("/", 1)[-1]
    group = f"{prefix}/{job.security_configuration or role}-role/{role}/{kind}"
    logs = logs_backends[job.backend.account_id][job.backend.region_name]
    logs.ensure_log_group(group)
    logs.create_log_stream(group, run.job_run_id)
    now = int(time.time() * 1000)
    lines = [{"timestamp": now, "message": line} for line in text.splitlines()]
    if lines:
        logs.put_log_events(group, run.job_run_id, lines)
