"""Dates, without Spark: text in a declared format becomes a day of the calendar, and anything else None.

The twin of `glue_jobs.transforms.clean_dates`, value for value; tests/agreement/test_rows_agree.py holds them together.
"""

import re
from collections.abc import Callable
from datetime import date

from expectations.errors import ContractError

_MONTHS = dict(
    zip(("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"), range(1, 13), strict=True)
)
_TOKENS = {
    "yyyy": "(?P<year>[0-9]{4})",
    "MMM": "(?P<month>[A-Za-z]{3})",
    "MM": "(?P<month>[0-9]{2})",
    "M": "(?P<month>[0-9]{1,2})",
    "dd": "(?P<day>[0-9]{2})",
    "d": "(?P<day>[0-9]{1,2})",
    "HH:mm:ss": "[0-9]{2}:[0-9]{2}:[0-9]{2}",
    ".SSS": r"\.[0-9]{1,9}",
    "XXX": "(?:Z|[+-][0-9]{2}:[0-9]{2})",
    "'T'": "T",
}
_TOKEN = re.compile("|".join(re.escape(token) for token in sorted(_TOKENS, key=len, reverse=True)))
_GOES_ON = frozenset({"yyyy-MM-dd", "yyyyMMdd"})
"""Formats of which a text that is no day of the calendar may still be one in the next format."""


def date_reader(formats: tuple[str, ...]) -> Callable[[str], date | None]:
    """The function that gives the day which a text names in the first of the formats that it matches, or None.

    Raises:
        ContractError: a format lacks year, month or day, or holds a letter that is no known token.
    """
    readers = [(_pattern(date_format), date_format in _GOES_ON) for date_format in formats]

    def read(text: str) -> date | None:
        for pattern, goes_on in readers:
            found = pattern.fullmatch(text)
            if found:
                day = _day(found)
                if day or not goes_on:
                    return day
        return None

    return read


def _day(found: re.Match[str]) -> date | None:
    month = found["month"]
    try:
        return date(int(found["year"]), _MONTHS[month.upper()] if month.isalpha() else int(month), int(found["day"]))
    except (KeyError, ValueError):
        return None


def _pattern(date_format: str) -> re.Pattern[str]:
    position, parts = 0, []
    for match in _TOKEN.finditer(date_format):
        parts += [_literal(date_format[position : match.start()], date_format), _TOKENS[match.group()]]
        position = match.end()
    pattern = "".join([*parts, _literal(date_format[position:], date_format)])
    if any(pattern.count(f"(?P<{part}>") != 1 for part in ("year", "month", "day")):
        raise ContractError(
            f"date format {date_format!r} does not name year, month and day once each; cure: for instance yyyy-MM-dd"
        )
    return re.compile(pattern)


def _literal(text: str, date_format: str) -> str:
    if re.search("[A-Za-z]", text):
        raise ContractError(
            f"date format {date_format!r} has unknown letters {text!r}; expected tokens: {', '.join(_TOKENS)}"
        )
    return re.escape(text)
