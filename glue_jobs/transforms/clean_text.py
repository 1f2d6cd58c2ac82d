"""Text: blanks and null tokens to null, then the standard form that the table's contract declares for the column."""

import re
from collections.abc import Mapping
from itertools import chain

from pyspark.sql import Column
from pyspark.sql import functions as F

from expectations.contract import Cleaning

BLANKS = " \t\r\n\u00a0"
HIDDEN_CHARACTERS = (
    r"[\x00-\x08\x0b\x0c\x0e-\x1d\x1f\x7f\x{ad}\x{180e}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2069}\x{feff}]"
)
"""Control, zero-width and direction characters: with them, identifiers that look alike differ."""

_BEYOND_ASCII_TEXT = r"[^ -~]"
_PLAIN_IDENTIFIER = r"^(?![0-9]++(?:\.[0-9]++[eE]|[eE][+]))[!-$&-*,-<>?A-~][!-$&-~]*+\z"
"""Printable ASCII without blanks and percent escapes; no formula (= @ +) and no number in scientific notation."""


def drop_null_tokens(text: Column, null_tokens: tuple[str, ...]) -> Column:
    """The (trimmed) text, null where it is one of the null tokens."""
    return F.when(~text.isin(list(null_tokens)), text)


def trim_odd_blanks(fields: Column, line: Column, delimiter: str) -> Column:
    """The fields of a line without surrounding blanks of any kind where it has other blanks than spaces at all."""
    odd = "".join(blank for blank in BLANKS if blank not in {" ", delimiter})
    trimmed = F.transform(fields, lambda field: F.btrim(field, F.lit(BLANKS)))
    return F.when(line.rlike(f"[{odd}]"), trimmed).otherwise(fields)


def clean_text(text: Column, cleaning: Cleaning, lookup: Mapping[str, str], lookup_default: str | None) -> Column:
    """The standard form of a text: removals, letter case, padding, drug-code segments, then the lookup."""
    clean = text
    if cleaning.remove:
        clean = F.translate(clean, cleaning.remove, "")
    if cleaning.remove_suffix:
        clean = F.regexp_replace(clean, re.escape(cleaning.remove_suffix) + r"\z", "")
    if cleaning.case != "as_is":
        clean = F.upper(clean) if cleaning.case == "upper" else F.lower(clean)
    if cleaning.ndc_segments:
        clean = _eleven_digit_drug_code(clean)
    if cleaning.pad_to:
        short = F.length(clean) < cleaning.pad_to
        clean = F.when(short, F.lpad(clean, cleaning.pad_to, "0")).otherwise(clean)
    if cleaning.cut_leading_zero_at:
        long = (F.length(clean) == cleaning.cut_leading_zero_at) & F.startswith(clean, F.lit("0"))
        clean = F.when(long, F.substring(clean, 2, cleaning.cut_leading_zero_at - 1)).otherwise(clean)
    if lookup:
        pairs = F.create_map(*[F.lit(text) for text in chain.from_iterable(lookup.items())])
        unlisted = clean if lookup_default is None else F.when(clean.isNotNull(), F.lit(lookup_default))
        clean = F.coalesce(F.try_element_at(pairs, clean), unlisted)
    return F.when(clean != "", clean)


def is_plain_identifier(text: Column) -> Column:
    """Whether a text can be an identifier: ASCII without blanks, no formula, no `1.23E+11`, no percent escape."""
    return text.rlike(_PLAIN_IDENTIFIER)


def has_hidden_characters(text: Column) -> Column:
    """Whether a text holds control, zero-width or direction characters; the usual text is told by one cheap look."""
    return text.rlike(_BEYOND_ASCII_TEXT) & text.rlike(HIDDEN_CHARACTERS)


def _eleven_digit_drug_code(code: Column) -> Column:
    segments = F.split(code, "-")
    padded = [F.lpad(F.get(segments, F.lit(place)), width, "0") for place, width in enumerate((5, 4, 2))]
    hyphenated = code.rlike(
        r"^(?:[0-9]{4}-[0-9]{4}-[0-9]{2}|[0-9]{5}-[0-9]{3}-[0-9]{2}|[0-9]{5}-[0-9]{4}-[0-9]{1,2})\z"
    )
    return F.when(hyphenated, F.concat(*padded)).otherwise(code)
