"""The published tables are a Tuva input layer: its columns in its order, castable types, its keys, and our money."""

import csv
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from glue_jobs.runtime.named_queries import query_text
from tests.unit.glue_jobs.queries.contract_tables import Row, Tables, duckdb_tables, spark_tables

TABLES = ("medical_claim", "pharmacy_claim", "eligibility")
STORED = Path(__file__).resolve().parents[3] / "data" / "tuva" / "input_layer.csv"
CASTABLE = {
    "varchar": {"string"},
    "date": {"date"},
    "timestamp": {"timestamp"},
    "integer": {"int", "decimal(18,4)"},  # quantities have decimals; Tuva casts them
    "number": {"decimal(18,4)"},
    "float": {"decimal(18,2)"},  # money stays exact; Tuva casts it to numeric
    "boolean": {"int"},  # 0 and 1, which Tuva's own tests ask for
    "": {"int", "string"},
}
"""Types of ours that may stand where Tuva's schema has one."""

LINE: Row = {"data_source": "payer", "claim_version_id": "v1", "ingest_file_id": "f"}
NOON = datetime.fromisoformat("2024-03-01T12:00:00")


def money(**amounts: int) -> dict[str, Decimal]:
    return {f"{name}_amount": Decimal(amount) for name, amount in amounts.items()}


GIVEN: Tables = {
    "medical_claim": [
        # numbered by the sender with gaps; money on the lines
        {**LINE, "claim_id": "plain", "claim_line_number": 2, "in_network_flag": 1, **money(paid=60, charge=70)},
        {**LINE, "claim_id": "plain", "claim_line_number": 4, "in_network_flag": 0, **money(paid=30, charge=40)},
        # charges on the lines, payment of the whole claim on none; the sender's total line first
        {**LINE, "claim_id": "whole", "claim_line_number": 1, "revenue_center_code": "0001", **money(charge=150)},
        {**LINE, "claim_id": "whole", "claim_line_number": 2, "revenue_center_code": "0250", **money(charge=100)},
        {**LINE, "claim_id": "whole", "claim_line_number": 3, "revenue_center_code": "0300", **money(charge=50)},
        # two interim bills under one number survive side by side
        {**LINE, "claim_id": "interim", "claim_line_number": 1, **money(paid=10)},
        {**LINE, "claim_id": "interim", "claim_line_number": 2, **money(paid=20)},
        {**LINE, "claim_id": "interim", "claim_line_number": 1, "claim_version_id": "v2", **money(paid=40)},
        # the same number of another sender
        {**LINE, "claim_id": "plain", "claim_line_number": 2, "data_source": "other", **money(paid=5)},
    ],
    "medical_claim_header": [
        {"data_source": "payer", "claim_id": "plain", **money(paid=90, charge=110)},
        {"data_source": "payer", "claim_id": "whole", **money(paid=90, charge=150, deductible=7)},
        {"data_source": "payer", "claim_id": "interim", **money(paid=70)},
        {"data_source": "other", "claim_id": "plain", **money(paid=5)},
    ],
    "pharmacy_claim": [
        {"data_source": "pbm", "claim_id": "rx1", "claim_line_number": 1, "record_hash": "a", **money(paid=12)},
        {"data_source": "pbm", "claim_id": "rx1", "claim_line_number": 1, "record_hash": "b", **money(paid=-12)},
        {"data_source": "pbm", "claim_id": "rx2", "claim_line_number": 3, "record_hash": "c", **money(paid=8)},
    ],
    "eligibility": [
        {"person_id": "p1", "city": "Old", "file_date": date(2024, 1, 1), "ingest_datetime": NOON, "record_hash": "a"},
        {"person_id": "p1", "city": "New", "file_date": date(2024, 2, 1), "ingest_datetime": NOON, "record_hash": "b"},
        {"person_id": "p2", "city": "Elsewhere", "death_flag": 1, "ingest_datetime": NOON, "record_hash": "c"},
    ],
}


def stored() -> dict[str, list[tuple[str, str, bool]]]:
    """Column, type and whether it is of the key, by table, in Tuva's order."""
    found: dict[str, list[tuple[str, str, bool]]] = {}
    with STORED.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["table"], []).append((row["column"], row["type"], row["key"] == "yes"))
    return found


