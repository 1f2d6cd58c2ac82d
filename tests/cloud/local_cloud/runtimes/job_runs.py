"""Runs of Glue jobs: the deployed script with the deployed arguments and wheel, in Spark on this machine."""

import json
import os
import shlex
import signal
import site
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Semaphore

from moto import settings

from glue_jobs.runtime.java import java_home
from tests.cloud.local_cloud.runtimes.lambda_code import unpacked
from tests.cloud.local_cloud.runtimes.spark_jars import spark_jars

LAUNCHER = Path(__file__).with_name("job_process.py")
PLACE = Path(tempfile.mkdtemp(prefix="local_cloud_glue_"))
ONE_AT_A_TIME = Semaphore(1)
"""Spark takes the whole machine: other runs wait for their turn."""
LOOK_SECONDS = 0.1
MEMORY = "2g"
ENDED = {0: "SUCCEEDED"}


@dataclass(frozen=True)
class JobCode:
    """What a run is made of: the script, the wheels that it imports, and its arguments."""

    script: bytes
    wheels: tuple[bytes, ...]
    arguments: Mapping[str, str]


@dataclass(frozen=True)
class Ended:
    """How a run ended, and what it printed."""

    state: str
    message: str
    output: str
    errors: str


def run_job(code: JobCode, seconds: float, is_killed: Callable[[], bool] | None = None) -> Ended:
    """Run a job to its end, or until its time is over or it is killed."""
    folder = Path(tempfile.mkdtemp(dir=PLACE))
    script = folder / "script.py"
    script.write_bytes(code.script)
    own = [str(unpacked(wheel, PLACE)) for wheel in code.wheels]
    # the packages themselves, but not what their .pth files add: the checkout is installed by one of these
    folders = json.dumps([*own, *site.getsitepackages()])
    arguments = [text for pair in code.arguments.items() for text in pair]
    with (folder / "output").open("wb") as output, (folder / "errors").open("wb") as errors:
        process = subprocess.Popen(  # noqa: S603 - this interpreter with the deployed script
            [sys.executable, "-I", "-S", "-u", str(LAUNCHER), folders, str(script), *arguments],
            cwd=folder,
            env=spark_environment(folder, _url(), code.arguments.get("--conf", "")),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=errors,
            start_new_session=True,
        )
        end = time.monotonic() + seconds
        state = ""
        while not state and process.poll() is None:
            state = "TIMEOUT" if time.monotonic() > end else "FAILED" if is_killed and is_killed() else ""
            time.sleep(LOOK_SECONDS)
        if state:
            os.killpg(process.pid, signal.SIGKILL)
        ended = process.wait()
        state = state or ENDED.get(ended, "FAILED")
    told = (folder / "errors").read_text(errors="replace")
    return Ended(state, _message(state, told), (folder / "output").read_text(errors="replace"), told)


def _message(state: str, errors: str) -> str:
    lines = [line for line in errors.splitlines() if line.strip()]
    return "" if state == "SUCCEEDED" else (lines[-1][:500] if lines and state == "FAILED" else state)


def spark_environment(folder: Path, url: str, given: str = "") -> dict[str, str]:
    """All that a process of Spark is told of this machine, and of the cloud at `url`; `given` is a job's `--conf`."""
    conf = _spark_conf(folder, url) | dict(setting.split("=", 1) for setting in shlex.split(given) if "=" in setting)
    submit = [part for name, value in conf.items() for part in ("--conf", f"{name}={value}")]
    return {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": url,
        "HOME": str(folder),
        "JAVA_HOME": str(java_home()),
        "LANG": "C.UTF-8",
        "PATH": os.environ["PATH"],
        "PYSPARK_SUBMIT_ARGS": shlex.join([*submit, "pyspark-shell"]),
        "SPARK_HOME": str(Path(site.getsitepackages()[0]) / "pyspark"),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "TZ": "UTC",
    }


def _spark_conf(folder: Path, url: str) -> dict[str, str]:
    """What Glue sets for every job, for one machine and for this cloud's endpoint."""
    return {
        "spark.master": "local[*]",
        "spark.driver.memory": MEMORY,
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.ui.explainMode": "simple",
        "spark.local.dir": str(folder),
        # runs are short: code that is compiled once, quickly, and written with one rename is what they need
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
        "spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version": "2",
        "spark.hadoop.fs.s3a.directory.marker.retention": "keep",
        "spark.jars": ",".join(str(jar) for jar in spark_jars()),
        "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
        "spark.hadoop.fs.s3a.endpoint": url,
        "spark.hadoop.fs.s3a.path.style.access": "true",
        "spark.hadoop.fs.s3a.connection.ssl.enabled": "false",
        "spark.sql.catalog.claims.glue.endpoint": url,
        "spark.sql.catalog.claims.s3.endpoint": url,
        "spark.sql.catalog.claims.s3.path-style-access": "true",
    }


def _url() -> str:
    return f"http://127.0.0.1:{settings.moto_server_port()}"
