"""Records that break a rule and still hold canaries: every record rule, and every row rule of the table's suite."""

import random
import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice, product

from expectations.record_lines import CRITICAL_RULES, RecordLines
from expectations.rules import Rule, load_rules, today_in_utc
from tests.leak.canaries import npi_canary, text_canary
from tests.leak.records import FLAG, CanarySource, Cells

HALF, SYSTEMATIC, TRIES = 0.5, 400, 1600
"""Share of a rule's columns that are spoilt where values are drawn; how many records are tried in order, and drawn."""

CANNOT_BE_BROKEN = {
    *("MC001", "MC002", "MC003", "MC004", "PC001", "PC002", "PC003", "PC004", "EL001", "EL003", "EL004"),
    *("PR001", "PR002"),  # as all before: a record without the value breaks RC013, and its other rules are not asked
    *("MC013", "MC088", "PC028", "EL018"),  # the job fills the column, or RC015 is first
}
"""Row rules that no record of a declared source can break."""


_LITERAL = re.compile(r"'([A-Za-z0-9 .-]{1,20})'")
_PREFIX = re.compile(r"'\^?\(?([0-9]{2,3})[|)%]")
SPOILT_BY_TEXT = {
    "date": "RC010",
    "decimal(18,2)": "RC011",
    "decimal(18,4)": "RC011",
    "int": "RC012",
    "bigint": "RC012",
    FLAG: "RC015",
}


def breaking_rules(made: CanarySource, wanted: Sequence[Rule]) -> Iterator[tuple[Rule, Cells]]:
    """For each of the rules that the source's columns can break, a record that does, and that can be read."""
    today = today_in_utc()
    for rule in wanted:
        for cells in _candidates(made, rule):
            judged = made.judged(cells)
            if _breaks(made, rule, judged, today):
                yield rule, cells
                break


def row_rules_of(table: str) -> list[Rule]:
    """The rules of a suite that one row can break, and that some record can."""
    return [rule for rule in load_rules(table) if rule.broken_sql and rule.rule_id not in CANNOT_BE_BROKEN]


def _breaks(made: CanarySource, rule: Rule, judged: RecordLines, today: date) -> bool:
    if not CRITICAL_RULES.isdisjoint(judged.broken):
        return False
    for line in judged.lines:
        made.complete(line)
        if rule.broken(line, today):
            return True
    return False


def _candidates(made: CanarySource, rule: Rule) -> Iterator[Cells]:
    first = {place.column.removeprefix("_header_"): name for name, place in reversed(made.places.items())}
    read = {*rule.columns, *(("claim_frequency_code",) if "claim_record_type" in rule.columns else ())}
    names = [first[column] for column in sorted(read) if column in first]
    plain = made.cells()
    yield plain
    yield {**plain, **dict.fromkeys(names, "")}
    spoilable = {name: _pool(made, name, rule) for name in names}
    for name, pool in spoilable.items():
        yield from ({**plain, name: text} for text in pool)
    for texts in islice(product(*spoilable.values()), SYSTEMATIC):
        yield {**plain, **dict(zip(names, texts, strict=True))}
    drawn = random.Random(rule.rule_id)  # noqa: S311 - the same values at every run
    for _ in range(TRIES):
        yield {**plain, **{name: drawn.choice(pool) for name, pool in spoilable.items() if drawn.random() < HALF}}


def _pool(made: CanarySource, name: str, rule: Rule) -> list[str]:
    """Texts for one column that may break a rule: canaries first, then what the rule itself names, then none."""
    place = made.places[name]
    if place.type == FLAG:
        return [*place.declared.lookup, "y", "n", ""]
    if place.type == "date":
        return [*(made.day(name, years=years) for years in (-3, 80, -120, 0)), ""]
    if place.type.startswith(("decimal", "int", "bigint")):
        return [made.canary(name), f"-{made.canary(name)}", "0", "1", "9999999999.25", ""]
    asked = f"{rule.broken_sql} {rule.row_condition}"
    literals = [*_LITERAL.findall(asked), *(f"{start}1" for start in _PREFIX.findall(asked))]
    own = [text_canary(made.number, place.number), npi_canary(made.number, place.number)]
    bad = [npi_canary(made.number, place.number, is_valid=False), npi_canary(made.number, place.number, first=3)]
    codes = ["7", "8", "1", "131", "0000", "99999999999"]
    own.append(made.canary(made.key))
    return [*own, *bad, *place.declared.lookup, *dict.fromkeys(literals), *codes, ""]


def spoilt_lines(made: CanarySource) -> Iterator[tuple[str, str]]:
    """Record rules, each with the text of a record that breaks it and is otherwise full of canaries."""
    for copy, (rule_id, cells) in enumerate(_spoilt_cells(made), start=70):
        yield rule_id, made.line({**made.cells(copy), **cells})
    yield from _spoilt_texts(made, made.line(made.cells(90)))


def _spoilt_cells(made: CanarySource) -> Iterator[tuple[str, Cells]]:
    """For each record rule about values, what is to stand in which columns."""
    seen = set()
    for name, place in made.places.items():
        rule_id = SPOILT_BY_TEXT.get(place.type, "")
        if rule_id and name != made.segment and rule_id not in seen:
            seen.add(rule_id)
            yield rule_id, {name: text_canary(made.number, place.number)}
    yield "RC013", {made.key: ""}
    yield "RC006", {made.key: f"{made.canary(made.key)}\u200b{text_canary(made.number, 0)}"}
    if identifier := made.identifier:
        yield "RC014", {identifier: made.canary(identifier).replace("X", " X")}
    if made.segment:
        yield "RC018", {made.segment: "2"}
    lines = made.source.lines
    if lines and lines.numbered:
        if any(made.places[name.replace("{n}", "1")].type == "decimal(18,2)" for name in _line_names(made)):
            yield "RC017", {name.replace("{n}", "1"): "" for name in lines.present}
        if not lines.at_least_one:
            every = (name.replace("{n}", str(n)) for name in lines.present for n in range(1, lines.numbered + 1))
            yield "RC009", dict.fromkeys(every, "")


def _line_names(made: CanarySource) -> Iterator[str]:
    for column in made.source.lines.columns.values() if made.source.lines else ():
        yield from column.from_


def _spoilt_texts(made: CanarySource, line: str) -> Iterator[tuple[str, str]]:
    if made.source.format.type == "csv":
        yield "RC005", line.replace("X", "X\udcff", 1)
        yield "RC002", f"{line}{made.source.format.delimiter}{text_canary(made.number, 0)}"
        if made.source.format.quote:
            yield "RC001", f'"{line[:3]}"{line[3:]}'
        return
    quoted = f'"{made.cells(90)[made.key]}"'
    yield "RC003", line[:-1]
    yield "RC004", f'{{"{made.key}": {quoted}, {line[1:]}'
    yield "RC016", line.replace(quoted, f"[{quoted}]")
    nested = made.source.lines.nested if made.source.lines else ""
    if nested:
        yield "RC009", re.sub(rf'"{nested}": \[.*?\]', f'"{nested}": []', line)
