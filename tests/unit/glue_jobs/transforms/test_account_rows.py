from decimal import Decimal

from chispa import assert_df_equality
from pyspark.sql import DataFrame, SparkSession

from expectations.row_rules import mask_of
from glue_jobs.transforms.account_rows import account_by_file, account_by_month, count_broken_rules

ZERO = Decimal("0.00")
ACCOUNT = (
    "_path string, records_accepted bigint, records_quarantined bigint, records_resent bigint, lines_accepted bigint, "
    "amount_accepted decimal(18,2), amount_quarantined decimal(18,2), amount_resent decimal(18,2)"
)


def rows_of(spark: SparkSession) -> DataFrame:
    rows = [
        ("a", 0, "skipped", None),
        ("a", 0, "accepted", Decimal("0.10")),
        ("a", 1, "accepted", Decimal("0.20")),
        ("a", 2, "accepted", None),
        ("a", 0, "accepted", Decimal("-5.00")),
        ("a", 0, "quarantined", Decimal("7.00")),
        ("a", 1, "quarantined", Decimal("1.00")),
        ("a", 0, "resent", Decimal("0.30")),
        ("a", 0, "resent", None),
        ("a", 1, "resent", Decimal("0.05")),
        ("only skipped", 0, "skipped", None),
        ("all quarantined", 0, "quarantined", None),
    ]
    return spark.createDataFrame(rows, "_path string, _line int, _verdict string, paid_amount decimal(18,2)")


def test_a_file_is_accounted_for_by_records_lines_and_money(spark: SparkSession) -> None:
    expected = spark.createDataFrame(
        [
            ("a", 2, 1, 2, 4, Decimal("-4.70"), Decimal("8.00"), Decimal("0.35")),
            ("only skipped", 0, 0, 0, 0, ZERO, ZERO, ZERO),
            ("all quarantined", 0, 1, 0, 0, ZERO, ZERO, ZERO),
        ],
        ACCOUNT,
    )
    assert_df_equality(account_by_file(rows_of(spark)), expected, ignore_row_order=True, ignore_nullable=True)


def test_a_file_of_a_table_without_money_is_worth_nothing(spark: SparkSession) -> None:
    expected = spark.createDataFrame([("a", 2, 1, 2, 4, ZERO, ZERO, ZERO)], ACCOUNT)
    accounts = account_by_file(rows_of(spark).where("_path = 'a'").drop("paid_amount"))
    assert_df_equality(accounts, expected, ignore_nullable=True)


def test_a_month_is_accounted_for_by_its_accepted_lines(spark: SparkSession) -> None:
    rows = spark.createDataFrame(
        [
            ("2024", "03", "accepted", Decimal("1.10"), Decimal("2.00")),
            ("2024", "03", "accepted", Decimal("-0.10"), None),
            ("2024", "03", "quarantined", Decimal("9.00"), None),
            ("2024", "04", "resent", Decimal("9.00"), None),
            ("0000", "00", "accepted", None, None),
        ],
        "year string, month string, _verdict string, paid_amount decimal(18,2), charge_amount decimal(18,2)",
    )
    expected = spark.createDataFrame(
        [("2024", "03", 2, Decimal("1.00"), Decimal("2.00")), ("0000", "00", 1, None, None)],
        "year string, month string, lines bigint, paid_amount decimal(28,2), charge_amount decimal(28,2)",
    )
    assert_df_equality(account_by_month(rows), expected, ignore_row_order=True, ignore_nullable=True)


def test_a_broken_rule_is_counted_once_a_record_and_not_for_resent_ones(spark: SparkSession) -> None:
    rows = [
        (1, "quarantined", mask_of("RC010")),
        (1, "quarantined", mask_of("RC010", "RC011")),
        (1, "quarantined", mask_of()),
        (2, "quarantined", mask_of("RC010")),
        (3, "accepted", mask_of("RC017")),
        (3, "accepted", mask_of("RC018")),
        (4, "resent", mask_of("RC010")),
        (5, "accepted", mask_of()),
        (6, "skipped", mask_of()),
        (7, "accepted", mask_of("RC018")),
    ]
    frame = spark.createDataFrame(rows, "_position bigint, _verdict string, _mask bigint")
    counts = count_broken_rules(frame)
    assert list(counts.items()) == [("RC010", 2), ("RC011", 1), ("RC017", 1), ("RC018", 2)]
