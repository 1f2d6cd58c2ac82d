"""One parsed record becomes the lines that the job makes of it, and the rules it breaks: a declaration, carried out.

Everything a source declares is compiled once for all files with the same fields; see `expectations.levels`.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from expectations.cells import HEADER_PREFIX, SEGMENT, Value, constant_value, value_reader
from expectations.claim_actions import record_type_of
from expectations.contract import JOB_COLUMNS, Source, SourceColumn, load_table
from expectations.file_names import TEMPLATE_PREFIX, columns_from_name, date_in_name
from expectations.levels import Judged, LevelCompiler, Parsed, member
from expectations.object_keys import safe_name
from expectations.record_fields import Members
from expectations.row_rules import RECORD_RULES, Severity

_LINE_NUMBER = "claim_line_number"
_NO_LINE, _EQUAL_KEYS, _WRONG_TYPE, _STRAY_MONEY = "RC009", "RC004", "RC016", "RC017"
_NOTHING = Judged(())
CRITICAL_RULES = frozenset(rule.rule_id for rule in RECORD_RULES if rule.severity is Severity.CRITICAL)

Line = dict[str, Value]
Broken = dict[str, set[str]]
"""Rule id to the columns that broke it, none where the rule is about the record."""


class LineGroup(NamedTuple):
    """One line of a record before it joins the record's columns: its values, and the rules about the line itself."""

    judged: Judged
    rules: tuple[str, ...] = ()


class RecordLines(NamedTuple):
    """What one record became; `segment` only where the source continues claims."""

    broken: Broken
    lines: tuple[Line, ...]
    segment: int | None = None


class LineMaker:
    """Makes lines of the parsed records of one file."""

    def __init__(self, source: Source, field_names: Sequence[str], file_name: str) -> None:
        compiler = LevelCompiler(source, field_names)
        columns = _record_columns(source)
        self._names, self._level = tuple(columns), compiler.level(columns)
        self._groups = _group_maker(source, compiler)
        line_columns = _line_columns(source)
        self._line_names = tuple(line_columns)
        self._usual, self._last = _given(source, file_name)
        self._amounts = () if source.claim_amounts_repeat else tuple(source.claim_amounts)
        self._source_name = source.name
        table = load_table(source.table)
        sends_type = "claim_record_type" in {*columns, *line_columns, *self._last}
        has_type = "claim_record_type" in table.column_names and not sends_type
        self._record_type = record_type_of(source) if has_type else None

    def lines(self, parsed: Parsed) -> RecordLines:
        """The lines of one record, whatever rules they break, and these rules."""
        record = self._level(parsed)
        broken: Broken = {}
        lines = []
        for place, group in enumerate(self._groups(parsed) if self._groups else (LineGroup(_NOTHING),)):
            rules = group.rules
            if record.is_mistyped or group.judged.is_mistyped:
                rules = (*rules, _WRONG_TYPE)
            for rule in rules:
                broken.setdefault(rule, set())
            if CRITICAL_RULES.isdisjoint(rules):
                for rule, name in (*record.broken, *group.judged.broken):
                    broken.setdefault(rule, set()).add(name)
            lines.append(self._line(record, group.judged, place))
        segment = lines[0].pop(SEGMENT, None) if SEGMENT in self._names else None
        return RecordLines(broken, tuple(lines), segment if isinstance(segment, int) else None)

    def complete(self, line: Line) -> None:
        """Add what follows from the values of a line, once they are final."""
        if self._record_type:
            line["claim_record_type"] = self._record_type(line)

    def _line(self, record: Judged, group: Judged, place: int) -> Line:
        line = self._usual.copy()
        line.update(zip(self._names, record.values, strict=True))
        if group.values:
            line.update(zip(self._line_names, group.values, strict=True))
        line.update(self._last)
        if line["data_source"] is None:
            line["data_source"] = self._source_name
        for name in self._amounts:
            line[name] = line[HEADER_PREFIX + name] if place == 0 else None
        if place and SEGMENT in line:
            del line[SEGMENT]
        return line


def _record_columns(source: Source) -> dict[str, SourceColumn]:
    """The columns that a record has once, claim amounts under their header names, the segment as `_segment`."""
    columns = {name: column for name, column in source.mapped().items() if column.from_}
    columns |= {HEADER_PREFIX + name: column for name, column in source.claim_amounts.items()}
    if source.continuation:
        columns[SEGMENT] = SourceColumn.model_validate({"from": source.continuation.segment, "required": True})
    return columns


