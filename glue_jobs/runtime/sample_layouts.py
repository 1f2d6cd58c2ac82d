"""What a kind of file of the generated sample is: how an item becomes records, and how each rule is broken."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Generic, NamedTuple, TypeVar

Record = dict[str, Any]

Item = TypeVar("Item")

NO_SUCH_DAY = "2024-02-30"
NO_AMOUNT = "12.3.4"


@dataclass(frozen=True)
class Written:
    """One good record of a file: its fields or members, the rows that it becomes, and the cents that they paid."""

    record: Record
    lines: int
    paid: int


class BreakableNames(NamedTuple):
    """Names of the fields of a layout that break well: without the `key` a record is nothing, `plain` needs no quotes.

    `amount` is empty where a record has no money.
    """

    key: str
    day: str
    amount: str
    plain: str


@dataclass(frozen=True)
class Layout(Generic[Item]):
    """One kind of file: how an item becomes records, a record text, and a broken text by the rule it breaks."""

    source: str
    delimiter: str
    """Empty for NDJSON, which has no header either."""
    write: Callable[[Random, Item], Iterator[Written]]
    text: Callable[[Record], str]
    break_record: Mapping[str, Callable[[Record], str]]


def _delimited_text(record: Record, delimiter: str) -> str:
    return delimiter.join(_quoted(value, delimiter) for value in record.values())


def _quoted(value: str, delimiter: str) -> str:
    needs_quotes = any(character in value for character in (delimiter, '"', "\n"))
    return '"' + value.replace('"', '""') + '"' if needs_quotes else value


def delimited_layout(
    source: str, delimiter: str, write: Callable[[Random, Item], Iterator[Written]], names: BreakableNames
) -> Layout[Item]:
    """A CSV layout that breaks records in the fields of these names."""

    def text(record: Record) -> str:
        return _delimited_text(record, delimiter)

    def with_open_quote(record: Record) -> str:
        before, after = text(record | {names.plain: "\0"}).split("\0")
        return f'{before}"{record[names.plain].strip()}{after}'

    breakages: dict[str, Callable[[Record], str]] = {
        "RC001": with_open_quote,
        "RC002": lambda record: text(dict(list(record.items())[:-1])),
        "RC010": lambda record: text(record | {names.day: NO_SUCH_DAY}),
        "RC013": lambda record: text(record | {names.key: ""}),
    }
    if names.amount:
        breakages["RC011"] = lambda record: text(record | {names.amount: NO_AMOUNT})
    return Layout(source, delimiter, write, text, breakages)
