"""Reads a predicate in Spark SQL into plain Python, for those who judge rows without Spark.

`read_predicate` takes the part of Spark SQL that means the same to Spark under any setting and to Python, compiles it
once, and refuses everything else by name: no value is converted unseen, nothing can overflow or fail on a row. Values
are those that Spark would give: None, str, int, Decimal, date, bool.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from expectations.contract import ColumnType
from expectations.errors import ContractError
from expectations.predicate_kinds import TRUTH, Row, Term, column_kind
from expectations.predicate_literals import unsupported
from expectations.predicate_nodes import NODES


@dataclass(frozen=True)
class Predicate:
    """What a predicate is for a row and today: True, False or None, which is unknown; and the columns it reads."""

    sql: str
    columns: tuple[str, ...]
    value: Callable[[Row, date], bool | None] = field(repr=False, compare=False)


def read_predicate(sql: str, columns: Mapping[str, ColumnType]) -> Predicate:
    """The predicate compiled for rows with these columns; ContractError says what is not supported."""
    try:
        tree = sqlglot.parse_one(sql, dialect="spark")
    except SqlglotError as error:
        raise ContractError(f"predicate is not Spark SQL: {str(error).splitlines()[0]}") from error
    if any(node.comments for node in tree.walk()):
        raise ContractError("predicate has a comment; cure: say it in the rule's sentence")
    reader = _Reader(columns)
    term = reader.read(tree)
    if term.kind != TRUTH:
        raise ContractError(f"predicate is a {term.kind.name}, not true or false")
    return Predicate(sql, tuple(reader.found), term.value)


def all_true(parts: Sequence[Predicate]) -> Predicate:
    """True where every part is, else false and never unknown; asked of a row until one part is not true."""
    values = [part.value for part in parts]

    def every(row: Row, today: date) -> bool:
        for value in values:  # noqa: SIM110 - all() with a generator takes twice the time, and this is asked of every row
            if value(row, today) is not True:
                return False
        return True

    sql = f"coalesce({' AND '.join(f'({part.sql})' for part in parts)}, false)"
    return Predicate(sql, tuple(dict.fromkeys(column for part in parts for column in part.columns)), every)


class _Reader:
    """Walks the tree of one predicate and remembers which columns it met."""

    def __init__(self, columns: Mapping[str, ColumnType]) -> None:
        self._columns = columns
        self.found: dict[str, None] = {}

    def read(self, node: exp.Expr) -> Term:
        """The term that a node of the tree is."""
        if type(node) is exp.Column:
            return self._column(node)
        reading = NODES.get(type(node))
        if reading is None:
            raise unsupported(node)
        said = {key for key, value in node.args.items() if value not in (None, [], False)}
        if said - reading.keys:
            raise unsupported(node)
        return reading.read(self, node)

    def read_all(self, nodes: Sequence[exp.Expr]) -> list[Term]:
        """The terms of several nodes."""
        return [self.read(node) for node in nodes]

    def _column(self, node: exp.Column) -> Term:
        name = node.name
        if node.table or name not in self._columns:
            raise ContractError(
                f"predicate reads {node.sql()}, which is no column of the table; cure: correct the name, "
                "see docs/data_dictionary.md"
            )
        self.found[name] = None
        return Term(column_kind(self._columns[name]), lambda row, _: row.get(name), column=name)
