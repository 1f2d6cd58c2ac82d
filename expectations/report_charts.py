"""Charts of the run report as inline SVG: no script, no outside file, colours from the page's style sheet by class.

Bars are laid out in per cent and their text in pixels, so that they stay legible from a telephone to a sheet of paper.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

ROW_HEIGHT = 42
SMALLEST_SHARE = 0.4
SHARE_THAT_HOLDS_A_NUMBER = 18

WIDTH, HEIGHT, TOP, RIGHT, BOTTOM = 760, 270, 26, 8, 42
CHARACTER = 7.4
WIDEST_COLUMN = 72
PITCH_FOR_MONTH_NAMES, YEAR_LABEL, GAP = 27, 40, 14
TICKS = 4

THIN = 8
SMALLEST_SLICE = 3.0
TREND_HEIGHT, TREND_TOP, TREND_BOTTOM = 150, 24, 122
TREND_LEFT, TREND_RIGHT = 11.0, 96.0
SCORE_STEPS = (1, 2, 5, 10, 20, 25)


@dataclass(frozen=True)
class Bar:
    """One bar or segment: what it is called, how long it is, its number as text, and its colour class."""

    label: str
    value: float
    text: str
    colour: str


@dataclass(frozen=True)
class MoneyColumn:
    """One column over time: the year it stands under, its month (may be empty), its amount, also as text."""

    year: str
    month: str
    value: float
    text: str
    title: str


@dataclass(frozen=True)
class TrendPoint:
    """One score over time: the day it stands under, the score, also as text, and what it is called."""

    day: str
    score: float
    text: str
    title: str


def stacked_bar(segments: Sequence[Bar], title: str) -> Markup:
    """One horizontal bar cut into segments by share of their sum; a segment wide enough carries its number."""
    total = sum(segment.value for segment in segments) or 1
    parts, left = [], 0.0
    for segment in segments:
        share = 100 * segment.value / total
        parts.append(_rect(f"{left:.3f}%", 0, f"{share:.3f}%", 44, segment))
        if share >= SHARE_THAT_HOLDS_A_NUMBER:
            parts.append(
                Markup('<text class="on-{}" x="{:.3f}%" y="27" text-anchor="middle">{}</text>').format(
                    segment.colour, left + share / 2, segment.text
                )
            )
        left += share
    return picture(parts, title, segments, 'width="100%" height="44"')


def horizontal_bars(bars: Sequence[Bar], title: str) -> Markup:
    """One row a bar, name and number above it, lengths relative to the longest."""
    longest = max((bar.value for bar in bars), default=0) or 1
    parts = []
    for row, bar in enumerate(bars):
        top = row * ROW_HEIGHT
        share = max(SMALLEST_SHARE, 100 * bar.value / longest) if bar.value else 0
        parts.append(Markup('<text x="0" y="{}">{}</text>').format(top + 15, bar.label))
        number = Markup('<text class="number" x="100%" y="{}" text-anchor="end">{}</text>')
        parts.append(number.format(top + 15, bar.text))
        parts.append(Markup('<rect class="track" x="0" y="{}" width="100%" height="10" rx="2"/>').format(top + 22))
        parts.append(_rect("0", top + 22, f"{share:.3f}%", 10, bar))
    return picture(parts, title, bars, f'width="100%" height="{len(bars) * ROW_HEIGHT}"')


def money_columns(columns: Sequence[MoneyColumn], title: str) -> Markup:
    """One column a month (or year) over a dollar axis; amounts below zero hang under the zero line."""
    ticks = axis_ticks([column.value for column in columns])
    left = GAP + CHARACTER * max(len(dollars(tick)) for tick in ticks)
    plot = Plot(left, (WIDTH - left - RIGHT) / max(1, len(columns)), ticks[0], ticks[-1])
    widest = CHARACTER * max((len(column.text) for column in columns), default=0)
    parts = [part for tick in ticks for part in grid_line(plot, tick)]
    for index, column in enumerate(columns):
        parts.extend(_column(plot, index, column, amounts_fit=plot.pitch >= GAP + widest))
    parts.extend(year_labels(plot, [column.year for column in columns]))
    bars = [Bar(column.title, column.value, "", "") for column in columns]
    return picture(parts, title, bars, f'class="columns" viewBox="0 0 {WIDTH} {HEIGHT}"')


def thin_bar(segments: Sequence[Bar], title: str) -> Markup:
    """One bar of a table's cell: the first segment gives way, so that the least of the others can be seen."""
    total = sum(segment.value for segment in segments) or 1
    others = [max(SMALLEST_SLICE, 100 * one.value / total) if one.value else 0.0 for one in segments[1:]]
    shares = [max(0.0, 100 - sum(others)), *others]
    parts, left = [], 0.0
    for segment, share in zip(segments, shares, strict=True):
        if share:
            parts.append(_rect(f"{left:.3f}%", 0, f"{share:.3f}%", THIN, segment))
        left += share
    return picture(parts, title, segments, f'class="thin" width="100%" height="{THIN}"')


