from decimal import Decimal

from chispa import assert_df_equality
from pyspark.sql import DataFrame, SparkSession

from expectations.row_rules import mask_of
from glue_jobs.quality.account_rows import PAYER_NUMBERS, account_by_file_and_month

MONEY = "amount_accepted amount_quarantined amount_resent allowed_amount charge_amount"
COUNTS = "records_accepted records_quarantined records_resent lines_accepted"
ROWS = (
    "ingest_file_id string, year string, _line int, _verdict string, _mask bigint, paid_amount decimal(18,2), "
    "charge_amount decimal(18,2)"
)

WORDS = "ingest_file_id string, _line int, _verdict string, _mask bigint, _dq_0 bigint, _dq_1 bigint"


def account_schema(*keys: str) -> str:
    columns = [f"{name} string" for name in keys]
    columns += [f"{name} bigint" for name in COUNTS.split()]
    columns += [f"{name} decimal(28,2)" for name in MONEY.split()]
    return ", ".join([*columns, "rows_broken bigint", "payer_lines array<struct<_payer:int,lines_accepted:bigint>>"])


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
            ("a", "2024", 1, 1, 1, 3, *money("0.30", "8.00", "0.30", "0", "4.00"), 3, []),
            ("a", "2023", 1, 0, 0, 1, *money("-5.00", "0", "0", "0", "0"), 0, []),
            ("a", "0000", 0, 0, 1, 0, *money("0", "0", "0.05", "0", "0"), 0, []),
            ("only skipped", "0000", 0, 0, 0, 0, *money("0", "0", "0", "0", "0"), 0, []),
            ("all quarantined", "0000", 0, 1, 0, 0, *money("0", "0", "0", "0", "0"), 1, []),
        ],
        account_schema("ingest_file_id", "year"),
    )
    accounts = account_by_file_and_month(rows_of(spark))
    assert_df_equality(accounts, expected, ignore_row_order=True, ignore_nullable=True)


def test_a_file_of_a_table_without_money_and_months_is_one_row_worth_nothing(spark: SparkSession) -> None:
    expected = spark.createDataFrame(
        [("a", 2, 1, 2, 4, *money("0", "0", "0", "0", "0"), 3, [])], account_schema("ingest_file_id")
    )
    rows = rows_of(spark).where("ingest_file_id = 'a'").drop("paid_amount", "charge_amount", "year")
    assert_df_equality(account_by_file_and_month(rows), expected, ignore_nullable=True)


def test_sums_of_the_greatest_amounts_are_no_nulls(spark: SparkSession) -> None:
    most = Decimal("9999999999999999.99")
    rows = spark.createDataFrame([("a", "2024", 0, "accepted", 0, most, most)] * 2, ROWS)
    (account,) = account_by_file_and_month(rows).collect()
    assert account["amount_accepted"] == account["charge_amount"] == 2 * most


def test_a_row_that_breaks_a_rule_of_its_suite_alone_is_broken(spark: SparkSession) -> None:
    rows = spark.createDataFrame([("a", 0, "accepted", 0, 0, word) for word in (0, 4)], WORDS)
    assert [row["rows_broken"] for row in account_by_file_and_month(rows).collect()] == [1]


def test_accepted_lines_are_counted_by_payer_without_its_name(spark: SparkSession) -> None:
    payers = [("a", "accepted"), ("a", "accepted"), ("b", "accepted"), (None, "accepted"), ("c", "quarantined")]
    rows = spark.createDataFrame(
        [("f", "2024", 0, verdict, 0, payer, Decimal("1.00")) for payer, verdict in payers],
        "ingest_file_id string, year string, _line int, _verdict string, _mask bigint, payer string, "
        "paid_amount decimal(18,2)",
    )
    (account,) = account_by_file_and_month(rows).collect()
    assert sorted(lines for _, lines in account["payer_lines"]) == [1, 2]
    assert all(0 <= payer < PAYER_NUMBERS for payer, _ in account["payer_lines"])
    assert (account["records_accepted"], account["amount_accepted"]) == (4, Decimal("4.00"))
