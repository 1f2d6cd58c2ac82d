from datetime import date
from decimal import Decimal
from typing import Any

from chispa import assert_df_equality
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from expectations.contract import load_table
from glue_jobs.transforms.summarize_headers import AMOUNTS, CLAIM_KEY, summarize_headers

HEADER, VERSION = load_table("medical_claim_header"), load_table("medical_claim_version")
USUAL: dict[str, object] = {"data_source": "a", "record_line": 0, "year": "2024", "month": "03"}
READ = [
    column
    for column in VERSION.columns
    if column.name
    in {
        *HEADER.column_names,
        "record_line",
        "revenue_center_code",
        "header_amounts_repeat_flag",
        *(f"header_{name}" for name in AMOUNTS),
    }
]


def versions_of(spark: SparkSession, lines: list[dict[str, object]]) -> DataFrame:
    rows = [tuple((USUAL | line).get(column.name) for column in READ) for line in lines]
    return spark.createDataFrame(rows, ", ".join(f"{column.name} {column.type}" for column in READ))


def line(claim_id: str, paid: int | None = None, charge: int | None = None, **others: object) -> dict[str, object]:
    amounts = {"paid_amount": paid, "charge_amount": charge}
    return {"claim_id": claim_id, **{n: None if a is None else Decimal(a) for n, a in amounts.items()}, **others}


def check(spark: SparkSession, lines: list[dict[str, object]], names: str, expected: list[tuple[object, ...]]) -> None:
    columns = [(name, HEADER.column(name).type) for name in ("claim_id", *names.split())]
    frame = spark.createDataFrame(expected, ", ".join(f"{name} {kind}" for name, kind in columns))
    actual = summarize_headers(versions_of(spark, lines), HEADER).select(*frame.columns)
    assert_df_equality(actual, frame, ignore_row_order=True, ignore_nullable=True)


def test_an_amount_that_every_record_of_the_claim_repeats_counts_once(spark: SparkSession) -> None:
    repeated: dict[str, Any] = {"header_paid_amount": Decimal(100), "header_amounts_repeat_flag": 1}
    lines = [line("c", 30, **repeated), line("c", 20, **repeated), line("c", None, **repeated)]
    check(spark, lines, "paid_amount line_count", [("c", Decimal(100), 3)])


def test_a_claim_is_worth_its_own_amount_once_a_record_or_else_the_sum_of_its_lines(spark: SparkSession) -> None:
    hundred, fifty = Decimal(100), Decimal(50)
    whole: dict[str, Any] = {"header_paid_amount": hundred}
    lines = [
        line("amount of the claim", 100, **whole),
        line("amount of the claim", None, 1, record_line=1, **whole),
        line("amount of the claim", None, 2, record_line=2, **whole),
        line("amount of two records", 100, **whole),
        line("amount of two records", 50, header_paid_amount=fifty),
        line("amount of two records", record_line=1, header_paid_amount=fifty),
        line("sum of lines", 10, 7),
        line("sum of lines", -20, 8),
        line("sum of lines", None, None),
        line("sender's total", 10, 7, revenue_center_code="0450"),
        line("sender's total", 20, 8),
        line("sender's total", 30, 15, revenue_center_code="0001"),
        line("total alone", 30, 15, revenue_center_code="0001"),
        line("total alone with one amount", 30, None, revenue_center_code="0450"),
        line("total alone with one amount", 30, 15, revenue_center_code="0001"),
        line("nothing"),
    ]
    expected: list[tuple[object, ...]] = [
        ("amount of the claim", hundred, Decimal(3), 3),
        ("amount of two records", Decimal(150), None, 3),
        ("sum of lines", Decimal(-10), Decimal(15), 3),
        ("sender's total", Decimal(30), Decimal(15), 3),
        ("total alone", Decimal(30), Decimal(15), 1),
        ("total alone with one amount", Decimal(30), Decimal(15), 2),
        ("nothing", None, None, 1),
    ]
    check(spark, lines, "paid_amount charge_amount line_count", expected)


def test_a_claim_begins_with_its_first_line_ends_with_its_last_and_stands_in_the_month_it_begins(
    spark: SparkSession,
) -> None:
    march, june = date(2024, 3, 31), date(2024, 6, 1)
    in_june: dict[str, Any] = {"claim_start_date": june, "claim_end_date": june, "month": "06"}
    in_march: dict[str, Any] = {"claim_start_date": march, "claim_end_date": march}
    undated: dict[str, Any] = {"year": "0000", "month": "00"}
    december: dict[str, Any] = {"claim_start_date": date(2023, 12, 1), "year": "2023", "month": "12"}
    lines = [
        line("two months", **in_june), line("two months", **in_march),
        line("two years", **in_march), line("two years", **december),
        line("no date", **undated),
        line("one line without a date", **undated), line("one line without a date", **in_june),
    ]  # fmt: skip
    expected: list[tuple[object, ...]] = [
        ("two months", march, june, "2024", "03"),
        ("two years", date(2023, 12, 1), march, "2023", "12"),
        ("no date", None, None, "0000", "00"),
        ("one line without a date", june, june, "2024", "06"),
    ]
    check(spark, lines, "claim_start_date claim_end_date year month", expected)


def test_there_is_one_row_a_source_and_claim_with_the_tables_columns(spark: SparkSession) -> None:
    lines = [line("1", drg_code="470"), line("1"), line("1", data_source="b"), line("2", person_id="p")]
    headers = summarize_headers(versions_of(spark, lines), HEADER)
    types = [(field.name, field.dataType.simpleString()) for field in headers.schema.fields]
    assert types == [(column.name, column.type) for column in HEADER.columns]
    expected = spark.createDataFrame(
        [("a", "1", "470", None, 2), ("b", "1", None, None, 1), ("a", "2", None, "p", 1)],
        "data_source string, claim_id string, drg_code string, person_id string, line_count int",
    )
    actual = headers.select(*CLAIM_KEY, "drg_code", "person_id", "line_count")
    assert_df_equality(actual, expected, ignore_row_order=True, ignore_nullable=True)


def test_columns_that_no_line_fills_are_empty_without_being_looked_at(spark: SparkSession) -> None:
    lines = [line("1", paid=1, drg_code="470"), line("2", drg_code="471")]
    versions = versions_of(spark, lines)
    counted = versions.agg(*(F.count(name).alias(name) for name in versions.columns)).collect()[0].asDict()
    empty = {name for name, count in counted.items() if not count}
    headers = summarize_headers(versions, HEADER, empty)
    assert {"bill_type_code", "paid_amount", "drg_code"} & empty == {"bill_type_code"}
    assert headers.schema == summarize_headers(versions, HEADER).schema
    assert_df_equality(headers, summarize_headers(versions, HEADER), ignore_row_order=True)
