import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import typer
from typer.testing import CliRunner

from benchmarks import levers, product_run
from benchmarks.lever_list import AS_IT_IS, LEVERS, Lever
from benchmarks.levers import Found, changed, digest, lever_table, main
from benchmarks.measured_process import Cost, ProgramError
from benchmarks.peer_ratios import Outcome
from benchmarks.product_run import ProductRun, run_product
from expectations.errors import ToolMissingError

ROOT = Path(__file__).parents[3]
SAID = """
import json, sys
from benchmarks.run_with_settings import change_settings
change_settings(sys.argv[1])
from glue_jobs.runtime.session import SETTINGS
from glue_jobs.storage.tables import TABLE_PROPERTIES
print(json.dumps([SETTINGS["spark.sql.adaptive.enabled"], TABLE_PROPERTIES["write.parquet.compression-codec"],
                  SETTINGS["spark.sql.session.timeZone"]]))
"""


def found(cpu: float, *, rows: str = "9 1", megabytes: float = 10.0, peak: float = 1_000.0) -> Found:
    return Found(Outcome(Cost(cpu / 2, cpu, peak, ""), 9), megabytes, 3, rows)


def test_a_lever_is_told_as_ratios_of_medians_to_the_job_as_it_is() -> None:
    measured = {
        AS_IT_IS: [found(100), found(90), found(500)],
        "zstandard": [found(110, megabytes=7, peak=1_500), found(110, megabytes=7, peak=1_500)],
    }
    assert lever_table(measured).splitlines()[2:] == [
        "| as it is | x1.00 | x1.00 | x1.00 | 3 | x1.00 | the same |",
        "| zstandard | x1.10 | x1.10 | x0.70 | 3 | x1.50 | the same |",
    ]


def test_a_lever_that_changes_a_row_in_one_run_is_seen() -> None:
    measured = {AS_IT_IS: [found(1), found(1)], "good": [found(1)], "bad": [found(1), found(1, rows="9 2")]}
    assert changed(measured) == ["bad"]
    assert "| bad | x1.00 | x1.00 | x1.00 | 3 | x1.00 | CHANGED |" in lever_table(measured)


def test_the_sum_over_rows_is_of_rows_and_not_of_their_order_files_or_run(tmp_path: Path) -> None:
    def written(name: str, *rows: tuple[str, int | None, str]) -> Path:
        values = ", ".join(f"('{a}', {'NULL' if b is None else b}, '{run}')" for a, b, run in rows)
        with duckdb.connect() as database:
            made = f"SELECT a, b::INTEGER b, ingest_run_id FROM (VALUES {values}) t(a, b, ingest_run_id)"  # noqa: S608 - ours
            database.execute(f"COPY ({made}) TO '{tmp_path / name}' (FORMAT PARQUET)")
        return tmp_path / name

    one = [written("one.parquet", ("x", 1, "run 1"), ("y", None, "run 1"))]
    two = [written("two.parquet", ("y", None, "run 2")), written("three.parquet", ("x", 1, "run 2"))]
    other = [written("other.parquet", ("x", 1, "run 1"), ("y", 1, "run 1"))]
    assert digest(one) == digest(two)
    assert digest(one).startswith("2 ")
    assert digest(one) != digest(other)


def test_settings_reach_sessions_and_tables_in_place_of_the_products_and_beside_them() -> None:
    settings = {
        "spark": {"spark.sql.adaptive.enabled": "false"},
        "tables": {"write.parquet.compression-codec": "zstd"},
    }
    done = subprocess.run(  # noqa: S603 - this interpreter
        [sys.executable, "-c", SAID, json.dumps(settings)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert json.loads(done.stdout) == ["false", "zstd", "UTC"]


def test_the_job_is_started_with_the_settings_options_and_environment_of_a_lever(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    started: list[tuple[list[str], dict[str, str]]] = []

    def run_measured(command: list[str], folder: Path, environment: dict[str, str]) -> Cost:
        started.append((command, environment))
        return Cost(1, 1, 1, "")

    monkeypatch.setattr(product_run, "run_measured", run_measured)
    monkeypatch.setattr(product_run, "rows_in", lambda _: 5)
    lever = Lever(java="-XX:+UseParallelGC", options=("--partitions", "4"))
    run_product(ProductRun(tmp_path, "s", lever.options, lever.environment, '{"spark": {}, "tables": {}}'), tmp_path)
    run_product(ProductRun(tmp_path, "s"), tmp_path)
    (levered, environment), (plain, usual) = started
    assert levered[1:5] == ["-m", "benchmarks.run_with_settings", '{"spark": {}, "tables": {}}', "run"]
    assert levered[-2:] == ["--partitions", "4"]
    assert environment["JDK_JAVA_OPTIONS"] == "-XX:+UseParallelGC"
    assert plain[1:4] == ["-m", "glue_jobs.cli", "run"]
    assert "JDK_JAVA_OPTIONS" not in usual


def test_each_lever_changes_something_and_no_two_are_the_same() -> None:
    kinds = [(dict(lever.spark), dict(lever.tables), lever.java, tuple(lever.options)) for lever in LEVERS.values()]
    assert all(kind != kinds[0] for kind in kinds[1:])
    assert len({repr(kind) for kind in kinds}) == len(kinds)


def test_what_fails_or_cannot_be_had_is_left_out_and_what_changes_rows_is_an_exit_with_1(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[Lever] = []

    def measure(claims: Path, folder: Path, lever: Lever) -> Found:
        asked.append(lever)
        if lever is LEVERS["comet 0.12.0"]:
            raise ToolMissingError("no jar; cure: fetch it")
        if lever is LEVERS["off-heap memory"]:
            raise ProgramError("python ended with 1: out of memory")
        return found(1, rows="9 2" if lever is LEVERS["zstandard"] else "9 1")

    monkeypatch.setattr(levers, "measure", measure)
    application = typer.Typer()
    application.command()(main)

    def run(*names: str) -> tuple[int, str]:
        given = [part for name in names for part in ("--only", name)]
        answer = CliRunner().invoke(application, ["--lines", "3", "--runs", "2", "--folder", str(tmp_path), *given])
        return answer.exit_code, answer.output

    code, told = run("comet 0.12.0", "off-heap memory", "files of 64 MB")
    assert code == 0
    assert "comet 0.12.0: left out: no jar; cure: fetch it" in told
    assert "off-heap memory: left out: python ended with 1" in told
    assert "| files of 64 MB |" in told
    assert "| comet" not in told
    assert asked.count(LEVERS["comet 0.12.0"]) == 1
    assert asked.count(LEVERS[AS_IT_IS]) == 2
    assert run("zstandard")[0] == 1
    assert run("no such lever")[0] == 2
