"""Runs of jobs in the local cloud, made by hand and without Spark: what a script sees, and how its end is told."""

import io
import json
import zipfile
from typing import Any

import pytest

from tests.cloud.local_cloud.server import LocalCloud
from tests.cloud.probes_of_runtimes import ROLE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

BUCKET = "job-runs"
LOOKS = """
import json, sys, own
seen = {}
for name in ("expectations", "lambdas", "tests", "pyspark"):
    try:
        seen[name] = bool(__import__(name))
    except ImportError:
        seen[name] = False
print(json.dumps({"own": own.VALUE, "imported": seen, "arguments": sys.argv[1:]}))
"""
SLEEPS = "import time; time.sleep(600)"
RAISES = "raise LookupError('no such thing')"


@pytest.fixture(scope="module")
def glue(cloud: LocalCloud) -> Any:  # noqa: ANN401 - boto3's client
    s3, made = cloud.client("s3"), cloud.client("glue")
    s3.create_bucket(Bucket=BUCKET)
    wheel = io.BytesIO()
    with zipfile.ZipFile(wheel, "w") as opened:
        opened.writestr("own.py", "VALUE = 7")
    s3.put_object(Bucket=BUCKET, Key="own.whl", Body=wheel.getvalue())
    for name, script in {"looks": LOOKS, "sleeps": SLEEPS, "raises": RAISES}.items():
        s3.put_object(Bucket=BUCKET, Key=f"{name}.py", Body=script.encode())
        made.create_job(
            Name=f"job-{name}",
            Role=ROLE,
            Command={"Name": "glueetl", "ScriptLocation": f"s3://{BUCKET}/{name}.py"},
            DefaultArguments={"--extra-py-files": f"s3://{BUCKET}/own.whl", "--kept": "default", "--given": "default"},
            WorkerType="G.2X",
            NumberOfWorkers=3,
        )
    return made


def ended(cloud: LocalCloud, glue: Any, name: str, **options: Any) -> dict[str, Any]:  # noqa: ANN401
    run_id = glue.start_job_run(JobName=f"job-{name}", **options)["JobRunId"]
    cloud.come_to_rest(60)
    run: dict[str, Any] = glue.get_job_run(JobName=f"job-{name}", RunId=run_id)["JobRun"]
    return run


def test_a_script_sees_its_wheel_and_arguments_and_nothing_of_the_checkout(cloud: LocalCloud, glue: Any) -> None:  # noqa: ANN401
    run = ended(cloud, glue, "looks", Arguments={"--given": "by the run"})
    assert run["JobRunState"] == "SUCCEEDED"
    log = cloud.client("logs").get_log_events(
        logGroupName="/aws-glue/jobs/probe-runtime-role/probe-runtime/output", logStreamName=run["Id"]
    )
    seen = json.loads(log["events"][0]["message"])
    arguments = dict(zip(seen["arguments"][::2], seen["arguments"][1::2], strict=True))
    assert seen["own"] == 7
    assert seen["imported"] == {"expectations": False, "lambdas": False, "tests": False, "pyspark": True}
    assert (arguments["--kept"], arguments["--given"]) == ("default", "by the run")
    assert (arguments["--JOB_NAME"], arguments["--JOB_RUN_ID"]) == ("job-looks", run["Id"])


def test_a_script_that_fails_tells_its_last_line(cloud: LocalCloud, glue: Any) -> None:  # noqa: ANN401
    run = ended(cloud, glue, "raises")
    assert (run["JobRunState"], run["ErrorMessage"]) == ("FAILED", "LookupError: no such thing")


def test_a_run_whose_file_is_missing_fails(cloud: LocalCloud, glue: Any) -> None:  # noqa: ANN401
    run = ended(cloud, glue, "looks", Arguments={"--extra-py-files": f"s3://{BUCKET}/none.whl"})
    assert run["JobRunState"] == "FAILED"
    assert "none.whl" in run["ErrorMessage"]


def test_a_second_run_beyond_the_limit_is_refused_and_the_first_ends_by_its_time_out(
    cloud: LocalCloud,
    glue: Any,  # noqa: ANN401
) -> None:
    cloud.plant("job-sleeps", {"seconds": 3})
    first = glue.start_job_run(JobName="job-sleeps")["JobRunId"]
    with pytest.raises(glue.exceptions.ConcurrentRunsExceededException):
        glue.start_job_run(JobName="job-sleeps")
    assert glue.get_job_run(JobName="job-sleeps", RunId=first)["JobRun"]["JobRunState"] in {"STARTING", "RUNNING"}
    cloud.come_to_rest(120)
    run = glue.get_job_run(JobName="job-sleeps", RunId=first)["JobRun"]
    assert run["JobRunState"] == "TIMEOUT"
    assert run["ExecutionTime"] >= 3
    assert run["DPUSeconds"] >= 6 * 3  # three workers of two DPUs
