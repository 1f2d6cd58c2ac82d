"""The development stack on this machine: `make cloud` serves it, `make cloud-demo` shows a run from files to tables."""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from glue_jobs.runtime.sample import write_sample
from tests.cloud.live_page import LivePage
from tests.cloud.local_cloud.server import ROOT, running_cloud
from tests.cloud.pipeline import Execution, Pipeline
from tests.cloud.published import mirror, rows
from tests.cloud.stack import PREFIX, apply_stack

TIME_SCALE = 0.02
BATCH_SECONDS = 10
"""How long files wait for others; on AWS a quarter of an hour."""
RUN_SECONDS = 1800.0
DOLLARS_PER_DPU_HOUR = 0.44


def main(argv: Sequence[str]) -> int:
    """Start the cloud, apply the stack, and use it; 1 where the apply failed."""
    options = _parser().parse_args(argv)
    place = ROOT / "build" / "cloud"
    place.mkdir(parents=True, exist_ok=True)
    with (
        running_cloud(place / "cloud.log", port=options.port, time_scale=TIME_SCALE) as cloud,
        tempfile.TemporaryDirectory(prefix="cloud_") as folder,
    ):
        say(f"The cloud is at {cloud.url}. Building and applying the stack takes some two minutes.")
        begun = time.monotonic()
        stack = apply_stack(cloud, Path(folder), {"batches": {"age_seconds": BATCH_SECONDS}})
        for failure in stack.report.failures:
            say(str(failure))
        if stack.report.failures:
            return 1
        say(f"Applied in {time.monotonic() - begun:.0f} s.")
        pipeline = Pipeline(stack)
        pipeline.listen()
        if options.demo:
            demonstrate(pipeline, Path(folder))
        else:
            with LivePage(options.page_port).served() as page:
                serve(pipeline, place / "drop", page)
    return 0


def serve(pipeline: Pipeline, drop: Path, page: LivePage) -> None:
    """Take files from a folder, and tell what is heard, until Ctrl-C."""
    for zone in ("claims", "providers", "patients"):
        (drop / "raw" / zone).mkdir(parents=True, exist_ok=True)
    say(f"""
See what happens at {page.url}
Drop files as {drop}/raw/<zone>/<source>/<file>, or with any S3 client:
  export AWS_ENDPOINT_URL={pipeline.cloud.url} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1
  aws s3 cp FILE s3://{pipeline.buckets["raw"]}/raw/claims/sample_professional/
Files are started together after {BATCH_SECONDS} s. Ctrl-C ends it, and everything in it.""")
    taken: dict[Path, float] = {}
    told = 0
    try:
        while True:
            for path in sorted(path for path in (drop / "raw").rglob("*") if path.is_file()):
                if taken.get(path) != path.stat().st_mtime:
                    taken[path] = path.stat().st_mtime
                    pipeline.drop(path.relative_to(drop).as_posix(), path.read_bytes())
                    say(f"dropped {path.relative_to(drop)}")
            pipeline.cloud.fire(f"{PREFIX}-flush-batches")
            heard = pipeline.heard()
            for one in heard[told:]:
                say(f"{one.topic}: {_sentence(one.message)}")
            told = len(heard)
            page.show(pipeline)
            time.sleep(BATCH_SECONDS / 5)
    except KeyboardInterrupt:
        say("Ended.")


def demonstrate(pipeline: Pipeline, folder: Path) -> None:
    """Drop the generated sample, and print what happens to it."""
    write_sample(folder / "sample")
    begun = time.monotonic()
    keys = pipeline.drop_folder(folder / "sample")
    say(f"\nDropped {len(keys)} files:")
    for key in keys:
        say(f"  {key}")
    for execution in pipeline.wait_for_batch(RUN_SECONDS):
        say(f"\nExecution {execution.name}: {execution.status} in {_seconds(execution):.0f} s")
        say(f"  {' -> '.join(_steps(execution.path))}")
        for one in pipeline.heard_of(execution.job_id):
            say(f"  {one.topic}: {_sentence(one.message)}")
    for run in pipeline.job_runs():
        used = float(run.get("DPUSeconds", 0.0))
        cost = used / 3600 * DOLLARS_PER_DPU_HOUR
        say(
            f"  job: {run['JobRunState']} in {run['ExecutionTime']} s; so many workers as long on AWS cost {cost:.2f} $"
        )
    lake = mirror(pipeline.s3, pipeline.stack.client("glue"), folder / "mirror")
    say(f"\nPublished {time.monotonic() - begun:.0f} s after the files came:")
    for table in sorted(path.name for path in (lake / "processed").iterdir()):
        say(f"  {table}: {sum(rows(lake, table).values()):,} rows")


def say(text: str) -> None:
    """Print at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _sentence(message: object) -> str:
    told = dict(message) if isinstance(message, dict) else {}
    if told.get("event_type") != "error":
        return f"{told.get('status')} {told.get('job_id')} {told.get('input_file')}"
    context = told.get("context", {})
    return f"{told.get('error_type')}, {told.get('action')}: {context.get('file') or context.get('job_id')}"


def _steps(path: Sequence[str]) -> list[str]:
    """The path of an execution; the states of its files, which run side by side, are told once."""
    return [f"{name} x{path.count(name)}" if path.count(name) > 1 else name for name in dict.fromkeys(path)]


def _seconds(execution: Execution) -> float:
    return (execution.ended_at - execution.started_at).total_seconds()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="The development stack on this machine", prog="python -m tests.cloud")
    parser.add_argument("--port", type=int, default=5000, help="0 takes a free one")
    parser.add_argument("--page-port", type=int, default=5080, help="of the page in the browser; 0 takes a free one")
    parser.add_argument("--demo", action="store_true", help="drop the sample, print what happens, and end")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
