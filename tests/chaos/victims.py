"""Starts victims ahead of their use, gives them orders, kills their process groups, knows when all of one is gone."""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.chaos.victim import ENDED, READY, SAYS, STEP, Order
from tests.quick_spark import QUICK_SPARK

ROOT = Path(__file__).resolve().parents[2]
SOURCES = Path(__file__).with_name("sources")
SOURCE = "chaos_claims"

START_SECONDS = RUN_SECONDS = 600.0
LINES_KEPT = 60


class VictimError(Exception):
    """A victim that was not killed did not do what it was ordered to."""


@dataclass(frozen=True)
class Kill:
    """How a run is to end: at a step, at the first step that is not spared, or after a share of its usual time."""

    step: str = ""
    spared: frozenset[str] | None = None
    share: float = 0.0

    def order(self, folder: Path) -> Order:
        """What the victim is told: of a death at random, nothing."""
        return Order(input=str(folder), kill_at=f"{self.step}:1" if self.step else "", spared=self.spared)

    @property
    def is_random(self) -> bool:
        """Whether it comes from outside."""
        return not self.step and self.spared is None


@dataclass(frozen=True)
class Outcome:
    """How one run ended."""

    killed: bool
    exit_code: int
    steps: tuple[str, ...]
    seconds: float

    @property
    def last_step(self) -> str:
        """Where it was."""
        return self.steps[-1] if self.steps else "before any step"


class Victim:
    """One process group: the job, and Java below it."""

    def __init__(self, lake: Path) -> None:
        command = [sys.executable, "-m", "tests.chaos.victim", "--wait", "--lake", str(lake)]
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter with a module of these tests
            [*command, "--source", SOURCE, "--sources", str(SOURCES)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
            env=os.environ | QUICK_SPARK,
            start_new_session=True,
        )
        self._said: queue.Queue[tuple[str, object] | None] = queue.Queue()
        self._told: deque[str] = deque(maxlen=LINES_KEPT)
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self._is_ready = False

    def wait_until_ready(self) -> None:
        """Returns when Spark has started."""
        deadline = time.monotonic() + START_SECONDS
        while not self._is_ready:
            said = self._next(deadline)
            if said is None:
                raise VictimError(f"a victim did not start:\n{self.told}")
            self._is_ready = said[0] == READY

    def order(self, order: Order) -> None:
        """Begin a run."""
        self.wait_until_ready()
        assert self._process.stdin
        self._process.stdin.write(order.model_dump_json() + "\n")
        self._process.stdin.flush()

    def run(self, folder: Path, kill: Kill | None = None, usual_seconds: float = 10.0) -> Outcome:
        """Make a run over the files of a folder, or as much of it as the kill allows."""
        self.order(kill.order(folder) if kill else Order(input=str(folder)))
        outcome = self._outcome(kill.share * usual_seconds if kill and kill.is_random else None)
        if outcome.killed and not (kill and self._process.returncode == -signal.SIGKILL):
            raise VictimError(f"a run died that nobody killed:\n{self.told}")
        return outcome

    def _outcome(self, kill_after: float | None) -> Outcome:
        began = time.monotonic()
        kill_at = began + kill_after if kill_after is not None else None
        steps: list[str] = []
        while True:
            said = self._next(kill_at or began + RUN_SECONDS)
            seconds = time.monotonic() - began
            if said is None:
                self.kill()
                if kill_at is None and seconds >= RUN_SECONDS:
                    raise VictimError(f"a run did not end in {RUN_SECONDS:.0f} s:\n{self.told}")
                return Outcome(killed=True, exit_code=-1, steps=tuple(steps), seconds=seconds)
            word, detail = said
            if word == STEP:
                steps.append(str(detail))
            elif word == ENDED:
                return Outcome(killed=False, exit_code=int(str(detail)), steps=tuple(steps), seconds=seconds)

    def kill(self) -> None:
        """SIGKILL to the whole group; returns when every process of it is gone, Java too.

        All of them hold the pipe that they write to, so its end is theirs; a process id could be a zombie's.
        """
        if self._process.returncode is not None:
            return  # long gone: its number may be another's by now
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._listener.join()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()

    @property
    def told(self) -> str:
        """The last lines of its output: made-up claims only."""
        return "\n".join(self._told)

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            if line.startswith(SAYS):
                word, detail = json.loads(line.removeprefix(SAYS))
                self._said.put((word, detail))
            else:
                self._told.append(line.rstrip("\n"))
        self._said.put(None)

    def _next(self, deadline: float) -> tuple[str, object] | None:
        """What it says next; None where it is gone, or says nothing in time."""
        try:
            return self._said.get(timeout=max(deadline - time.monotonic(), 0.001))
        except queue.Empty:
            return None


class VictimPool:
    """Victims of one lake; the next ones start while the present one runs."""

    def __init__(self, lake: Path, ahead: int = 1) -> None:
        self._lake, self._ahead = lake, ahead
        self._all: list[Victim] = []
        self._waiting: deque[Victim] = deque()
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for victim in self._all:
            victim.kill()

    def prepare(self, count: int) -> None:
        """Let so many start."""
        with self._lock:
            while len(self._waiting) < count:
                self._waiting.append(self._start())

    def take(self) -> Victim:
        """One that has started; give it back where it lives on."""
        with self._lock:
            victim = self._waiting.popleft() if self._waiting else self._start()
        victim.wait_until_ready()
        self.prepare(self._ahead)
        return victim

    def give_back(self, victim: Victim) -> None:
        """It is the next to be taken."""
        with self._lock:
            self._waiting.appendleft(victim)

    def _start(self) -> Victim:
        victim = Victim(self._lake)
        self._all.append(victim)
        return victim
