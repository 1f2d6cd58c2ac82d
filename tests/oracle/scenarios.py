"""Hand-written stories of claims, each a small table that a claims person can read and check.

Columns left of `=>` are what the sender says (names as in the test sources; `file` is the date in the file's name). To
the right stands what must come of it: `rank` in the order of versions, `lives` (yes, or nothing), `by` whose place it
was taken by, `missing` (yes where the original has not come), and `days` on which it survived as far as was known.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from tests.oracle.claim_rows import TYPES, Record
from tests.oracle.histories import RUNS, Delivered, Place

STORIES = Path(__file__).with_name("stories")
FILE_DATE = "2024-06-30"
PERSON = {"member": "M1", "npi": "1234567893", "start": "2024-01-05", "line": "1"}


@dataclass(frozen=True)
class Row:
    """One line of a story: the record, and what must come of it, by column; a column that is not told is not there."""

    record: Record
    expected: dict[str, str]


@dataclass(frozen=True)
class Scenario:
    """One story, of one source."""

    source: str
    name: str
    rows: tuple[Row, ...]


def stories_delivered() -> list[Delivered]:
    """The stories, sent file by file from the last date to the first."""
    days = sorted({row.record.file_date for scenario in scenarios() for row in scenario.rows}, reverse=True)
    return [
        Delivered(
            tuple(row.record for row in scenario.rows),
            tuple((Place(min(days.index(row.record.file_date), RUNS - 1), 0, 0),) for row in scenario.rows),
        )
        for scenario in scenarios()
    ]


@cache
def scenarios() -> tuple[Scenario, ...]:
    """All stories of all sources."""
    return tuple(scenario for path in sorted(STORIES.glob("*.md")) for scenario in _stories_of(path))


def _stories_of(path: Path) -> list[Scenario]:
    stories = []
    for story in path.read_text().split("\n## ")[1:]:
        name, *lines = story.splitlines()
        header, _, *rows = [line for line in lines if line.startswith("|")]
        columns = _cells(header)
        data_source = f"{path.stem}: {name}".replace(",", "")
        found = [dict(zip(columns, _cells(row), strict=True)) for row in rows]
        stories.append(Scenario(path.stem, name, tuple(_row(path.stem, data_source, cells) for cells in found)))
    return stories


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split("|")]


def _row(source: str, data_source: str, cells: dict[str, str]) -> Row:
    told = PERSON | {column: text for column, text in cells.items() if column in TYPES} | {"ds": data_source}
    told |= {"end": told.get("end") or told["start"], "charge": told.get("charge") or told["paid"]}
    day = date.fromisoformat(cells.get("file") or FILE_DATE)
    record = Record(source, day, tuple(sorted(told.items())))
    return Row(record, {column: text for column, text in cells.items() if column not in {*TYPES, "file", "=>"}})
