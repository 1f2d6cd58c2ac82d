from collections.abc import Mapping

from chispa import assert_df_equality
from pyspark.sql import DataFrame, SparkSession

from expectations.contract import Source
from expectations.row_rules import mask_of
from glue_jobs.transforms.conform_records import POSITION_COLUMNS, conform_records, record_columns, text_columns
from glue_jobs.transforms.parse_records import FileLayout, parse_records

NDJSON = FileLayout((), "", rewritten=False)
PARSED = (
    "_path string, _block bigint, _position bigint, _skipped boolean, _record_hash binary, _raw string, "
    "_mask bigint, _parsed array<string>"
)

Row = tuple[object, ...]


def source_of(**declared: object) -> Source:
    usual: dict[str, object] = {
        "name": "sender",
        "description": "A sender made up for this test.",
        "table": "medical_claim",
        "format": {"type": "csv"},
    }
    return Source.model_validate(usual | declared)


def csv_records(spark: SparkSession, cases: Mapping[str, list[str] | None]) -> DataFrame:
    """Parsed records by what they show; one that is not parsed breaks RC002 already."""
    rows = [
        (case, 0, position, False, bytearray(b"h"), "raw", mask_of() if fields else mask_of("RC002"), fields)
        for position, (case, fields) in enumerate(cases.items())
    ]
    return spark.createDataFrame(rows, PARSED)


def json_records(spark: SparkSession, cases: Mapping[str, str], source: Source) -> DataFrame:
    rows = [(case, 0, position, line) for position, (case, line) in enumerate(cases.items())]
    lines = spark.createDataFrame(rows, "_path string, _block bigint, _position bigint, line string")
    return parse_records(lines, source, NDJSON)


def check(spark: SparkSession, rows: DataFrame, names: tuple[str, ...], expected: list[Row]) -> None:
    """Compare case, place in the record, rules broken, and the texts of some columns."""
    schema = ", ".join(["_path string", "_line int", "_mask bigint", *(f"{name} string" for name in names)])
    frame = spark.createDataFrame(
        [(case, line, mask_of(*str(r).split()), *t) for case, line, r, *t in expected], schema
    )
    assert_df_equality(rows.select("_path", "_line", "_mask", *names), frame, ignore_nullable=True)


def test_a_record_becomes_one_row_of_trimmed_text_in_the_tables_names(spark: SparkSession) -> None:
    source = source_of(
        columns={
            "claim_id": {"from": ["claim", "claim_no"], "null_tokens": ["", "NONE"]},
            "member_id": {"from": ["member", "id_old"]},
            "person_id": {"from": "not_sent", "optional": True},
            "plan": "PLAN",
        },
        claim_amounts={"paid_amount": "total"},
    )
    layout = FileLayout(("Claim ", "CLAIM_NO", "member", "id_old", "plan", "total", "extra"), "", rewritten=False)
    cases = {
        "first name": ["c1", "c2", "m1", "m2", " gold ", "5", ""],
        "first is blank": [" ", "c2", "", " m2", "", "", ""],
        "null tokens of the column": ["NONE", "c2", "NONE", "m2", "~", "", ""],
        "null tokens of the source": ["~", "c2", "~", "m2", "", "", ""],
        "none has a value": ["", "NONE", "", "~", "", "", ""],
        "not readable": None,
    }
    names = ("claim_id", "member_id", "person_id", "plan", "header_paid_amount")
    rows = conform_records(csv_records(spark, cases), source, layout)
    assert rows.columns == [
        *POSITION_COLUMNS,
        "_mask",
        "_line",
        "claim_id",
        "person_id",
        "member_id",
        "plan",
        names[-1],
    ]
    expected: list[Row] = [
        ("first name", 0, "", "c1", "m1", None, "gold", "5"),
        ("first is blank", 0, "", "c2", "m2", None, "", ""),
        ("null tokens of the column", 0, "", "c2", "NONE", None, "~", ""),
        ("null tokens of the source", 0, "", "~", "m2", None, "", ""),
        ("none has a value", 0, "", None, None, None, "", ""),
        ("not readable", 0, "RC002", None, None, None, None, None),
    ]
    check(spark, rows, names, expected)


def test_blanks_around_a_value_stay_where_the_source_does_not_trim(spark: SparkSession) -> None:
    source = source_of(trim=False, columns={"claim_id": "claim"})
    rows = conform_records(
        csv_records(spark, {"blanks": [" c1 "]}), source, FileLayout(("claim",), "", rewritten=False)
    )
    check(spark, rows, ("claim_id",), [("blanks", 0, "", " c1 ")])


