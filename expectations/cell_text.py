"""Text of one value, without Spark: blanks, null tokens, the standard form, and what a text may not hold.

The twin of `glue_jobs.transforms.clean_text`, value for value; tests/agreement/test_rows_agree.py holds them together.
"""

import re
from collections.abc import Callable, Mapping

from expectations.contract import Cleaning

BLANKS = " \t\r\n\u00a0"
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1d\x1f\x7f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_PLAIN_IDENTIFIER = re.compile(r"(?![0-9]++(?:\.[0-9]++[eE]|[eE][+]))[!-$&-*,-<>?A-~][!-$&-~]*+\Z")
_HYPHENATED_DRUG_CODE = re.compile(
    r"(?:[0-9]{4}-[0-9]{4}-[0-9]{2}|[0-9]{5}-[0-9]{3}-[0-9]{2}|[0-9]{5}-[0-9]{4}-[0-9]{1,2})\Z"
)

TextStep = Callable[[str], str]


def is_usual(text: str) -> bool:
    """Whether a text is printable ASCII throughout, as nearly every text is: nothing hidden, no odd blank."""
    return text.isascii() and text.isprintable()


def has_hidden_characters(text: str) -> bool:
    """Whether a text holds control, zero-width or direction characters."""
    return not is_usual(text) and _HIDDEN.search(text) is not None


def is_plain_identifier(text: str) -> bool:
    """Whether a text can be an identifier: ASCII without blanks, no formula, no `1.23E+11`, no percent escape."""
    return _PLAIN_IDENTIFIER.match(text) is not None


def text_cleaner(
    cleaning: Cleaning, lookup: Mapping[str, str], lookup_default: str | None
) -> Callable[[str], str | None]:
    """The function that puts a text into its standard form; it gives None where nothing is left."""
    steps = tuple(_steps(cleaning))
    pairs = dict(lookup)

    def clean(text: str) -> str | None:
        for step in steps:
            text = step(text)
        if pairs:
            text = pairs.get(text, text if lookup_default is None else lookup_default)
        return text or None

    return clean


def _steps(cleaning: Cleaning) -> list[TextStep]:
    """The steps that are declared, in the order of the fields of `Cleaning`."""
    steps: list[TextStep] = []
    if cleaning.remove:
        removed = dict.fromkeys(map(ord, cleaning.remove))
        steps.append(lambda text: text.translate(removed))
    if cleaning.remove_suffix:
        steps.append(lambda text: text.removesuffix(cleaning.remove_suffix))
    if cleaning.case != "as_is":
        steps.append(str.upper if cleaning.case == "upper" else str.lower)
    if cleaning.ndc_segments:
        steps.append(_eleven_digit_drug_code)
    if cleaning.pad_to:
        steps.append(lambda text: text.rjust(cleaning.pad_to, "0"))
    if cleaning.cut_leading_zero_at:
        length = cleaning.cut_leading_zero_at
        steps.append(lambda text: text[1:] if len(text) == length and text[0] == "0" else text)
    return steps


def _eleven_digit_drug_code(code: str) -> str:
    if not _HYPHENATED_DRUG_CODE.match(code):
        return code
    return "".join(part.rjust(width, "0") for part, width in zip(code.split("-"), (5, 4, 2), strict=True))
