"""Named queries as a person writes them in Athena: their own text where Athena's differs, parameters before it."""

import re
from collections.abc import Mapping

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


def is_ordered(sql: str) -> bool:
    """Whether the query says in which order its rows come."""
    return sqlglot.parse_one(sql, read="trino").args.get("order") is not None


def _quoted(text: str) -> str:
    return text.replace("'", "''")
