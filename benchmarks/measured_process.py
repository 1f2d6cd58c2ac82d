"""A program run to its end with all that it starts: wall time, processor seconds, and the most memory held at once.

Only Linux can tell: whoever outlives the program, as pyspark's Java machine does, is taken over and waited for.
"""

import ctypes
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from expectations.errors import ToolMissingError

PR_SET_CHILD_SUBREAPER = 36
LOOK_EVERY_SECONDS = 0.25
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Cost:
    """What one run of a program cost, its children and Java machines included, and what it printed."""

    wall_seconds: float
    cpu_seconds: float
    peak_megabytes: float
    output: str


class ProgramError(Exception):
    """A program that is compared has ended badly."""


def run_measured(command: Sequence[str], folder: Path, environment: dict[str, str] | None = None) -> Cost:
    """Run a program in a session of its own and wait for everything that it started.

    Raises:
        ToolMissingError: this is not Linux.
        ProgramError: it did not end with 0; the message holds the end of what it said.
    """
    _take_over_orphans()
    started = time.perf_counter()
    output = folder / "output.txt"
    with output.open("wb") as file:
        program = subprocess.Popen(  # noqa: S603 - our own programs and the peers
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        watch = _Watch(program.pid)
        watch.start()
        code, seconds, wall = _wait(program.pid, started)
        program.returncode = code  # it was waited for here
        watch.stop()
    text = output.read_text(errors="replace")
    if code:
        raise ProgramError(f"{' '.join(command)} ended with {code}: {text[-2000:]}")
    return Cost(wall, seconds, watch.peak / 1e6, text)


def _take_over_orphans() -> None:
    if sys.platform != "linux":
        raise ToolMissingError("processes and their children are measured on Linux only; cure: run it there")
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _wait(program: int, started: float) -> tuple[int, float, float]:
    """Exit code, processor seconds of all, and wall seconds until the last of them was gone."""
    code, seconds = 0, 0.0
    while True:
        try:
            pid, status, used = os.wait4(-1, 0)
        except ChildProcessError:
            return code, seconds, time.perf_counter() - started
        seconds += used.ru_utime + used.ru_stime
        if pid == program:
            code = os.waitstatus_to_exitcode(status)


class _Watch(threading.Thread):
    """Looks again and again at how much memory the processes of one session hold together."""

    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self._session, self._done, self.peak = session, threading.Event(), 0

    def run(self) -> None:
        while not self._done.wait(LOOK_EVERY_SECONDS):
            self.peak = max(self.peak, resident_bytes(self._session))

    def stop(self) -> None:
        self._done.set()
        self.join()


def resident_bytes(session: int) -> int:
    """Memory held by all processes of a session; pages that two of them share count twice."""
    total = 0
    for place in Path("/proc").iterdir():
        if not place.name.isdigit():
            continue
        try:
            # the name, in brackets, may hold blanks
            fields = (place / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            total += int(fields[21]) * PAGE
    return total
