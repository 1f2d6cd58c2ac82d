"""How long a file waits from landed to readable: `python -m benchmarks.latency [--files 4] [--lines 500]`.

The whole development stack is applied to the local cloud (Terraform, no AWS account). As many files land at once by
either profile of `latency_profiles`, one profile after the other; the optimised one goes first, so that it is the one
that makes the tables. A file is readable when the execution that took it has ended: published, counted by a query,
announced. Glue's installation of packages is done at the start of each run, by uv from a warm cache. The time for which
a file waits for others (on AWS at most a quarter of an hour, as Terraform is told) is not in it, and the local cloud
runs one job at a time. It exits with 1 where the goal for the ratio of the p95 is missed.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.cold_function import SOURCE, sample_lines
from benchmarks.latency_profiles import BASELINE, OPTIMISED, Profile, Waits, accepted, judged, waits
from benchmarks.quality_ratios import table
from benchmarks.told import say
from terraform.artifacts.locked import locked_requirements
from tests.cloud.local_cloud.server import ROOT, running_cloud
from tests.cloud.pipeline import Execution, Pipeline
from tests.cloud.stack import SETTINGS, Stack, apply_stack

TIME_SCALE = 0.02
RUN_SECONDS = 5400.0
UV = str(Path(sys.executable).with_name("uv"))


def measured(pipeline: Pipeline, profile: Profile, files: Sequence[bytes]) -> Waits:
    """Let the files land, and wait until all are readable."""
    before = {execution.name for execution in pipeline.executions()}
    landed: dict[str, datetime] = {}
    for number, content in enumerate(files, start=1):
        key = f"raw/claims/{SOURCE}/{profile.name}_{number:03d}.csv"
        landed[key] = datetime.now(UTC)
        pipeline.drop(key, content)
    if profile is OPTIMISED:
        pipeline.wait_for_batch(RUN_SECONDS)
    else:
        pipeline.rest(RUN_SECONDS)
    done = [execution for execution in pipeline.executions() if execution.name not in before]
    try:
        return waits(landed, [(taken(pipeline, one), one.ended_at) for one in done if one.status == "SUCCEEDED"])
    except ValueError:
        for execution in done:
            say(f"  {execution.name}: {execution.status}, {' -> '.join(execution.path)}")
        for run in pipeline.job_runs():
            say(f"  job: {run['JobRunState']} {run.get('ErrorMessage', '')}")
        raise


def taken(pipeline: Pipeline, execution: Execution) -> list[str]:
    """Keys of the files of a run."""
    manifest = pipeline.read("temp", f"manifests/{execution.job_id}.accepted.json")
    return accepted(manifest, pipeline.buckets["raw"])


def wrap_script(pipeline: Pipeline, profile: Profile, deployed: str, folder: Path) -> None:
    """Put what the profile does first before the script that Glue's job is made of."""
    requirements = folder / f"{profile.name}.txt"
    requirements.write_text(locked_requirements(ROOT, profile.installs))
    install = [UV, "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--requirement", str(requirements)]
    install += ["--python", sys.executable, "--cache-dir", uv_cache()]
    subprocess.run([*install, "--target", str(folder / "warm")], check=True)  # noqa: S603 - the cache is warm from here
    # a job knows nothing of this machine's registry
    install += ["--offline", "--target"]
    bare = {"HOME": str(folder), "PATH": os.environ["PATH"]}
    subprocess.run([*install, str(folder / "tried")], env=bare, check=True)  # noqa: S603 - fails here, not in the job
    bucket, key = script_place(pipeline)
    pipeline.s3.put_object(Bucket=bucket, Key=key, Body=profile.script(deployed, install).encode())


def script_place(pipeline: Pipeline) -> tuple[str, str]:
    """Bucket and key of the job's script."""
    job = pipeline.stack.client("glue").get_job(JobName=pipeline.job)["Job"]
    bucket, _, key = job["Command"]["ScriptLocation"].removeprefix("s3://").partition("/")
    return bucket, key


def uv_cache() -> str:
    """Where uv keeps what it has fetched."""
    return subprocess.run([UV, "cache", "dir"], capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603


def apply_again(stack: Stack, profile: Profile) -> None:
    """The same stack with the variables of another profile."""
    (stack.terraform.folder / SETTINGS).write_text(json.dumps(profile.variables))
    check(stack.terraform.apply().failures)


def check(failures: Sequence[object]) -> None:
    """Exit with 2 where Terraform failed: nothing was measured."""
    for failure in failures:
        say(str(failure))
    if failures:
        raise typer.Exit(2)


def main(
    files: Annotated[int, typer.Option(min=1, help="Files that land at once.")] = 4,
    lines: Annotated[int, typer.Option(min=1, help="Claim lines of each.")] = 500,
) -> None:
    """Measure, print, and exit with 1 where the goal is missed."""
    say(f"{files} files of {lines:,} lines; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        folder = Path(place)
        header, *rows = sample_lines(folder, 2 * files * lines)
        texts = [b"".join([header, *rows[start : start + lines]]) for start in range(0, len(rows), lines)]
        with running_cloud(folder / "cloud.log", time_scale=TIME_SCALE) as cloud:
            (folder / "stack").mkdir()
            stack = apply_stack(cloud, folder / "stack", OPTIMISED.variables)
            check(stack.report.failures)
            pipeline = Pipeline(stack)
            bucket, key = script_place(pipeline)
            deployed = pipeline.s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()
            found = {}
            for profile, part in ((OPTIMISED, texts[:files]), (BASELINE, texts[files : 2 * files])):
                if profile is not OPTIMISED:
                    apply_again(stack, profile)
                wrap_script(pipeline, profile, deployed, folder)
                found[profile.name] = measured(pipeline, profile, part)
                shown = ", ".join(f"{seconds:.0f}" for seconds in found[profile.name].seconds)
                say(f"  {profile.name}: readable after {shown} s; load {os.getloadavg()[0]:.1f}")
    told = judged(found[OPTIMISED.name], found[BASELINE.name])
    say("\n" + table(told))
    if not told[-1].kept:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
