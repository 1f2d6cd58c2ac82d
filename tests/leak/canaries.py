"""Canaries: values that a file carries and that nothing but claims data may repeat, known again by their form.

A text is ZQ, two digits of the source, three of the column, X. Numbers, NPIs and dates are such as no output has by
chance. An output is not searched for each canary: all of it that has a canary's form is taken out and looked up.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta

FIRST_DAY = date(2006, 1, 4)
"""Of the days that are canaries, which are those of nine years that no document or declaration takes examples from."""

_TEXT = re.compile(r"zq[^a-z0-9]?[0-9]{5}[^a-z0-9]?x")
_NUMBER = re.compile(r"(?<![0-9])[0-9](?:[0-9]|[.,](?=[0-9]))*+")
_DAY = re.compile(
    r"(?<![0-9])(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}/[0-9]{2}/[0-9]{4}|[0-9]{1,2}-[a-z]{3}-[0-9]{4})(?![0-9])"
)
_PLANTED_NUMBER = re.compile(r"7[0-9]{8}|8[0-9]{8}|[1-3][0-9]{8}[0-9]")
_LEAST_DIGITS = 8


def text_canary(source: int, column: int) -> str:
    """A plain identifier."""
    return f"ZQ{source:02}{column:03}X"


def amount_canary(source: int, column: int) -> str:
    """An amount with seven digits before the point, and cents that are none of the usual."""
    return f"71{source:02}{column:03}.{(source * 7 + column * 3) % 83 + 13}"


def whole_canary(source: int, column: int) -> str:
    """A whole number of nine digits that an int holds."""
    return f"81{source:02}{column:03}{(source * 5 + column * 7) % 83 + 13}"


def day_canary(source: int, column: int, *, years: int = 0) -> date:
    """A day of its own for each column of each source, moved by years where it is to break a rule."""
    return FIRST_DAY + timedelta(days=source * 151 + column % 151 + round(years * 365.25))


def npi_canary(source: int, column: int, *, first: int = 1, is_valid: bool = True) -> str:
    """Ten digits, with the check digit of an NPI, or another."""
    digits = f"{first}{source:02}{column:03}427"
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(digits)]
    check = -(24 + sum(part // 10 + part % 10 for part in doubled)) % 10
    return f"{digits}{check if is_valid else (check + 1) % 10}"


class Needles:
    """Every form in which the values of some cells may turn up."""

    def __init__(self, cells: Iterable[str], names: Iterable[str] = ()) -> None:
        """Cells that have no canary's form (codes, blanks) are left aside."""
        lowered = {cell.strip().casefold() for cell in cells}
        self.texts = {_squeezed(found) for cell in lowered for found in _TEXT.findall(cell)}
        self.numbers = {digits for cell in lowered if _PLANTED_NUMBER.fullmatch(digits := _digits(cell.strip("()-+")))}
        self.days = {form for cell in lowered for day in _days(cell) for form in _day_forms(day)}
        self.names = {name.casefold() for name in names}

    def __len__(self) -> int:
        return len(self.texts) + len(self.numbers) + len(self.days) + len(self.names)

    def found_in(self, text: str) -> set[str]:
        """The canaries that stand in a text, in whatever case and with whatever marks between digits."""
        lowered = text.casefold()
        found = {mark for mark in map(_squeezed, _TEXT.findall(lowered)) if mark in self.texts}
        numbers = map(_digits, _NUMBER.findall(lowered))
        found |= {number for number in numbers if number in self.numbers or number in self.days}
        found |= {day for day in _DAY.findall(lowered) if day in self.days}
        return found | {name for name in self.names if name in lowered}


def _squeezed(text: str) -> str:
    return re.sub("[^a-z0-9]", "", text)


def _digits(text: str) -> str:
    """A number without its marks; amounts lose zeros behind the second place, as a wider decimal shows them."""
    plain = text.replace(",", "")
    if re.fullmatch(r"[0-9]+\.[0-9]{2}0+", plain):
        plain = plain.rstrip("0")
    return plain.replace(".", "")


def _days(cell: str) -> Iterable[date]:
    """The days that a cell may mean; a codes' digits are none."""
    for year, month, day in (
        *re.findall(r"^([0-9]{4})-?([0-9]{2})-?([0-9]{2})$", cell),
        *((y, m, d) for m, d, y in re.findall(r"^([0-9]{2})/([0-9]{2})/([0-9]{4})$", cell)),
        *((y, MONTHS.get(m, "00"), d) for d, m, y in re.findall(r"^([0-9]{1,2})-([a-z]{3})-([0-9]{4})$", cell)),
    ):
        try:
            found = date(int(year), int(month), int(day))
        except ValueError:
            continue
        if (found.year - FIRST_DAY.year) in SHIFTED_YEARS:
            yield found


def _day_forms(day: date) -> Iterable[str]:
    iso, name = day.isoformat(), MONTH_NAMES[day.month - 1]
    return (
        iso,
        iso.replace("-", ""),
        f"{day.month:02}/{day.day:02}/{day.year}",
        f"{day.day:02}-{name}-{day.year}",
        f"{day.day}-{name}-{day.year}",
    )


MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTHS = {name: f"{number:02}" for number, name in enumerate(MONTH_NAMES, start=1)}
SHIFTED_YEARS = {shift + span for shift in (0, -3, -120, 80) for span in range(-1, 10)}
"""Years, counted from the first, in which days are planted: as they are, long ago, and in the future."""
