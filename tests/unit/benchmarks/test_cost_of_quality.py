import csv
from pathlib import Path

import duckdb
import pytest

from benchmarks.invented_lines import DIRT, write_lines
from benchmarks.quality_engines import LUHN, UNIQUE, compared, in_duckdb
from benchmarks.quality_ratios import EngineCost, JobCost, Line, count_lines, engine_lines, job_lines, table
from expectations.contract import load_source
from expectations.rules import load_rules

SOURCES = Path(__file__).parents[3] / "benchmarks" / "sources"
RULES = load_rules("medical_claim")


def engine(seconds: float, counts: dict[str, int] | None = None) -> EngineCost:
    return EngineCost(seconds, 3, seconds, counts or {})


def test_rules_and_uniqueness_are_shares_of_the_median_job_without_them() -> None:
    ruled = [JobCost(112, 40, 4, 2), JobCost(190, 40, 4, 2), JobCost(110, 41, 5, 2)]
    without = [JobCost(100, 35), JobCost(99, 34), JobCost(180, 34)]
    lines = job_lines(ruled, without)
    assert [line.kept for line in lines] == [True, True, True]
    assert [line.figure.split()[0] for line in lines] == ["+8.0%", "+4.0%", "7"]


def test_a_bound_that_is_missed_is_said() -> None:
    lines = job_lines([JobCost(127, 51, 11, 2)], [JobCost(100, 40)])
    assert [line.kept for line in lines] == [False, False, False]
    assert table(lines).count("MISSED") == 3


def test_only_great_expectations_must_cost_four_times_the_compiled_suite() -> None:
    costs = {"compiled": [engine(10)], "great_expectations": [engine(39)], "duckdb": [engine(2)]}
    lines = engine_lines(costs, "compiled", "great_expectations")
    assert [(line.figure.split()[0], line.kept) for line in lines] == [
        ("x1.00", None),
        ("x3.90", False),
        ("x0.20", None),
    ]


def test_counts_are_equal_for_the_rules_that_an_engine_can_say() -> None:
    costs = {
        "compiled": [engine(1, {"A": 1, "B": 2, "C": 3})],
        "one": [engine(1, {"A": 1, "B": 2})],
        "other": [engine(1, {"A": 1, "B": 7, "C": 3})],
    }
    one, other = count_lines(costs, "compiled", ["A", "B", "C"])
    assert one.kept
    assert one.figure == "equal counts by 2 of 3 rules; cannot say C"
    assert other.kept is False
    assert other.figure == "equal counts by 2 of 3 rules; differ: B"


def test_the_table_aligns_its_columns_and_leaves_out_verdicts_that_there_are_not() -> None:
    shown = table([Line("rules", "+9.0%", "at most +15%", kept=True), Line("duckdb", "x0.20")])
    assert shown.splitlines() == ["rules   +9.0%  at most +15%    kept", "duckdb  x0.20"]


def test_duckdb_is_asked_every_row_rule_but_those_that_look_ahead() -> None:
    row_rules = [rule for rule in compared(RULES) if rule.type != UNIQUE]
    unsaid = {rule.rule_id for rule in row_rules if not in_duckdb(rule)}
    assert unsaid == {"MC023", "MC024", "MC027", "MC031", "MC032", "MC038"}


@pytest.mark.parametrize(("number", "holds"), [("808401234567893", True), ("808401234567890", False), ("8084x", False)])
def test_duckdb_is_taught_the_check_digit(number: str, holds: bool) -> None:
    with duckdb.connect() as database:
        database.execute(LUHN)
        assert database.execute("SELECT luhn_check(?)", [number]).fetchone() == (holds,)


def test_the_invented_lines_fit_their_source_and_some_are_dirty(tmp_path: Path) -> None:
    write_lines(tmp_path / "lines.csv", 6_000)
    with (tmp_path / "lines.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    mapped = load_source("bench_lines", SOURCES).mapped()
    assert set(rows[0]) == {name for column in mapped.values() for name in column.from_}
    assert len(rows) == 6_000 + 30
    assert any(row["hcpcs_code"] == DIRT["hcpcs_code"][1].strip("'") for row in rows)


def test_the_invented_lines_of_a_size_are_always_the_same(tmp_path: Path) -> None:
    for name in ("one.csv", "two.csv"):
        write_lines(tmp_path / name, 300)
    assert sorted((tmp_path / "one.csv").read_text().splitlines()) == sorted(
        (tmp_path / "two.csv").read_text().splitlines()
    )
