"""What rules about a table as a whole should answer, computed plainly: they have no SQL form of ours."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import duckdb

from expectations.contract import load_table
from expectations.predicates import read_predicate
from expectations.rules import Rule
from tests.agreement.dirty_frames import Frame

Answer = tuple[bool, int | None]


def alone(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Rules that need no other table; those that do are asked in test_query_rules_agree."""
    return tuple(rule for rule in rules if not rule.other_tables)


def table_answer(rule: Rule, frame: Frame) -> Answer:
    """Success, and for uniqueness the count of rows that share a key."""
    rows = frame
    if rule.row_condition:
        types = {column.name: column.type for column in load_table(rule.table).columns}
        applies = read_predicate(rule.row_condition, types).value
        rows = [row for row in frame if applies(row, date(2026, 1, 1))]
    return ANSWERS[rule.type](rule, rows)


def _unique(rule: Rule, rows: Frame) -> Answer:
    columns = rule.kwargs.get("column_list") or [rule.kwargs["column"]]
    keys = [tuple(row[column] for column in columns) for row in rows]
    missing = any if rule.kwargs.get("ignore_row_if") == "any_value_is_missing" else all
    keys = [key for key in keys if not missing(part is None for part in key)]
    counts = Counter(keys)
    repeated = sum(count for count in counts.values() if count > 1)
    return (not keys or (len(keys) - repeated) / len(keys) >= rule.mostly), repeated


def _row_count(rule: Rule, rows: Frame) -> Answer:
    return _within(rule, len(rows)), None


def _sum(rule: Rule, rows: Frame) -> Answer:
    amounts = [row[rule.kwargs["column"]] for row in rows]
    known = [amount for amount in amounts if isinstance(amount, Decimal)]
    return _within(rule, sum(known, Decimal(0)) if known else None), None


def _distinct(rule: Rule, rows: Frame) -> Answer:
    return _within(rule, len({row[rule.kwargs["column"]] for row in rows} - {None})), None


def _within(rule: Rule, found: int | Decimal | None) -> bool:
    if found is None:
        return False
    low, high = rule.kwargs.get("min_value"), rule.kwargs.get("max_value")
    above = low is None or (found > low if rule.kwargs.get("strict_min") else found >= low)
    below = high is None or (found < high if rule.kwargs.get("strict_max") else found <= high)
    return bool(above and below)


def _query(rule: Rule, rows: Frame) -> Answer:
    """What DuckDB finds, which reads the same SQL."""
    types = {column.name: column.type for column in load_table(rule.table).columns}
    with duckdb.connect() as database:
        columns = ", ".join(f"{name} {types[name].replace('string', 'varchar')}" for name in rule.columns)
        database.execute(f"CREATE TABLE batch ({columns})")
        values = [[row[name] for name in rule.columns] for row in rows]
        if values:
            places = ", ".join("?" * len(rule.columns))
            database.executemany(f"INSERT INTO batch VALUES ({places})", values)  # noqa: S608 - question marks
        found = len(database.execute(rule.kwargs["unexpected_rows_query"].format(batch="batch")).fetchall())
    return not found, found


ANSWERS: dict[str, Callable[[Rule, Frame], Answer]] = {
    "unexpected_rows_expectation": _query,
    "expect_column_values_to_be_unique": _unique,
    "expect_compound_columns_to_be_unique": _unique,
    "expect_table_row_count_to_be_between": _row_count,
    "expect_column_sum_to_be_between": _sum,
    "expect_column_unique_value_count_to_be_between": _distinct,
}
