"""Code sets with dates: published lists of codes, declared in `codesets/*.json`, read into spans of days.

A list is one release of a code system: the codes that are in force on its days. Of several releases a code gets one
span for as long as nothing about it changes. Days that no list covers are not held against a code: a billable code
stays so from the list that has it to the next list that has it not, and back to the list before.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import Field

from expectations.contract import CONTRACT_FOLDER, Declared, read_declared
from expectations.errors import ArgumentError
from expectations.object_keys import safe_uri

CODE_SETS_FOLDER = CONTRACT_FOLDER / "codesets"
DAY = timedelta(days=1)
FISCAL_YEAR_BEGINS = 10
"""October: the month in which CMS's code sets change."""


class CodeList(Declared):
    """One published list of a code system: how its file is called, which days it is for, and what its lines are."""

    file: str = Field(description="Regular expression for the file's name; (?P<year>) and (?P<month>) tell its days.")
    days: Literal["fiscal_year", "from_month", "always", "each_code"] = Field(
        description="fiscal_year: October before the year to its September; from_month: from that month of the year to "
        "the end of the fiscal year; always: as long as the code system; each_code: as the lines say."
    )
    line: str = Field(
        description="Regular expression for a line with a (?P<code>), perhaps its (?P<description>), in a list that "
        "maps codes the (?P<category>) that the code belongs to, and with each_code its (?P<valid_from>) and "
        "(?P<valid_to>): 20240101 or 2024-01-01, empty for open, the last day is one of the code's."
    )
    no_code: str = Field("", description="Regular expression for lines that are no code, a chapter's number for one.")
    encoding: str = "utf-8"


class CodeSet(Declared):
    """One code system and the lists that it is published in."""

    schema_: str = Field("", alias="$schema")
    code_system: str
    description: str = Field(min_length=20)
    licence: str = Field(description="What allows us to read and keep the list, and its descriptions.")
    first_day: date | None = Field(None, description="First day on which claims may use the code system.")
    last_day: date | None = Field(None, description="Last such day; none: in use.")
    shortest_heading: int = Field(
        0, ge=0, description="Beginnings of a code of at least so many characters are headings; 0: there are none."
    )
    lists: tuple[CodeList, ...] = Field(min_length=1)


class CodeSpan(NamedTuple):
    """One row of the table code_set, in its order; days are inclusive, None is open."""

    code_system: str
    code: str
    description: str | None
    billable_flag: int
    valid_from: date | None
    valid_to: date | None
    category_code: str | None = None


@dataclass(frozen=True)
class Release:
    """What one file says: the days it is for (None: open), its codes with their descriptions, billable or heading."""

    file_name: str
    first_day: date | None
    last_day: date | None
    codes: dict[str, str | None] = field(repr=False)
    billable: frozenset[str] = field(repr=False)
    headings: frozenset[str] = field(repr=False)
    categories: dict[str, str] = field(repr=False, default_factory=dict)
    own_days: dict[tuple[str, date | None], date | None] = field(repr=False, default_factory=dict)
    """Last days by code and first day, where the lines say them."""

    def state(self, code: str) -> int | None:
        """1 where the code is billable, 0 where it is a heading, None where the release does not have it."""
        return 1 if code in self.billable else 0 if code in self.headings else None


@dataclass(frozen=True)
class CodeSetFound:
    """One code system as it was read: its releases in order of time, and the spans of its codes."""

    code_system: str
    releases: tuple[Release, ...]
    spans: tuple[CodeSpan, ...] = field(repr=False)


@cache
def load_code_sets(folder: Path = CODE_SETS_FOLDER) -> tuple[CodeSet, ...]:
    """The declared code sets; ContractError names file and field of what is wrong."""
    return tuple(read_declared(path, CodeSet) for path in sorted(folder.glob("*.json")))


def read_code_sets(folder: Path, declared: Sequence[CodeSet] = ()) -> tuple[CodeSetFound, ...]:
    """Read every list that lies in the folder, whatever else lies there.

    Raises:
        ArgumentError: the folder has none, or a line of one is neither a code nor declared to be none.
    """
    found = tuple(_read(code_set, folder) for code_set in declared or load_code_sets())
    if not any(one.releases for one in found):
        expected = ", ".join(one.file for code_set in declared or load_code_sets() for one in code_set.lists)
        raise ArgumentError(
            f"{safe_uri(str(folder))} has no list of codes; expected file names like {expected}; "
            "cure: the folder into which you put the lists of CMS"
        )
    return tuple(one for one in found if one.releases)


def _read(code_set: CodeSet, folder: Path) -> CodeSetFound:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    matched = [
        (path, one, found) for path in files for one in code_set.lists if (found := re.fullmatch(one.file, path.name))
    ]
    releases = [_release(code_set, one, path, found) for path, one, found in matched]
    # a file can be declared for several systems, and have codes of one only
    releases = [release for release in releases if release.codes]
    by_days = groupby(sorted(releases, key=_days_of), key=_days_of)
    ordered = tuple(_together(list(same_days)) for _, same_days in by_days)
    return CodeSetFound(code_set.code_system, ordered, tuple(_spans(code_set, ordered)))


def _days_of(release: Release) -> tuple[date, date]:
    return release.first_day or date.min, release.last_day or date.max


