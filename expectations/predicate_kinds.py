"""What kinds of values a predicate deals in, and which of them go together.

Spark would turn text into numbers and numbers into text where the two meet, in ways that depend on its settings and
can fail. A predicate may not rely on that: kinds that differ do not meet, and what could overflow is refused.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from typing import Any, Literal

from expectations.contract import ColumnType
from expectations.errors import ContractError

Row = Mapping[str, object]
Value = Callable[[Row, date], Any]
"""What an expression is for a row and today; None is unknown."""

INT_LIMIT = 2**31
DECIMAL_DIGITS = 38
EXACT = Context(prec=2 * DECIMAL_DIGITS + 2)
"""Arithmetic that never rounds what Spark's DECIMAL(38) can hold."""

KindName = Literal["text", "whole", "decimal", "date", "shifted_date", "truth", "timestamp"]
NUMBERS = frozenset({"whole", "decimal"})
DATES = frozenset({"date", "shifted_date"})


@dataclass(frozen=True)
class Kind:
    """A kind of values, and how large they get: `most` of whole numbers, or characters of text (0: any), and digits."""

    name: KindName
    most: int = 0
    precision: int = 0
    scale: int = 0

    @property
    def whole_digits(self) -> int:
        """Digits before the point that a value can have."""
        return self.precision - self.scale

    def as_decimal(self) -> "Kind":
        """The kind of decimals that holds every value of this one."""
        return self if self.name == "decimal" else decimal_kind(10 if self.most <= INT_LIMIT else 20, 0)


@dataclass(frozen=True)
class Term:
    """A part of a predicate that was read: its kind, its value for a row, and what it is where it is a literal."""

    kind: Kind
    value: Value
    literal: Any = None
    column: str = ""


TEXT = Kind("text")
DATE = Kind("date")
SHIFTED_DATE = Kind("shifted_date")
TRUTH = Kind("truth")
TIMESTAMP = Kind("timestamp")
DAYS = Kind("whole", most=8_000_000)
LENGTH = Kind("whole", most=2**28)


def decimal_kind(precision: int, scale: int) -> Kind:
    """Decimals of so many digits in all and behind the point; ContractError beyond what Spark holds exactly."""
    if precision > DECIMAL_DIGITS:
        raise ContractError(f"a decimal of {precision} digits; cure: at most {DECIMAL_DIGITS}, use fewer operations")
    return Kind("decimal", precision=precision, scale=scale)


def whole_kind(most: int) -> Kind:
    """Whole numbers up to `most`; ContractError where Spark's INT would overflow."""
    if most >= INT_LIMIT:
        raise ContractError("arithmetic on whole numbers may overflow; cure: multiply by 1.0 first, or compare instead")
    return Kind("whole", most=most)


def column_kind(column_type: ColumnType) -> Kind:
    """The kind of a column's values."""
    kinds: dict[ColumnType, Kind] = {
        "string": TEXT,
        "int": Kind("whole", most=INT_LIMIT),
        "bigint": Kind("whole", most=2**63),
        "date": DATE,
        "timestamp": TIMESTAMP,
        "boolean": TRUTH,
        "decimal(18,2)": Kind("decimal", precision=18, scale=2),
        "decimal(18,4)": Kind("decimal", precision=18, scale=4),
    }
    return kinds[column_type]


def require(term: Term, what: str, *names: KindName) -> Term:
    """The term, which is of one of the kinds named; ContractError otherwise."""
    if term.kind.name not in names:
        raise ContractError(f"{what} takes {' or '.join(names)}, not {term.kind.name}; cure: a column of that kind")
    return term


def common(terms: list[Term], what: str) -> Kind:
    """The kind that all terms can be compared in; ContractError where there is none."""
    names = {term.kind.name for term in terms}
    if names <= NUMBERS:
        kinds = [term.kind.as_decimal() for term in terms] if "decimal" in names else [term.kind for term in terms]
        if "decimal" not in names:
            return Kind("whole", most=max(kind.most for kind in kinds))
        scale = max(kind.scale for kind in kinds)
        return decimal_kind(max(kind.whole_digits for kind in kinds) + scale, scale)
    if len(names) == 1 and names <= {"text", "date", "truth"}:
        return Kind(terms[0].kind.name)
    if names == DATES:
        return SHIFTED_DATE
    raise ContractError(f"{what} of {' and '.join(sorted(names))}; cure: compare like with like, dates as DATE '...'")


