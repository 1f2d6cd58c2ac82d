"""Starts the local cloud in a process of its own, on a free port, and ends it."""

import json
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError

ROOT = Path(__file__).resolve().parents[3]
ACCOUNT_ID = "123456789012"
REGION = "us-east-1"
SECONDS_TO_START = 120.0
SECONDS_TO_STOP = 10.0


class CloudError(Exception):
    """Raised when the local cloud does not start or does not answer."""


@dataclass(frozen=True)
class LocalCloud:
    """A running local cloud."""

    url: str
    log: Path
    """What the server has written: every request, and a traceback for what moto cannot do."""

    def client(self, service: str, region: str = REGION, config: Config | None = None) -> Any:  # noqa: ANN401 - boto3 makes clients at run time
        """A boto3 client of the service, speaking to this cloud."""
        usual = Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1})
        return boto3.client(
            service,  # type: ignore[call-overload]
            region_name=region,
            endpoint_url=self.url,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106 - moto takes any
            config=usual.merge(config) if config else usual,
        )

    def control(self, operation: str, **asked: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
        """Ask what only the local cloud has, see `controls`."""
        sent = urllib.request.Request(f"{self.url}/local-cloud/{operation}", json.dumps(asked).encode(), method="POST")  # noqa: S310 - http, to this machine
        with urllib.request.urlopen(sent, timeout=SECONDS_TO_START) as answer:  # noqa: S310
            read: dict[str, Any] = json.load(answer)
        return read

    def fire(self, schedule: str) -> None:
        """Do what a schedule does when its time comes."""
        if self.control("fire", name=schedule) != {"fired": 1}:
            raise CloudError(f"there is no schedule {schedule} that is enabled")

    def plant(self, name: str, *faults: dict[str, Any]) -> None:
        """Tell the next calls of a function or a job how to end, see `runtimes.faults`."""
        self.control("plant_faults", name=name, faults=faults)

    def come_to_rest(self, seconds: float, quiet: float = 1.0) -> None:
        """Wait until nothing has been going on for a moment.

        Raises:
            CloudError: something is still going on after so many seconds.
        """
        end, since = time.monotonic() + seconds, time.monotonic()
        while time.monotonic() - since < quiet:
            if at_work := self.control("at_work"):
                since = time.monotonic()
            if time.monotonic() > end:
                raise CloudError(f"after {seconds:.0f} s there is still going on: {at_work}")
            time.sleep(0.1)

    def make_key(self) -> str:
        """Make a key, and give its ARN."""
        return str(self.client("kms").create_key()["KeyMetadata"]["Arn"])

    def is_healthy(self) -> bool:
        """Whether the server answers."""
        try:
            self.client("sts").get_caller_identity()
        except BotoCoreError:
            return False
        return True


@contextmanager
def running_cloud(log: Path, *, port: int = 0, plain: bool = False, time_scale: float = 1.0) -> Iterator[LocalCloud]:
    """A local cloud for the time of the block.

    Args:
        log: Where the server writes its requests.
        port: The port; 0 takes a free one.
        plain: Moto as it comes, without what `services` adds.
        time_scale: Seconds that are waited for one second of AWS, see `clock`.
    """
    command = [sys.executable, "-m", "tests.cloud.local_cloud.process", "--until-input-ends"]
    command += [f"--port={port}", f"--time-scale={time_scale}"]
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - this interpreter with a module of these tests
            [*command, *(["--plain"] if plain else [])],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=output,
        )
    try:
        cloud = LocalCloud(_address(process, log), log)
        _wait_until_healthy(cloud)
        yield cloud
    finally:
        _stop(process)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    """The address that the process prints when it listens; a process that hangs is ended, which ends the wait."""
    assert process.stdout is not None
    timer = threading.Timer(SECONDS_TO_START, process.kill)
    timer.start()
    line = process.stdout.readline()
    timer.cancel()
    if not line:
        raise CloudError(f"The local cloud did not start; {log} ends with:\n{_tail(log)}")
    return str(json.loads(line)["url"])


def _wait_until_healthy(cloud: LocalCloud) -> None:
    limit = time.monotonic() + SECONDS_TO_START
    while not cloud.is_healthy():
        if time.monotonic() > limit:
            raise CloudError(f"{cloud.url} does not answer; {cloud.log} ends with:\n{_tail(cloud.log)}")
        time.sleep(0.1)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    _close(process.stdin)
    _close(process.stdout)


def _close(pipe: IO[bytes] | None) -> None:
    if pipe is not None:
        pipe.close()


def _tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
