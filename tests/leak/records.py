"""Records of canaries, made from a source's declaration alone: one cell for every column that is read."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from expectations.cells import HEADER_PREFIX, SEGMENT, contract_column
from expectations.contract import Lines, Source, SourceColumn, source_names
from expectations.record_fields import csv_parser, parse_members
from expectations.record_lines import CRITICAL_RULES, Line, LineMaker, RecordLines
from tests.leak.canaries import MONTH_NAMES, amount_canary, day_canary, npi_canary, text_canary, whole_canary

SAMPLES = Path(__file__).parents[1] / "data" / "sources"

FLAG = "_flag"
"""Ending of columns with a yes or no, which is no canary."""

Cells = dict[str, str]
"""Name in the file to text; members of a nested line have the array's name and a dot in front."""


@dataclass(frozen=True)
class Place:
    """Where a column of the table stands in the file, and what it takes."""

    number: int
    column: str
    type: str
    declared: SourceColumn


class CanarySource:
    """One source, the columns that it reads, and how its records are written and judged."""

    def __init__(self, source: Source, number: int | None = None) -> None:
        self.source = source
        self.number = source_names().index(source.name) if number is None else number
        self.places = _places(source)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The file's columns in order: of a file without a header all that are declared."""
        return self.source.format.column_names or tuple(self.places)

    @cached_property
    def key(self) -> str:
        """The column by which records are told apart: the first of the table's that every record must have."""
        return next(name for name, place in self.places.items() if place.declared.required and place.type == "string")

    def cells(self, copy: int = 0) -> Cells:
        """A record with a canary in every column; copies differ in their key."""
        cells = {name: self.canary(name) if name in self.places else "" for name in self.names}
        if copy:
            is_npi = self.places[self.key].column == "npi"
            number = self.places[self.key].number
            cells[self.key] = (
                npi_canary(self.number, 100 + copy) if is_npi else f"{text_canary(self.number, number)}{copy}"
            )
        return cells

    def canary(self, name: str) -> str:
        """The canary of a column in a form that its type takes; of a yes/no value there is none."""
        place = self.places[name]
        if place.type == FLAG:
            return next(iter(place.declared.lookup), "y")
        if place.type.startswith("decimal"):
            return amount_canary(self.number, place.number)
        if place.type in {"int", "bigint"}:
            return "1" if name == self.segment else whole_canary(self.number, place.number)
        if place.type in {"date", "timestamp"}:
            return self.day(name)
        if place.column.endswith("npi"):
            return npi_canary(self.number, place.number)
        return text_canary(self.number, place.number)

    def day(self, name: str, years: int = 0) -> str:
        """The day of a column as the sender writes days."""
        place = self.places[name]
        day = day_canary(self.number, place.number, years=years)
        text = (place.declared.date_formats or self.source.date_formats)[0]
        for token, value in (
            ("yyyy", f"{day.year:04}"),
            ("MMM", MONTH_NAMES[day.month - 1].upper()),
            ("MM", f"{day.month:02}"),
            ("dd", f"{day.day:02}"),
        ):
            text = text.replace(token, value)
        return text.replace("d-", f"{day.day}-", 1) if text.startswith("d-") else text

    @property
    def segment(self) -> str:
        """The column that continues claims, where there is one."""
        return self.source.continuation.segment if self.source.continuation else ""

    @property
    def file_name(self) -> str:
        """A plain name; where the source takes columns from names, that of its sample."""
        samples = (path.name for path in (SAMPLES / self.source.name).iterdir() if path.name != "expected.json")
        return next(samples) if self.source.file_name_pattern else f"canaries.{self.source.format.type}"

    @property
    def header(self) -> str:
        """The first line of a file; empty where there is none."""
        has_header = self.source.format.type == "csv" and self.source.format.header == "required"
        return self.source.format.delimiter.join(self.names) if has_header else ""

    def line(self, cells: Mapping[str, str]) -> str:
        """The record as it stands in a file."""
        if self.source.format.type == "csv":
            return self.source.format.delimiter.join(cells[name] for name in self.names)
        return json.dumps(self._members(cells))

    def _members(self, cells: Mapping[str, str]) -> dict[str, Any]:
        members: dict[str, Any] = {}
        for name, text in cells.items():
            parts, at = name.split("."), members
            if self.source.lines and parts[0] == self.source.lines.nested:
                at = members.setdefault(parts.pop(0), [{}])[0]
            for part in parts[:-1]:
                at = at.setdefault(part, {})
            at[parts[-1]] = text or None
        return members

    def judged(self, cells: Mapping[str, str]) -> RecordLines:
        """What the product, without Spark, makes of the record."""
        line = self.line(cells)
        if self.source.format.type == "csv":
            fields, rule = self._parse_csv(line)
            return self._maker.lines(fields) if fields is not None else RecordLines({rule: set()}, ())
        parsed, rule = parse_members(line)
        return self._maker.lines(parsed) if parsed is not None else RecordLines({rule: set()}, ())

    def complete(self, line: Line) -> None:
        """Add to a line what follows from its values."""
        self._maker.complete(line)

    @property
    def identifier(self) -> str:
        """A column that takes plain identifiers only; none where the source has no such text."""
        found = (
            name
            for name, place in self.places.items()
            if place.type == "string"
            and not place.column.endswith("npi")
            and contract_column(place.column, self.source).identifier
        )
        return next(found, "")

    def is_readable(self, cells: Mapping[str, str]) -> bool:
        """Whether it breaks no critical record rule."""
        return CRITICAL_RULES.isdisjoint(self.judged(cells).broken)

    @cached_property
    def _parse_csv(self) -> Any:  # noqa: ANN401 - a function that csv_parser types
        return csv_parser(self.source.format, len(self.names), trim=self.source.trim)

    @cached_property
    def _maker(self) -> LineMaker:
        return LineMaker(self.source, self.names if self.source.format.type == "csv" else (), self.file_name)


def _places(source: Source) -> dict[str, Place]:
    """Every name that the source reads; a name that several columns read has the type of the strictest of them."""
    found: dict[str, Place] = {}
    for column, declared, name in _read_names(source):
        if name in found and found[name].type != "string":
            continue
        kind = FLAG if column.endswith(FLAG) else contract_column(column, source).type
        number = found[name].number if name in found else len(found)
        required = declared.required or (name in found and found[name].declared.required)
        found[name] = Place(number, column, kind, declared.model_copy(update={"required": required}))
    return found


def _read_names(source: Source) -> Iterator[tuple[str, SourceColumn, str]]:
    """Column of the table, its declaration, and each name in the file that it may come from."""
    amounts = {f"{HEADER_PREFIX}{name}": declared for name, declared in source.claim_amounts.items()}
    for column, declared in {**source.mapped(), **amounts}.items():
        yield from ((column, declared, name) for name in declared.from_)
    if source.continuation:
        yield SEGMENT, SourceColumn(), source.continuation.segment
    if source.lines:
        yield from _line_names(source.lines)


def _line_names(lines: Lines) -> Iterator[tuple[str, SourceColumn, str]]:
    prefix = f"{lines.nested}." if lines.nested else ""
    marks = [("claim_id", SourceColumn(), name) for name in lines.present]
    read = [(column, declared, name) for column, declared in lines.columns.items() for name in declared.from_]
    for n in range(1, max(lines.numbered, 1) + 1):
        yield from ((column, declared, prefix + name.replace("{n}", str(n))) for column, declared, name in read + marks)
