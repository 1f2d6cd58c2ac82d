"""What came of a crash test: kills by step, and everything that must be zero."""

import json
import time
from collections import Counter
from dataclasses import asdict, dataclass, field

from rich.console import Console
from rich.table import Table

from tests.chaos.claim_states import Faults
from tests.chaos.reader import PollingReader


@dataclass
class Tally:
    """Counts of one test; `clean` where all that must be zero is."""

    kills: Counter[str] = field(default_factory=Counter)
    runs: int = 0
    trials: int = 0
    maintenances: int = 0
    polls: int = 0
    looks: int = 0
    seconds: float = 0.0
    faults: Faults = field(default_factory=Faults)
    torn: Counter[str] = field(default_factory=Counter)
    orphans: Counter[str] = field(default_factory=Counter)
    accounts: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    left_by_kills: Counter[str] = field(default_factory=Counter)
    """What maintenance had to take away: no fault."""

    def add_reader(self, reader: PollingReader, began: float) -> None:
        """Add what a reader saw, and the time since `began`."""
        self.torn += reader.torn
        self.polls += reader.polls
        self.looks += reader.looks
        self.seconds += time.monotonic() - began

    @property
    def must_be_zero(self) -> dict[str, int]:
        """Each kind of fault with its number."""
        return {
            **asdict(self.faults),
            "torn reads": self.torn.total(),
            "orphans": self.orphans.total(),
            "wrong accounts": self.accounts.total(),
            "failed runs": self.failed.total(),
        }

    @property
    def clean(self) -> bool:
        """Nothing was found."""
        return not any(self.must_be_zero.values())

    def to_json(self) -> str:
        """All of it."""
        counts = {**vars(self), "faults": asdict(self.faults), "must_be_zero": self.must_be_zero, "clean": self.clean}
        return json.dumps(counts, indent=2)

    def show(self, screen: Console) -> None:
        """Two tables: where victims were killed, and what was found."""
        killed = Table(
            "killed at", "times", title=f"{self.kills.total()} kills in {self.runs} runs", title_justify="left"
        )
        for step, times in sorted(self.kills.items()):
            killed.add_row(step, str(times))
        found = Table(
            "must be zero", "found", "which", title=f"{self.looks:,} looks of the reader", title_justify="left"
        )
        which = {
            "torn reads": self.torn,
            "orphans": self.orphans,
            "wrong accounts": self.accounts,
            "failed runs": self.failed,
        }
        for name, number in self.must_be_zero.items():
            found.add_row(name, str(number), ", ".join(sorted(which.get(name, ()))))
        for table in (killed, found):
            screen.print(table)
