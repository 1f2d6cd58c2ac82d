"""The rules of a table: declared once in `suites/<table>.json`, read by Spark, plain Python and Great Expectations.

A suite is a Great Expectations suite in its own JSON form. `load_rules` makes of each of its expectations a `Rule`,
which has Spark SQL for the job (`broken_sql`), a function for those without Spark (`broken`), and the words for people.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from expectations.contract import CONTRACT_FOLDER, Declared, Table, load_table
from expectations.errors import ContractError
from expectations.predicate_kinds import Row
from expectations.predicates import Predicate, all_true, read_predicate
from expectations.quality_score import Dimension
from expectations.row_rules import Severity
from expectations.rule_types import EVERY_ROW, QUERY, RULE_TYPES, RuleType, Scope
from expectations.table_queries import TableQuery, read_table_query

SUITES_FOLDER = CONTRACT_FOLDER / "suites"

Judgement = Callable[[Row, date], bool | None]


@dataclass(frozen=True)
class Rule:
    """One rule of a table: what it asks, in words, in Spark SQL and in Python.

    `broken_sql` is true for the rows that Great Expectations calls unexpected, and never null; `judged_sql` is true for
    the rows that it counts at all, by which `mostly` divides. Both are empty for rules about the table as a whole.
    """

    rule_id: str
    table: str
    severity: Severity
    dimension: Dimension
    sentence: str
    cure: str
    type: str
    scope: Scope
    columns: tuple[str, ...]
    kwargs: Mapping[str, Any] = field(hash=False)
    row_condition: str = ""
    mostly: float = 1.0
    other_tables: tuple[str, ...] = ()
    broken_sql: str = ""
    judged_sql: str = ""
    broken_value: Judgement | None = field(default=None, repr=False, compare=False)
    judged_value: Judgement | None = field(default=None, repr=False, compare=False)

    @property
    def expectation_kwargs(self) -> dict[str, Any]:
        """What Great Expectations is given: the rule's kwargs with its condition, as they stand in the suite."""
        condition = {"row_condition": self.row_condition, "condition_parser": "spark"} if self.row_condition else {}
        return {**self.kwargs, **condition}

    def broken(self, row: Row, today: date | None = None) -> bool:
        """Whether the row breaks the rule; `today`, in UTC as Spark's sessions are, is for rules about the future."""
        if self.broken_value is None:
            raise self._not_of_rows()
        return self.broken_value(row, today or today_in_utc()) is True

    def judged(self, row: Row, today: date | None = None) -> bool:
        """Whether the rule counts the row at all."""
        if self.judged_value is None:
            raise self._not_of_rows()
        return self.judged_value(row, today or today_in_utc()) is True

    def _not_of_rows(self) -> ContractError:
        return ContractError(f"rule {self.rule_id} is about the table as a whole; cure: ask row rules only")


class Meta(Declared):
    """What a suite says about a rule beyond what Great Expectations asks for."""

    rule_id: str = Field(pattern=r"^[A-Z]{2}[0-9]{3}$")
    sentence: str = Field(min_length=10)
    cure: str = Field(min_length=5)
    dimension: Dimension


class Expectation(Declared):
    """One expectation of a suite as it stands in the file."""

    type: str
    kwargs: dict[str, Any]
    severity: Severity
    meta: Meta


class Suite(Declared):
    """A suite as it stands in the file; Great Expectations loads the same text."""

    name: str
    meta: dict[str, Any] = Field(default={})
    expectations: tuple[Expectation, ...] = Field(min_length=1)


def today_in_utc() -> date:
    """The day that Spark's current_date() is in a session in UTC."""
    return datetime.now(UTC).date()


def broken_rules(rules: tuple[Rule, ...], row: Row, today: date) -> tuple[str, ...]:
    """Ids of the row rules that a row breaks, in the order of the suite."""
    return tuple([rule.rule_id for rule in rules if rule.broken_value and rule.broken_value(row, today)])


def suite_names(folder: Path = SUITES_FOLDER) -> tuple[str, ...]:
    """Names of the tables that have rules."""
    return tuple(sorted(path.stem for path in folder.glob("*.json")))


def suite_rules(table: str) -> tuple[Rule, ...]:
    """The rules of a table; none where it has no suite."""
    return load_rules(table) if table in suite_names() else ()


@cache
def load_rules(table: str, folder: Path = SUITES_FOLDER) -> tuple[Rule, ...]:
    """The rules of a table in the order of its suite; ContractError names file, rule and cure of what is wrong."""
    file = f"suites/{table}.json"
    suite = _read_suite(folder / f"{table}.json", file)
    if suite.name != table:
        raise ContractError(f"{file} declares the name {suite.name}; cure: file and suite have the table's name")
    rules: dict[str, Rule] = {}
    for expectation in suite.expectations:
        rule_id = expectation.meta.rule_id
        if rule_id in rules:
            raise ContractError(f"{file}: rule {rule_id} stands twice; cure: give each rule an id of its own")
        try:
            rules[rule_id] = _rule(load_table(table), expectation)
        except ContractError as error:
            raise ContractError(f"{file}: rule {rule_id}: {error}") from error
    return tuple(rules.values())


