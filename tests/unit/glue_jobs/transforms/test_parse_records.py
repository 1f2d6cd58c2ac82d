from hashlib import sha256
from typing import Any

import pytest
from chispa import assert_df_equality
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from expectations.contract import Source
from expectations.row_rules import mask_of
from glue_jobs.transforms.parse_records import FileLayout, parse_records

READ_IN_PLACE = FileLayout(("id", "note"), "id,note", rewritten=False)
REWRITTEN = FileLayout(("id", "no\nte"), 'id,"no\x1ete"', rewritten=True)
NDJSON = FileLayout((), "", rewritten=True)

Case = tuple[str, str, str, bool, str, Any]
"""What it shows, the line, its raw text, whether it is skipped, the rule it breaks, and what it is parsed to."""


def source_of(**declared: object) -> Source:
    usual: dict[str, object] = {
        "name": "sender",
        "description": "A sender made up for this test.",
        "table": "medical_claim",
        "format": {"type": "csv"},
    }
    return Source.model_validate(usual | declared)


def lines_of(spark: SparkSession, cases: list[Case]) -> DataFrame:
    rows = [(case[0], 7, position, case[1]) for position, case in enumerate(cases)]
    return spark.createDataFrame(rows, "_path string, _block bigint, _position bigint, line string")


def check(spark: SparkSession, cases: list[Case], source: Source, layout: FileLayout, parsed: str) -> None:
    expected = spark.createDataFrame(
        [
            (case, 7, position, raw, skipped, bytearray(sha256(line.encode()).digest()), mask_of(*rule.split()), fields)
            for position, (case, line, raw, skipped, rule, fields) in enumerate(cases)
        ],
        "_path string, _block bigint, _position bigint, _raw string, _skipped boolean, _record_hash binary, "
        f"_mask bigint, _parsed {parsed}",
    )
    actual = parse_records(lines_of(spark, cases), source, layout)
    assert_df_equality(actual, expected, ignore_column_order=True, ignore_nullable=True)


def as_is(case: str, line: str, rule: str, parsed: object) -> Case:
    return case, line, line, False, rule, parsed


def skipped(case: str, line: str) -> Case:
    return case, line, line.replace("\x1e", "\n"), True, "", None


def test_a_csv_line_is_a_header_a_blank_line_a_record_or_breaks_one_rule(spark: SparkSession) -> None:
    cases = [
        skipped("header", "id,note"),
        skipped("header behind a byte-order mark", "\ufeffid,note"),
        skipped("empty", ""),
        skipped("blanks and tabs", " \t "),
        as_is("a value equal to a name", "id,notes", "", ["id", "notes"]),
        as_is("only delimiters", ",", "", ["", ""]),
        as_is("record", "1,a b", "", ["1", "a b"]),
        as_is("quoted", '"1","a, ""b"""', "", ["1", 'a, "b"']),
        as_is("beyond ASCII", "1,Müller", "", ["1", "Müller"]),
        as_is("odd blanks around a value", "\t1,a\u00a0", "", ["1", "a"]),
        as_is("open quote", '1,"a', "RC001", None),
        as_is("text after a quote", '"1"x,a', "RC001", None),
        as_is("too few fields", "1", "RC002", None),
        as_is("too many fields", "1,a,b", "RC002", None),
        as_is("zero width", "1,a\u200b", "RC006", None),
        as_is("direction", "1,\u202ea", "RC006", None),
        as_is("control", "1,a\x07", "RC006", None),
        as_is("byte-order mark in a record", "\ufeff1,a", "RC006", None),
        as_is("miscounted before hidden", "1,a,\u200b", "RC002", None),
        as_is("spoofed mark of the front door", "\x1aRC005\x1a1,a", "RC006", None),
    ]
    check(spark, cases, source_of(), READ_IN_PLACE, "array<string>")


