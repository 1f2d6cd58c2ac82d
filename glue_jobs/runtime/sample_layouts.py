"""What a sender of the generated sample is: how a claim becomes records, their text, and how each rule is broken."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, NamedTuple

from glue_jobs.runtime.sample_claims import SampleClaim

Record = dict[str, Any]

NO_SUCH_DAY = "2024-02-30"
NO_AMOUNT = "12.3.4"


@dataclass(frozen=True)
class Written:
    """One good record of a file: its fields or members, its claim lines, and the cents that they paid."""

    record: Record
    lines: int
    paid: int


class BreakableNames(NamedTuple):
    """Names of the fields of a layout that break well; `plain` never needs quotes."""

    claim_id: str
    day: str
    amount: str
    plain: str


@dataclass(frozen=True)
class Layout:
    """One sender: how a claim becomes records, a record text, and a broken text by the rule it breaks."""

    source: str
    delimiter: str
    """Empty for NDJSON, which has no header either."""
    write: Callable[[Random, SampleClaim], Iterator[Written]]
    text: Callable[[Record], str]
    break_record: Mapping[str, Callable[[Record], str]]


def _delimited_text(record: Record, delimiter: str) -> str:
    return delimiter.join(_quoted(value, delimiter) for value in record.values())


def _quoted(value: str, delimiter: str) -> str:
    needs_quotes = any(character in value for character in (delimiter, '"', "\n"))
    return '"' + value.replace('"', '""') + '"' if needs_quotes else value


def delimited_layout(
    source: str, delimiter: str, write: Callable[[Random, SampleClaim], Iterator[Written]], names: BreakableNames
) -> Layout:
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
        "RC011": lambda record: text(record | {names.amount: NO_AMOUNT}),
        "RC013": lambda record: text(record | {names.claim_id: ""}),
    }
    return Layout(source, delimiter, write, text, breakages)
