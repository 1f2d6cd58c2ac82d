"""What the page is made of: sections, each with a sentence, pictures, and the table that says the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from glue_jobs.dashboard.small_cells import LEAST_PERSONS


@dataclass(frozen=True)
class Figure:
    """A headline figure: what it is, the number, and what it is to be compared with."""

    label: str
    value: str
    note: str


@dataclass(frozen=True)
class Picture:
    """A chart with its caption and its legend of colours."""

    caption: str
    chart: Markup
    legend: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class DataTable:
    """The numbers of the pictures: heads, and rows of text; the first cell of a row is its name."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """One part of the page; without rows it says what to run."""

    anchor: str
    title: str
    lead: str
    query: str
    pictures: tuple[Picture, ...] = ()
    table: DataTable | None = None
    notes: tuple[str, ...] = ()
    is_wide: bool = False


def hidden_note(hidden: int, one: str, many: str) -> tuple[str, ...]:
    """Says how many groups are not told, and why."""
    if not hidden:
        return ()
    groups = f"1 {one} is" if hidden == 1 else f"{hidden} {many} are"
    why = f"fewer than {LEAST_PERSONS} persons, or they could be worked out from the others."
    return (f"{groups} not shown: {why}",)


def without_rows(anchor: str, title: str, query: str) -> Section:
    """A section of which nothing is known yet."""
    return Section(anchor, title, "There is nothing to show yet.", query)


def rows_of(rows: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Rows of a table, frozen."""
    return tuple(tuple(row) for row in rows)
