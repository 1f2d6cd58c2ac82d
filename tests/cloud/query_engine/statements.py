"""Named queries as a person writes them in Athena: their own text where Athena's differs, parameters before it."""

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile

import sqlglot

from glue_jobs.runtime.named_queries import OTHER_DIALECT, query_text
from tests.installed_tools import ROOT

QUERIES = ROOT / "glue_jobs" / "queries"
_BEGINS_WITH = re.compile(r"\A((?:\s*--[^\n]*\n)*\s*)WITH\b", re.IGNORECASE)


def for_athena(name: str) -> str:
    """The SQL of a named query in Athena."""
    own = QUERIES / f"{name}{OTHER_DIALECT}"
    return own.read_text(encoding="utf-8") if own.is_file() else query_text(name)


def with_asked(sql: str, asked: Mapping[str, str]) -> str:
    """The query with its parameters written before it, as its comment says; before its own WITH, where it has one."""
    if not asked:
        return sql
    values = ", ".join(f"'{_quoted(value)}' AS {name}" for name, value in asked.items())
    first = f"WITH asked AS (SELECT {values})"
    merged, found = _BEGINS_WITH.subn(lambda begin: f"{begin[1]}{first},", sql)
    return merged if found else f"{first}\n{sql}"


def order_of(sql: str, columns: Sequence[str]) -> tuple[str, ...]:
    """The columns by which a query orders its rows, as far as they are shown; none where it does not."""
    order = sqlglot.parse_one(sql, read="trino").args.get("order")
    keys = [key.this.name.lower() for key in order.expressions] if order else []
    return tuple(takewhile(columns.__contains__, keys))


def tables_of(sql: str) -> set[str]:
    """The tables that a query reads."""
    return {table.name.partition("$")[0] for table in sqlglot.parse_one(sql, read="trino").find_all(sqlglot.exp.Table)}


def _quoted(text: str) -> str:
    return text.replace("'", "''")
