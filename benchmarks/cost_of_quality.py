"""What the quality rules cost: the job with its row rules and without, and one suite judged by several engines.

`python -m benchmarks.cost_of_quality [--lines 5000000]` writes invented claim lines, a few percent of them dirty, runs
the real job on them in processes and lakes of their own, with the row rules and without in turn, and then lets the
compiled suite, Great Expectations' own engine, PyDeequ and DuckDB judge what was published. It prints ratios of
processor seconds, Java included, and exits with 1 where a bound is missed.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.deequ_engine import prepare
from benchmarks.invented_lines import write_lines
from benchmarks.measured_quality import TABLE
from benchmarks.quality_engines import compared
from benchmarks.quality_ratios import EngineCost, JobCost, Line, count_lines, engine_lines, job_lines, table
from benchmarks.told import say
from expectations.errors import ToolMissingError
from expectations.rules import load_rules

SOURCES = Path(__file__).parent / "sources"
ENGINES = ("compiled", "great_expectations", "pydeequ", "duckdb")
FRESH_FILES = "published.parquet"


def run_job(raw: Path, lake: Path, rules: str) -> JobCost:
    """The job on one file in a process and a lake of its own."""
    file = lake.with_suffix(".json")
    arguments = ["--input", str(raw), "--lake", str(lake), "--source", "bench_lines", "--sources", str(SOURCES)]
    run_module("benchmarks.measured_quality", str(file), rules, *arguments, "--job_id", lake.name)
    return JobCost(**json.loads(file.read_text()))


def run_engines(folder: Path, rounds: int, names: Sequence[str]) -> dict[str, list[EngineCost]]:
    """The engines in turn in one process on one folder of Parquet."""
    file = folder.with_suffix(".json")
    run_module("benchmarks.quality_engines", str(file), str(folder), TABLE, str(rounds), *names)
    found = json.loads(file.read_text())
    return {name: [EngineCost(**one) for one in runs] for name, runs in found.items()}


def run_module(module: str, *arguments: str) -> None:
    """One of our own modules in a process of its own, which must end well."""
    command = [sys.executable, "-m", module, *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own programs on our own folders


def compare_jobs(root: Path, raw: Path, rounds: int) -> tuple[list[Line], Path]:
    """The job with rules and without, in turn, each first in every second round; and the last lake with rules."""
    costs: dict[str, list[JobCost]] = {"with": [], "without": []}
    lake = root
    for number in range(rounds):
        for rules in ("with", "without") if number % 2 else ("without", "with"):
            here = root / f"{rules}-{number}"
            costs[rules].append(run_job(raw, here, rules))
            say(f"  {rules} row rules: {costs[rules][-1].seconds:.1f} s of processors")
            if rules == "with":
                lake = here
            else:
                shutil.rmtree(here, ignore_errors=True)  # Java may still be taking its own files away
    return job_lines(costs["with"], costs["without"]), lake


def compare_engines(root: Path, lake: Path, rounds: int, names: Sequence[str]) -> list[Line]:
    """The engines on what the lake has published."""
    folder = root / FRESH_FILES
    run_module("glue_jobs.cli", "export", "--lake", str(lake), "--table", TABLE, "--to", str(folder))
    costs = run_engines(folder, rounds, names)
    rules = [rule.rule_id for rule in compared(load_rules(TABLE))]
    return [*engine_lines(costs, ENGINES[0], ENGINES[1]), *count_lines(costs, ENGINES[0], rules)]


def available(without: Sequence[str]) -> list[str]:
    """The engines to compare: all, but those that are left out or cannot be had here."""
    names = [name for name in ENGINES if name == ENGINES[0] or name not in without]
    if "pydeequ" in names:
        try:
            prepare()
        except ToolMissingError as error:
            say(f"PyDeequ is left out: {error}")
            names.remove("pydeequ")
    return names


def main(  # noqa: PLR0913, PLR0917 - one option each
    lines: Annotated[int, typer.Option(help="Claim lines in the file.")] = 5_000_000,
    rounds: Annotated[int, typer.Option(help="Runs of the job with the rules, and as many without.")] = 3,
    engine_rounds: Annotated[int, typer.Option(help="Times that each engine judges the suite; 0 leaves them out.")] = 3,
    without: Annotated[list[str] | None, typer.Option(help="Engine to leave out; may be given again.")] = None,
    folder: Annotated[str, typer.Option(help="Where files and lakes lie, and stay; else a temporary folder.")] = "",
    bounds: Annotated[bool, typer.Option(help="Exit with 1 where a bound is missed.")] = True,
) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        root = Path(folder or temporary)
        root.mkdir(parents=True, exist_ok=True)
        raw = root / f"lines-{lines}.csv"
        write_lines(raw, lines)
        size = raw.stat().st_size / 1e6
        say(f"{lines:,} lines, {size:,.0f} MB; {os.cpu_count()} cores, {platform.machine()}, {rounds} rounds")
        found, lake = compare_jobs(root, raw, rounds)
        if engine_rounds:
            found += compare_engines(root, lake, engine_rounds, available(without or []))
    say(table(found))
    if bounds and any(line.kept is False for line in found):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
