"""One suite, judged on the same Parquet by several engines in turn: what each counts, and what that costs.

`python -m benchmarks.quality_engines FILE PARQUET TABLE ROUNDS ENGINE...` writes the figures to FILE as JSON. Each
engine judges the rules that it can say; two are compared by the rules that both can.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import sqlglot
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from benchmarks.deequ_engine import broken_by_deequ, prepare
from benchmarks.processor_time import jobs_of, used_by
from expectations.rules import Rule, load_rules
from glue_jobs.quality.compiled_suite import judge_suite
from glue_jobs.quality.expectation_engine import judge_by_expectations
from glue_jobs.runtime.session import STARTED, SessionOptions, start_session

UNIQUE = "expect_compound_columns_to_be_unique"
LUHN = """
CREATE MACRO luhn_check(number) AS regexp_full_match(number, '[0-9]+') AND list_sum(list_transform(
    range(1, length(number) + 1),
    lambda place: CASE WHEN place % 2 = 1 THEN CAST(substring(number, -place, 1) AS INTEGER)
        ELSE (CAST(substring(number, -place, 1) AS INTEGER) * 2) // 10
            + (CAST(substring(number, -place, 1) AS INTEGER) * 2) % 10 END)) % 10 = 0
"""
"""Spark has it, DuckDB has not."""

Counts = dict[str, int]


def compared(rules: Sequence[Rule]) -> list[Rule]:
    """Row rules and the uniqueness of the grain: those whose broken rows every engine could count."""
    return [rule for rule in rules if rule.scope == "row" or rule.type == UNIQUE]


def in_duckdb(rule: Rule) -> str:
    """A rule's predicate in DuckDB's SQL; empty where its regular expressions cannot say it."""
    if "(?!" in rule.broken_sql:
        return ""
    return sqlglot.transpile(rule.broken_sql, read="spark", write="duckdb")[0]


def broken_by_duckdb(files: str, rules: Sequence[Rule]) -> Counts:
    """Rows that break each rule, by DuckDB on two threads."""
    said = {rule.rule_id: sql for rule in rules if rule.scope == "row" and (sql := in_duckdb(rule))}
    with duckdb.connect(config={"threads": 2}) as database:
        database.execute(LUHN)
        asked = ", ".join(f"count(*) FILTER (WHERE {sql})" for sql in said.values())
        counts = database.execute(f"SELECT {asked} FROM '{files}'").fetchone() or ()  # noqa: S608 - our own rules
        found = dict(zip(said, counts, strict=True))
        for rule in (rule for rule in rules if rule.type == UNIQUE):
            key = ", ".join(rule.kwargs["column_list"])
            keys = f"SELECT count(*) AS times FROM '{files}' GROUP BY {key} HAVING times > 1"  # noqa: S608 - as above
            again = database.execute(f"SELECT coalesce(sum(times), 0) FROM ({keys})").fetchone()  # noqa: S608 - as above
            found[rule.rule_id] = int(again[0]) if again else 0
    return found


def published(session: SparkSession, folder: str) -> DataFrame:
    """The rows of an export, whose manifest lies beside them."""
    return session.read.option("pathGlobFilter", "*.parquet").parquet(folder)


def engines(folder: str, table: str) -> dict[str, Callable[[], Counts]]:
    """What each engine counts, by its name."""
    session, rules = STARTED[-1], compared(load_rules(table))
    rows = published(session, folder)
    return {
        "compiled": lambda: {one.rule_id: one.broken for one in judge_suite(rows, rules).outcomes},
        "pydeequ": lambda: broken_by_deequ(rows, rules),
        "duckdb": lambda: broken_by_duckdb(f"{folder}/**/*.parquet", rules),
        "great_expectations": lambda: {one.rule_id: one.broken for one in judge_by_expectations(rows, rules)},
    }


def measure(folder: str, table: str, rounds: int, names: Sequence[str]) -> dict[str, list[dict[str, object]]]:
    """Cost and counts of each engine in each round, the engines in turn."""
    session, known = STARTED[-1], engines(folder, table)
    rows = published(session, folder)
    rows.agg(F.max(F.xxhash64(*rows.columns))).collect()  # the first to read pays for Java's start and the disk
    found: dict[str, list[dict[str, object]]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            seconds, jobs, started = used_by(session), jobs_of(session), time.perf_counter()
            counts = known[name]()
            spent, run = used_by(session) - seconds, jobs_of(session) - jobs
            wall = time.perf_counter() - started
            found[name].append({"seconds": spent, "jobs": run, "wall": wall, "counts": counts})
            sys.stderr.write(f"  {name}: {spent:.1f} s of processors, {run} jobs\n")
    return found


if __name__ == "__main__":
    file, parquet, suite, times, *chosen = sys.argv[1:]
    if "pydeequ" in chosen:
        prepare()
    start_session(SessionOptions(str(Path(parquet).parent / "engines")))
    Path(file).write_text(json.dumps(measure(parquet, suite, int(times), chosen)))
