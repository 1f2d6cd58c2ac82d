"""The literals and casts of predicates, and how parts that are not supported are named."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol

from sqlglot import exp

from expectations.errors import ContractError
from expectations.predicate_functions import FUNCTIONS
from expectations.predicate_kinds import DATE, INT_LIMIT, TEXT, Kind, Row, Term, decimal_kind, require

DIGITS_OF_ANY_INT = 9
_WHOLE_NUMBER = re.compile(r"[\x00-\x20\x7f]*([+-]?[0-9]+)[\x00-\x20\x7f]*")
"""What Spark takes for a whole number: blanks and controls of ASCII around it are let go."""


class Reader(Protocol):
    """What reads the nodes below a node."""

    def read(self, node: exp.Expr) -> Term:
        """The term that a node is."""

    def read_all(self, nodes: Sequence[exp.Expr]) -> list[Term]:
        """The terms that nodes are."""


def text_literal(text: str) -> str:
    """The text as a literal of Spark SQL; ContractError for quotes and backslashes, which SQL dialects read apart."""
    if "'" in text or "\\" in text:
        raise ContractError("a text with a quote or a backslash; cure: leave it out, in regular expressions use [.]")
    return f"'{text}'"


def unsupported(node: exp.Expr) -> ContractError:
    """The error that names a node which is not supported."""
    what = node.name if isinstance(node, exp.Anonymous) else type(node).__name__
    return ContractError(
        f"predicate uses {what} in {node.sql(dialect='spark')!r}, which is not supported in this form; "
        f"cure: use comparisons, IN, BETWEEN, LIKE, RLIKE, CASE, exists, forall, {', '.join(FUNCTIONS)}"
    )


def read_literal(_: Reader, node: exp.Literal) -> Term:
    """A text, or a number as Spark types it: INT, or DECIMAL where it has a point."""
    text = str(node.this)
    if node.is_string:
        text_literal(text)
        return constant(TEXT, text)
    if re.fullmatch(r"[0-9]{1,10}", text) and int(text) < INT_LIMIT:
        return constant(Kind("whole", most=int(text)), int(text))
    if re.fullmatch(r"[0-9]{1,15}[.][0-9]{1,6}", text):
        return constant(decimal_kind(len(text), len(text.partition(".")[2])), Decimal(text))
    raise unsupported(node)


def constant(kind: Kind, value: object) -> Term:
    """A value that is the same for every row."""
    return Term(kind, lambda _row, _today: value, value)


def read_date_literal(_: Reader, node: exp.Cast) -> Term:
    """DATE '2015-10-01'."""
    text = node.this
    is_date = isinstance(text, exp.Literal) and text.is_string and node.to.this == exp.DataType.Type.DATE
    if not is_date or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text.name):
        raise unsupported(node)
    try:
        return constant(DATE, date.fromisoformat(text.name))
    except ValueError as error:
        raise ContractError(f"DATE {text.name!r} is no day of the calendar") from error


def read_cast(reader: Reader, node: exp.TryCast) -> Term:
    """TRY_CAST of text to INT, which never fails, and CAST of whole numbers and dates to STRING."""
    term, to, is_try = reader.read(node.this), node.to.this, bool(node.args.get("safe"))
    if to == exp.DataType.Type.INT and is_try and term.kind.name == "text":
        return _as_whole(term)
    if to == exp.DataType.Type.TEXT and not is_try:
        value = require(term, "CAST to STRING", "whole", "date").value
        return Term(TEXT, lambda row, today: None if (found := value(row, today)) is None else str(found))
    raise unsupported(node)


def _as_whole(term: Term) -> Term:
    value, length = term.value, term.kind.most or DIGITS_OF_ANY_INT + 1
    most = 10**length - 1 if length <= DIGITS_OF_ANY_INT else INT_LIMIT

    def number(row: Row, today: date) -> int | None:
        text = value(row, today)
        written = _WHOLE_NUMBER.fullmatch(text) if text is not None else None
        found = int(written[1]) if written else INT_LIMIT
        return found if -INT_LIMIT <= found < INT_LIMIT else None

    return Term(Kind("whole", most=most), number)
