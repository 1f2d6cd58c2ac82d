"""Answers of two engines in one form: numbers by their value, times in UTC, as JSON holds them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Self

Plain = None | bool | str | list["Plain"] | dict[str, "Plain"]
DIGITS_OF_DOUBLES = 12
"""Sums of doubles depend on the order in which they are added up."""


@dataclass(frozen=True)
class Answer:
    """Columns and rows of an answer; numbers, days and times are text."""

    columns: tuple[str, ...]
    rows: tuple[list[Plain], ...]

    @classmethod
    def of(cls, columns: Iterable[str], rows: Iterable[Sequence[object]]) -> Self:
        """The answer that an engine gave."""
        return cls(tuple(name.lower() for name in columns), tuple([plain(cell) for cell in row] for row in rows))

    def in_order_of(self, columns: Iterable[str]) -> list[tuple[Plain, ...]]:
        """These columns of the rows as they come, but for those that lack a value: engines differ on their place."""
        places = [self.columns.index(name) for name in columns]
        keys = (tuple(row[place] for place in places) for row in self.rows)
        return [key for key in keys if None not in key]

    def without_order(self) -> Self:
        """The same, ordered by all columns."""
        return type(self)(self.columns, tuple(sorted(self.rows, key=repr)))


def plain(value: object) -> Plain:
    """A value as text, lists and mappings of it; equal where the values are."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).replace(tzinfo=None).isoformat(" ", "microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in sorted(value.items())}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return _number(value)


def first_difference(one: Answer, other: Answer) -> str:
    """Where two answers begin to differ, in one line; empty where they are equal."""
    if one.columns != other.columns:
        return f"columns {list(one.columns)} and {list(other.columns)}"
    if len(one.rows) != len(other.rows):
        return f"{len(one.rows)} and {len(other.rows)} rows"
    for number, (here, there) in enumerate(zip(one.rows, other.rows, strict=True)):
        if here != there:
            cells = zip(one.columns, here, there, strict=True)
            return f"row {number}: " + ", ".join(f"{name} {a!r} and {b!r}" for name, a, b in cells if a != b)
    return ""


def _number(value: object) -> str:
    if isinstance(value, float):
        value = Decimal(f"{value:.{DIGITS_OF_DOUBLES}g}")
    if isinstance(value, int | Decimal):
        return f"{Decimal(value).normalize():f}"
    raise TypeError(f"no form for a {type(value).__name__}")
