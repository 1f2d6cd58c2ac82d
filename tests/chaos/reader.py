"""A reader that polls the three claim tables while victims die, and tells what it must never see."""

import threading
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from tests.chaos.claim_states import Prints, View, final_lines, prints, summed, view
from tests.chaos.iceberg_files import LakeReader

PAUSE_SECONDS = 0.05
LOOK_AGAIN_SECONDS = 1.0
"""Where no table has new metadata there is nothing new to see, but a file of it could have gone."""

TRIES = 4
"""A file may go between the look at the metadata and the look at the file, where maintenance runs; not every time."""


class Judge:
    """Knows which states the tables may show, and that no reader sees them go back."""

    def __init__(self, allowed: Iterable[Prints]) -> None:
        self._allowed = list(allowed)
        self._versions_seen = 0
        self._lines_seen = 0

    def allow(self, states: Iterable[Prints]) -> None:
        """From now on these and no others."""
        self._allowed = list(states)

    def complaints(self, seen: View) -> list[str]:
        """What is wrong with what was seen: names of rules, never a value."""
        state, found = seen.state, prints(seen.state)
        wrong = {
            "versions_between_states": all(found.versions != allowed.versions for allowed in self._allowed),
            "lines_between_states": all(found.lines != allowed.lines for allowed in self._allowed),
            "headers_between_states": all(found.headers != allowed.headers for allowed in self._allowed),
            "headers_differ_from_lines_of_the_same_run": seen.lines_of is not None
            and seen.lines_of == seen.headers_of
            and summed(state.lines) != state.headers,
            "lines_differ_from_the_versions_they_show": seen.versions_then is not None
            and final_lines(seen.versions_then) != state.lines,
            "versions_went_back": seen.version_sequence < self._versions_seen,
            "lines_went_back": 0 < seen.lines_sequence < self._lines_seen,
        }
        self._versions_seen = max(self._versions_seen, seen.version_sequence)
        self._lines_seen = max(self._lines_seen, seen.lines_sequence)
        return [name for name, is_wrong in wrong.items() if is_wrong]


class PollingReader:
    """Polls in a thread of its own, from `with` on."""

    def __init__(self, lake: Path, allowed: Iterable[Prints]) -> None:
        self.polls = self.looks = 0
        self.torn: Counter[str] = Counter()
        self._lake = lake
        self._judge = Judge(allowed)
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._ended_well = False
        self._thread = threading.Thread(target=self._poll, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        if not self._ended_well:
            self.torn["reader_died"] += 1

    def allow(self, states: Iterable[Prints]) -> None:
        """The states that the tables may show from now on; returns when no look of before is still going on."""
        with self._lock:
            self._judge.allow(states)

    def _poll(self) -> None:
        reader = LakeReader(self._lake)
        marks, due = None, 0.0
        while not self._stop.wait(PAUSE_SECONDS):
            self.polls += 1
            found = reader.marks()
            if found == marks and time.monotonic() < due:
                continue
            marks, due = found, time.monotonic() + LOOK_AGAIN_SECONDS
            with self._lock:
                self.torn.update(look(reader, self._judge))
            self.looks += 1
        reader.close()
        self._ended_well = True


def look(reader: LakeReader, judge: Judge) -> list[str]:
    """One look at the tables: what is wrong with it."""
    for _ in range(TRIES):
        try:
            return judge.complaints(view(reader))
        except (OSError, duckdb.Error):
            time.sleep(PAUSE_SECONDS)
    return ["unreadable"]