def score_trend(points: Sequence[TrendPoint], title: str) -> Markup:
    """Scores over time as a line, the last one written out; the axis ends at 100 and begins where it is needed."""
    ticks = score_ticks([point.score for point in points])
    pitch = (TREND_RIGHT - TREND_LEFT) / max(1, len(points) - 1)
    places = [(TREND_RIGHT - pitch * (len(points) - 1 - n), _y(p.score, ticks)) for n, p in enumerate(points)]
    line = Markup('<line class="trend" x1="{:.2f}%" y1="{:.1f}" x2="{:.2f}%" y2="{:.1f}"/>')
    parts = [part for tick in ticks for part in _score_line(tick, ticks)]
    parts += [line.format(*before, *after) for before, after in pairwise(places)]
    circle = Markup('<circle class="published" cx="{:.2f}%" cy="{:.1f}" r="{}"><title>{}</title></circle>')
    for (x, y), point in zip(places, points, strict=True):
        parts.append(circle.format(x, y, 5 if point is points[-1] else 3, point.title))
    if points:
        parts += [_at_end("number halo", TREND_RIGHT + 1, places[-1][1] - 10, points[-1].text)]
        parts += [_at_end("quiet", TREND_RIGHT + 1, TREND_HEIGHT - 8, points[-1].day)]
    if len(points) > 1:
        first = Markup('<text class="quiet" x="{:.2f}%" y="{}">{}</text>')
        parts.append(first.format(TREND_LEFT - 1, TREND_HEIGHT - 8, points[0].day))
    bars = [Bar(point.title, point.score, "", "") for point in points]
    return picture(parts, title, bars, f'width="100%" height="{TREND_HEIGHT}"')


def score_ticks(scores: Sequence[float]) -> list[int]:
    """Four even steps of round numbers up to 100, as few points as hold all scores."""
    needed = 100 - min([100.0, *scores])
    step = next(step for step in SCORE_STEPS if step * TICKS >= needed)
    return [100 - step * number for number in range(TICKS, -1, -1)]


def axis_ticks(values: Sequence[float]) -> list[float]:
    """Round numbers, evenly spaced, from at most the least (or 0) to at least the greatest (or 0) of the values."""
    low, high = min([0.0, *values]), max([0.0, *values])
    if low == high:
        high = 1.0
    rough = max(1.0, high - low) / TICKS
    magnitude = 10.0 ** math.floor(math.log10(rough))
    step = next(nice * magnitude for nice in (1, 2, 2.5, 5, 10) if nice * magnitude >= rough * 0.999)
    return [index * step for index in range(math.floor(low / step), math.ceil(high / step) + 1)]


def dollars(value: float) -> str:
    """An axis label: whole dollars with thousands separators; cents only where the axis needs them."""
    sign = "-" if value < 0 else ""
    return f"{sign}${abs(value):,.0f}" if float(value).is_integer() else f"{sign}${abs(value):,.2f}"


