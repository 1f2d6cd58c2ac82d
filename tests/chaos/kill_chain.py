"""Files are delivered to one lake in batches while the runs that take them are killed, until each batch is in."""

import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.claim_states import Prints, faults, prints, view
from tests.chaos.corpus import ClaimsFile, Plan, make_files
from tests.chaos.iceberg_files import LakeReader
from tests.chaos.left_overs import account_faults, orphans
from tests.chaos.oracle import expected_state
from tests.chaos.reader import PollingReader
from tests.chaos.tally import Tally
from tests.chaos.victims import ROOT, Kill, Outcome, VictimError, VictimPool

RESTARTED_WITH_MORE = 0.25
REDELIVERED = 0.5
MOST_A_BATCH = 4
MOST_FAILURES = 3
MAINTENANCE_SECONDS = 600

NextKill = Callable[[], Kill | None]
"""How the next run is to end; None: as it likes."""


@dataclass
class Chain:
    """One lake, what was delivered to it, and what was found.

    A batch is one new file, often with an old one beside it; a run that was killed is repeated on the same folder, at
    times with one more file in it.
    """

    work: Path
    files: Iterator[ClaimsFile]
    chance: random.Random
    tell: Callable[[str], None] = lambda text: None
    tally: Tally = field(default_factory=Tally)
    delivered: list[ClaimsFile] = field(default_factory=list)
    usual_seconds: float = 10.0

    spared: frozenset[str] = frozenset()
    killed_at: set[str] = field(default_factory=set)
    is_covered: bool = False

    @property
    def lake(self) -> Path:
        """Where the tables are."""
        return self.work / "lake"

    def deliver(self, pool: VictimPool, reader: PollingReader, next_kill: NextKill) -> None:
        """Bring one batch in, by runs that are killed as long as `next_kill` says how."""
        folder = self.work / "in" / f"{len(self.delivered):04d}"
        batch = [self._add_file(folder)]
        if self.delivered and self.chance.random() < REDELIVERED:
            self.chance.choice(self.delivered).write(folder)
        reader.allow(self._states(batch))
        while (outcome := self._run(pool, folder, next_kill())).exit_code:
            if outcome.killed and self.chance.random() < RESTARTED_WITH_MORE:
                batch.append(self._add_file(folder))
                reader.allow(self._states(batch))
        self.delivered += batch

    def at_new_step(self) -> Kill:
        """Death at the first step at which none has died yet, but for those that are spared."""
        return Kill(spared=self.spared | self.killed_at)

    def at_random(self, most: int) -> NextKill:
        """So many deaths, at any moment or at any step."""
        steps = sorted(self.killed_at)
        moments = [Kill(share=self.chance.random()) for _ in range(most)]
        kills = iter(
            [Kill(self.chance.choice(steps)) if steps and self.chance.random() < 0.5 else at for at in moments]
        )
        return lambda: next(kills, None)

    def check(self) -> None:
        """Compare tables and accounts with what they should hold now."""
        check_lake(self.lake, self.delivered, self.tally)
        if not self.tally.clean:
            self.tell(f"found: {self.tally.must_be_zero}")

    def maintain(self) -> None:
        """Maintain the lake, which no run uses now; nothing may be left over, nothing may be lost."""
        maintain(self.lake, self.tally)
        self.check()

    def _run(self, pool: VictimPool, folder: Path, kill: Kill | None) -> Outcome:
        victim = pool.take()
        outcome = victim.run(folder, kill, self.usual_seconds)
        self.tally.runs += 1
        if outcome.killed:
            if kill and not kill.is_random:
                self.killed_at.add(outcome.last_step)
            self.tally.kills[place_of(kill, outcome)] += 1
            self.tell(f"kill {self.tally.kills.total()}: {place_of(kill, outcome)} after {outcome.seconds:.1f} s")
        elif outcome.exit_code:
            self.tally.failed[f"exit {outcome.exit_code} {outcome.last_step}"] += 1
            if self.tally.failed.total() >= MOST_FAILURES:
                raise VictimError(f"{MOST_FAILURES} runs failed without being killed:\n{victim.told}")
        else:
            self.usual_seconds = outcome.seconds
        if not outcome.killed:
            pool.give_back(victim)
        return outcome

    def _add_file(self, folder: Path) -> ClaimsFile:
        file = next(self.files)
        file.write(folder)
        return file

    def _states(self, batch: Sequence[ClaimsFile]) -> list[Prints]:
        return [prints(expected_state([*self.delivered, *batch[:count]])) for count in range(len(batch) + 1)]


def check_lake(lake: Path, delivered: Sequence[ClaimsFile], tally: Tally) -> None:
    """Compare tables and accounts of a lake that no run writes now with what they should hold; into the tally."""
    reader = LakeReader(lake)
    seen = view(reader)
    reader.close()
    tally.faults += faults(seen.state, expected_state(delivered))
    tally.accounts += account_faults(lake, delivered)
    if seen.lines_of is None or seen.lines_of != seen.headers_of:
        tally.torn["claims_and_headers_without_one_label"] += 1


def place_of(kill: Kill | None, outcome: Outcome) -> str:
    """Where a victim was killed, in words."""
    return f"{'at random after' if kill and kill.is_random else 'at'} {outcome.last_step}"


def maintain(lake: Path, tally: Tally) -> None:
    """Run the maintenance job as on a quiet lake: nothing is too young to go, and nothing may be left over."""
    tally.left_by_kills += orphans(lake)
    run_maintenance(lake, tally, orphan_hours=0)
    tally.orphans += orphans(lake)


def run_maintenance(lake: Path, tally: Tally, orphan_hours: int) -> None:
    """The maintenance job in a process of its own; files and branches of that age go. Every step must succeed."""
    arguments = ["--lake", str(lake), "--keep_days", "0", "--orphan_hours", str(orphan_hours), "--cores", "1"]
    answer = subprocess.run(  # noqa: S603 - this interpreter with a module of the product
        [sys.executable, "-m", "glue_jobs.jobs.maintain_tables", *arguments, "--driver_memory_gigabytes", "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=MAINTENANCE_SECONDS,
        check=False,
    )
    tally.maintenances += 1
    if answer.returncode:
        tally.failed["maintenance"] += 1


def kill_until(chain: Chain, pool: VictimPool, reader: PollingReader, kills: int) -> None:
    """Deliver batches until that many victims died: first at every step once, then at random."""
    tally = chain.tally
    while tally.clean and tally.kills.total() < kills:
        before = tally.kills.total()
        at_random = chain.at_random(chain.chance.randint(1, MOST_A_BATCH))
        chain.deliver(pool, reader, at_random if chain.is_covered else chain.at_new_step)
        chain.is_covered = chain.is_covered or tally.kills.total() == before
        chain.check()


def start_chain(work: Path, seed: int, files: int, tell: Callable[[str], None] = lambda text: None) -> Chain:
    """A chain with so many files to come."""
    chance = random.Random(seed)  # noqa: S311 - the same kills every time
    return Chain(work, iter(make_files(Plan(files), seed)), chance, tell)
