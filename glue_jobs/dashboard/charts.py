"""Charts that only the dashboard has: columns made of parts, and the triangle; all else are the run report's."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from expectations.report_charts import (
    BOTTOM,
    CHARACTER,
    GAP,
    HEIGHT,
    PITCH_FOR_MONTH_NAMES,
    RIGHT,
    WIDEST_COLUMN,
    WIDTH,
    Bar,
    Plot,
    axis_ticks,
    centred,
    dollars,
    grid_line,
    picture,
    year_labels,
)

CELL_HEIGHT, CELL_GAP, HEAD, LABEL = 24, 2, 22, 74
DARK_CELL = 0.55
"""From this share on the text of a cell is light on dark."""


@dataclass(frozen=True)
class Part:
    """A part of a column: what it is called, how high it is, its number as text, and its colour class."""

    label: str
    value: float
    text: str
    colour: str


@dataclass(frozen=True)
class Column:
    """One column over time: the year it stands under, its month, its parts from below, its number over it."""

    year: str
    month: str
    parts: tuple[Part, ...]
    text: str
    is_early: bool = False

    @property
    def total(self) -> float:
        """How high the whole column is."""
        return sum(part.value for part in self.parts)

    @property
    def spoken(self) -> str:
        """What the column is called, with its parts and what it is not yet."""
        parts = ", ".join(f"{part.label} {part.text}" for part in self.parts)
        return f"{self.month} {self.year}: {parts}{', not complete yet' if self.is_early else ''}"


def stacked_columns(columns: Sequence[Column], title: str, label_of: Callable[[float], str] = dollars) -> Markup:
    """One column a month, its parts on top of each other; what is not complete yet is drawn lighter."""
    lows = [sum(min(0.0, part.value) for part in column.parts) for column in columns]
    highs = [sum(max(0.0, part.value) for part in column.parts) for column in columns]
    ticks = axis_ticks([*lows, *highs])
    left = GAP + CHARACTER * max(len(label_of(tick)) for tick in ticks)
    plot = Plot(left, (WIDTH - left - RIGHT) / max(1, len(columns)), ticks[0], ticks[-1])
    widest = CHARACTER * max((len(column.text) for column in columns), default=0)
    drawn = [piece for tick in ticks for piece in grid_line(plot, tick, label_of)]
    for index, column in enumerate(columns):
        drawn += _parts(plot, index, column)
        top = plot.y(highs[index])
        if plot.pitch >= GAP / 2 + widest:
            drawn.append(centred("number", plot.middle(index), top - 6, column.text))
        if plot.pitch >= PITCH_FOR_MONTH_NAMES:
            drawn.append(centred("quiet", plot.middle(index), HEIGHT - BOTTOM + 17, column.month))
    drawn += year_labels(plot, [column.year for column in columns])
    bars = [Bar(column.spoken, column.total, "", "") for column in columns]
    return picture(drawn, title, bars, f'class="columns" viewBox="0 0 {WIDTH} {HEIGHT}"')


def _parts(plot: Plot, index: int, column: Column) -> list[Markup]:
    width = min(WIDEST_COLUMN, plot.pitch * 0.74)
    rect = Markup('<rect class="{}" x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}"><title>{}</title></rect>')
    drawn, above, below = [], 0.0, 0.0
    for part in column.parts:
        start = above if part.value >= 0 else below
        end = start + part.value
        top, bottom = sorted((plot.y(start), plot.y(end)))
        colour = f"{part.colour} early" if column.is_early else part.colour
        title = f"{column.month} {column.year}: {part.label} {part.text}"
        drawn.append(rect.format(colour, plot.middle(index) - width / 2, top, width, bottom - top, title))
        above, below = (end, below) if part.value >= 0 else (above, end)
    return drawn


@dataclass(frozen=True)
class TriangleRow:
    """A month of the triangle: what it is called, and the share that is paid by each lag; None where still to come."""

    label: str
    shares: tuple[float | None, ...]


def triangle(rows: Sequence[TriangleRow], title: str) -> Markup:
    """Months down, months until paid across; the more of a month is paid, the darker its cell."""
    lags = max((len(row.shares) for row in rows), default=0)
    width = (WIDTH - LABEL) / max(1, lags)
    height = HEAD + len(rows) * (CELL_HEIGHT + CELL_GAP)
    drawn = [centred("quiet", LABEL + width * (lag + 0.5), HEAD - 8, str(lag)) for lag in range(lags)]
    for number, row in enumerate(rows):
        top = HEAD + number * (CELL_HEIGHT + CELL_GAP)
        drawn.append(Markup('<text x="0" y="{:.1f}">{}</text>').format(top + 17, row.label))
        for lag, share in enumerate(row.shares):
            if share is not None:
                drawn += _cell(LABEL + width * lag, top, width - CELL_GAP, share, f"{row.label}, month {lag}")
    bars = [
        Bar(row.label, 0.0, " ".join(percent(share) for share in row.shares if share is not None), "") for row in rows
    ]
    return picture(drawn, title, bars, f'class="columns" viewBox="0 0 {WIDTH} {height}"')


def _cell(x: float, y: float, width: float, share: float, label: str) -> tuple[Markup, Markup]:
    depth = min(1.0, max(0.05, share))
    rect = Markup(
        '<rect class="published" fill-opacity="{:.2f}" x="{:.1f}" y="{}" width="{:.1f}" height="{}" rx="2">'
        "<title>{}: {}</title></rect>"
    )
    colour = "on-published" if depth >= DARK_CELL else "number"
    return (
        rect.format(depth, x, y, width, CELL_HEIGHT, label, percent(share)),
        centred(colour, x + width / 2, y + 17, percent(share)),
    )


def percent(share: float) -> str:
    """Whole per cent."""
    return f"{100 * share:.0f}%"