def grouped(*, at_least_one: bool) -> tuple[Source, FileLayout]:
    lines = {
        "numbered": 3,
        "present": ["code_{n}", "revenue_{n}"],
        "at_least_one": at_least_one,
        "columns": {"hcpcs_code": "code_{n}", "revenue_center_code": "revenue_{n}", "paid_amount": "paid_{n}"},
    }
    fields = [f"{name}_{n}" for n in (1, 2, 3) for name in ("code", "revenue", "paid")]
    return source_of(columns={"claim_id": "claim"}, lines=lines), FileLayout(("claim", *fields), "", rewritten=False)


GROUPS: dict[str, list[str] | None] = {
    "all present": ["c", "A", "", "1", "B", "", "2", "C", "", "3"],
    "a gap": ["c", "A", "", "1", "", "", "0.00", "C", "", ""],
    "by the second mark": ["c", "", "0450", "1", "~", " ", "", "", "", ""],
    "money without a mark": ["c", "", "", "7", "B", "", "2", "C", "", "3"],
    "no line": ["c", "", "", "", "~", "", "", "", "", "0"],
    "no line but money": ["c", "", "", "", "", "", "", "", "", "-5"],
    "not readable": None,
}
GROUP_NAMES = ("claim_id", "claim_line_number", "hcpcs_code", "revenue_center_code", "paid_amount")
PRESENT_GROUPS: list[Row] = [
    ("all present", 0, "", "c", "1", "A", "", "1"),
    ("all present", 1, "", "c", "2", "B", "", "2"),
    ("all present", 2, "", "c", "3", "C", "", "3"),
    ("a gap", 0, "", "c", "1", "A", "", "1"),
    ("a gap", 1, "", "c", "3", "C", "", ""),
    ("by the second mark", 0, "", "c", "1", "", "0450", "1"),
    ("money without a mark", 0, "RC017", "c", "2", "B", "", "2"),
    ("money without a mark", 1, "", "c", "3", "C", "", "3"),
]
NOT_READABLE: Row = ("not readable", 0, "RC002", None, None, None, None, None)


def test_a_numbered_group_is_a_line_where_its_mark_stands_and_keeps_its_number(spark: SparkSession) -> None:
    rows = conform_records(csv_records(spark, GROUPS), *grouped(at_least_one=False))
    expected: list[Row] = [
        *PRESENT_GROUPS,
        ("no line", 0, "RC009", "c", None, None, None, None),
        ("no line but money", 0, "RC009 RC017", "c", None, None, None, None),
        NOT_READABLE,
    ]
    check(spark, rows, GROUP_NAMES, expected)


def test_at_least_one_line_is_made_where_the_source_says_so(spark: SparkSession) -> None:
    rows = conform_records(csv_records(spark, GROUPS), *grouped(at_least_one=True))
    expected: list[Row] = [
        *PRESENT_GROUPS,
        ("no line", 0, "", "c", "1", None, None, None),
        ("no line but money", 0, "RC017", "c", "1", None, None, None),
        NOT_READABLE,
    ]
    check(spark, rows, GROUP_NAMES, expected)


def test_a_text_that_means_missing_is_no_money_even_where_it_has_digits(spark: SparkSession) -> None:
    source, layout = grouped(at_least_one=False)
    source = source.model_copy(update={"null_tokens": ("", "999")})
    records = csv_records(spark, {"token": ["c", "", "", "999", "B", "", "2", "", "", ""]})
    rows = conform_records(records, source, layout)
    check(spark, rows, ("claim_id", "claim_line_number"), [("token", 0, "", "c", "2")])


