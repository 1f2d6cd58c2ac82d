"""From the text of one record to its fields (CSV) or members (NDJSON), or the rule that it breaks; without Spark.

The twin of `glue_jobs.transforms.split_fields` and `parse_json`; tests/agreement/test_rows_agree.py holds them
together.
"""

import json
import re
from collections.abc import Callable

from expectations.cell_text import BLANKS, has_hidden_characters, is_usual
from expectations.contract import FileFormat

_QUOTED = '"(?:[^"]++|"")*+"'
_DEEPEST = 4
_LEGAL_ESCAPES = re.compile(
    r"[^\\]*+(?:\\(?:[^u]|u(?:000[9aAdD]|00[2-9a-fA-F][0-9a-fA-F]|0[1-9a-fA-F][0-9a-fA-F]{2}"
    r"|[1-9a-cefA-CEF][0-9a-fA-F]{3}|[dD][0-7][0-9a-fA-F]{2}"
    r"|[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}))[^\\]*+)*+\Z"
)
r"""No control character but tab, LF and CR is spelt as \u, and no half of a surrogate pair."""

_CONTROL_ESCAPE = re.compile(r"[^\\]*+(?:\\[^bf][^\\]*+)*+\\[bf]")

Fields = list[str]


class Bare(str):
    """The text of a JSON number, to the digit as it was sent."""

    __slots__ = ()


class Members(dict[str, object]):
    """A JSON object; of a key that stands twice the first counts, and `has_equal_keys` says so."""

    __slots__ = ("has_equal_keys",)

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self.has_equal_keys = len(self) != len(pairs)
        if self.has_equal_keys:
            self.update(reversed(pairs))


def csv_parser(file_format: FileFormat, field_count: int, *, trim: bool) -> Callable[[str], tuple[Fields | None, str]]:
    """The function from a record's text to its fields and no rule, or to None and the id of the rule that it breaks."""
    split = _splitter(file_format)
    odd_blanks = re.compile("[" + "".join(blank for blank in BLANKS if blank not in {" ", file_format.delimiter}) + "]")
    drops_last = file_format.trailing_delimiter == "optional"

    def parse(line: str) -> tuple[Fields | None, str]:
        fields = split(line)
        if fields is None:
            return None, "RC001"
        if drops_last and len(fields) == field_count + 1 and not fields[-1]:
            fields.pop()
        if len(fields) != field_count:
            return None, "RC002"
        if not is_usual(line):
            if has_hidden_characters(line):
                return None, "RC006"
            if trim and odd_blanks.search(line):
                fields = [field.strip(BLANKS) for field in fields]
        return fields, ""

    return parse


def _splitter(file_format: FileFormat) -> Callable[[str], Fields | None]:
    delimiter, escaped = file_format.delimiter, re.escape(file_format.delimiter)
    field = re.compile(f'{escaped}({_QUOTED}|[^"{escaped}]*+)')
    record = re.compile(rf"(?:{field.pattern})++\Z")

    def split(line: str) -> Fields | None:
        if '"' not in line:
            return line.split(delimiter)
        led = delimiter + line
        if not record.match(led):
            return None
        return [text[1:-1].replace('""', '"') if text[:1] == '"' else text for text in field.findall(led)]

    return split if file_format.quote else lambda line: line.split(delimiter)


def parse_members(line: str) -> tuple[Members | None, str]:
    """The members of one JSON object and no rule, or None and the id of the rule that it breaks."""
    try:
        value = _DECODER.decode(line)
    except (ValueError, RecursionError):
        return None, "RC003"
    if not isinstance(value, Members) or _levels(value) > _DEEPEST or not _LEGAL_ESCAPES.match(line):
        return None, "RC003"
    if value.has_equal_keys:
        return None, "RC004"
    if not is_usual(line) or "\\" in line:
        hides = any(has_hidden_characters(text) for text in _texts(list(value.values())))
        if hides or _CONTROL_ESCAPE.match(line):
            return None, "RC006"
    return value, ""


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


_DECODER = json.JSONDecoder(
    object_pairs_hook=Members, parse_float=Bare, parse_int=Bare, parse_constant=_refuse_constant
)


def _levels(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_levels, value.values()), default=0)
    return 1 + max(map(_levels, value), default=0) if isinstance(value, list) else 0


def _texts(values: list[object]) -> list[str]:
    """Every text in some values; of objects their keys too."""
    texts: list[str] = []
    for value in values:
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, dict):
            texts += [*value, *_texts(list(value.values()))]
        elif isinstance(value, list):
            texts += _texts(value)
    return texts
