"""Amounts and numbers: text in a declared form becomes an exact DECIMAL or INT, anything else null, never a near value.

No value goes through binary floating point, nothing is rounded unless the source declares it, and only ASCII digits
count.
"""

from pyspark.sql import Column
from pyspark.sql import functions as F

from expectations.contract import AmountStyle

LARGEST_AMOUNT_DIGITS = 10
"""Digits before the point; a claim amount of 10 billion dollars or more is a field shift or a missing point."""

_INTEGER = r"^[+-]?[0-9]{1,9}\z"
_FLAG_VALUES = {"1": 1, "true": 1, "t": 1, "yes": 1, "y": 1, "0": 0, "false": 0, "f": 0, "no": 0, "n": 0}


def clean_amount(text: Column, styles: tuple[AmountStyle, ...], scale: int = 2) -> Column:
    """DECIMAL(18, scale) of a plain decimal number, or of one in a declared style; null for anything else.

    Zeros beyond the scale are accepted (`60.000`), other digits are not: 123.455 would have to be rounded. `-0.00` is
    refused unless declared, because the sign of a reversal that lost its amount would be lost with it.
    """
    plain = _in_plain_form(text, styles)
    digits = rf"[0-9]{{1,{LARGEST_AMOUNT_DIGITS}}}"
    places = "[0-9]*" if "round" in styles else f"[0-9]{{0,{scale}}}0*"
    signed_zero = "" if "negative_zero" in styles else r"(?!-[0.]*\z)"
    pattern = rf"^{signed_zero}[+-]?(?:{digits}(?:\.{places})?|\.(?=[0-9]){places})\z"
    exact = F.when(plain.rlike(pattern), plain)
    if "round" in styles:
        exact = F.round(F.regexp_replace(exact, r"(\.[0-9]{20})[0-9]+\z", "$1").cast("decimal(38,20)"), scale)
    return exact.cast(f"decimal(18,{scale})")


def clean_integer(text: Column) -> Column:
    """INT of up to nine ASCII digits with an optional sign; null for anything else, `1.0` and `1,000` included."""
    return F.when(text.rlike(_INTEGER), text).cast("int")


def clean_flag(text: Column) -> Column:
    """INT 1 or 0 of a yes/no text in any letter case (1, true, t, yes, y, 0, false, f, no, n); else null."""
    lowered = F.lower(text)
    yes = [word for word, value in _FLAG_VALUES.items() if value]
    no = [word for word, value in _FLAG_VALUES.items() if not value]
    return F.when(lowered.isin(yes), 1).when(lowered.isin(no), 0).cast("int")


def _in_plain_form(text: Column, styles: tuple[AmountStyle, ...]) -> Column:
    plain = text
    if "parentheses" in styles:
        plain = F.regexp_replace(plain, r"^\(([^()+-]*)\)\z", "-$1")
    if "trailing_minus" in styles:
        plain = F.regexp_replace(plain, r"^([^+-]*)-\z", "-$1")
    if "currency" in styles:
        plain = F.regexp_replace(plain, r"^([+-]?)\$ ?(?=[0-9.])", "$1")
    if "thousands" in styles:
        grouped = plain.rlike(r"^[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?\z")
        plain = F.when(grouped, F.replace(plain, F.lit(","), F.lit(""))).otherwise(plain)
    return plain
