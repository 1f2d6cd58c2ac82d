"""How long a file of 1,000 lines waits for the function that judges it, cold: `python -m benchmarks.cold_function`.

The function's code and its layer are packed by `terraform.artifacts` as they are deployed, the layer of what is
installed here; boto3 is taken from here as the runtime brings it. S3 is moto's server in this process. Each start is a
fresh interpreter that sees the standard library and these folders only, and is measured from before it is started to
its answer, the reports written. The floor is the same interpreter that only imports boto3 and makes a client. The best
of RUNS counts: what else the machine does only adds. It exits with 1 where that is a second of wall time or more.
"""

import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any

import boto3
import typer
from moto.server import ThreadedMotoServer
from packaging.requirements import Requirement

from benchmarks.quality_ratios import Line, table
from glue_jobs.runtime.sample import write_sample
from terraform.artifacts.lambda_functions import write_function
from terraform.artifacts.lambda_layer import FOLDER, write_layer
from tests.cloud.local_cloud.runtimes.lambda_code import BROUGHT_BY_LAMBDA, brought

ROOT = Path(__file__).parents[1]
START = Path(__file__).with_name("cold_start.py")
HANDLER = "lambdas.data_validation.handler"
FLOOR = "floor"
FLOOR_CODE = "import boto3\n\nCLIENT = boto3.client('s3')\n"
SOURCE = "sample_professional"
EVENT = {"bucket": "raw", "key": f"raw/claims/{SOURCE}/claims.csv"}
LINES, RUNS = 1_000, 7
MOST_SECONDS = 1.0
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}


@dataclass(frozen=True)
class Start:
    """One cold start: seconds since before its process was started, its answer, and what it had to compile."""

    import_seconds: float
    wall_seconds: float
    cpu_seconds: float
    answer: dict[str, Any] | None
    compiled: Sequence[str]


class ColdFunction:
    """The function's folders, and an S3 with one file that has landed."""

    def __init__(self, folders: Sequence[Path], url: str) -> None:
        self._folders, self._url = folders, url

    def start(self, event: dict[str, str] | None = None) -> Start:
        """A cold start that judges the file, or another one that is asked for."""
        return self._started(HANDLER, event or EVENT)

    def floor(self) -> Start:
        """A cold start that only makes a client."""
        return self._started(FLOOR, {})

    def _started(self, module: str, event: dict[str, str]) -> Start:
        folders = json.dumps([str(folder) for folder in self._folders])
        environment = CREDENTIALS | {"AWS_ENDPOINT_URL": self._url, "REPORTS_URI": "s3://reports", "TZ": "UTC"}
        command = [sys.executable, "-I", "-S", "-B", str(START), str(time.monotonic()), folders, module]
        told = subprocess.run(  # noqa: S603 - this interpreter with our own code
            [*command, json.dumps(event)], env=environment, capture_output=True, text=True, check=True
        )
        return Start(**json.loads(told.stdout))


@contextmanager
def landed(folder: Path, lines: int = LINES) -> Iterator[ColdFunction]:
    """The function as it is deployed, and a file of so many lines in its S3."""
    folders = deployed(folder)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        url = f"http://{host}:{port}"
        s3 = boto3.client(
            "s3",
            endpoint_url=url,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106 - of moto
            region_name=CREDENTIALS["AWS_DEFAULT_REGION"],
        )
        for bucket in ("raw", "reports"):
            s3.create_bucket(Bucket=bucket)
        s3.put_object(Bucket=EVENT["bucket"], Key=EVENT["key"], Body=b"".join(sample_lines(folder, lines)))
        yield ColdFunction(folders, url)
    finally:
        server.stop()


def deployed(folder: Path) -> list[Path]:
    """The function's code and layer, packed as they are deployed and unpacked; what the runtime brings; the floor."""
    write_function(ROOT, ROOT / "lambdas" / "data_validation", folder / "code.zip")
    write_layer("", folder / "layer.zip", lambda _, to: copy_packages(to))
    for name in ("code", "layer"):
        shutil.unpack_archive(folder / f"{name}.zip", folder / name)
    (folder / FLOOR).mkdir()
    (folder / FLOOR / f"{FLOOR}.py").write_text(FLOOR_CODE)
    runtime = brought(BROUGHT_BY_LAMBDA, folder / "runtime")
    return [folder / "code", folder / "layer" / FOLDER, runtime, folder / FLOOR]


def copy_packages(folder: Path) -> None:
    """What the layer holds, as it is installed here."""
    for name in sorted(packages_of_the_layer()):
        distribution = metadata.distribution(name)
        for file in distribution.files or ():
            path = Path(str(distribution.locate_file(file)))
            if ".." not in file.parts and path.is_file():
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, folder / file)


def packages_of_the_layer() -> set[str]:
    """Distributions that functions need, directly or through others, but for boto3."""
    wanted, found = _needed("claims-etl", "lambdas") - {"boto3"}, set[str]()
    while wanted:
        found |= wanted
        wanted = {name for one in wanted for name in _needed(one)} - found
    return found


def _needed(distribution: str, extra: str = "") -> set[str]:
    asked = [Requirement(text) for text in metadata.requires(distribution) or ()]
    met = [one for one in asked if one.marker is None or one.marker.evaluate({"extra": extra})]
    return {one.name.lower().replace("_", "-") for one in met}


def sample_lines(folder: Path, lines: int) -> list[bytes]:
    """The header and so many lines of the product's own sample, some of them dirty."""
    write_sample(folder / "sample", claim_lines=max(6 * lines, 20_000))
    found = sorted(path for path in (folder / "sample").rglob("*.csv") if path.parent.name == SOURCE)
    texts = [path.read_bytes().splitlines(keepends=True) for path in found]
    return [texts[0][0], *[line for text in texts for line in text[1:]][:lines]]


def judged(starts: Sequence[Start], floors: Sequence[Start]) -> list[Line]:
    """The best start against the bound, its parts, and in the best floor's processor seconds."""
    wall = min(start.wall_seconds for start in starts)
    cpu, floor = (min(start.cpu_seconds for start in found) for found in (starts, floors))
    imported = min(start.import_seconds for start in starts)
    return [
        Line(
            "start of the process to answer, wall", f"{wall:.2f} s", f"under {MOST_SECONDS:.0f} s", wall < MOST_SECONDS
        ),
        Line("of it, to the end of imports", f"{imported:.2f} s"),
        Line("processor seconds", f"{cpu:.2f} s"),
        Line("the same : boto3 and a client alone", f"x{cpu / floor:.2f} ({floor:.2f} s)"),
    ]


def main(
    runs: Annotated[int, typer.Option(min=1, help="Cold starts; the best one counts.")] = RUNS,
    lines: Annotated[int, typer.Option(min=1, help="Claim lines of the file.")] = LINES,
) -> None:
    """Measure, print, and exit with 1 where the bound is missed."""
    with tempfile.TemporaryDirectory() as place, landed(Path(place), lines) as function:
        both = [(function.floor(), function.start()) for _ in range(runs)]
    floors, starts = [floor for floor, _ in both], [start for _, start in both]
    told = judged(starts, floors)
    summary = (starts[0].answer or {}).get("summary")
    sys.stdout.write(f"best of {runs}, load {os.getloadavg()[0]:.1f}; the answer: {summary}\n{table(told)}\n")
    if not told[0].kept:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
