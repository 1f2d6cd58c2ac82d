"""The functions of Spark SQL that predicates may call, by the name that rules use, as Spark computes them."""

import operator
from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import cache
from typing import Any

from expectations.errors import ContractError
from expectations.predicate_kinds import (
    DATE,
    DAYS,
    EARLY,
    LATE,
    LENGTH,
    SHIFTED_DATE,
    TEXT,
    TRUTH,
    Beyond,
    Kind,
    KindName,
    Row,
    Term,
    absolute,
    require,
)
from expectations.predicate_logic import first_known, outermost

MONTHS_OF_A_YEAR = 12
LAST_IN_ONE_UNIT = 0xFFFF
"""Of the characters that Java holds in one unit; it takes no other for a digit."""


def text_of_length(term: Term) -> Term:
    """LENGTH: code points."""
    return _unary("length", term, LENGTH, len, "text")


def part_of_text(term: Term, start: Term, length: Term | None = None) -> Term:
    """SUBSTRING from a literal place, 1 or later, of a literal length."""
    first = _literal("substring", start, least=1) - 1
    if length is None:
        return _unary("substring", term, TEXT, lambda text: text[first:], "text")
    last = first + _literal("substring", length, least=0)
    return _unary("substring", term, Kind("text", most=last - first), lambda text: text[first:last], "text")


def left_part(term: Term, length: Term) -> Term:
    """LEFT: so many characters."""
    last = _literal("left", length, least=0)
    return _unary("left", term, Kind("text", most=last), lambda text: text[:last], "text")


def right_part(term: Term, length: Term) -> Term:
    """RIGHT: so many characters, at least one."""
    first = _literal("right", length, least=1)
    return _unary("right", term, Kind("text", most=first), lambda text: text[-first:], "text")


def joined(*terms: Term) -> Term:
    """CONCAT: missing where one is missing."""
    values = [require(term, "concat", "text").value for term in terms]

    def together(row: Row, today: date) -> str | None:
        parts = [value(row, today) for value in values]
        return None if None in parts else "".join(parts)

    return Term(TEXT, together)


def joined_with(separator: Term, *terms: Term) -> Term:
    """CONCAT_WS: what is missing is left out; never missing itself. Columns are read straight from the row."""
    between = separator.literal
    if not isinstance(between, str):
        raise ContractError("concat_ws takes a text literal first")
    values = [require(term, "concat_ws", "text").value for term in terms]
    names = [term.column for term in terms]
    if all(names):

        def columns_together(row: Row, _: date) -> str:
            get = row.get
            return between.join([found for name in names if (found := get(name)) is not None])  # type: ignore[misc]

        return Term(TEXT, columns_together)

    def together(row: Row, today: date) -> str:
        return between.join([found for value in values if (found := value(row, today)) is not None])

    return Term(TEXT, together)


def days_between(end: Term, start: Term) -> Term:
    """DATEDIFF: days from the second date to the first."""
    later, earlier = require(end, "datediff", "date").value, require(start, "datediff", "date").value

    def days(row: Row, today: date) -> int | None:
        one, other = later(row, today), earlier(row, today)
        return None if one is None or other is None else (one - other).days

    return Term(DAYS, days)


def months_later(day: Term, months: Term) -> Term:
    """ADD_MONTHS: the same day of another month, or its last day where it has no such day."""
    count = _literal("add_months", months)
    return _unary("add_months", day, SHIFTED_DATE, lambda found: _shifted(found, count), "date")


def days_later(day: Term, days: Term) -> Term:
    """DATE_ADD; with a negative number DATE_SUB."""
    count = _literal("date_add", days)

    def shifted(found: date) -> date | Beyond:
        try:
            return found + timedelta(days=count)
        except OverflowError:
            return LATE if count > 0 else EARLY

    return _unary("date_add", day, SHIFTED_DATE, shifted, "date")


def passes_luhn(term: Term) -> Term:
    """LUHN_CHECK: the check digit of NPIs (behind 80840) and card numbers."""
    return _unary("luhn_check", term, TRUTH, is_luhn_number, "text")


@cache
def is_luhn_number(text: str) -> bool:
    """Whether all characters are digits and the last of them is right; the same few NPIs come again and again."""
    total = 0
    for place, digit in enumerate(reversed(text)):
        if not digit.isdecimal() or ord(digit) > LAST_IN_ONE_UNIT:
            return False
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled  # noqa: PLR2004 - the sum of two digits
    return bool(text) and total % 10 == 0


def _shifted(day: date, months: int) -> date | Beyond:
    year, month = divmod(day.year * MONTHS_OF_A_YEAR + day.month - 1 + months, MONTHS_OF_A_YEAR)
    if not MINYEAR <= year <= MAXYEAR:
        return LATE if months > 0 else EARLY
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _unary(what: str, term: Term, kind: Kind, function: Callable[[Any], object], *names: KindName) -> Term:
    value = require(term, what, *names).value

    def result(row: Row, today: date) -> object:
        found = value(row, today)
        return None if found is None else function(found)

    return Term(kind, result)


def _literal(what: str, term: Term, least: int | None = None) -> int:
    found = term.literal
    if not isinstance(found, int) or (least is not None and found < least):
        raise ContractError(f"{what} takes a whole literal{'' if least is None else f' of at least {least}'} there")
    return found


def _case(name: str, function: Callable[[str], str]) -> Callable[[Term], Term]:
    return lambda term: _unary(name, term, TEXT, function, "text")


def _part(name: str, most: int) -> Callable[[Term], Term]:
    return lambda term: _unary(name, term, Kind("whole", most=most), operator.attrgetter(name), "date")


def _first_known(*terms: Term) -> Term:
    return first_known(terms)


def _outermost(name: str, choose: Callable[[Sequence[Any]], Any]) -> Callable[..., Term]:
    return lambda *terms: outermost(terms, choose, name)


FUNCTIONS: dict[str, Callable[..., Term]] = {
    "abs": absolute,
    "add_months": months_later,
    "coalesce": _first_known,
    "concat": joined,
    "concat_ws": joined_with,
    "current_date": lambda: Term(DATE, lambda _, today: today),
    "date_add": days_later,
    "datediff": days_between,
    "day": _part("day", 31),
    "greatest": _outermost("greatest", max),
    "least": _outermost("least", min),
    "left": left_part,
    "length": text_of_length,
    "lower": _case("lower", str.lower),
    "luhn_check": passes_luhn,
    "month": _part("month", MONTHS_OF_A_YEAR),
    "right": right_part,
    "substring": part_of_text,
    "trim": _case("trim", lambda text: text.strip(" ")),
    "upper": _case("upper", str.upper),
    "year": _part("year", MAXYEAR),
}
