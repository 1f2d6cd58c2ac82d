"""Whether a month costs more because the tables have grown: monthly deliveries of claims, run one after the other.

`python -m benchmarks.scale [--lines 100000000] [--files 20]`, or `make benchmark OF=scale`. One delivery at a
time is on the disk, all go into one lake. What each cost is kept in `FOLDER/scale.jsonl`: the same command goes on
where it was stopped. It exits with 1 where the last delivery took more than MOST_SLOWER times the time of the first for
a million lines, or any held more than MOST_MEGABYTES of memory at once.
"""

import json
import os
import platform
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.claims_generator import SOURCES, write_claims
from benchmarks.generated_claims import Recipe
from benchmarks.product_run import ProductRun, run_product
from benchmarks.quality_ratios import Line, table
from benchmarks.told import say

MOST_SLOWER = 1.3
MOST_MEGABYTES = 6000
MILLION = 1_000_000


@dataclass(frozen=True)
class Delivery:
    """What one delivery cost: its lines, seconds, megabytes held at most, and rows of `medical_claim` after it."""

    number: int
    lines: int
    cpu_seconds: float
    wall_seconds: float
    peak_megabytes: float
    published: int

    def told(self) -> str:
        """One line of text."""
        each = MILLION / self.lines
        return (
            f"  delivery {self.number:3}  {self.lines:11,} lines  {self.wall_seconds * each:7.1f} s and "
            f"{self.cpu_seconds * each:7.1f} s of processors a million  {self.peak_megabytes:7,.0f} MB  "
            f"{self.published:13,} rows in the table"
        )


def deliver(folder: Path, recipe: Recipe, number: int, files: int) -> Delivery:
    """Make one delivery, run the job on it, and throw it away."""
    raw = folder / f"raw_{number}"
    (path,) = write_claims(recipe, raw, files=files, only=number)
    with path.open("rb") as file:
        lines = sum(block.count(b"\n") for block in iter(lambda: file.read(MILLION), b"")) - 1
    outcome = run_product(ProductRun(raw, SOURCES["csv"]), folder)
    shutil.rmtree(raw)
    cost = outcome.cost
    return Delivery(number, lines, cost.cpu_seconds, cost.wall_seconds, cost.peak_megabytes, outcome.published or 0)


def judged(deliveries: Sequence[Delivery]) -> list[Line]:
    """The last delivery against the first, and the most memory of all."""
    first, last = deliveries[0], deliveries[-1]
    lines = []
    for what, figure in (("wall seconds a million", "wall_seconds"), ("CPU seconds a million", "cpu_seconds")):
        begun, ended = (getattr(one, figure) * MILLION / one.lines for one in (first, last))
        said = f"x{ended / begun:.2f} ({ended:.1f} s against {begun:.1f} s)"
        lines.append(Line(what, said, f"at most x{MOST_SLOWER:.2f}", ended / begun <= MOST_SLOWER))
    most = max(one.peak_megabytes for one in deliveries)
    lines.append(Line("memory", f"{most:,.0f} MB", f"at most {MOST_MEGABYTES:,} MB", most <= MOST_MEGABYTES))
    grown = all(later.published > one.published for one, later in pairwise(deliveries))
    return [*lines, Line("rows published", f"{last.published:,}", "more each time", grown and first.published > 0)]


def main(
    lines: Annotated[int, typer.Option(min=60, help="Claim lines of all deliveries.")] = 100 * MILLION,
    files: Annotated[int, typer.Option(min=2, max=60, help="Deliveries, one a month.")] = 20,
    seed: Annotated[int, typer.Option(help="Another seed is other claims.")] = 7,
    folder: Annotated[str, typer.Option(help="Where the lake lies, and stays; empty: a temporary one.")] = "",
) -> None:
    """Measure, print, and exit with 1 where a bound is missed."""
    say(f"{lines:,} lines in {files} deliveries; {os.cpu_count()} cores, {platform.machine()}")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        place = Path(folder or temporary).resolve()
        place.mkdir(parents=True, exist_ok=True)
        done = _delivered(place, Recipe(lines, months=files, seed=seed), files)
    told = judged(done)
    say("\n" + table(told))
    if any(line.kept is False for line in told):
        raise typer.Exit(1)


def _delivered(folder: Path, recipe: Recipe, files: int) -> list[Delivery]:
    log, asked = folder / "scale.jsonl", json.dumps({"files": files, **asdict(recipe)}, default=str)
    begun = log.read_text().splitlines() if log.is_file() else [asked]
    if begun[0] != asked:
        raise typer.BadParameter(f"{log} is of other deliveries: {begun[0]}", param_hint="--folder")
    done = [Delivery(**json.loads(text)) for text in begun[1:]]
    for one in done:
        say(one.told())
    for number in range(len(done) + 1, files + 1):
        done.append(deliver(folder, recipe, number, files))
        say(done[-1].told())
        # written when the delivery is published; one that was interrupted is known to the job, and runs again
        log.write_text("\n".join([asked, *(json.dumps(asdict(one)) for one in done)]) + "\n")
    return done


if __name__ == "__main__":
    typer.run(main)