def _together(releases: Sequence[Release]) -> Release:
    """Files for the same days, one with short and one with long descriptions for instance, as one."""
    headings = frozenset[str]().union(*(release.headings for release in releases))
    codes = {code: text for release in releases for code, text in release.codes.items()}
    categories = {code: category for release in releases for code, category in release.categories.items()}
    names = ", ".join(release.file_name for release in releases)
    days: dict[tuple[str, date | None], date | None] = {}
    for key, last_day in (item for release in releases for item in release.own_days.items()):
        # a later file may end a code that is open in an earlier one
        days[key] = max((day for day in (days.get(key), last_day) if day), default=None)
    first, billable = releases[0], frozenset(codes.keys() - headings)
    return Release(names, first.first_day, first.last_day, codes, billable, headings, categories, days)


def _release(code_set: CodeSet, declared: CodeList, path: Path, name: re.Match[str]) -> Release:
    lines = list(_lines(declared, path))
    codes = {line["code"]: line.groupdict().get("description") for line in lines}
    categories = {line["code"]: line["category"] for line in lines if "category" in line.groupdict()}
    least = code_set.shortest_heading
    beginnings = {code[:length] for code in codes for length in range(least, len(code))} if least else set()
    first_day, last_day = _days(code_set, declared, name)
    billable = frozenset(codes.keys() - beginnings)
    own_days = dict(_own_days(path.name, line) for line in lines) if declared.days == "each_code" else {}
    return Release(path.name, first_day, last_day, codes, billable, frozenset(beginnings), categories, own_days)


def _own_days(name: str, line: re.Match[str]) -> tuple[tuple[str, date | None], date | None]:
    try:
        first_day, last_day = (
            datetime.strptime(text.replace("-", ""), "%Y%m%d").date() if text else None  # noqa: DTZ007 - a day
            for text in (line["valid_from"], line["valid_to"])
        )
    except ValueError:
        raise ArgumentError(
            f"{name} has a day that is none of the calendar; expected 20240101 or 2024-01-01, or nothing; "
            "cure: correct the list"
        ) from None
    return (line["code"], first_day), last_day


def _lines(declared: CodeList, path: Path) -> Iterator[re.Match[str]]:
    for number, text in enumerate(path.read_text(encoding=declared.encoding).splitlines(), 1):
        line = text.rstrip()
        if found := re.fullmatch(declared.line, line):
            yield found
        elif line and not re.fullmatch(declared.no_code, line):
            raise ArgumentError(
                f"{path.name} line {number} is no code; expected {declared.line}; "
                "cure: is it the list that its name says? else declare its form in expectations/codesets"
            )


def _days(code_set: CodeSet, declared: CodeList, name: re.Match[str]) -> tuple[date | None, date | None]:
    if declared.days in {"always", "each_code"}:
        return code_set.first_day, code_set.last_day
    year = int(name["year"])
    if declared.days == "fiscal_year":
        return date(year - 1, FISCAL_YEAR_BEGINS, 1), date(year, FISCAL_YEAR_BEGINS, 1) - DAY
    month = datetime.strptime(name["month"], "%B").month  # noqa: DTZ007 - the name of a month
    ends = year if month < FISCAL_YEAR_BEGINS else year + 1
    return date(year, month, 1), date(ends, FISCAL_YEAR_BEGINS, 1) - DAY


def _spans(code_set: CodeSet, releases: Sequence[Release]) -> Iterator[CodeSpan]:
    descriptions = {code: text for release in releases for code, text in release.codes.items() if text}
    categories = {code: category for release in releases for code, category in release.categories.items()}
    own: dict[str, list[tuple[int, date | None, date | None]]] = {}
    for (code, first_day), last_day in (item for release in releases for item in release.own_days.items()):
        own.setdefault(code, []).append((1, first_day, last_day))
    for code in sorted({code for release in releases for code in (*release.codes, *release.headings)}):
        spans = own.get(code) or _spans_of([release.state(code) for release in releases], releases)
        for billable, first_day, last_day in spans:
            yield CodeSpan(
                code_set.code_system,
                code,
                descriptions.get(code),
                billable,
                first_day or code_set.first_day,
                last_day or code_set.last_day,
                categories.get(code),
            )


def _spans_of(
    states: Sequence[int | None], releases: Sequence[Release]
) -> Iterator[tuple[int, date | None, date | None]]:
    """Spans of one code with its state, where it has one; the first and the last are open."""
    runs = [(state, [place for place, _ in run]) for state, run in groupby(enumerate(states), key=lambda item: item[1])]
    changes = [_change(before, after, releases) for before, after in pairwise(runs)]
    for (state, _), first_day, next_day in zip(runs, [None, *changes], [*changes, None], strict=True):
        if state is not None:
            yield state, first_day, next_day - DAY if next_day else None


def _change(
    before: tuple[int | None, list[int]], after: tuple[int | None, list[int]], releases: Sequence[Release]
) -> date:
    """The day on which the state changes; between two releases the code is billable if it is so in either."""
    (_, ended), (began, _) = _days_of(releases[before[1][-1]]), _days_of(releases[after[1][0]])
    return ended + DAY if after[0] == 1 and ended < began else began