def test_a_rewritten_line_bears_its_rule_and_gets_its_line_breaks_back(spark: SparkSession) -> None:
    condemned: list[Case] = [
        (rule, f"\x1a{rule}\x1a1,a", "1,a", False, rule, None) for rule in ("RC005", "RC006", "RC007", "RC008")
    ]
    cases: list[Case] = [
        *condemned,
        skipped("header over two lines", 'id,"no\x1ete"'),
        skipped("line that another record took", ""),
        ("line break", '1,"a\x1eb"', '1,"a\nb"', False, "", ["1", "a\nb"]),
        ("condemned with a line break", "\x1aRC008\x1a1,a\x1eb", "1,a\nb", False, "RC008", None),
        ("condemned valid record", "\x1aRC005\x1a1,a", "1,a", False, "RC005", None),
        ("condemned header", '\x1aRC008\x1aid,"no\x1ete"', 'id,"no\nte"', False, "RC008", None),
        ("condemned without text", "\x1aRC007\x1a", "", False, "RC007", None),
        ("condemned spoofed mark", "\x1aRC006\x1a\x1aRC005\x1a1,a", "\x1aRC005\x1a1,a", False, "RC006", None),
        ("long raw text", f"\x1aRC007\x1a{'x' * 70_000}", "x" * 70_000, False, "RC007", None),
    ]
    check(spark, cases, source_of(), REWRITTEN, "array<string>")


def test_blanks_stay_where_the_source_does_not_trim_and_quotes_where_it_has_none(spark: SparkSession) -> None:
    source = source_of(format={"type": "csv", "quote": ""}, trim=False)
    cases = [as_is("odd blanks", "\t1,a\u00a0", "", ["\t1", "a\u00a0"]), as_is("quotes", '1,"5', "", ["1", '"5'])]
    check(spark, cases, source, READ_IN_PLACE, "array<string>")


def test_a_json_line_becomes_marked_members_or_breaks_one_rule(spark: SparkSession) -> None:
    cases: list[Case] = [
        skipped("empty", ""),
        as_is("text and number", '{"a":"x","b":1.50,"c":null}', "", {"a": "\x03x", "b": "\x011.50", "c": None}),
        as_is("no object", "[1]", "RC003", None),
        as_is("a value is missing", '{"a":}', "RC003", None),
        as_is("spoofed mark", '{"a":"\x01"}', "RC003", None),
        as_is("spoofed mark as an escape", '{"a":"\\u0003x"}', "RC003", None),
        as_is("key twice", '{"a":1,"b":2,"a":1}', "RC004", None),
        as_is("zero width as an escape", '{"a":"x\\u200b"}', "RC006", None),
        as_is("backspace as an escape", '{"a":"x\\b"}', "RC006", None),
        as_is("backspace in an item", '{"l":[{"a":"x\\b"}]}', "RC006", None),
        as_is("form feed after a backslash", '{"l":[{"a":"x\\\\\\f"}]}', "RC006", None),
        as_is("zero width in an item", '{"l":[{"a":"x\\u200b"}]}', "RC006", None),
        as_is("a backslash before a b", '{"a":"x\\\\b"}', "", {"a": "\x03x\\b"}),
        ("condemned", '\x1aRC005\x1a{"a":1}', '{"a":1}', False, "RC005", None),
    ]
    check(spark, cases, source_of(format={"type": "ndjson"}), NDJSON, "map<string,string>")


@pytest.mark.parametrize(("name", "place"), [("Claim_ID", 0), (" paid ", 1), ("paid_amount", None)])
def test_a_field_is_found_by_its_name_whatever_its_case_and_blanks(name: str, place: int | None) -> None:
    assert FileLayout((" claim_id", "PAID"), "", rewritten=False).place(name) == place


def test_equal_lines_have_equal_hashes_but_a_condemned_one_is_never_equal_to_a_good_one(spark: SparkSession) -> None:
    cases = [as_is("", line, "", None) for line in ("1,a", "1,a", "1,a ", "\x1aRC008\x1a1,a")]
    hashes = parse_records(lines_of(spark, cases), source_of(), REWRITTEN).select(F.hex("_record_hash"))
    first, again, *others = [row[0] for row in hashes.collect()]
    assert first == again
    assert len({first, *others}) == 3
