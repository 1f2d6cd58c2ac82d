"""Warm workers of functions: processes that have the handler loaded, each with one event at a time."""

import json
import os
import select
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Semaphore
from typing import Any

WORKER = Path(__file__).with_name("lambda_worker.py")
MOST_AT_ONCE = max(2, os.cpu_count() or 2)
"""Workers of one version; on AWS there would be more, here an invocation waits for its turn."""


@dataclass(frozen=True)
class Code:
    """One version of a function, ready to run: where its code is, and what it is told."""

    name: str
    folders: tuple[str, ...]
    """The function's own folder first."""
    environment: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Outcome:
    """What came of an invocation: a result as JSON, or an error in the form of Lambda; what was printed meanwhile."""

    result: str
    error: Mapping[str, Any] | None
    printed: str


class Worker:
    """A process with the handler of one version of a function."""

    def __init__(self, code: Code) -> None:
        reading, writing = os.pipe()
        self.log = tempfile.TemporaryFile("w+b")  # noqa: SIM115 - as long as the process
        command = [sys.executable, "-I", "-S", "-u", str(WORKER), json.dumps(code.folders), str(writing)]
        self.process = subprocess.Popen(  # noqa: S603 - this interpreter with the deployed code
            command,
            cwd=code.folders[0],
            env=dict(code.environment),
            stdin=subprocess.PIPE,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            pass_fds=[writing],
        )
        os.close(writing)
        self.answers = os.fdopen(reading, "rb")

    def run(self, request: Mapping[str, Any], seconds: float) -> tuple[Outcome, bool]:
        """What came of it, and whether the worker can take another; one that runs out of time is ended."""
        assert self.process.stdin is not None
        start = self.log.seek(0, os.SEEK_END)
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        self.process.stdin.flush()
        ready, _, _ = select.select([self.answers], [], [], seconds)
        line = self.answers.readline() if ready else b""
        if not line:
            self.end()
        self.log.seek(start)
        printed = self.log.read().decode(errors="replace")
        if not line:
            return Outcome("", _lost(request["id"], seconds, is_late=not ready), printed), False
        answer = json.loads(line)
        return Outcome(answer.get("result", ""), answer.get("error"), printed), not answer.get("is_lost", False)

    def end(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait()


class Workers:
    """The workers of all functions of this server."""

    def __init__(self) -> None:
        self.idle: dict[Code, list[Worker]] = defaultdict(list)
        self.places: dict[Code, Semaphore] = defaultdict(lambda: Semaphore(MOST_AT_ONCE))
        self.lock = Lock()

    def run(self, code: Code, request: Mapping[str, Any], seconds: float) -> Outcome:
        """Run the handler; a warm worker is taken where one is idle."""
        with self.lock:
            place = self.places[code]
        with place:
            with self.lock:
                self._end_former(code)
                warm = self.idle[code].pop() if self.idle[code] else None
            worker = warm or Worker(code)
            outcome, is_usable = worker.run(request, seconds)
            if is_usable:
                with self.lock:
                    self.idle[code].append(worker)
            else:
                worker.end()
        return outcome

    def _end_former(self, code: Code) -> None:
        """End idle workers of what the function was before it was changed."""
        for former in [other for other in self.idle if other.name == code.name and other != code]:
            for worker in self.idle.pop(former):
                worker.end()


def _lost(request_id: str, seconds: float, *, is_late: bool) -> dict[str, Any]:
    if is_late:
        message = f"RequestId: {request_id} Error: Task timed out after {seconds:.2f} seconds"
        return {"errorType": "Sandbox.Timedout", "errorMessage": message}
    message = f"RequestId: {request_id} Error: Runtime exited without providing a reason"
    return {"errorType": "Runtime.ExitError", "errorMessage": message}
