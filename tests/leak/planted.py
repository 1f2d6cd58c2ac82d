"""Files full of canaries, of every source: taken, with records that break rules; held; refused; badly named."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from expectations.contract import load_source, source_names
from expectations.control_files import CONTROL_ENDING
from expectations.rules import Rule
from tests.leak.canaries import Needles, text_canary
from tests.leak.records import CanarySource, Cells
from tests.leak.spoiled import breaking_rules, row_rules_of, spoilt_lines

PERSON = "Zqmaria Quenneville 1944"
PATIENT_FOLDER = "Zqpatient Quenneville"
PERSON_WITH_NUMBER = "Zqjosé O'Quenneville 219-09-9999"
NAMES = ("Zqmaria", "Quenneville", "Zqpatient", "Zqjos", "219-09-9999", "219099999")
"""Parts of the names of files and folders that may be seen nowhere."""

HELD = ("acme_claims_json", "nppes_provider", "tuva_pharmacy_claim")
"""Sources of which a file is held, too: JSON and CSV, with versions and without."""
COPIES = range(500)
"""Numbers of the copies of a record that are sent, here or later."""

WITH_LONG_RECORD = "nppes_provider"
LONGEST = 16 * 1024 * 1024 // 8 + 1
"""Times that a canary of eight letters makes a record too long."""


@dataclass
class Planted:
    """What was written, for whom to search, and what is to come of it."""

    cells: set[str] = field(default_factory=set)
    record_rules: set[str] = field(default_factory=set)
    suite_rules: set[str] = field(default_factory=set)

    @cached_property
    def needles(self) -> Needles:
        """All canaries of all files."""
        return Needles(self.cells, NAMES)


def plant(folder: Path, names: Sequence[str] = source_names()) -> Planted:
    """Write the files of all sources below raw/<zone>/<source>/ of a folder."""
    planted, left = Planted(), {name: row_rules_of(name) for name in {load_source(one).table for one in names}}
    # those with the most columns first: they break most rules, and few are left to be tried with others
    for made in sorted((CanarySource(load_source(name)) for name in names), key=lambda made: -len(made.names)):
        place = folder / "raw" / made.source.zone / made.source.name
        found = list(breaking_rules(made, left[made.source.table]))
        broken = {rule.rule_id for rule, _ in found}
        left[made.source.table] = [rule for rule in left[made.source.table] if rule.rule_id not in broken]
        planted.suite_rules |= broken
        _plant_taken(planted, made, place, found)
        if made.source.name in HELD:
            _plant_held(planted, made, place / PATIENT_FOLDER)
        _plant_refused(made, place)
    return planted


def one_of_each_shape() -> tuple[str, ...]:
    """Of each table, format and way of having lines the source that continues claims, or has most columns."""
    widest: dict[tuple[object, ...], CanarySource] = {}
    for made in map(CanarySource, map(load_source, source_names())):
        source, lines = made.source, made.source.lines
        shape = (source.table, source.format.type, bool(lines and lines.numbered), bool(lines and lines.nested))
        if shape not in widest or _width(made) > _width(widest[shape]):
            widest[shape] = made
    return tuple(sorted(made.source.name for made in widest.values()))


def _width(made: CanarySource) -> tuple[bool, int]:
    return made.source.continuation is not None, len(made.names)


def plain_file(made: CanarySource, copies: Iterable[int]) -> str:
    """A file of records that differ in their key only; of one alone every sum would be its amount."""
    lines = [made.line(made.cells(copy)) for copy in copies]
    return text_of(made, lines)


def text_of(made: CanarySource, lines: Sequence[str]) -> str:
    """A whole file."""
    return "\n".join([*([made.header] if made.header else []), *lines]) + "\n"


def _plant_taken(planted: Planted, made: CanarySource, place: Path, found: Sequence[tuple[Rule, Cells]]) -> None:
    """Every record that can be read stands there twice under two keys, and there are more of them than of others."""
    readable = [made.cells(copy) for copy in range(1, 31)]
    for number, (_, cells) in enumerate(found):
        readable += [_copied(made, cells, copy) for copy in (200 + 2 * number, 201 + 2 * number)]
    spoilt = list(spoilt_lines(made))
    planted.record_rules |= {rule_id for rule_id, _ in spoilt}
    planted.cells |= {text for cells in readable for text in cells.values()} | {line for _, line in spoilt}
    planted.cells |= {made.cells(copy)[made.key] for copy in COPIES}
    lines = [*map(made.line, readable), *(line for _, line in spoilt)]
    if made.names and made.source.format.quote:
        lines.append(lines[0].replace(lines[0][:2], f'"{lines[0][:2]}', 1))
    _write(place / made.file_name, text_of(made, lines))


def _copied(made: CanarySource, cells: Cells, copy: int) -> Cells:
    """The record under another key, wherever it names it; one whose key is spoilt stays as it is."""
    key = made.canary(made.key)
    return {name: made.cells(copy)[made.key] if text == key else text for name, text in cells.items()}


def _plant_held(planted: Planted, made: CanarySource, place: Path) -> None:
    """Nothing but records in error; the last has no line end, and is cut."""
    lines = [line for _, line in spoilt_lines(made)]
    planted.record_rules.add("RC008")
    if made.source.name == WITH_LONG_RECORD:
        planted.record_rules.add("RC007")
        lines.append(made.line({**made.cells(92), made.names[1]: text_canary(made.number, 1) * LONGEST}))
    whole = text_of(made, [*lines, made.line(made.cells(91))])
    _write(place / f"{PERSON} {made.file_name}", whole[: -len("\n")])


def _plant_refused(made: CanarySource, place: Path) -> None:
    line, is_csv = made.line(made.cells(92)), made.source.format.type == "csv"
    strange = ";".join(text_canary(made.number, number) for number in range(30))
    delimiter = made.source.format.delimiter
    refused = {
        f"no header {PERSON}.csv": f"{line}\n{line}\n",
        f"{PERSON_WITH_NUMBER}.csv": f"{strange.replace(';', delimiter)}\n{line}\n",
        "wrong-delimiter.csv": f"{strange}\n{line}\n",
        "nul.csv": f"{line}\0\n",
    }
    pretty = {f"array {PERSON}.json": f"[{line}]\n", "pretty.json": line.replace("{", "{\n", 1) + "\n"}
    for name, text in (refused if is_csv else pretty).items():
        _write(place / "refused" / name, text)
    counted = place / "refused" / f"controlled-{made.file_name}"
    _write(counted, plain_file(made, (93, 94)))
    _write(counted.with_name(counted.name + CONTROL_ENDING), f'{{"records": "{text_canary(made.number, 0)}"}}\n')


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(errors="surrogateescape"))
