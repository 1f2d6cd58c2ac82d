r"""NDJSON: one line becomes a map of its members' texts, exact to the last digit, or names the rule it breaks.

Spark's `from_json` takes single quotes, `NaN` and text after the object, keeps the last of two equal keys, and sends
numbers through binary floating point on their way to text. So a strict JSON grammar is matched first; then every
number, `true` and `false` outside a string is marked and quoted, so that its text and its type survive the parse.
"""

from functools import reduce

from pyspark.sql import Column
from pyspark.sql import functions as F

from expectations.row_rules import mask_of

DEEPEST = 4
"""Levels of objects and arrays in a record, the record itself included."""

BARE_MARK, STRING_MARK = "\x01", "\x03"
_BLANK = "[ \t\r\n]*+"
_STRING = (
    r'"(?:[^"\\\x00-\x1f]++|\\["\\/bfnrt]|\\u(?:000[9aAdD]|00[2-9a-fA-F][0-9a-fA-F]|0[1-9a-fA-F][0-9a-fA-F]{2}'
    r'|[1-9a-cefA-CEF][0-9a-fA-F]{3}|[dD][0-7][0-9a-fA-F]{2}|[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}))*+"'
)
_NUMBER = r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+"
_SCALAR = f"(?:{_STRING}|{_NUMBER}|true|false|null)"
_ANY_STRING = r'"(?:[^"\\]++|\\.)*+"'
_BARE_VALUE = rf'\G((?:[^"0-9tfn-]++|null|{_ANY_STRING})*+)({_NUMBER}|true|false)'
_STRING_VALUE = (
    rf'\G((?:[^"]++|{_ANY_STRING}(?!{_BLANK}:{_BLANK}"))*+{_ANY_STRING}{_BLANK}:{_BLANK})"((?:[^"\\]++|\\.)*+)"'
)
_PARSE = {"allowUnquotedControlChars": "true", "allowSingleQuotes": "false", "allowNonNumericNumbers": "false"}


def _object(value: str) -> str:
    member = f"{_BLANK}{_STRING}{_BLANK}:{_BLANK}{value}{_BLANK}"
    return rf"\{{{_BLANK}(?:\}}|(?:{member}(?:,(?!{_BLANK}\}})|(?=\}})))++\}})"


def _array(value: str) -> str:
    item = f"{_BLANK}{value}{_BLANK}"
    return rf"\[{_BLANK}(?:\]|(?:{item}(?:,(?!{_BLANK}\])|(?=\])))++\])"


def _value(levels: int) -> str:
    inner = _SCALAR
    for _ in range(levels):
        inner = f"(?:{_SCALAR}|{_object(inner)}|{_array(inner)})"
    return inner


JSON_OBJECT = rf"^{_BLANK}{_object(_value(DEEPEST - 1))}{_BLANK}\z"
"""Java regular expression of one JSON object (RFC 8259) of at most DEEPEST levels, and nothing after it."""


def json_members(line: Column) -> Column:
    """MAP<STRING, STRING> of the object's members as marked texts; null where the line is not one JSON object."""
    strings = F.regexp_replace(line, _STRING_VALUE, f'$1"{STRING_MARK}$2"')
    marked = F.regexp_replace(strings, _BARE_VALUE, f'$1"{BARE_MARK}$2"')
    return F.when(line.rlike(JSON_OBJECT), member_map(marked))


def member_map(text: Column) -> Column:
    """MAP<STRING, STRING> of a marked JSON object's text; equal keys are kept, so that they can be found."""
    return F.from_json(text, "map<string,string>", _PARSE)


def item_maps(text: Column) -> Column:
    """ARRAY<MAP<STRING, STRING>> of a marked JSON array of objects."""
    return F.from_json(text, "array<map<string,string>>", _PARSE)


def has_equal_keys(members: Column) -> Column:
    """Whether a key stands twice in the object."""
    keys = F.map_keys(members)
    return F.size(keys) != F.size(F.array_distinct(keys))


def member_text(members: Column, path: str) -> Column:
    """The marked text of a member by its (dotted) path; null where the path leads nowhere."""
    first, *rest = path.split(".")
    return reduce(lambda inner, name: _member(member_map(inner), name), rest, _member(members, first))


def json_text(marked: Column) -> Column:
    """The text without its mark: what the sender wrote; an array's or object's JSON text as it is."""
    return F.regexp_replace(marked, f"^[{BARE_MARK}{STRING_MARK}]", "")


def is_wrong_type(marked: Column, *, numeric: bool) -> Column:
    """Whether a value has another JSON type than its column: text and dates are strings, numbers numbers or strings."""
    is_number = marked.rlike(f"^{BARE_MARK}[-0-9]")
    right = F.startswith(marked, F.lit(STRING_MARK))
    return ~(right | is_number) if numeric else ~right


def json_mask(members: Column) -> Column:
    """Mask of the rules that the parse broke: RC003 not one JSON object, RC004 a key twice."""
    doubled = F.when(has_equal_keys(members), F.lit(mask_of("RC004"))).otherwise(F.lit(0))
    return F.when(members.isNull(), F.lit(mask_of("RC003"))).otherwise(doubled).cast("long")


def _member(members: Column, name: str) -> Column:
    return F.try_element_at(members, F.lit(name))
