import pytest
from chispa import assert_df_equality
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from expectations.contract import Cleaning
from glue_jobs.transforms.clean_text import clean_text, drop_null_tokens, is_plain_identifier, trim_odd_blanks

Cases = list[tuple[str | None, str | None]]


@pytest.mark.parametrize(
    ("cleaning", "cases"),
    [
        pytest.param(Cleaning(), [("a B", "a B"), (None, None), ("", None)], id="as it is"),
        pytest.param(
            Cleaning(remove=". ", case="upper"), [("e11.9", "E119"), ("E119", "E119"), (".", None)], id="diagnosis code"
        ),
        pytest.param(Cleaning(pad_to=2), [("1", "01"), ("11", "11"), ("111", "111")], id="place of service"),
        pytest.param(
            Cleaning(cut_leading_zero_at=4), [("0111", "111"), ("111", "111"), ("1110", "1110")], id="type of bill"
        ),
        pytest.param(
            Cleaning(remove_suffix=".0"),
            [("1437702123.0", "1437702123"), ("10.05", "10.05")],
            id="spreadsheet identifier",
        ),
        pytest.param(
            Cleaning(ndc_segments=True),
            [
                ("1234-5678-90", "01234567890"),
                ("12345-678-90", "12345067890"),
                ("12345-6789-0", "12345678900"),
                ("12345678901", "12345678901"),
                ("1-2-3", "1-2-3"),
            ],
            id="drug code",
        ),
    ],
)
def test_text_gets_its_standard_form(spark: SparkSession, cleaning: Cleaning, cases: Cases) -> None:
    expected = spark.createDataFrame(cases, "text string, clean string")
    assert_df_equality(expected.select("text", clean_text(F.col("text"), cleaning, {}, None).alias("clean")), expected)


@pytest.mark.parametrize(("default", "unlisted"), [(None, "9"), ("unknown", "unknown")])
def test_a_lookup_replaces_what_it_lists(spark: SparkSession, default: str | None, unlisted: str) -> None:
    expected = spark.createDataFrame([("1", "male"), ("9", unlisted), (None, None)], "text string, clean string")
    actual = expected.select("text", clean_text(F.col("text"), Cleaning(), {"1": "male"}, default).alias("clean"))
    assert_df_equality(actual, expected)


def test_null_tokens_are_missing_values(spark: SparkSession) -> None:
    expected = spark.createDataFrame(
        [("~", None), ("", None), ("a", "a"), (None, None), ("NULL", "NULL")], "text string, kept string"
    )
    assert_df_equality(expected.select("text", drop_null_tokens(F.col("text"), ("", "~")).alias("kept")), expected)


@pytest.mark.parametrize(
    ("line", "fields", "trimmed"),
    [
        ("\ta,b\u00a0", ["\ta", "b\u00a0"], ["a", "b"]),
        (" a,b", [" a", "b"], [" a", "b"]),
        ("a b\u00a0c,d", ["a b\u00a0c", "d"], ["a b\u00a0c", "d"]),
    ],
)
def test_blanks_that_are_no_spaces_are_taken_off_too(
    spark: SparkSession, line: str, fields: list[str], trimmed: list[str]
) -> None:
    frame = spark.createDataFrame([(line, fields)], "line string, fields array<string>")
    assert frame.select(trim_odd_blanks(F.col("fields"), F.col("line"), ",").alias("found")).collect() == [(trimmed,)]


def test_an_identifier_is_plain_text_that_no_spreadsheet_has_touched(spark: SparkSession) -> None:
    plain = ["CLM0001", "#CLM0002", "-10000930037831", "A/1.2", "123E45", "1e5x"]
    mangled = [
        "=HYPERLINK(1)", "@SUM(1+1)", "+1", "1.23E+11", "12E+3", "1.5e3",
        "CLM0002%0d%0a", "CLM 0002", "CLM0002 ", "ＣＬＭ", "CLM\u200b1", "Ä", "a\x07b",
    ]  # fmt: skip
    expected = spark.createDataFrame(
        [*((text, True) for text in plain), *((text, False) for text in mangled)], "text string, plain boolean"
    )
    assert_df_equality(expected.select("text", is_plain_identifier(F.col("text")).alias("plain")), expected)
