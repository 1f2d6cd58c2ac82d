"""`make chaos`: runs are killed at every named step and at random moments, and run at once, while a reader looks on.

    python -m tests.chaos.chaos --kills 200 --jobs 8 --trials 50 --seed 1 --report chaos.json

Exit code 0 where nothing was lost, doubled, torn or left over.
"""

import shutil
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tests.chaos.claim_states import Prints
from tests.chaos.contest import CRASHED, ONE_MONTH, start_contest
from tests.chaos.corpus import Plan
from tests.chaos.kill_chain import kill_until, maintain, start_chain
from tests.chaos.reader import PollingReader
from tests.chaos.tally import Tally
from tests.chaos.victims import VictimPool

MAINTAINED = 5
"""Beside every fifth trial the maintenance runs."""
KILLS_A_ROUND = 50
"""Then the lake is maintained, while no run uses it."""

screen = Console(highlight=False)


def tell(text: str) -> None:
    """One line of progress."""
    screen.print(text, soft_wrap=True)


def kill_runs(work: Path, kills: int, seed: int) -> Tally:
    """Kill that many runs on one lake; every step at least once."""
    began, chain = time.monotonic(), start_chain(work, seed, 2 * kills + 100, tell)
    tally = chain.tally
    with PollingReader(chain.lake, [Prints()]) as reader:
        while tally.clean and tally.kills.total() < kills:
            with VictimPool(chain.lake) as pool:
                kill_until(chain, pool, reader, min(tally.kills.total() + KILLS_A_ROUND, kills))
            chain.maintain()
            tell(f"maintained; {tally.kills.total()} kills, {tally.runs} runs, {reader.looks} looks")
    tally.add_reader(reader, began)
    return tally


def run_at_once(work: Path, jobs: int, trials: int, seed: int) -> Tally:
    """Two runs on the same three months, then trials of so many on one month, killed and sent files twice."""
    began, contest = time.monotonic(), start_contest(work, seed, tell)
    tally = contest.tally
    with PollingReader(contest.lake, [Prints()]) as reader:
        with VictimPool(contest.lake, ahead=0) as pool:
            contest.trial(pool, reader, 2, Plan(2).months, 0.0)
            while tally.clean and tally.trials <= trials:
                beside = contest.tally.trials % MAINTAINED == 0
                contest.trial(pool, reader, jobs, ONE_MONTH, CRASHED, maintained=beside)
        maintain(contest.lake, tally)
    tally.add_reader(reader, began)
    return tally


def chaos(  # noqa: PLR0913 - one option each
    *,
    kills: Annotated[int, typer.Option(help="Runs to kill; 0: none.")] = 200,
    jobs: Annotated[int, typer.Option(help="Runs at once on one month.")] = 8,
    trials: Annotated[int, typer.Option(help="How often; 0: never.")] = 50,
    seed: Annotated[int, typer.Option(help="Other claims, and other moments of death.")] = 1,
    folder: Annotated[Path | None, typer.Option(help="Where to work; kept. Without it a temporary one.")] = None,
    report: Annotated[Path, typer.Option(help="Where the summary goes.")] = Path("chaos.json"),
) -> None:
    """Kill runs, run several at once, and tell what came of it."""
    work = (folder or Path(tempfile.mkdtemp(prefix="chaos-"))).resolve()
    tallies: dict[str, Tally] = {}
    if kills:
        tallies["kills"] = kill_runs(work / "kills", kills, seed)
    if trials:
        tallies["at_once"] = run_at_once(work / "at_once", jobs, trials, seed)
    for tally in tallies.values():
        tally.show(screen)
    parts = ", ".join(f'"{name}": {tally.to_json()}' for name, tally in tallies.items())
    report.write_text(f"{{{parts}}}\n")
    clean = all(tally.clean for tally in tallies.values())
    if clean and not folder:
        shutil.rmtree(work)
    tell(f"{'clean' if clean else f'NOT clean; the lakes are in {work}'}; summary in {report}")
    raise typer.Exit(0 if clean else 1)


if __name__ == "__main__":
    typer.run(chaos)
