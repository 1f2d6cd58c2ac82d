"""Rows of named queries as the dashboard reads them: typed numbers, names of months, and how a number is written."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from expectations.report_page import MONTH_NAMES, money
from glue_jobs.dashboard.small_cells import Row

Answers = Mapping[str, Sequence[Row]]
"""Rows by name of the query; a query without rows, or whose tables there are not yet, has none."""

QUERIES = (
    "pmpm_by_month",
    "claims_by_month",
    "category_mix",
    "lag_triangle",
    "ibnr",
    "denial_rate",
    "denial_reasons",
    "top_diagnoses",
    "chronic_conditions",
    "inpatient_use",
    "readmission_rate",
    "emergency_use",
    "risk_distribution",
    "quality_history",
    "freshness",
)
"""All that the page is made of; none of them has a row that is a person."""

DASH = "\N{EN DASH}"
"""Stands where there is no number."""

WIDEST_LABEL = 60
"""Characters of a bar's label."""

MONTHS_SHOWN = 13
"""A year, and the month a year before the last."""


def number(row: Row, name: str) -> Decimal:
    """A column's number, 0 where it is empty."""
    value = row.get(name)
    return Decimal(str(value)) if isinstance(value, int | float | Decimal) else Decimal(0)


def known(row: Row, name: str) -> Decimal | None:
    """A column's number, None where it is empty."""
    return None if row.get(name) is None else number(row, name)


def total(rows: Sequence[Row], name: str) -> Decimal:
    """A column added up."""
    return sum((number(row, name) for row in rows), Decimal(0))


def text(row: Row, name: str, otherwise: str = "not known") -> str:
    """A column's text, or what is said in its place."""
    value = row.get(name)
    return otherwise if value in {None, ""} else str(value)


def month_of(year_month: str) -> tuple[str, str]:
    """Name of the month, and the year: `202403` is March 2024."""
    return MONTH_NAMES[int(year_month[4:])], year_month[:4]


def month_label(year_month: str) -> str:
    """`Mar 2024`."""
    return " ".join(month_of(year_month))


def last_months(rows: Sequence[Row], months: int = MONTHS_SHOWN, name: str = "year_month") -> list[Row]:
    """Rows of the last months that there are, the oldest first; rows without a month are left out."""
    dated = [row for row in rows if text(row, name, "000000") != "000000"]
    kept = sorted({text(row, name) for row in dated})[-months:]
    return [row for row in dated if text(row, name) in kept]


def short_money(amount: Decimal) -> str:
    """Dollars as a person says them: $1.2M, $340k, $56."""
    size, sign = abs(amount), "-" if amount < 0 else ""
    for scale, unit in ((Decimal(10**9), "B"), (Decimal(10**6), "M"), (Decimal(10**3), "k")):
        if size >= scale:
            return f"{sign}${size / scale:,.1f}{unit}"
    return f"{sign}${size:,.0f}"


def shortened(label: str) -> str:
    """A label that leaves room for the number beside it; the table has the whole of it."""
    return label if len(label) <= WIDEST_LABEL else f"{label[: WIDEST_LABEL - 1].rstrip()}…"


def share_text(part: Decimal, whole: Decimal, digits: int = 1) -> str:
    """Per cent, or a dash where there is nothing to divide by."""
    return f"{100 * part / whole:.{digits}f}%" if whole else DASH


def dollars_of(row: Row, name: str) -> str:
    """Dollars and cents, or a dash where the column is empty."""
    amount = known(row, name)
    return DASH if amount is None else money(amount)
