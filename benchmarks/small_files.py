"""What many small files cost: the same claim lines in one file and in many, by the real job, in turn.

`python -m benchmarks.small_files [--files 500] [--lines 10000] [--runs 1]`, the lines being those of one file. Each run
has a process and a lake of its own, and is counted from its start to the end of all that it started. It exits with 1
where the many files take more than MOST times what the one takes, or publish another number of lines.
"""

import os
import platform
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.claims_generator import SOURCES, write_claims
from benchmarks.generated_claims import Recipe
from benchmarks.peer_ratios import Outcome, middle
from benchmarks.product_run import ProductRun, run_product
from benchmarks.quality_ratios import Line, table
from benchmarks.told import say

MOST = 1.5
ONE, MANY = "one file", "many files"


def compare(folder: Path, recipe: Recipe, files: int, runs: int) -> dict[str, list[Outcome]]:
    """The same lines in one file and in so many, in turn, so many times."""
    inputs = {ONE: (folder / "one", 1), MANY: (folder / "many", files)}
    for place, number in inputs.values():
        write_claims(recipe, place, files=number)
    found: dict[str, list[Outcome]] = {name: [] for name in inputs}
    for _ in range(runs):
        for name, (place, _number) in inputs.items():
            work = Path(tempfile.mkdtemp(dir=folder))
            found[name].append(run_product(ProductRun(place, SOURCES["csv"]), work))
            shutil.rmtree(work, ignore_errors=True)
            cost = found[name][-1].cost
            say(f"  {name}: {cost.cpu_seconds:.1f} s of processors, {cost.wall_seconds:.1f} s")
    return found


def judged(found: Mapping[str, Sequence[Outcome]]) -> list[Line]:
    """What the many files take in what the one takes, and whether they publish the same number of lines."""
    lines = []
    for what, figure in (("CPU seconds", "cpu_seconds"), ("wall seconds", "wall_seconds")):
        one, many = (middle(found[name], figure) for name in (ONE, MANY))
        said = f"x{many / one:.2f} ({many:.1f} s against {one:.1f} s)"
        lines.append(Line(what, said, f"at most x{MOST:.2f}", many / one <= MOST))
    counts = {outcome.published for outcomes in found.values() for outcome in outcomes}
    said = ", ".join(f"{count or 0:,}" for count in counts)
    return [*lines, Line("lines published", said, "the same", len(counts) == 1 and bool(min(c or 0 for c in counts)))]


def main(
    files: Annotated[int, typer.Option(min=2, help="Number of small files.")] = 500,
    lines: Annotated[int, typer.Option(min=3, help="Claim lines of each.")] = 10_000,
    runs: Annotated[int, typer.Option(min=1, help="Runs of either; medians are compared.")] = 1,
    seed: Annotated[int, typer.Option(help="Another seed is other claims.")] = 7,
    folder: Annotated[str, typer.Option(help="Where files and lakes lie; a temporary folder below it is used.")] = "",
) -> None:
    """Measure, print, and exit with 1 where the bound is missed."""
    cores = f"{os.cpu_count()} cores, {platform.machine()}, {runs} runs, load {os.getloadavg()[0]:.1f}"
    say(f"{files:,} files of {lines:,} lines; {cores}")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True, dir=folder or None) as temporary:
        found = compare(Path(temporary), Recipe(files * lines, seed=seed), files, runs)
    told = judged(found)
    say("\n" + table(told))
    if any(line.kept is False for line in told):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
