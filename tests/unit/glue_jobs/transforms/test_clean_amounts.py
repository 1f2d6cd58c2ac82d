from decimal import Decimal

import pytest
from chispa import assert_df_equality
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from expectations.contract import AmountStyle
from glue_jobs.transforms.clean_amounts import clean_amount, clean_flag, clean_integer

Cases = list[tuple[str | None, str | None]]

PLAIN: Cases = [
    ("123.45", "123.45"), ("0", "0.00"), ("0.00", "0.00"), ("+1", "1.00"),
    ("-12.5", "-12.50"), (".5", "0.50"), ("5.", "5.00"),
    ("60.000", "60.00"), ("9999999999.99", "9999999999.99"), (None, None),
    ("", None), (".", None), ("-", None), ("-0.00", None),
    ("12345678901", None), ("12345678901234.56", None), ("123.455", None),
    ("100.123456789012345678", None), ("1e308", None),
    ("100.5d", None), ("0x1.9p6", None), ("Infinity", None), ("NaN", None),
    ("123,45", None), ("1.234,56", None), ("1,234.56", None),
    ("(1.00)", None), ("$1.00", None), ("1.00-", None), ("--1", None),
    ("1 000", None), ("1.00 ", None), ("1\n", None), ("١", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("styles", "cases"),
    [
        pytest.param((), PLAIN, id="plain"),
        pytest.param(
            ("currency",),
            [("$1.00", "1.00"), ("$ 1", "1.00"), ("-$5", "-5.00"), ("$-5", None), ("$", None)],
            id="currency",
        ),
        pytest.param(
            ("thousands",),
            [
                ("1,234.56", "1234.56"),
                ("1,005", "1005.00"),
                ("-1,234,567.8", "-1234567.80"),
                ("1,2,3", None),
                ("1234,567", None),
                ("1,234.567", None),
            ],
            id="thousands",
        ),
        pytest.param(
            ("parentheses",), [("(12.30)", "-12.30"), ("(-1)", None), ("((1))", None), ("(1", None)], id="parentheses"
        ),
        pytest.param(("trailing_minus",), [("12.30-", "-12.30"), ("-12-", None), ("12--", None)], id="trailing minus"),
        pytest.param(("negative_zero",), [("-0.00", "0.00"), ("-0", "0.00")], id="negative zero"),
        pytest.param(
            ("round",),
            [("49112.87100000001", "49112.87"), ("123.455", "123.46"), ("-123.455", "-123.46"), ("1e3", None)],
            id="round",
        ),
        pytest.param(
            ("currency", "thousands", "parentheses"),
            [("($1,234.50)", "-1234.50"), ("$1,234", "1234.00"), ("($)", None)],
            id="together",
        ),
    ],
)
def test_an_amount_is_read_in_the_declared_styles_only(
    spark: SparkSession, styles: tuple[AmountStyle, ...], cases: Cases
) -> None:
    expected = spark.createDataFrame(
        [(text, Decimal(amount) if amount else None) for text, amount in cases], "text string, amount decimal(18,2)"
    )
    assert_df_equality(expected.select("text", clean_amount(F.col("text"), styles).alias("amount")), expected)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text("0123456789.,-+$()e ", max_size=14), min_size=300, max_size=300))
def test_an_amount_that_is_read_is_exactly_what_was_written(spark: SparkSession, texts: list[str]) -> None:
    frame = spark.createDataFrame([(text,) for text in texts], "text string")
    for row in (
        frame.select("text", clean_amount(F.col("text"), ()).alias("amount")).where("amount IS NOT NULL").collect()
    ):
        assert Decimal(row["text"]) == row["amount"]


def test_a_quantity_has_four_places(spark: SparkSession) -> None:
    expected = spark.createDataFrame(
        [("1.2345", Decimal("1.2345")), ("1.23456", None), ("60.000", Decimal(60))], "text string, amount decimal(18,4)"
    )
    assert_df_equality(expected.select("text", clean_amount(F.col("text"), (), scale=4).alias("amount")), expected)


def test_a_whole_number_is_ascii_digits_with_a_sign_and_nothing_else(spark: SparkSession) -> None:
    cases = [("1", 1), ("+1", 1), ("-1", -1), ("007", 7), ("999999999", 999999999)]
    refused = ["1.0", "1e0", "1,000", " 1 ", "١", "3000000000", "", "1\n", "0x1"]
    expected = spark.createDataFrame([*cases, *((text, None) for text in refused)], "text string, number int")
    assert_df_equality(expected.select("text", clean_integer(F.col("text")).alias("number")), expected)


def test_a_flag_is_a_yes_or_a_no(spark: SparkSession) -> None:
    expected = spark.createDataFrame(
        [("1", 1), ("TRUE", 1), ("y", 1), ("0", 0), ("No", 0), ("2", None), ("", None)], "text string, flag int"
    )
    assert_df_equality(expected.select("text", clean_flag(F.col("text")).alias("flag")), expected)
