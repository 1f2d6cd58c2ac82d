from decimal import Decimal

from chispa import assert_df_equality
from pyspark.sql import DataFrame, SparkSession

from expectations.row_rules import mask_of
from glue_jobs.transforms.account_rows import account_by_file_and_month, count_broken_rules

MONEY = "amount_accepted amount_quarantined amount_resent allowed_amount charge_amount"
COUNTS = "records_accepted records_quarantined records_resent lines_accepted"
ROWS = (
    "_path string, year string, _line int, _verdict string, _mask bigint, paid_amount decimal(18,2), "
    "charge_amount decimal(18,2)"
)


def account_schema(*keys: str) -> str:
    columns = [f"{name} string" for name in keys]
    columns += [f"{name} bigint" for name in COUNTS.split()]
    columns += [f"{name} decimal(28,2)" for name in MONEY.split()]
    return ", ".join([*columns, "rows_broken bigint"])


def rows_of(spark: SparkSession) -> DataFrame:
    rows = [
        ("a", "2024", 0, "skipped", 0, None, None),
        ("a", "2024", 0, "accepted", 0, Decimal("0.10"), Decimal("3.00")),
        ("a", "2024", 1, "accepted", mask_of("RC017"), Decimal("0.20"), None),
        ("a", "2024", 2, "accepted", 0, None, Decimal("1.00")),
        ("a", "2023", 0, "accepted", 0, Decimal("-5.00"), None),
        ("a", "2024", 0, "quarantined", mask_of("RC010"), Decimal("7.00"), Decimal("9.00")),
        ("a", "2024", 1, "quarantined", mask_of("RC011"), Decimal("1.00"), None),
        ("a", "2024", 0, "resent", 0, Decimal("0.30"), None),
        ("a", "0000", 0, "resent", 0, None, None),
        ("a", "0000", 1, "resent", 0, Decimal("0.05"), None),
        ("only skipped", "0000", 0, "skipped", 0, None, None),
        ("all quarantined", "0000", 0, "quarantined", mask_of("RC001"), None, None),
    ]
    return spark.createDataFrame(rows, ROWS)


def money(*amounts: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(amount) for amount in amounts)


def test_a_file_is_accounted_for_by_month_in_records_lines_and_money(spark: SparkSession) -> None:
    expected = spark.createDataFrame(
        [
            ("a", "2024", 1, 1, 1, 3, *money("0.30", "8.00", "0.30", "0", "4.00"), 3),
            ("a", "2023", 1, 0, 0, 1, *money("-5.00", "0", "0", "0", "0"), 0),
            ("a", "0000", 0, 0, 1, 0, *money("0", "0", "0.05", "0", "0"), 0),
            ("only skipped", "0000", 0, 0, 0, 0, *money("0", "0", "0", "0", "0"), 0),
            ("all quarantined", "0000", 0, 1, 0, 0, *money("0", "0", "0", "0", "0"), 1),
        ],
        account_schema("_path", "year"),
    )
    accounts = account_by_file_and_month(rows_of(spark))
    assert_df_equality(accounts, expected, ignore_row_order=True, ignore_nullable=True)


def test_a_file_of_a_table_without_money_and_months_is_one_row_worth_nothing(spark: SparkSession) -> None:
    expected = spark.createDataFrame([("a", 2, 1, 2, 4, *money("0", "0", "0", "0", "0"), 3)], account_schema("_path"))
    rows = rows_of(spark).where("_path = 'a'").drop("paid_amount", "charge_amount", "year")
    assert_df_equality(account_by_file_and_month(rows), expected, ignore_nullable=True)


def test_sums_of_the_greatest_amounts_are_no_nulls(spark: SparkSession) -> None:
    most = Decimal("9999999999999999.99")
    rows = spark.createDataFrame([("a", "2024", 0, "accepted", 0, most, most)] * 2, ROWS)
    (account,) = account_by_file_and_month(rows).collect()
    assert account["amount_accepted"] == account["charge_amount"] == 2 * most


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
