"""Dates: text in a declared format becomes a DATE, and anything else null, never another day.

Spark's own parsers turn `2024` into 2024-01-01 and `45356` into the year 45356, and fail the whole job on 2024-02-30
under ANSI. Here the text must match a declared format to the letter and be a day of the calendar before it is cast.
"""

import re
from functools import reduce

from pyspark.sql import Column
from pyspark.sql import functions as F

from expectations.errors import ContractError

MONTHS = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"
_DAY = "(?:0[1-9]|[12][0-9])"
_LEAP_YEAR = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"


def _calendar_day(separator: str) -> str:
    return (
        rf"^(?!0000)(?:[0-9]{{4}}{separator}(?:(?:0[13578]|1[02]){separator}(?:{_DAY}|3[01])"
        rf"|(?:0[469]|11){separator}(?:{_DAY}|30)|02{separator}(?:0[1-9]|1[0-9]|2[0-8]))|{_LEAP_YEAR}{separator}02{separator}29)\z"
    )


CALENDAR_DAY, COMPACT_CALENDAR_DAY = _calendar_day("-"), _calendar_day("")
"""What a date looks like that is a day of the (proleptic Gregorian) calendar, years 0001 to 9999."""

_TOKENS = {
    "yyyy": "(?<year>[0-9]{4})",
    "MMM": "(?<month>[A-Za-z]{3})",
    "MM": "(?<month>[0-9]{2})",
    "M": "(?<month>[0-9]{1,2})",
    "dd": "(?<day>[0-9]{2})",
    "d": "(?<day>[0-9]{1,2})",
    "HH:mm:ss": "[0-9]{2}:[0-9]{2}:[0-9]{2}",
    ".SSS": r"\.[0-9]{1,9}",
    "XXX": "(?:Z|[+-][0-9]{2}:[0-9]{2})",
    "'T'": "T",
}
_TOKEN = re.compile("|".join(re.escape(token) for token in sorted(_TOKENS, key=len, reverse=True)))


def clean_date(text: Column, formats: tuple[str, ...]) -> Column:
    """The day that `text` names in the first of `formats` it matches; null where it matches none or is no calendar day.

    A time of day after the date is dropped, not converted: the date is the one that was written.
    """
    return reduce(lambda rest, date_format: _read(text, date_format, rest), reversed(formats), F.lit(None).cast("date"))


def date_pattern(date_format: str) -> str:
    """Java regular expression, with the groups year, month and day, of a format such as `dd-MMM-yyyy`.

    Raises:
        ContractError: the format lacks year, month or day, or holds a letter that is no known token.
    """
    position, parts = 0, []
    for match in _TOKEN.finditer(date_format):
        parts.append(_literal(date_format[position : match.start()], date_format))
        parts.append(_TOKENS[match.group()])
        position = match.end()
    pattern = "".join([*parts, _literal(date_format[position:], date_format)])
    if any(pattern.count(f"(?<{part}>") != 1 for part in ("year", "month", "day")):
        raise ContractError(
            f"date format {date_format!r} does not name year, month and day once each; cure: for instance yyyy-MM-dd"
        )
    return rf"^{pattern}\z"


def _literal(text: str, date_format: str) -> str:
    if re.search("[A-Za-z]", text):
        raise ContractError(
            f"date format {date_format!r} has unknown letters {text!r}; expected tokens: {', '.join(_TOKENS)}"
        )
    return re.escape(text)


def _read(text: Column, date_format: str, otherwise: Column) -> Column:
    pattern = date_pattern(date_format)
    if date_format == "yyyy-MM-dd":
        return F.when(text.rlike(CALENDAR_DAY), text.cast("date")).otherwise(otherwise)
    if date_format == "yyyyMMdd":
        parts = [F.substring(text, *place) for place in ((1, 4), (5, 2), (7, 2))]
        return F.when(text.rlike(COMPACT_CALENDAR_DAY), F.concat_ws("-", *parts).cast("date")).otherwise(otherwise)
    spaced = F.split(F.regexp_replace(text, pattern, "${year} ${month} ${day}"), " ")
    month = F.get(spaced, F.lit(1))
    number = _month_number(month) if "MMM" in _TOKEN.findall(date_format) else month
    iso = F.concat_ws("-", F.get(spaced, F.lit(0)), F.lpad(number, 2, "0"), F.lpad(F.get(spaced, F.lit(2)), 2, "0"))
    return F.when(text.rlike(pattern), F.when(iso.rlike(CALENDAR_DAY), iso.cast("date"))).otherwise(otherwise)


def _month_number(name: Column) -> Column:
    place = F.call_function("instr", F.lit(MONTHS), F.upper(name))
    return F.when(place % 3 == 1, (place + 2) / 3).cast("int").cast("string")
