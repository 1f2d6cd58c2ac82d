from datetime import date

import pytest
from chispa import assert_df_equality
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from expectations.errors import ContractError
from glue_jobs.transforms.clean_dates import clean_date, date_pattern

EVERY_FORM = ("yyyy-M-d", "yyyyMMdd", "d-MMM-yyyy", "MM/dd/yyyy", "yyyy-MM-dd'T'HH:mm:ssXXX")


def check(spark: SparkSession, formats: tuple[str, ...], cases: list[tuple[str | None, date | None]]) -> None:
    frame = spark.createDataFrame(cases, "text string, expected date")
    actual = frame.select("text", clean_date(F.col("text"), formats).alias("day"))
    assert_df_equality(actual, frame.withColumnRenamed("expected", "day"))


def test_a_date_in_a_declared_format_is_read_and_any_other_is_null(spark: SparkSession) -> None:
    iso = ("yyyy-MM-dd",)
    read = [("2024-03-05", date(2024, 3, 5)), ("0001-01-01", date(1, 1, 1)), ("9999-12-31", date(9999, 12, 31))]
    refused = [
        "2024", "2024-03", "2024-3-5", "2024-03-05T", "2024-03-05Tgarbage",
        "45356", "20240-03-05", "-2024-03-05", "+2024-03-05",
        "0000-01-01", "2024-13-01", "2024-00-10", "20240305", "03/05/2024",
        " 2024-03-05", "2024-03-05\n", "NULL", "", "٢٠٢٤-03-05",
    ]  # fmt: skip
    check(spark, iso, [*read, (None, None), *((text, None) for text in refused)])


def test_every_kind_of_format_names_the_same_day(spark: SparkSession) -> None:
    texts = [
        "2024-3-5",
        "2024-03-05",
        "20240305",
        "5-Mar-2024",
        "05-MAR-2024",
        "03/05/2024",
        "2024-03-05T23:59:59-08:00",
    ]
    check(
        spark,
        EVERY_FORM,
        [
            *((text, date(2024, 3, 5)) for text in texts),
            ("05-XXX-2024", None),
            ("31-FEB-2024", None),
            ("05-ANF-2024", None),
        ],
    )


def test_days_of_the_calendar_are_exactly_pythons(spark: SparkSession) -> None:
    texts = [
        f"{year:04d}-{month:02d}-{day:02d}"
        for year in (1900, 2000, 2023, 2024)
        for month in range(14)
        for day in range(33)
    ]
    check(spark, ("yyyy-MM-dd",), [(text, day_of(text)) for text in texts])


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text("0123456789-/JANFEBMARjan T:Z", max_size=12), min_size=200, max_size=200))
def test_no_text_becomes_a_day_that_it_does_not_spell(spark: SparkSession, texts: list[str]) -> None:
    frame = spark.createDataFrame([(text,) for text in texts], "text string")
    for row in (
        frame.select("text", clean_date(F.col("text"), ("yyyy-MM-dd", "yyyyMMdd")).alias("day"))
        .where("day IS NOT NULL")
        .collect()
    ):
        assert row["text"].replace("-", "") == row["day"].strftime("%Y%m%d")


@pytest.mark.parametrize("date_format", ["yyyy-MM", "dd/MM", "yyyy-MM-dd-dd", "yy-MM-dd", "yyyy-MM-dd EEE"])
def test_a_format_that_names_no_day_is_an_error_of_the_contract(date_format: str) -> None:
    with pytest.raises(ContractError, match="date format"):
        date_pattern(date_format)


def day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
