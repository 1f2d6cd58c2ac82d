"""Amounts and numbers, without Spark: text in a declared form becomes an exact Decimal or int, anything else None.

The twin of `glue_jobs.transforms.clean_amounts`, value for value; tests/agreement/test_rows_agree.py holds them
together.
"""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from expectations.contract import AmountStyle

_LARGEST_AMOUNT_DIGITS = 10
_INTEGER = re.compile(r"[+-]?[0-9]{1,9}")
_FLAG_VALUES = {"1": 1, "true": 1, "t": 1, "yes": 1, "y": 1, "0": 0, "false": 0, "f": 0, "no": 0, "n": 0}
_PARENTHESES = re.compile(r"\(([^()+-]*)\)")
_TRAILING_MINUS = re.compile(r"([^+-]*)-")
_CURRENCY = re.compile(r"([+-]?)\$ ?(?=[0-9.])")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_PLACES_KEPT = re.compile(r"(\.[0-9]{20})[0-9]+\Z")
"""Spark rounds a decimal of at most 20 places; what stands behind them is cut first."""


def amount_reader(styles: tuple[AmountStyle, ...], scale: int) -> Callable[[str], Decimal | None]:
    """The function that gives the exact amount of a plain decimal number, or of one in a declared style, or None."""
    rounds = "round" in styles
    digits = rf"[0-9]{{1,{_LARGEST_AMOUNT_DIGITS}}}"
    places = "[0-9]*" if rounds else f"[0-9]{{0,{scale}}}0*"
    signed_zero = "" if "negative_zero" in styles else r"(?!-[0.]*\Z)"
    pattern = re.compile(rf"{signed_zero}[+-]?(?:{digits}(?:\.{places})?|\.(?=[0-9]){places})")
    unit, steps = Decimal(1).scaleb(-scale), _plain_form(styles)

    def read(text: str) -> Decimal | None:
        for step in steps:
            text = step(text)
        if not pattern.fullmatch(text):
            return None
        exact = Decimal(_PLACES_KEPT.sub(r"\1", text) if rounds else text)
        value = exact.quantize(unit, ROUND_HALF_UP)
        return value if value else abs(value)

    return read


def read_integer(text: str) -> int | None:
    """The number of up to nine ASCII digits with an optional sign; None for anything else."""
    return int(text) if _INTEGER.fullmatch(text) else None


def read_flag(text: str) -> int | None:
    """1 or 0 of a yes/no text in any letter case; None for anything else."""
    return _FLAG_VALUES.get(text.lower())


def _plain_form(styles: tuple[AmountStyle, ...]) -> list[Callable[[str], str]]:
    steps: list[Callable[[str], str]] = []
    if "parentheses" in styles:
        steps.append(lambda text: _replaced(_PARENTHESES, r"-\1", text))
    if "trailing_minus" in styles:
        steps.append(lambda text: _replaced(_TRAILING_MINUS, r"-\1", text))
    if "currency" in styles:
        steps.append(_without_currency)
    if "thousands" in styles:
        steps.append(lambda text: text.replace(",", "") if _GROUPED.fullmatch(text) else text)
    return steps


def _replaced(pattern: re.Pattern[str], template: str, text: str) -> str:
    found = pattern.fullmatch(text)
    return found.expand(template) if found else text


def _without_currency(text: str) -> str:
    found = _CURRENCY.match(text)
    return found[1] + text[found.end() :] if found else text
