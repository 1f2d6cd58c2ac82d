"""Whether the job has become slower: its processor seconds in those of a floor of the same minutes, held to GUARD.

`python -m benchmarks.regression_guard`, what `make benchmark QUICK=1` and CI run. It needs nothing but this checkout:
the claims are generated, and the floor is `benchmarks/floor_spark.py`, which runs before and after the job. Processor
seconds of both rise together on a busy machine; a round that misses all the same is measured once more, and the better
one counts. It exits with 1 where that is more than the share `slide` above the usual `ratio`.
"""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.claims_generator import SOURCES, write_claims
from benchmarks.generated_claims import Recipe
from benchmarks.measured_process import Cost, run_measured
from benchmarks.peer_ratios import Outcome
from benchmarks.product_run import ProductRun, run_product
from benchmarks.quality_ratios import Line, table
from benchmarks.told import say

HERE = Path(__file__).parent
GUARD = HERE / "guard.json"
FLOOR = HERE / "floor_spark.py"
ROUNDS = 2
LEAST_PUBLISHED = 0.95
"""Of the lines: a job that drops them would be fast."""


@dataclass(frozen=True)
class Guard:
    """What is usual: the job's processor seconds in the floor's, at so many lines; and the share beyond that fails."""

    lines: int
    ratio: float
    slide: float

    @property
    def most(self) -> float:
        """The ratio beyond which the guard fails."""
        return self.ratio * (1 + self.slide)


@dataclass(frozen=True)
class Round:
    """The job, and the floor before and after it."""

    product: Outcome
    floors: Sequence[Cost]

    @property
    def ratio(self) -> float:
        """The job's processor seconds in the floor's."""
        return self.product.cost.cpu_seconds * len(self.floors) / sum(floor.cpu_seconds for floor in self.floors)


def measured_rounds(measure: Callable[[], Round], guard: Guard) -> list[Round]:
    """A round, and another where the first misses."""
    found: list[Round] = []
    while len(found) < ROUNDS and all(one.ratio > guard.most for one in found):
        found.append(measure())
    return found


def judged(rounds: Sequence[Round], guard: Guard) -> list[Line]:
    """The best round against the guard, and whether the job did its work."""
    best = min(one.ratio for one in rounds)
    published = min(one.product.published or 0 for one in rounds)
    least = int(guard.lines * LEAST_PUBLISHED)
    said = f"x{best:.2f}, the best of {len(rounds)}"
    return [
        Line("CPU seconds : floor's", said, f"at most x{guard.most:.2f}", best <= guard.most),
        Line("lines published", f"{published:,}", f"at least {least:,}", published >= least),
    ]


def measure_round(claims: Path, folder: Path) -> Round:
    """Floor, job, floor, each in a process and a folder of its own."""
    floors = [run_floor(claims, folder)]
    work = Path(tempfile.mkdtemp(dir=folder))
    product = run_product(ProductRun(claims, SOURCES["csv"]), work)
    shutil.rmtree(work, ignore_errors=True)
    found = Round(product, [*floors, run_floor(claims, folder)])
    floor = ", ".join(f"{cost.cpu_seconds:.1f}" for cost in found.floors)
    say(f"  job {product.cost.cpu_seconds:.1f} s of processors, floor {floor} s: x{found.ratio:.2f}")
    return found


def run_floor(claims: Path, folder: Path) -> Cost:
    """The floor, once."""
    work = Path(tempfile.mkdtemp(dir=folder))
    command = [sys.executable, str(FLOOR), str(claims), str(work / "parquet")]
    cost = run_measured(command, work, {**os.environ, "PYTHONPATH": str(HERE.parent)})
    shutil.rmtree(work, ignore_errors=True)
    return cost


def main(
    lines: Annotated[int, typer.Option(help="Claim lines; 0: the guard's own, to which its ratio belongs.")] = 0,
    seed: Annotated[int, typer.Option(help="Another seed is other claims.")] = 7,
) -> None:
    """Measure, print, and exit with 1 where the job has become slower."""
    read = Guard(**json.loads(GUARD.read_text()))
    guard = Guard(lines or read.lines, read.ratio, read.slide)
    say(f"{guard.lines:,} lines, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        (claims,) = write_claims(Recipe(guard.lines, seed=seed), folder / "claims")
        rounds = measured_rounds(lambda: measure_round(claims, folder), guard)
    told = judged(rounds, guard)
    say("\n" + table(told))
    if any(line.kept is False for line in told):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