def answers(spark: SparkSession, table: str) -> list[dict[str, object]]:
    with spark_tables(spark, GIVEN):
        return [row.asDict() for row in spark.sql(query_text(f"tuva_{table}")).collect()]


def test_the_stored_columns_are_those_of_tuva(shared: Path) -> None:
    with (shared / "data" / "tuva_input_layer" / "schema.csv").open(encoding="utf-8", newline="") as file:
        published = [
            (row["table"], row["column"], row["data_type"], bool(row["primary_key"]))
            for row in csv.DictReader(file)
            if row["table"] in TABLES
        ]
    assert Counter(published) == Counter((table, *column) for table, columns in stored().items() for column in columns)
    for table in TABLES:
        assert [column[1:] for column in published if column[0] == table] == stored()[table], "in Tuva's order"


@pytest.mark.parametrize("table", TABLES)
def test_columns_have_tuvas_names_order_and_types(spark: SparkSession, table: str) -> None:
    with spark_tables(spark, {}):
        found = spark.sql(query_text(f"tuva_{table}")).dtypes
    expected = stored()[table]
    assert [name for name, _ in found] == [name for name, _, _ in expected]
    wrong = {
        name: (tuva, ours)
        for (name, ours), (_, tuva, _) in zip(found, expected, strict=True)
        if ours not in CASTABLE[tuva]
    }
    assert wrong == {}


@pytest.mark.parametrize("table", TABLES)
def test_tuvas_key_is_unique(spark: SparkSession, table: str) -> None:
    key = [name for name, _, is_key in stored()[table] if is_key]
    rows = Counter(tuple(row[name] for name in key) for row in answers(spark, table))
    assert rows
    assert max(rows.values()) == 1


def test_lines_have_the_money_of_the_whole_claim_once(spark: SparkSession) -> None:
    rows = answers(spark, "medical_claim")
    found = {
        (row["data_source"], row["claim_id"], row["claim_line_number"]): (row["paid_amount"], row["charge_amount"])
        for row in rows
    }
    assert found == {
        ("payer", "plain", 2): (60, 70),
        ("payer", "plain", 4): (30, 40),
        ("payer", "whole", 1): (None, None),
        ("payer", "whole", 2): (90, 100),
        ("payer", "whole", 3): (None, 50),
        ("payer", "interim", 1): (10, None),
        ("payer", "interim", 2): (20, None),
        ("payer", "interim", 3): (40, None),
        ("other", "plain", 2): (5, None),
    }
    assert sum(row["deductible_amount"] or 0 for row in rows) == 7  # type: ignore[misc]


def test_a_reversal_stays_and_the_latest_row_of_a_span_counts(spark: SparkSession) -> None:
    drugs = {
        (row["claim_id"], row["claim_line_number"], row["paid_amount"]) for row in answers(spark, "pharmacy_claim")
    }
    assert drugs == {("rx1", 1, 12), ("rx1", 2, -12), ("rx2", 3, 8)}
    spans = {(row["person_id"], row["city"]) for row in answers(spark, "eligibility")}
    assert spans == {("p1", "New"), ("p2", "Elsewhere")}


@pytest.mark.parametrize("table", TABLES)
def test_another_engine_gives_the_same_rows_and_casts_them_to_tuvas_types(spark: SparkSession, table: str) -> None:
    names = {"boolean": "BOOLEAN", "float": "DOUBLE", "number": "DOUBLE", "integer": "INTEGER", "": "VARCHAR"}
    casts = ", ".join(f'CAST("{name}" AS {names.get(kind, kind)})' for name, kind, _ in stored()[table])
    with duckdb_tables(GIVEN) as database:
        database.execute(f"CREATE VIEW seen AS {query_text(f'tuva_{table}')}")
        rows = database.sql("SELECT * FROM seen").fetchall()
        assert len(database.sql(f"SELECT {casts} FROM seen").fetchall()) == len(rows)  # noqa: S608 - our names
    assert Counter(map(str, rows)) == Counter(str(tuple(row.values())) for row in answers(spark, table))
