"""The strict grammars of CSV and NDJSON, without Spark: what is read, and which rule is broken."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.contract import FileFormat
from expectations.record_fields import Bare, csv_parser, parse_members

CSV = FileFormat(type="csv")
PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Zl", "Zp")), max_size=8)
JSON_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf")), max_size=8)


@given(st.lists(st.one_of(PLAIN, st.sampled_from(['a,"b"', '""', "\n", "a\nb", '"'])), min_size=2, max_size=6))
def test_what_the_csv_module_writes_is_read_back(fields: list[str]) -> None:
    sink = io.StringIO()
    csv.writer(sink, lineterminator="").writerow(fields)
    assert csv_parser(CSV, len(fields), trim=False)(sink.getvalue()) == (fields, "")


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ('"a', "RC001"),
        ('a"b,c', "RC001"),
        ('"a"b,c', "RC001"),
        ('"a" ,b', "RC001"),
        ("a", "RC002"),
        ("a,b,c", "RC002"),
        ("a,b,", "RC002"),
        ("a,b\x00", "RC006"),
        ("a,\ufeffb", "RC006"),
    ],
)
def test_a_csv_record_that_cannot_be_trusted_names_its_rule(line: str, rule: str) -> None:
    assert csv_parser(CSV, 2, trim=True)(line) == (None, rule)


def test_odd_blanks_around_a_field_go_where_blanks_do() -> None:
    assert csv_parser(CSV, 2, trim=True)("\u00a0a\t, b ") == (["a", "b"], "")
    assert csv_parser(CSV, 2, trim=True)("a, b ") == (["a", " b "], "")
    assert csv_parser(CSV, 2, trim=False)("\u00a0a\t,b") == (["\u00a0a\t", "b"], "")


def test_one_delimiter_too_many_is_dropped_only_where_declared() -> None:
    lenient = FileFormat(type="csv", trailing_delimiter="optional", delimiter="|", quote="")
    assert csv_parser(lenient, 2, trim=True)('a|"b|') == (["a", '"b'], "")
    assert csv_parser(lenient, 2, trim=True)("a|b|c") == (None, "RC002")


@given(st.dictionaries(JSON_TEXTS, st.one_of(JSON_TEXTS, st.none(), st.booleans(), st.lists(JSON_TEXTS)), max_size=5))
def test_what_the_json_module_writes_is_read_back(members: dict[str, object]) -> None:
    for is_ascii in (True, False):
        found, rule = parse_members(json.dumps(members, ensure_ascii=is_ascii))
        assert (dict(found or {}), rule) == (members, "")


def test_a_number_keeps_every_digit_that_was_sent() -> None:
    found, _ = parse_members('{"a": 12345678901234567890.120, "b": -0, "c": 1e5}')
    assert found == {"a": "12345678901234567890.120", "b": "-0", "c": "1e5"}
    assert found
    assert all(isinstance(value, Bare) for value in found.values())


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("", "RC003"),
        ("[]", "RC003"),
        ("null", "RC003"),
        ('"a"', "RC003"),
        ('{"a": 1} x', "RC003"),
        ('{"a": 1,}', "RC003"),
        ("{'a': 1}", "RC003"),
        ('{"a": NaN}', "RC003"),
        ('{"a": -Infinity}', "RC003"),
        ('{"a": 01}', "RC003"),
        ('{"a": "\t"}', "RC003"),
        ('{"a": "\\u0000"}', "RC003"),
        ('{"a": "\\u001f"}', "RC003"),
        ('{"a": "\\ud83d"}', "RC003"),
        ('{"a": "\\ude00\\ud83d"}', "RC003"),
        ('{"a": [[[[1]]]]}', "RC003"),
        ("\ufeff{}", "RC003"),
        ("[" * 100_000, "RC003"),
        ('{"a": 1, "a": 2}', "RC004"),
        ('{"a": 1, "\\u0061": 2}', "RC004"),
        ('{"a": "\\b"}', "RC006"),
        ('{"a\\f": 1}', "RC006"),
        ('{"a": "\u200b"}', "RC006"),
        ('{"a": [{"b": "\\u200b"}]}', "RC006"),
        ('{"a": {"\u200b": 1}}', "RC006"),
    ],
)
def test_a_json_record_that_cannot_be_trusted_names_its_rule(line: str, rule: str) -> None:
    assert parse_members(line) == (None, rule)


@pytest.mark.parametrize(
    "line", ['{"a": [[[1]]]}', '{"a": "\\\\u0000"}', '{"a": "\\ud83d\\ude00"}', '{"\u200b": 1}', " {} \t"]
)
def test_a_json_record_that_is_only_unusual_is_read(line: str) -> None:
    found, rule = parse_members(line)
    assert (found is not None, rule) == (True, "")


def test_of_two_equal_keys_inside_the_first_counts() -> None:
    found, _ = parse_members('{"a": {"b": 1, "b": 2}}')
    assert found == {"a": {"b": "1"}}