def _line_columns(source: Source) -> dict[str, SourceColumn]:
    """The columns of a line group or item; the line's number last where the file does not have it."""
    if source.lines is None:
        return {}
    columns = {name: column for name, column in source.lines.columns.items() if column.from_ or source.lines.numbered}
    if _LINE_NUMBER not in {**columns, **source.columns}:
        columns[_LINE_NUMBER] = SourceColumn()
    return columns


def _given(source: Source, file_name: str) -> tuple[Line, Line]:
    """Every column of the table without a value, with what the file tells; and what the declaration gives."""
    table = load_table(source.table)
    usual: Line = {name: None for name in table.column_names if name not in JOB_COLUMNS}
    usual |= {"data_source": None, "file_name": safe_name(file_name), "file_date": date_in_name(file_name)}
    given: Line = {name: constant_value(text, table.column(name)) for name, text in source.constants.items()}
    columns = {**source.columns, **(source.lines.columns if source.lines else {})}
    for key, text in columns_from_name(source, file_name).items():
        name = key.removeprefix(TEMPLATE_PREFIX)
        given[name] = value_reader(table.column(name), columns[name], source)(text)
    return usual, given


def _group_maker(source: Source, compiler: LevelCompiler) -> Callable[[Parsed], list[LineGroup]] | None:
    """The function from a parsed record to its lines; None where the record is the line."""
    if source.lines is None:
        return None
    return _numbered(source, compiler) if source.lines.numbered else _nested(source, compiler)


def _numbered(source: Source, compiler: LevelCompiler) -> Callable[[Parsed], list[LineGroup]]:
    lines, table = source.lines, load_table(source.table)
    if lines is None:
        raise TypeError
    columns = {name: column for name, column in _line_columns(source).items() if name != _LINE_NUMBER}
    money = {name: column for name, column in columns.items() if table.column(name).type == "decimal(18,2)"}
    number = compiler.cell(_LINE_NUMBER, SourceColumn())
    groups = [
        (
            n,
            compiler.level(columns, n),
            [compiler.marker(name, n) for name in lines.present],
            [compiler.carries_money(column, n) for column in money.values()],
        )
        for n in range(1, lines.numbered + 1)
    ]
    absent = compiler.level({name: column.model_copy(update={"from_": ()}) for name, column in columns.items()})

    def make(parsed: Parsed) -> list[LineGroup]:
        found, has_stray = [], False
        for n, level, marks, amounts in groups:
            if any(mark(parsed) for mark in marks):
                found.append(_with_number(level(parsed), number(str(n))))
            elif not has_stray:
                has_stray = any(has_money(parsed) for has_money in amounts)
        if not found and lines.at_least_one:
            found.append(_with_number(absent(parsed), number("1")))
        rules = (_STRAY_MONEY,) if has_stray else ()
        if not found:
            return [LineGroup(_NOTHING, (*rules, _NO_LINE))]
        return [LineGroup(found[0], rules), *map(LineGroup, found[1:])]

    return make


def _nested(source: Source, compiler: LevelCompiler) -> Callable[[Parsed], list[LineGroup]]:
    lines, columns = source.lines, _line_columns(source)
    if lines is None:
        raise TypeError
    level = compiler.level({name: column for name, column in columns.items() if column.from_})
    number = compiler.cell(_LINE_NUMBER, SourceColumn())
    is_numbered_here = _LINE_NUMBER in columns and _LINE_NUMBER not in lines.columns

    def group(place: int, item: Members | None) -> LineGroup:
        if item is None:
            return LineGroup(_NOTHING, (_NO_LINE,))
        judged = _with_number(level(item), number(str(place))) if is_numbered_here else level(item)
        return LineGroup(judged, (_EQUAL_KEYS,) if item.has_equal_keys else ())

    def make(parsed: Parsed) -> list[LineGroup]:
        items = member(parsed, lines.nested)
        if not isinstance(items, list) or not items or not all(map(_is_item, items)):
            return [LineGroup(_NOTHING, (_NO_LINE,))]
        return [group(place, item) for place, item in enumerate(items, start=1)]

    return make


def _is_item(value: object) -> bool:
    return value is None or isinstance(value, Members)


def _with_number(judged: Judged, cell: tuple[Value, str]) -> Judged:
    value, rule = cell
    broken = (*judged.broken, (rule, _LINE_NUMBER)) if rule else judged.broken
    return Judged((*judged.values, value), broken, judged.is_mistyped)
