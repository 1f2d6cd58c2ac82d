import json
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from benchmarks.compare_peers import check_peers, main
from benchmarks.measured_process import Cost, ProgramError, run_measured
from benchmarks.peer_ratios import PRODUCT, Outcome, cost_table, counts_line, goal_lines
from benchmarks.product_run import rows_in
from expectations.contract import load_source
from expectations.errors import ToolMissingError

ORPHAN = """
import subprocess, sys
subprocess.Popen([sys.executable, "-c", "held = bytearray(60_000_000); [n * n for n in range(6_000_000)]"])
"""


def outcome(cpu: float, published: int | None = None, wall: float = 10.0) -> Outcome:
    return Outcome(Cost(wall, cpu, 100.0, ""), published)


def test_the_work_of_a_process_that_outlives_its_parent_is_counted_and_waited_for(tmp_path: Path) -> None:
    idle = run_measured([sys.executable, "-c", "print('done')"], tmp_path)
    busy = run_measured([sys.executable, "-c", ORPHAN], tmp_path)
    assert idle.output == "done\n"
    assert busy.cpu_seconds > idle.cpu_seconds + 0.1
    assert busy.wall_seconds > 0.1
    assert busy.peak_megabytes > 60


def test_a_program_that_fails_stops_the_comparison(tmp_path: Path) -> None:
    with pytest.raises(ProgramError, match="ended with 3: no such claim"):
        run_measured([sys.executable, "-c", "print('no such claim'); raise SystemExit(3)"], tmp_path)


def test_goals_are_ratios_of_medians() -> None:
    found = {
        "naive_glue_job": [outcome(400, 9), outcome(100, 9), outcome(300, 9)],
        "floor_spark": [outcome(50)],
        PRODUCT: [outcome(99, 9), outcome(98, 9), outcome(900, 9)],
    }
    lines = {line.what: (line.figure, line.kept) for line in goal_lines(found)}
    assert lines == {
        "CPU : naive_glue_job": ("x0.33", True),
        "wall : naive_glue_job": ("x1.00", False),
        "CPU : floor_spark": ("x1.98", True),
        "wall : floor_spark": ("x1.00", True),
        "lines published": ("9", True),
    }


def test_a_program_that_publishes_another_number_of_lines_is_seen() -> None:
    assert counts_line({"duckdb_job": [outcome(1, 8)], PRODUCT: [outcome(1, 9)]}).kept is False
    assert counts_line({"duckdb_job": [outcome(1, None)], PRODUCT: [outcome(1, 9)]}).kept is False


def test_a_row_of_the_table_has_medians_and_both_ratios() -> None:
    found = {"floor_spark": [outcome(50)], PRODUCT: [outcome(125, 9, wall=15.0)]}
    assert cost_table(found).splitlines()[2:] == [
        "| `floor_spark` | 10.0 | 50.0 | 100 |  | 2.50 | 1.50 |",
        "| `product` | 15.0 | 125.0 | 100 | 9 | 1.00 | 1.00 |",
    ]


def test_missing_peers_are_named_with_a_cure(tmp_path: Path) -> None:
    (tmp_path / "generate.py").touch()
    with pytest.raises(ToolMissingError, match=r"no duckdb_job.py, floor_spark.py, naive_glue_job.py in .*; cure: "):
        check_peers(tmp_path)
    application = typer.Typer()
    application.command()(main)
    answer = CliRunner().invoke(application, ["--peers", str(tmp_path)])
    assert answer.exit_code == 2
    assert "cure: --peers FOLDER" in answer.output


def test_rows_of_a_table_are_those_of_its_newest_metadata(tmp_path: Path) -> None:
    (tmp_path / "metadata").mkdir()
    for version, rows in ((2, 5), (10, 7)):
        snapshot = {"snapshot-id": version, "summary": {"total-records": str(rows)}}
        content = {"current-snapshot-id": version, "snapshots": [{"snapshot-id": 1, "summary": {}}, snapshot]}
        (tmp_path / "metadata" / f"v{version}.metadata.json").write_text(json.dumps(content))
    assert rows_in(tmp_path) == 7


def test_the_declaration_of_the_compared_file_is_valid() -> None:
    source = load_source("peer_claims", Path(__file__).parents[3] / "benchmarks" / "sources")
    assert source.versions is not None
    assert "status" in source.left_out
