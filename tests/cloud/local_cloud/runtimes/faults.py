"""Faults that a test plants: the next calls of a function, a job or a service are told how to end."""

from collections import defaultdict, deque
from collections.abc import Mapping
from threading import Lock
from typing import Any

Fault = Mapping[str, Any]


class Faults:
    """Faults by function, job or service (`sns`), the next one first; a fault is used once.

    `{"seconds": 0.1}` is a time-out in place of the deployed one. A job also takes `{"refuse": code}`, an error of
    StartJobRun, `{"state": "FAILED", "message": "..."}`, an end without a run, and `{"killed_after": table}`, the death
    of its process at the moment that it has published to that table. A service answers 503, whatever the fault. `{}` is
    a call without a fault.
    """

    def __init__(self) -> None:
        self.planted: dict[str, deque[Fault]] = defaultdict(deque)
        self.lock = Lock()

    def plant(self, name: str, faults: list[Fault]) -> None:
        """These in place of what was planted before."""
        with self.lock:
            self.planted[name] = deque(faults)

    def next_of(self, name: str) -> Fault:
        """The next fault; an empty one where there is none."""
        with self.lock:
            return self.planted[name].popleft() if self.planted[name] else {}

    def left(self) -> dict[str, int]:
        """How many are not used yet."""
        with self.lock:
            return {name: len(faults) for name, faults in self.planted.items() if faults}

    def seconds_of_function(self, name: str, seconds: float) -> float:
        """The time-out of the next call."""
        return float(self.next_of(name).get("seconds", seconds))


FAULTS = Faults()
