from collections.abc import Mapping

import pytest
from chispa import assert_df_equality
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from expectations.contract import Source, load_table
from glue_jobs.transforms.version_keys import version_columns

TABLE = load_table("medical_claim_version")


def source_of(versions: Mapping[str, object] | None) -> Source:
    return Source.model_validate(
        {
            "name": "sender",
            "description": "A sender made up for this test.",
            "table": "medical_claim",
            "format": {"type": "csv"},
            "versions": versions,
        }
    )


def keyed(spark: SparkSession, versions: Mapping[str, object] | None, *lines: Mapping[str, object]) -> DataFrame:
    """Each line with its version columns; a column is in the rows where a line names it."""
    given: list[dict[str, object]] = [{"data_source": "d", "claim_id": "C1", **line} for line in lines]
    names = sorted({name for line in given for name in line})
    kinds = ", ".join(f"{name} {TABLE.column(name).type}" for name in names)
    texts = spark.createDataFrame(
        [tuple(None if line.get(n) is None else str(line[n]) for n in names) for line in given],
        ", ".join(f"{name} string" for name in names),
    )
    rows = texts.select(*(F.col(n).cast(TABLE.column(n).type).alias(n) for n in names))
    assert kinds
    made = version_columns(source_of(versions), TABLE, {name: F.col(name) for name in names})
    return rows.select(*(column.alias(name) for name, column in made.items()))


def found(rows: DataFrame, column: str) -> list[object]:
    return [row[column] for row in rows.collect()]


@pytest.mark.parametrize(
    ("codes", "action", "kind"),
    [
        ("7FGHIJKMPQYfq", "replacement", "replacement"),
        ("8DXd", "void", "void"),
        ("5", "addition", "original"),
        ("234", "interim", "original"),
        ("019ABCEOZL?", "original", "original"),
    ],
)
def test_a_frequency_code_tells_what_a_version_does(spark: SparkSession, codes: str, action: str, kind: str) -> None:
    rows = keyed(spark, {"actions": ["claim_frequency_code"]}, *({"claim_frequency_code": code} for code in codes))
    assert set(found(rows, "version_action")) == {action}
    assert set(found(rows, "claim_record_type")) == {kind}


def test_the_first_code_with_a_value_counts_and_a_bill_types_third_character_is_a_frequency(
    spark: SparkSession,
) -> None:
    declared = {"actions": ["claim_adjustment_type_code", "bill_type_code"]}
    rows = keyed(
        spark,
        declared,
        {"claim_adjustment_type_code": "0", "bill_type_code": "137"},
        {"claim_adjustment_type_code": "1", "bill_type_code": "131"},
        {"claim_adjustment_type_code": None, "bill_type_code": "11F"},
        {"claim_adjustment_type_code": "3", "bill_type_code": "13"},
        {"claim_adjustment_type_code": None, "bill_type_code": "13"},
    )
    assert found(rows, "version_action") == ["original", "void", "replacement", "addition", "original"]


def test_negative_money_reverses_where_the_source_says_so(spark: SparkSession) -> None:
    lines: list[dict[str, object]] = [
        {"charge_amount": "-1.00", "paid_amount": "5.00"},
        {"charge_amount": None, "paid_amount": "-0.01"},
        {"charge_amount": "0.00", "paid_amount": "-5.00"},
        {"charge_amount": None, "paid_amount": None},
    ]
    assert found(keyed(spark, {"negative_is_void": True}, *lines), "version_action") == [
        "void",
        "void",
        "original",
        "original",
    ]
    assert set(found(keyed(spark, {}, *lines), "version_action")) == {"original"}


def test_a_suffix_is_taken_off_the_claims_id_and_off_what_refers_to_it(spark: SparkSession) -> None:
    declared = {"claim_id_suffix": "(?<=[0-9]{4})[0-9]", "original": "original_claim_id"}
    rows = keyed(
        spark,
        declared,
        {"claim_id": "A1234", "original_claim_id": None},
        {"claim_id": "A12341", "original_claim_id": "A1234"},
        {"claim_id": "A12342", "original_claim_id": "B99993"},
    )
    assert found(rows, "claim_key") == ["A1234"] * 3
    assert found(rows, "target_key") == ["A1234", "A1234", "B9999"]


def test_a_natural_key_is_hashed_and_where_a_part_of_it_is_empty_the_claim_id_stands_for_it(
    spark: SparkSession,
) -> None:
    declared = {"claim": ["billing_npi", "claim_start_date"]}
    day = "2024-03-05"
    rows = keyed(
        spark,
        declared,
        {"billing_npi": "1", "claim_start_date": day, "claim_id": "A"},
        {"billing_npi": "1", "claim_start_date": day, "claim_id": "B"},
        {"billing_npi": "2", "claim_start_date": day, "claim_id": "C"},
        {"billing_npi": None, "claim_start_date": day, "claim_id": "D"},
    )
    keys = found(rows, "claim_key")
    assert keys[0] == keys[1] != keys[2]
    assert keys[3] == "D"
    assert found(rows, "target_key") == keys


def test_versions_sort_by_their_order_columns_the_first_first_and_empty_ones_before(spark: SparkSession) -> None:
    declared = {
        "order": ["claim_effective_date", "claim_sequence_number"],
        "order_else": "file_date",
        "final_flag": "sender_final_action_flag",
    }
    names = ("sender_final_action_flag", "claim_effective_date", "claim_sequence_number", "file_date")
    in_order = [
        (0, "2025-01-01", 1, None),
        (1, None, None, None),
        (1, None, None, "2024-01-01"),
        (None, None, None, "2024-02-01"),
        (1, None, 3, "2023-01-01"),
        (1, "2024-01-01", None, "2024-06-01"),
        (1, "2024-01-01", 2, None),
        (1, "2024-01-01", 10, None),
        (1, "2024-01-02", 1, None),
    ]
    orders = found(
        keyed(spark, declared, *(dict(zip(names, values, strict=True)) for values in in_order)), "version_order"
    )
    assert orders == sorted(orders)  # type: ignore[type-var]
    assert len(set(orders)) == len(orders)


def test_lines_are_of_one_version_where_claim_action_order_and_reference_are_equal(spark: SparkSession) -> None:
    declared = {
        "actions": ["claim_frequency_code"],
        "original": "original_claim_id",
        "order": ["received_date"],
    }
    usual = {"claim_frequency_code": "7", "original_claim_id": "C0", "received_date": "2024-01-01", "payer": "p"}
    same, *others = found(
        keyed(
            spark,
            declared,
            usual,
            usual | {"payer": "q"},
            usual | {"claim_id": "C2"},
            usual | {"claim_frequency_code": "8"},
            usual | {"original_claim_id": "C9"},
            usual | {"received_date": "2024-01-02"},
            usual | {"data_source": "e"},
        ),
        "claim_version_id",
    )
    assert others[0] == same
    assert len({same, *others[1:]}) == 6


def test_a_source_without_versions_sends_originals_and_may_say_what_each_record_was(spark: SparkSession) -> None:
    rows = keyed(spark, None, {"claim_frequency_code": "8"}, {"claim_frequency_code": None})
    expected = spark.createDataFrame(
        [("original", "void", "C1", "C1", None), ("original", "original", "C1", "C1", None)],
        "version_action string, claim_record_type string, claim_key string, target_key string, version_order string",
    )
    assert_df_equality(rows.select(*expected.columns), expected, ignore_nullable=True)
