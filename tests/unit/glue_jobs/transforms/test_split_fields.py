import csv
import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from expectations.contract import FileFormat
from glue_jobs.transforms.split_fields import csv_fields

COMMA = FileFormat(type="csv")


def split(spark: SparkSession, lines: list[str], file_format: FileFormat = COMMA) -> list[list[str] | None]:
    frame = spark.createDataFrame([(number, line) for number, line in enumerate(lines)], "number int, line string")
    return [
        row["fields"]
        for row in frame.select("number", csv_fields(F.col("line"), file_format).alias("fields"))
        .orderBy("number")
        .collect()
    ]


CASES: dict[str, tuple[str, list[str] | None]] = {
    "plain": ("a,b,c", ["a", "b", "c"]),
    "all empty": (",,", ["", "", ""]),
    "delimiter in quotes": ('"a,b",c', ["a,b", "c"]),
    "empty beside quoted": (',"x",', ["", "x", ""]),
    "doubled quote": ('"5"" pipe",b', ['5" pipe', "b"]),
    "line break in quotes": ('"line1\r\nline2",b', ["line1\r\nline2", "b"]),
    "backslash is no escape": ('"C:\\",b', ["C:\\", "b"]),
    "empty in quotes": ('""', [""]),
    "text after the closing quote": ('a,"b"c', None),
    "blank before the quote": ('a, "b,c"', None),
    "stray quote": ('a,5" pipe', None),
    "backslash escape": ('"say \\"hi\\", ok",b', None),
    "open quote": ('a,"b', None),
}


def test_a_line_is_split_by_rfc_4180_or_not_at_all(spark: SparkSession) -> None:
    found = split(spark, [line for line, _ in CASES.values()])
    assert dict(zip(CASES, found, strict=True)) == {case: fields for case, (_, fields) in CASES.items()}


def test_any_delimiter_is_taken_literally(spark: SparkSession) -> None:
    delimiters = ["|", "\t", ";", "^", "."]
    lines = {delimiter: f'a{delimiter}"b{delimiter}c"{delimiter}' for delimiter in delimiters}
    columns = [
        csv_fields(F.element_at("lines", F.lit(delimiter)), FileFormat(type="csv", delimiter=delimiter)).alias(
            delimiter
        )
        for delimiter in delimiters
    ]
    rows = spark.createDataFrame([(lines,)], "lines map<string,string>").select(*columns).collect()
    assert [row.asDict() for row in rows] == [{delimiter: ["a", f"b{delimiter}c", ""] for delimiter in delimiters}]


def test_without_a_quote_character_quotes_are_text(spark: SparkSession) -> None:
    assert split(spark, ['a|5" pipe|"c"'], FileFormat(type="csv", delimiter="|", quote="")) == [["a", '5" pipe', '"c"']]


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    records=st.lists(st.lists(st.text('ab",\n\r é', max_size=6), min_size=2, max_size=5), min_size=100, max_size=100)
)
def test_what_pythons_writer_quotes_comes_back_unchanged(spark: SparkSession, records: list[list[str]]) -> None:
    lines = []
    for record in records:
        text = io.StringIO()
        csv.writer(text, lineterminator="").writerow(record)
        lines.append(text.getvalue())
    assert split(spark, lines) == records


def test_a_field_of_ten_megabytes_does_not_overflow_the_stack(spark: SparkSession) -> None:
    long = "x" * 10_000_000
    assert split(spark, [f'a,"{long}"']) == [["a", long]]