def _read_suite(path: Path, file: str) -> Suite:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Suite.model_validate(found)
    except FileNotFoundError as error:
        known = ", ".join(suite_names(path.parent)) or "none"
        raise ContractError(f"{file} does not exist; there are: {known}; cure: declare it") from error
    except json.JSONDecodeError as error:
        raise ContractError(f"{file} line {error.lineno}: not JSON: {error.msg}; cure: correct it") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        rule = _rule_at(found, first["loc"])
        raise ContractError(f"{file}: {rule}{where or 'file'}: {first['msg']}; cure: correct it there") from error


def _rule_at(found: dict[str, Any], where: tuple[int | str, ...]) -> str:
    """The id of the rule that a place in the file belongs to, where it has one."""
    try:
        return f"rule {found['expectations'][where[1]]['meta']['rule_id']}: "
    except (LookupError, TypeError):
        return ""


def _rule(table: Table, expectation: Expectation) -> Rule:
    rule_type = RULE_TYPES.get(expectation.type)
    if rule_type is None:
        raise ContractError(f"type {expectation.type} is not supported; cure: one of {', '.join(RULE_TYPES)}")
    kwargs = dict(expectation.kwargs)
    condition = _taken_condition(rule_type, kwargs)
    _check_kwargs(rule_type, kwargs)
    named = _named_columns(table, kwargs)
    when = _predicate(condition, table.name) if condition else None
    judged = broken = None
    row_form, query = rule_type.form_for(kwargs), TableQuery((), ())
    if row_form:
        form = row_form(table, kwargs)
        asked = [_predicate(part, table.name) for part in (condition, form.judged) if part and part != EVERY_ROW]
        judged = all_true(asked) if asked else _predicate(EVERY_ROW, table.name)
        broken = all_true([*asked, _predicate(form.broken, table.name)])
    elif QUERY in kwargs:
        query = read_table_query(kwargs[QUERY], table)
    read = [*query.columns, *(column for part in (when, broken) if part for column in part.columns)]
    return Rule(
        **expectation.meta.model_dump(),
        table=table.name,
        severity=expectation.severity,
        type=expectation.type,
        scope="row" if row_form else "table",
        other_tables=query.tables,
        columns=tuple(dict.fromkeys([*named, *read])),
        kwargs=kwargs,
        row_condition=condition,
        mostly=float(kwargs.get("mostly", 1.0)),
        **_both("broken", broken),
        **_both("judged", judged),
    )


def _both(name: str, predicate: Predicate | None) -> dict[str, Any]:
    return {f"{name}_sql": predicate.sql, f"{name}_value": predicate.value} if predicate else {}


@cache
def _predicate(sql: str, table: str) -> Predicate:
    """Rules share parts, and to parse one takes longer than to ask it of a thousand rows."""
    return read_predicate(sql, {column.name: column.type for column in load_table(table).columns})


def _taken_condition(rule_type: RuleType, kwargs: dict[str, Any]) -> str:
    parser, condition = kwargs.pop("condition_parser", None), kwargs.pop("row_condition", None)
    if condition is None and parser is None:
        return ""
    if not rule_type.has_condition:
        raise ContractError("this type takes no row_condition; cure: say it in the predicate")
    if parser != "spark" or not isinstance(condition, str):
        raise ContractError("row_condition is to be Spark SQL; cure: row_condition with condition_parser spark")
    return condition


def _check_kwargs(rule_type: RuleType, kwargs: Mapping[str, Any]) -> None:
    if "min_value" in rule_type.optional and kwargs.get("min_value") is None and kwargs.get("max_value") is None:
        raise ContractError("neither min_value nor max_value is given; cure: give one of them")
    missing = sorted(rule_type.required - set(kwargs))
    unknown = sorted(set(kwargs) - rule_type.required - rule_type.optional)
    if missing or unknown:
        wrong = f"lacks {', '.join(missing)}" if missing else f"does not take {', '.join(unknown)}"
        allowed = ", ".join(sorted(rule_type.required | rule_type.optional))
        raise ContractError(f"kwargs: the type {wrong}; cure: it takes {allowed}")
    mostly = kwargs.get("mostly", 1)
    if isinstance(mostly, bool) or not isinstance(mostly, int | float) or not 0 <= mostly <= 1:
        raise ContractError("mostly is no number from 0 to 1")


def _named_columns(table: Table, kwargs: Mapping[str, Any]) -> list[str]:
    named = [kwargs[key] for key in ("column", "column_A", "column_B") if key in kwargs]
    return [table.column(str(name)).name for name in [*named, *kwargs.get("column_list", ())]]
