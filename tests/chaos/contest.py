"""Several runs at once on the same months, some killed, some files sent to two of them: as if one after the other."""

import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from pathlib import Path

from tests.chaos.claim_states import Prints, prints
from tests.chaos.corpus import ClaimsFile, Plan, make_files
from tests.chaos.kill_chain import check_lake, place_of, run_maintenance
from tests.chaos.oracle import expected_state
from tests.chaos.reader import PollingReader
from tests.chaos.tally import Tally
from tests.chaos.victims import Kill, VictimError, VictimPool

ONE_MONTH = (date(2024, 5, 1),)
CLAIMS_A_JOB = 6
SENT_TWICE = 0.4
CRASHED = 0.3
PUBLICATION = ("publishing medical_claim_version", "published medical_claim_version")
USUAL_ORPHAN_HOURS = 24
"""What a running load has written is younger."""
MOST_FAMILIES = 10_000
"""Of one trial: families of two trials are never the same, so that their states add up."""


@dataclass
class Contest:
    """Trials on one lake, each with jobs that start together, each on new claims; with what was found."""

    work: Path
    chance: random.Random
    tell: Callable[[str], None] = lambda text: None
    tally: Tally = field(default_factory=Tally)
    delivered: list[ClaimsFile] = field(default_factory=list)
    before: Prints = field(default_factory=Prints)
    usual_seconds: float = 10.0

    @property
    def lake(self) -> Path:
        """Where the tables are."""
        return self.work / "lake"

    def trial(  # noqa: PLR0913 - what differs between trials
        self,
        pool: VictimPool,
        reader: PollingReader,
        jobs: int,
        months: tuple[date, ...],
        crashed: float,
        *,
        maintained: bool = False,
    ) -> None:
        """Let so many jobs loose at once, each with a file of its own, and see that the result is as if in turn.

        Maintained: the maintenance job runs beside them.
        """
        self.tally.trials += 1
        plan = Plan(jobs, CLAIMS_A_JOB, months, first_family=self.tally.trials * MOST_FAMILIES)
        files = make_files(plan, self.chance.randrange(1 << 30))
        deliveries = [self._delivery(files, number) for number in range(jobs)]
        reader.allow(list(self._reachable(deliveries)))
        pool.prepare(jobs)
        victims = [pool.take() for _ in range(jobs)]
        for victim in victims:
            pool.give_back(victim)
        deaths = [self._death(crashed, is_sure=number == 0) for number in range(jobs)]
        folders = [self._folder(number, files) for number, files in enumerate(deliveries)]
        with ThreadPoolExecutor(jobs + 1) as together:
            running = [together.submit(self._job, pool, *job) for job in zip(folders, deaths, strict=True)]
            if maintained:
                running.append(together.submit(run_maintenance, self.lake, self.tally, USUAL_ORPHAN_HOURS))
            for done in running:
                done.result()
        self.delivered += files
        self.before = self.before + prints(expected_state(files))
        check_lake(self.lake, self.delivered, self.tally)
        self.tell(f"trial {self.tally.trials}: {jobs} jobs at once, {self.tally.kills.total()} killed so far")

    def _death(self, crashed: float, *, is_sure: bool) -> Kill | None:
        """At a random moment; for the first job of a trial with crashes at the very moment of publishing."""
        if crashed and is_sure:
            return Kill(self.chance.choice(PUBLICATION))
        return Kill(share=self.chance.random()) if self.chance.random() < crashed else None

    def _delivery(self, files: Sequence[ClaimsFile], number: int) -> list[ClaimsFile]:
        """The job's own file; at times one that another job gets too, or that is known for long."""
        again = [*files, *self.delivered]
        return [files[number], *([self.chance.choice(again)] if self.chance.random() < SENT_TWICE else [])]

    def _reachable(self, deliveries: Sequence[Sequence[ClaimsFile]]) -> Iterator[Prints]:
        """Every state that a reader may see: after any of the jobs, in any order."""
        sets = {
            frozenset(file.name for files, is_done in zip(deliveries, done, strict=True) if is_done for file in files)
            for done in product((False, True), repeat=len(deliveries))
        }
        new = {file.name: file for files in deliveries for file in files if file not in self.delivered}
        for names in sets:
            yield self.before + prints(expected_state(new[name] for name in names if name in new))

    def _folder(self, number: int, files: Sequence[ClaimsFile]) -> Path:
        folder = self.work / "in" / f"{self.tally.trials:04d}-{number}"
        for file in files:
            file.write(folder)
        return folder

    def _job(self, pool: VictimPool, folder: Path, death: Kill | None) -> None:
        for kill in (death, None):
            victim = pool.take()
            outcome = victim.run(folder, kill, self.usual_seconds)
            self.tally.runs += 1
            if outcome.killed:
                self.tally.kills[place_of(kill, outcome)] += 1
                continue
            if outcome.exit_code:
                self.tally.failed[f"exit {outcome.exit_code} {outcome.last_step}"] += 1
                raise VictimError(f"a run failed without being killed:\n{victim.told}")
            self.usual_seconds = outcome.seconds
            pool.give_back(victim)
            return


def start_contest(work: Path, seed: int, tell: Callable[[str], None] = lambda text: None) -> Contest:
    """A contest on an empty lake."""
    return Contest(work, random.Random(seed), tell)  # noqa: S311 - the same trials every time
