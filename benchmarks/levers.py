"""What each lever does to the whole job: `python -m benchmarks.levers [--only NAME ...] [--lines 300000] [--runs 1]`.

The job runs on one generated file as it is and with one setting changed at a time (`lever_list.LEVERS`, `--list` names
them), in turn, each in a fresh process and lake. Printed are ratios to the job as it is: processor seconds and wall
time of the whole process, size of `medical_claim`'s data files, most memory held. A lever that changes a published row
is told, and is an exit with 1; one that cannot be had, or with which the job fails, is told and left out.
"""

import json
import os
import platform
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Annotated

import duckdb
import typer

from benchmarks.claims_generator import SOURCES, write_claims
from benchmarks.generated_claims import Recipe
from benchmarks.lever_list import AS_IT_IS, LEVERS, Lever
from benchmarks.measured_process import ProgramError
from benchmarks.peer_ratios import Outcome
from benchmarks.product_run import ProductRun, run_product
from benchmarks.told import say
from expectations.errors import ToolMissingError

TABLE = "medical_claim"
OF_THE_RUN = ("ingest_datetime", "ingest_run_id", "ingest_file_id", "resolved_run_id", "file_name", "file_date")
"""Columns that tell when and by what a row came."""


@dataclass(frozen=True)
class Found:
    """One run with one lever: its cost, and what was published: bytes, files and a sum over all rows."""

    outcome: Outcome
    megabytes: float
    files: int
    digest: str


def measure(claims: Path, folder: Path, lever: Lever) -> Found:
    """The job with a lever, in a lake of its own below the folder."""
    needed = lever.needs() if lever.needs else {}
    settings = json.dumps({"spark": {**lever.spark, **needed}, "tables": dict(lever.tables)})
    work = Path(tempfile.mkdtemp(dir=folder))
    run = ProductRun(claims, SOURCES["csv"], lever.options, lever.environment, settings)
    try:
        outcome = run_product(run, work)
        files = sorted((work / "lake" / "processed" / TABLE / "data").rglob("*.parquet"))
        return Found(outcome, sum(file.stat().st_size for file in files) / 1e6, len(files), digest(files))
    finally:
        shutil.rmtree(work, ignore_errors=True)


def digest(files: Sequence[Path]) -> str:
    """Rows of data files, and a sum of their hashes: whatever their order and files, equal rows are the same."""
    with duckdb.connect() as database:
        read = f"read_parquet({[str(file) for file in files]!r})"
        names = [row[0] for row in database.execute(f"DESCRIBE SELECT * FROM {read}").fetchall()]  # noqa: S608 - ours
        columns = ", ".join(f'"{name}"' for name in sorted(names) if name not in OF_THE_RUN)
        asked = f"SELECT count(*) || ' ' || sum(CAST(hash({columns}) AS HUGEINT)) FROM {read}"  # noqa: S608 - ours
        (found,) = database.execute(asked).fetchone() or ("",)
        return str(found)


def compare(claims: Path, folder: Path, names: Sequence[str], runs: int) -> dict[str, list[Found]]:
    """The levers in turn, so many times; what fails is told, and not tried again."""
    found: dict[str, list[Found]] = {name: [] for name in names}
    failed: set[str] = set()
    for _ in range(runs):
        for name in [name for name in names if name not in failed]:
            try:
                found[name].append(measure(claims, folder, LEVERS[name]))
            except (ProgramError, ToolMissingError) as error:
                failed.add(name)
                say(f"  {name}: left out: {str(error).splitlines()[-1][:300]}")
            else:
                cost = found[name][-1].outcome.cost
                say(f"  {name}: {cost.cpu_seconds:.1f} s of processors, {cost.wall_seconds:.1f} s")
    return {name: measured for name, measured in found.items() if name not in failed}


def lever_table(found: Mapping[str, Sequence[Found]]) -> str:
    """Markdown: a row a lever, each figure as a ratio to the job as it is, medians of all runs."""
    rows = ["| lever | CPU | wall | size | files | peak memory | rows |", "|---|---|---|---|---|---|---|"]
    for name in found:
        cpu, wall, peak = (_ratio(found, name, figure) for figure in ("cpu_seconds", "wall_seconds", "peak_megabytes"))
        size = median(one.megabytes for one in found[name]) / median(one.megabytes for one in found[AS_IT_IS])
        same = "the same" if name not in changed(found) else "CHANGED"
        files = found[name][-1].files
        rows.append(f"| {name} | x{cpu:.2f} | x{wall:.2f} | x{size:.2f} | {files} | x{peak:.2f} | {same} |")
    return "\n".join(rows)


def changed(found: Mapping[str, Sequence[Found]]) -> list[str]:
    """Levers with which other rows were published than by the job as it is."""
    usual = {one.digest for one in found[AS_IT_IS]}
    return [name for name, measured in found.items() if {one.digest for one in measured} != usual or len(usual) > 1]


def _ratio(found: Mapping[str, Sequence[Found]], name: str, figure: str) -> float:
    of, usual = ([getattr(one.outcome.cost, figure) for one in found[chosen]] for chosen in (name, AS_IT_IS))
    return float(median(of) / median(usual))


def main(  # noqa: PLR0913, PLR0917 - one option each
    lines: Annotated[int, typer.Option(min=1, help="Claim lines of the file.")] = 300_000,
    runs: Annotated[int, typer.Option(min=1, help="Runs of each; medians are compared.")] = 1,
    only: Annotated[list[str] | None, typer.Option(help="A lever by its name; may be given again.")] = None,
    seed: Annotated[int, typer.Option(help="Another seed is other claims.")] = 7,
    folder: Annotated[str, typer.Option(help="Where file and lakes lie; a temporary folder below it is used.")] = "",
    listed: Annotated[bool, typer.Option("--list", help="Name the levers and end.")] = False,
) -> None:
    """Measure, print, and exit with 1 where a lever changes what is published."""
    if listed:
        say("\n".join(name for name in LEVERS if name != AS_IT_IS))
        return
    if unknown := set(only or ()) - LEVERS.keys():
        raise typer.BadParameter(f"no lever {', '.join(sorted(unknown))}; --list names them", param_hint="--only")
    names = [name for name in LEVERS if name == AS_IT_IS or not only or name in only]
    load = f"load {os.getloadavg()[0]:.1f}"
    say(f"{lines:,} lines, seed {seed}; {os.cpu_count()} cores, {platform.machine()}, {runs} runs, {load}")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True, dir=folder or None) as temporary:
        (claims,) = write_claims(Recipe(lines, seed=seed), Path(temporary) / "claims")
        found = compare(claims, Path(temporary), names, runs)
    if AS_IT_IS not in found:
        raise typer.Exit(2)
    say("\n" + lever_table(found))
    if changed(found):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
