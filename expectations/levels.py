"""The columns of a declaration that are read together from one record, line group or item, compiled once a file.

A level gives the values of its columns in order, and which rule each column that cannot be read breaks.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from expectations.cell_text import BLANKS
from expectations.cells import Cell, Value, compiled_cell, contract_column, null_tokens
from expectations.contract import Source, SourceColumn
from expectations.record_fields import Bare, Fields, Members

_NUMERIC_TYPES = frozenset({"int", "bigint", "decimal(18,2)", "decimal(18,4)"})


class Judged(NamedTuple):
    """The values of a level's columns in order, its broken rules with their columns, and RC016."""

    values: tuple[Value, ...]
    broken: tuple[tuple[str, str], ...] = ()
    is_mistyped: bool = False


Parsed = Any
"""Fields or Members: what a format's parser gives, and only the levels of that format take."""

NOWHERE = -1
_MONEY = re.compile("[1-9]")

Level = Callable[[Parsed], Judged]
Text = Callable[[Parsed], str | None]
"""From a parsed record to the text of one column before it is trimmed; None where it has none."""


class LevelCompiler:
    """Makes levels for the files of one source that have the same fields."""

    def __init__(self, source: Source, field_names: Sequence[str]) -> None:
        self._source = source
        self._is_json = source.format.type == "ndjson"
        self._blanks = (BLANKS if self._is_json else " ") if source.trim else ""
        self._names = [name.strip().casefold() for name in field_names]
        self._cells: dict[str, Cell] = {}

    def level(self, columns: Mapping[str, SourceColumn], n: int = 0) -> Level:
        """The level of these columns; `n` takes the place of `{n}` in the names of the file."""
        cells = [self.cell(name, column) for name, column in columns.items()]
        if self._is_json:
            return _members_level(list(columns), cells, [self._value(*item, n) for item in columns.items()])
        return _fields_level(list(columns), cells, [self._origin(column, n) for column in columns.values()])

    def text(self, column: SourceColumn, n: int = 0) -> Text:
        """The function to the text of one column of CSV fields, trimmed; the first with a value where several stand."""
        places, tokens = self._places(column, n), null_tokens(column, self._source)
        blanks = self._blanks

        def first_text(fields: Fields) -> str | None:
            trimmed = (fields[place].strip(blanks) if blanks else fields[place] for place in places)
            return next((text for text in trimmed if text not in tokens), None)

        return first_text

    def marker(self, name: str, n: int) -> Callable[[Parsed], bool]:
        """The function that says whether the column by which line group `n` is known has a value."""
        column = SourceColumn.model_validate({"from": name.replace("{n}", str(n))})
        if self._is_json:
            return lambda members: member(members, column.from_[0]) is not None
        text = self.text(column)
        return lambda fields: text(fields) is not None

    def carries_money(self, column: SourceColumn, n: int) -> Callable[[Parsed], bool]:
        """The function that says whether an amount of line group `n` is more than zeros."""
        if self._is_json:
            value = self._value("", column, n)
            return lambda members: _MONEY.search(value(members)[0] or "") is not None
        text = self.text(column, n)
        return lambda fields: _MONEY.search(text(fields) or "") is not None

    def cell(self, name: str, column: SourceColumn) -> Cell:
        """The function of one column, made once."""
        if name not in self._cells:
            self._cells[name] = compiled_cell(name, column, self._source, self._blanks)
        return self._cells[name]

    def _places(self, column: SourceColumn, n: int) -> list[int]:
        keys = [name.replace("{n}", str(n)).strip().casefold() for name in column.from_]
        return [self._names.index(key) for key in keys if key in self._names]

    def _origin(self, column: SourceColumn, n: int) -> int | Text:
        """The place of the one field, -1 where the file has none, or the function that chooses among several."""
        places = self._places(column, n)
        return self.text(column, n) if len(places) > 1 else (places[0] if places else NOWHERE)

    def _value(self, name: str, column: SourceColumn, n: int) -> Callable[[Members], tuple[str | None, bool]]:
        """The function from an object to the text of one column, and whether it has another JSON type."""
        paths = [path.replace("{n}", str(n)) for path in column.from_]
        tokens, blanks = frozenset(null_tokens(column, self._source)), self._blanks
        is_numeric = not name or contract_column(name, self._source).type in _NUMERIC_TYPES

        def has_value(found: object) -> bool:
            text = (found.strip(blanks) if blanks else found) if isinstance(found, str) else None
            return found is not None and (text is None or text not in tokens)

        def value(members: Members) -> tuple[str | None, bool]:
            found: object = None
            for path in paths:
                found = member(members, path)
                if len(paths) == 1 or has_value(found):
                    break
            else:
                found = None
            if found is None:
                return None, False
            if isinstance(found, Bare):
                return str(found), not is_numeric
            return (found, False) if isinstance(found, str) else (None, True)

        return value


def member(members: Members | None, path: str) -> object:
    """The value of a member by its dotted path; None where the path leads nowhere."""
    first, *rest = path.split(".")
    found: object = members.get(first) if members is not None else None
    for name in rest:
        found = found.get(name) if isinstance(found, Members) else None
    return found


def _members_level(
    names: list[str], cells: list[Cell], values: list[Callable[[Members], tuple[str | None, bool]]]
) -> Level:
    def level(members: Members) -> Judged:
        texts = [value(members) for value in values]
        results = [cell(text) for cell, (text, _) in zip(cells, texts, strict=True)]
        return _judged(names, results, is_mistyped=any(is_wrong for _, is_wrong in texts))

    return level


def _fields_level(names: list[str], cells: list[Cell], origins: list[int | Text]) -> Level:
    texts = [origin for origin in origins if not isinstance(origin, int)]
    chosen = iter(range(-1 - len(texts), -1))
    taken = [
        (cell, origin if isinstance(origin, int) else next(chosen)) for cell, origin in zip(cells, origins, strict=True)
    ]

    def level(fields: Fields) -> Judged:
        # behind the fields, and counted from the end: what was chosen among several, then nothing
        row: list[str | None] = [*fields, *[text(fields) for text in texts], None]
        return _judged(names, [cell(row[place]) for cell, place in taken], is_mistyped=False)

    return level


def _judged(names: list[str], results: list[tuple[Value, str]], *, is_mistyped: bool) -> Judged:
    values, rules = zip(*results, strict=True) if results else ((), ())
    if any(rules):
        return Judged(values, tuple((rule, name) for name, rule in zip(names, rules, strict=True) if rule), is_mistyped)
    return Judged(values, (), is_mistyped)