class Beyond:
    """A day before the first or after the last that Python can name; Spark goes on, and so compares it well."""

    def __init__(self, *, late: bool) -> None:
        self._late = late

    def __lt__(self, other: date) -> bool:
        return not self._late

    def __gt__(self, other: date) -> bool:
        return self._late

    __le__ = __lt__
    __ge__ = __gt__


EARLY, LATE = Beyond(late=False), Beyond(late=True)


def add(left: Term, right: Term) -> Term:
    """Sum of two numbers."""
    if left.kind.name == right.kind.name == "whole":
        return _arithmetic(operator.add, whole_kind(left.kind.most + right.kind.most), left, right)
    return _arithmetic(EXACT.add, _sum_kind(left, right), left, right)


def subtract(left: Term, right: Term) -> Term:
    """Difference of two numbers."""
    if left.kind.name == right.kind.name == "whole":
        return _arithmetic(operator.sub, whole_kind(left.kind.most + right.kind.most), left, right)
    return _arithmetic(EXACT.subtract, _sum_kind(left, right), left, right)


def multiply(left: Term, right: Term) -> Term:
    """Product of two numbers."""
    if left.kind.name == right.kind.name == "whole":
        return _arithmetic(operator.mul, whole_kind(left.kind.most * right.kind.most), left, right)
    one, other = left.kind.as_decimal(), right.kind.as_decimal()
    kind = decimal_kind(one.precision + other.precision + 1, one.scale + other.scale)
    return _arithmetic(EXACT.multiply, kind, left, right)


def remainder(left: Term, right: Term) -> Term:
    """What is left after division by a literal whole number; its sign is that of the dividend, as in Java."""
    divisor = right.literal
    if not isinstance(divisor, int) or divisor <= 0:
        raise ContractError("% takes a whole literal above 0 on its right; cure: write the number")
    if left.kind.name == "decimal":
        return _arithmetic(EXACT.remainder, left.kind, left, right)
    return _arithmetic(_whole_remainder, whole_kind(divisor - 1), left, right)


def absolute(term: Term) -> Term:
    """The number without its sign."""
    kind, value = _signless(term), term.value

    def absolute_of(row: Row, today: date) -> int | Decimal | None:
        found = value(row, today)
        return None if found is None else found.copy_abs() if isinstance(found, Decimal) else abs(found)

    return Term(kind, absolute_of)


def negative(term: Term) -> Term:
    """The number with the other sign."""
    kind, value = _signless(term), term.value

    def negative_of(row: Row, today: date) -> int | Decimal | None:
        found = value(row, today)
        return None if found is None else EXACT.minus(found) if isinstance(found, Decimal) else -found

    return Term(kind, negative_of, None if term.literal is None else -term.literal)


def _signless(term: Term) -> Kind:
    require(term, "a sign", "whole", "decimal")
    return whole_kind(term.kind.most) if term.kind.name == "whole" else term.kind


def _sum_kind(left: Term, right: Term) -> Kind:
    one, other = left.kind.as_decimal(), right.kind.as_decimal()
    scale = max(one.scale, other.scale)
    return decimal_kind(max(one.whole_digits, other.whole_digits) + scale + 1, scale)


def _whole_remainder(dividend: int, divisor: int) -> int:
    return abs(dividend) % divisor * (1 if dividend >= 0 else -1)


def _arithmetic(operation: Callable[[Any, Any], Any], kind: Kind, left: Term, right: Term) -> Term:
    for term in (left, right):
        require(term, "arithmetic", "whole", "decimal")
    one, other = left.value, right.value
    if left.literal is not None and right.literal is not None:
        constant = operation(left.literal, right.literal)
        return Term(kind, lambda _row, _today: constant, constant)

    def result(row: Row, today: date) -> int | Decimal | None:
        first = one(row, today)
        if first is None:
            return None
        second = other(row, today)
        return None if second is None else operation(first, second)

    return Term(kind, result)