@dataclass(frozen=True)
class Plot:
    """Where amounts and columns lie in the picture, in its own units."""

    left: float
    pitch: float
    low: float
    high: float

    def y(self, value: float) -> float:
        """Height at which an amount lies; the greatest is at the top."""
        share = (value - self.low) / ((self.high - self.low) or 1)
        return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)

    def middle(self, index: int) -> float:
        """Where the middle of a column lies."""
        return self.left + self.pitch * (index + 0.5)


def grid_line(plot: Plot, tick: float, label_of: Callable[[float], str] = dollars) -> tuple[Markup, Markup]:
    """A line across the plot, and what it stands for."""
    y = plot.y(tick)
    kind = "grid" if tick else "zero"
    line = Markup('<line class="{}" x1="{:.1f}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>')
    label = Markup('<text class="quiet" x="{:.1f}" y="{:.1f}" text-anchor="end">{}</text>')
    return line.format(kind, plot.left, WIDTH - RIGHT, y, y), label.format(plot.left - 8, y + 4, label_of(tick))


def _column(plot: Plot, index: int, column: MoneyColumn, *, amounts_fit: bool) -> list[Markup]:
    width = min(WIDEST_COLUMN, plot.pitch * 0.74)
    top, bottom = sorted((plot.y(column.value), plot.y(0)))
    rect = Markup(
        '<rect class="published" x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}"><title>{}</title></rect>'
    )
    parts = [rect.format(plot.middle(index) - width / 2, top, width, bottom - top, column.title)]
    if amounts_fit:
        parts.append(centred("number", plot.middle(index), top - 6, column.text))
    if plot.pitch >= PITCH_FOR_MONTH_NAMES:
        parts.append(centred("quiet", plot.middle(index), HEIGHT - BOTTOM + 17, column.month))
    return parts


def year_labels(plot: Plot, years: Sequence[str]) -> list[Markup]:
    """Each year under its first column, as far as there is room."""
    starts = [0, *(index for index, (before, after) in enumerate(pairwise(years), 1) if before != after)]
    parts, free_from = [], -math.inf
    for index in starts if years else []:
        x = plot.middle(index)
        if x >= free_from:
            parts.append(centred("", x, HEIGHT - BOTTOM + 35, years[index]))
            free_from = x + YEAR_LABEL
    return parts


def _y(score: float, ticks: Sequence[int]) -> float:
    return TREND_BOTTOM - (score - ticks[0]) / (ticks[-1] - ticks[0]) * (TREND_BOTTOM - TREND_TOP)


def _score_line(tick: int, ticks: Sequence[int]) -> tuple[Markup, Markup]:
    y = _y(tick, ticks)
    line = Markup('<line class="grid" x1="{:.2f}%" x2="100%" y1="{:.1f}" y2="{:.1f}"/>')
    label = Markup('<text class="quiet" x="0" y="{:.1f}">{}</text>')
    return line.format(TREND_LEFT - 3, y, y), label.format(y + 4, tick)


def _at_end(kind: str, x: float, y: float, text: str) -> Markup:
    return Markup('<text class="{}" x="{:.2f}%" y="{:.1f}" text-anchor="end">{}</text>').format(kind, x, y, text)


def centred(colour: str, x: float, y: float, text: str) -> Markup:
    """A text whose middle is at x."""
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>').format(colour, x, y, text)


def _rect(x: str, y: int, width: str, height: int, bar: Bar) -> Markup:
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"><title>{}: {}</title></rect>').format(
        bar.colour, x, y, width, height, bar.label, bar.text
    )


def picture(parts: Sequence[Markup], title: str, bars: Sequence[Bar], size: str) -> Markup:
    """The parts as one picture, whose bars are told to those who do not see it."""
    spoken = "; ".join(f"{bar.label} {bar.text}".strip() for bar in bars)
    head = Markup('<svg role="img" {} aria-label="{}: {}">').format(Markup(size), title, spoken)  # noqa: S704 (our numbers)
    return head + Markup("").join(parts) + Markup("</svg>")
