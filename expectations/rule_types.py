"""The types of expectations that rules may have: what each takes, and the Spark SQL of the rows that it finds wrong.

There is one form, SQL, and `expectations.predicates` reads it into Python, so that the two cannot part. What SQL says
is what Great Expectations' Spark engine counts, null by null; `tests/agreement` holds all three against each other.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from expectations.contract import Table
from expectations.errors import ContractError
from expectations.patterns import pattern
from expectations.predicate_literals import text_literal

Kwargs = Mapping[str, Any]
Scope = Literal["row", "table"]
EVERY_ROW = "true"
QUERY = "unexpected_rows_query"
QUERY_START = "SELECT * FROM {batch} WHERE "

NULL_HANDLING = {
    "both_values_are_missing": "NOT ({a} IS NULL AND {b} IS NULL)",
    "either_value_is_missing": "{a} IS NOT NULL AND {b} IS NOT NULL",
    "neither": EVERY_ROW,
}


@dataclass(frozen=True)
class RowForm:
    """SQL of the rows that are judged and, among them, of the rows that are wrong; either may be null for no."""

    judged: str
    broken: str


@dataclass(frozen=True)
class RuleType:
    """A type of expectation: the kwargs that it takes, and its form in SQL where it judges rows one by one."""

    required: frozenset[str]
    optional: frozenset[str] = frozenset()
    row_form: Callable[[Table, Kwargs], RowForm] | None = None
    has_condition: bool = True

    def form_for(self, kwargs: Kwargs) -> Callable[[Table, Kwargs], RowForm] | None:
        """Its form in SQL for these kwargs; none where the rule is about the table as a whole."""
        query = kwargs.get(QUERY)
        return None if isinstance(query, str) and not query.startswith(QUERY_START) else self.row_form


def plain_predicate(query: str) -> str:
    """The predicate of a query for unexpected rows, braces undoubled; ContractError where it is not that simple."""
    try:
        text = query.format(batch="{batch}")
    except (AttributeError, LookupError, ValueError) as error:
        raise ContractError("unexpected_rows_query has a single brace; cure: write {{ and }} for braces") from error
    if not text.startswith(QUERY_START):
        raise ContractError(f"unexpected_rows_query does not begin with {QUERY_START!r}; cure: begin it so")
    return text.removeprefix(QUERY_START)


def _is_null(_: Table, kwargs: Kwargs) -> RowForm:
    return RowForm(EVERY_ROW, f"{kwargs['column']} IS NOT NULL")


def _is_not_null(_: Table, kwargs: Kwargs) -> RowForm:
    return RowForm(EVERY_ROW, f"{kwargs['column']} IS NULL")


def _matches(wrong: str) -> Callable[[Table, Kwargs], RowForm]:
    def form(table: Table, kwargs: Kwargs) -> RowForm:
        _require_type(table, kwargs["column"], "string")
        pattern(_text(kwargs, "regex"))
        return _known(kwargs, f"{kwargs['column']} {wrong} {text_literal(kwargs['regex'])}")

    return form


def _in_set(wrong: str) -> Callable[[Table, Kwargs], RowForm]:
    def form(table: Table, kwargs: Kwargs) -> RowForm:
        kind = _require_type(table, kwargs["column"], "string", "int")
        values = kwargs["value_set"]
        expected = str if kind == "string" else int
        if not isinstance(values, list) or not values or not all(type(value) is expected for value in values):
            raise ContractError(f"value_set of a {kind} column holds something else, or nothing")
        written = ", ".join(text_literal(value) if kind == "string" else str(value) for value in values)
        return _known(kwargs, f"{kwargs['column']} {wrong} ({written})")

    return form


def _between(table: Table, kwargs: Kwargs) -> RowForm:
    kind = _require_type(table, kwargs["column"], "int", "date", "decimal(18,2)", "decimal(18,4)")
    return _known(kwargs, _outside(kwargs["column"], kwargs, _day if kind == "date" else _whole))


def _lengths_between(table: Table, kwargs: Kwargs) -> RowForm:
    _require_type(table, kwargs["column"], "string")
    return _known(kwargs, _outside(f"length({kwargs['column']})", kwargs, _whole))


def _lengths_equal(table: Table, kwargs: Kwargs) -> RowForm:
    _require_type(table, kwargs["column"], "string")
    return _known(kwargs, f"length({kwargs['column']}) <> {_whole(kwargs['value'])}")


def _greater(table: Table, kwargs: Kwargs) -> RowForm:
    first, second = _comparable_pair(table, kwargs)
    sign = "<" if kwargs.get("or_equal") else "<="
    return RowForm(_pairs(kwargs), f"{first} {sign} {second}")


def _equal(table: Table, kwargs: Kwargs) -> RowForm:
    first, second = _comparable_pair(table, kwargs)
    return RowForm(_pairs(kwargs), f"NOT {first} <=> {second}")


def _unexpected_rows(_: Table, kwargs: Kwargs) -> RowForm:
    return RowForm(EVERY_ROW, plain_predicate(_text(kwargs, "unexpected_rows_query")))


def _known(kwargs: Kwargs, broken: str) -> RowForm:
    return RowForm(f"{kwargs['column']} IS NOT NULL", broken)


def _pairs(kwargs: Kwargs) -> str:
    chosen = kwargs.get("ignore_row_if", "both_values_are_missing")
    if chosen not in NULL_HANDLING:
        raise ContractError(f"ignore_row_if is {chosen!r}; expected one of {', '.join(NULL_HANDLING)}")
    return NULL_HANDLING[chosen].format(a=kwargs["column_A"], b=kwargs["column_B"])


def _outside(measured: str, kwargs: Kwargs, literal: Callable[[object], str]) -> str:
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    below = f"{measured} {'<=' if kwargs.get('strict_min') else '<'} {literal(low)}" if low is not None else ""
    above = f"{measured} {'>=' if kwargs.get('strict_max') else '>'} {literal(high)}" if high is not None else ""
    return " OR ".join(part for part in (below, above) if part)


def _whole(value: object) -> str:
    if type(value) is not int:
        raise ContractError(f"bound {value!r} is no whole number; cure: a whole one, or a predicate with 0.02")
    return str(value)


def _day(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ContractError(f"bound {value!r} of a date column is no day like 2015-10-01")
    try:
        return f"DATE '{date.fromisoformat(value)}'"
    except ValueError as error:
        raise ContractError(f"bound {value!r} is no day of the calendar") from error


def _text(kwargs: Kwargs, name: str) -> str:
    if not isinstance(kwargs[name], str):
        raise ContractError(f"{name} is no text")
    return str(kwargs[name])


def _require_type(table: Table, column: str, *types: str) -> str:
    found = table.column(column).type
    if found not in types:
        raise ContractError(f"column {column} is a {found}; expected {' or '.join(types)}")
    return found


def _comparable_pair(table: Table, kwargs: Kwargs) -> Sequence[str]:
    pair = (kwargs["column_A"], kwargs["column_B"])
    for column in pair:
        _require_type(table, column, "string", "int", "date", "decimal(18,2)", "decimal(18,4)")
    return pair


def _row(form: Callable[[Table, Kwargs], RowForm], *required: str, optional: Sequence[str] = ()) -> RuleType:
    return RuleType(frozenset(required), frozenset(optional) | {"mostly"}, form)


def _whole_table(*required: str, optional: Sequence[str] = (), has_condition: bool = True) -> RuleType:
    return RuleType(frozenset(required), frozenset(optional), None, has_condition)


BOUNDS = ("min_value", "max_value", "strict_min", "strict_max")

RULE_TYPES: dict[str, RuleType] = {
    "expect_column_values_to_not_be_null": _row(_is_not_null, "column"),
    "expect_column_values_to_be_null": _row(_is_null, "column"),
    "expect_column_values_to_match_regex": _row(_matches("NOT RLIKE"), "column", "regex"),
    "expect_column_values_to_not_match_regex": _row(_matches("RLIKE"), "column", "regex"),
    "expect_column_values_to_be_in_set": _row(_in_set("NOT IN"), "column", "value_set"),
    "expect_column_values_to_not_be_in_set": _row(_in_set("IN"), "column", "value_set"),
    "expect_column_values_to_be_between": _row(_between, "column", optional=BOUNDS),
    "expect_column_value_lengths_to_be_between": _row(_lengths_between, "column", optional=BOUNDS),
    "expect_column_value_lengths_to_equal": _row(_lengths_equal, "column", "value"),
    "expect_column_pair_values_a_to_be_greater_than_b": _row(
        _greater, "column_A", "column_B", optional=("or_equal", "ignore_row_if")
    ),
    "expect_column_pair_values_to_be_equal": _row(_equal, "column_A", "column_B", optional=("ignore_row_if",)),
    "unexpected_rows_expectation": RuleType(
        frozenset({"unexpected_rows_query"}), row_form=_unexpected_rows, has_condition=False
    ),
    "expect_column_values_to_be_unique": _whole_table("column", optional=("mostly",)),
    "expect_compound_columns_to_be_unique": _whole_table("column_list", optional=("mostly", "ignore_row_if")),
    "expect_table_row_count_to_be_between": _whole_table(optional=BOUNDS[:2], has_condition=False),
    "expect_column_sum_to_be_between": _whole_table("column", optional=BOUNDS),
    "expect_column_unique_value_count_to_be_between": _whole_table("column", optional=BOUNDS),
}
"""Every type that a suite may use. One more is one more line, and one more case in `tests/agreement`."""
