import csv
import io

import pytest
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


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        pytest.param("a,b,c", ["a", "b", "c"], id="plain"),
        pytest.param(",,", ["", "", ""], id="all empty"),
        pytest.param('"a,b",c', ["a,b", "c"], id="delimiter in quotes"),
        pytest.param(',"x",', ["", "x", ""], id="empty beside quoted"),
        pytest.param('"5"" pipe",b', ['5" pipe', "b"], id="doubled quote"),
        pytest.param('"line1\r\nline2",b', ["line1\r\nline2", "b"], id="line break in quotes"),
        pytest.param('"C:\\",b', ["C:\\", "b"], id="backslash is no escape"),
        pytest.param('""', [""], id="empty in quotes"),
        pytest.param('a,"b"c', None, id="text after the closing quote"),
        pytest.param('a, "b,c"', None, id="blank before the quote"),
        pytest.param('a,5" pipe', None, id="stray quote"),
        pytest.param('"say \\"hi\\", ok",b', None, id="backslash escape"),
        pytest.param('a,"b', None, id="open quote"),
    ],
)
def test_a_line_is_split_by_rfc_4180_or_not_at_all(spark: SparkSession, line: str, fields: list[str] | None) -> None:
    assert split(spark, [line]) == [fields]


@pytest.mark.parametrize("delimiter", ["|", "\t", ";", "^", "."])
def test_any_delimiter_is_taken_literally(spark: SparkSession, delimiter: str) -> None:
    declared = FileFormat(type="csv", delimiter=delimiter)
    assert split(spark, [f'a{delimiter}"b{delimiter}c"{delimiter}'], declared) == [["a", f"b{delimiter}c", ""]]


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
