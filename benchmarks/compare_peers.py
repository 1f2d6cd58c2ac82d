"""The speed comparison: the product beside other ways to do the same work, in turn, on one generated file.

`python -m benchmarks.compare_peers [--lines 6000000] [--runs 3] [--seed 7] [--peers FOLDER]` generates the file, runs
every program so many times, each in a process of its own, and prints medians, ratios and goals; exits with 1 where a
goal is missed.
"""

import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.measured_process import run_measured
from benchmarks.peer_ratios import PRODUCT, Outcome, cost_table, goal_lines
from benchmarks.product_run import ProductRun, run_product
from benchmarks.quality_ratios import Line, table
from benchmarks.told import say
from expectations.errors import ToolMissingError

HERE = Path(__file__).parent
PEERS = HERE.parents[1] / "shared" / "peers"
PROGRAMS = {
    "naive_glue_job": ("naive_glue_job.py",),
    "duckdb_job": ("duckdb_job.py",),
    "floor_spark": ("floor_spark.py",),
    "duckdb_floor": ("duckdb_job.py", "floor"),
}
GENERATOR = "generate.py"
SOURCE = "peer_claims"


def generate(peers: Path, file: Path, lines: int, seed: int) -> None:
    """Write the claims file; the same size and seed are the same file."""
    run_measured([sys.executable, str(peers / GENERATOR), str(lines), str(file), str(seed)], file.parent)


def run_peer(peers: Path, name: str, file: Path, folder: Path) -> Outcome:
    """A peer, as it is."""
    script, *rest = PROGRAMS[name]
    cost = run_measured([sys.executable, str(peers / script), str(file), str(folder / "out"), *rest], folder)
    found = re.search(r"\bpublished=(\d+)", cost.output)
    return Outcome(cost, int(found[1]) if found else None)


def compare(peers: Path, file: Path, runs: int, names: Sequence[str]) -> dict[str, list[Outcome]]:
    """The programs in turn, so many times."""
    found: dict[str, list[Outcome]] = {name: [] for name in names}
    for _ in range(runs):
        for name in names:
            folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=file.parent))
            is_product = name == PRODUCT
            outcome = (
                run_product(ProductRun(file, SOURCE), folder) if is_product else run_peer(peers, name, file, folder)
            )
            shutil.rmtree(folder, ignore_errors=True)
            found[name].append(outcome)
            say(f"  {name}: {outcome.cost.cpu_seconds:.1f} s of processors, {outcome.cost.wall_seconds:.1f} s")
    return found


def check_peers(peers: Path) -> None:
    """The peers are not part of this repository.

    Raises:
        ToolMissingError: they are not there.
    """
    files = {GENERATOR, *(script for script, *_ in PROGRAMS.values())}
    missing = sorted(name for name in files if not (peers / name).is_file())
    if missing:
        raise ToolMissingError(
            f"no {', '.join(missing)} in {peers}; expected the programs that the product is compared with; "
            "cure: --peers FOLDER (make benchmark PEERS=FOLDER)"
        )


def main(  # noqa: PLR0913, PLR0917 - one option each
    lines: Annotated[int, typer.Option(help="Claim lines in the file.")] = 6_000_000,
    runs: Annotated[int, typer.Option(help="Runs of each program.")] = 3,
    seed: Annotated[int, typer.Option(help="Another seed is another file.")] = 7,
    peers: Annotated[str, typer.Option(help="Folder with the programs to compare with.")] = "",
    without: Annotated[list[str] | None, typer.Option(help="Program to leave out; may be given again.")] = None,
    folder: Annotated[str, typer.Option(help="Where file and output lie; a temporary folder below it is used.")] = "",
) -> None:
    """Measure and print."""
    programs = Path(peers) if peers else PEERS
    try:
        check_peers(programs)
    except ToolMissingError as error:
        say(str(error))
        raise typer.Exit(2) from error
    names = [*PROGRAMS, PRODUCT]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True, dir=folder or None) as temporary:
        file = Path(temporary) / "claims.csv"
        generate(programs, file, lines, seed)
        size = file.stat().st_size / 1e6
        say(f"{lines:,} lines, seed {seed}, {size:,.0f} MB; {os.cpu_count()} cores, {platform.machine()}, {runs} runs")
        found = compare(programs, file, runs, [name for name in names if name not in (without or [])])
    say("\n" + cost_table(found) + "\n")
    tell(goal_lines(found))


def tell(judged: Sequence[Line]) -> None:
    """Print the goals; a missed one is an exit with 1."""
    say(table(judged))
    if any(line.kept is False for line in judged):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