def test_items_of_a_nested_array_are_lines(spark: SparkSession) -> None:
    source = source_of(
        format={"type": "ndjson"},
        columns={"claim_id": "id"},
        lines={"nested": "lines", "columns": {"hcpcs_code": "code", "paid_amount": "money.paid"}},
    )
    cases = {
        "two": '{"id":"c","lines":[{"code":" A ","money":{"paid":1.10}},{"code":"B","money":{"paid":"2"}}]}',
        "values are missing": '{"id":"c","lines":[{},{"code":null,"money":1}]}',
        "a key twice in an item": '{"id":"c","lines":[{"code":"A"},{"code":"B","code":"B"}]}',
        "a null item": '{"id":"c","lines":[null,{"code":"B"}]}',
        "no array": '{"id":"c"}',
        "null instead": '{"id":"c","lines":null}',
        "empty array": '{"id":"c","lines":[]}',
        "text instead": '{"id":"c","lines":"A"}',
        "object instead": '{"id":"c","lines":{"code":"A"}}',
        "numbers instead": '{"id":"c","lines":[1,2]}',
        "type of an item": '{"id":"c","lines":[{"code":"A"},{"code":7}]}',
        "not readable": "[]",
    }
    expected: list[Row] = [
        ("two", 0, "", "c", "1", "A", "1.10"),
        ("two", 1, "", "c", "2", "B", "2"),
        ("values are missing", 0, "", "c", "1", None, None),
        ("values are missing", 1, "", "c", "2", None, None),
        ("a key twice in an item", 0, "", "c", "1", "A", None),
        ("a key twice in an item", 1, "RC004", "c", "2", "B", None),
        ("a null item", 0, "RC009", "c", "1", None, None),
        ("a null item", 1, "", "c", "2", "B", None),
        ("no array", 0, "RC009", "c", None, None, None),
        ("null instead", 0, "RC009", "c", None, None, None),
        ("empty array", 0, "RC009", "c", None, None, None),
        ("text instead", 0, "RC009", "c", None, None, None),
        ("object instead", 0, "RC009", "c", None, None, None),
        ("numbers instead", 0, "RC009", "c", None, None, None),
        ("type of an item", 0, "", "c", "1", "A", None),
        ("type of an item", 1, "RC016", "c", "2", "7", None),
        ("not readable", 0, "RC003", None, None, None, None),
    ]
    names = ("claim_id", "claim_line_number", "hcpcs_code", "paid_amount")
    check(spark, conform_records(json_records(spark, cases, source), source, NDJSON), names, expected)


def test_a_json_value_has_the_type_of_its_column_and_the_first_name_with_a_value_counts(spark: SparkSession) -> None:
    source = source_of(
        format={"type": "ndjson"},
        columns={"claim_id": {"from": ["id", "claim.id"]}, "claim_start_date": "from", "paid_amount": "paid"},
    )
    cases = {
        "text": '{"id":"c","from":"2024-01-02","paid":"1.5"}',
        "blanks": '{"id":" c\\t","from":"\\u00a0","paid":" 1 "}',
        "number": '{"id":"c","paid":-1.50e1}',
        "second name": '{"claim":{"id":"d"}}',
        "first is null": '{"id":null,"claim":{"id":"d"}}',
        "first is empty": '{"id":"","claim":{"id":"d"}}',
        "first is a null token": '{"id":" ~ ","claim":{"id":"d"}}',
        "number as text": '{"id":7}',
        "number as date": '{"id":"c","from":20240102}',
        "first is a number": '{"id":7,"claim":{"id":"d"}}',
        "true": '{"id":"c","paid":true}',
        "array": '{"id":["c"]}',
        "object": '{"id":"c","paid":{"v":1}}',
    }
    expected: list[Row] = [
        ("text", 0, "", "c", "2024-01-02", "1.5"),
        ("blanks", 0, "", "c", "", "1"),
        ("number", 0, "", "c", None, "-1.50e1"),
        ("second name", 0, "", "d", None, None),
        ("first is null", 0, "", "d", None, None),
        ("first is empty", 0, "", "d", None, None),
        ("first is a null token", 0, "", "d", None, None),
        ("number as text", 0, "RC016", "7", None, None),
        ("number as date", 0, "RC016", "c", "20240102", None),
        ("first is a number", 0, "RC016", "7", None, None),
        ("true", 0, "RC016", "c", None, "true"),
        ("array", 0, "RC016", '["c"]', None, None),
        ("object", 0, "RC016", "c", None, '{"v":"\\u00011"}'),
    ]
    names = ("claim_id", "claim_start_date", "paid_amount")
    check(spark, conform_records(json_records(spark, cases, source), source, NDJSON), names, expected)


def test_the_columns_of_a_source_are_those_of_its_records_and_of_its_lines() -> None:
    source = source_of(
        columns={"plan": "PLAN", "claim_id": "CLAIM", "file_date": {"template": "{day}"}},
        claim_amounts={"paid_amount": "PAID"},
        continuation={"segment": "SEG", "lines_per_segment": 45, "inherit": []},
        lines={"numbered": 2, "present": ["CODE_{n}"], "columns": {"hcpcs_code": "CODE_{n}"}},
    )
    assert list(record_columns(source)) == ["claim_id", "plan", "header_paid_amount", "_segment"]
    assert list(text_columns(source)) == [*record_columns(source), "hcpcs_code", "claim_line_number"]
    assert record_columns(source)["_segment"].required
