"""Named queries answer on the tables of the contract, in Spark and in another engine, and are SQL of Athena too."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import sqlglot
from pyspark.sql import SparkSession
from sqlglot import exp

from expectations.contract import table_names
from glue_jobs.runtime.named_queries import parameters_of, query_names, query_text
from tests.unit.glue_jobs.queries.contract_tables import duckdb_tables, spark_tables
from tests.unit.glue_jobs.queries.example_rows import ANSWERS, ROWS

DOCUMENT = Path(__file__).resolve().parents[4] / "docs" / "queries.md"

TESTED_ELSEWHERE = {
    "claim_history",
    "medical_claim_as_of",
    "medical_claim_version_as_of",
    "monthly_paid",
    "pending_voids",
    "quality_history",
    "same_state",
    "tuva_eligibility",
    "tuva_medical_claim",
    "tuva_pharmacy_claim",
}
"""Each by a test of its own, here or among those of versions and of the scorecard."""

ONE_ENGINE_ONLY = {"same_state"}
"""Reads metadata tables, which each engine names otherwise; it has a form for Athena."""

COMMON_FUNCTIONS = {
    "Case", "Cast", "Coalesce", "Concat", "Count", "Extract", "Filter", "Floor", "If", "Lag", "Lead", "Length", "Max",
    "Min", "Nullif", "Rank", "RowNumber", "Split", "Substring", "Sum", "And", "Or", "Array", "ArraySize",
    "ArrayFilter", "RegexpSplit",
}  # fmt: skip
"""Functions with one meaning in Spark, Trino and DuckDB; `split` of a single comma too."""


@pytest.fixture(scope="module")
def published(spark: SparkSession) -> Iterator[SparkSession]:
    with spark_tables(spark, ROWS):
        yield spark


def as_compared(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Rows with the numbers that are written as text as numbers."""
    return [tuple(as_number(value) for value in row) for row in rows]


def as_number(value: object) -> object:
    is_number = isinstance(value, str) and "." in value and value.replace(".", "", 1).isdecimal()
    return Decimal(str(value)) if is_number else value


def test_every_query_is_tested() -> None:
    assert set(query_names()) == set(ANSWERS) | TESTED_ELSEWHERE


def test_every_query_is_in_the_document() -> None:
    listed = {
        name for row in re.findall(r"^\|([^|]+)\|", DOCUMENT.read_text(), re.MULTILINE) for name in row.split(", ")
    }
    assert {name.strip(" `") for name in listed} - {"Query", "---"} == set(query_names())


@pytest.mark.parametrize("name", query_names())
def test_the_first_line_says_in_a_sentence_what_the_query_answers(name: str) -> None:
    first = query_text(name).split("\n", 1)[0]
    assert first.startswith("-- ")
    assert first[3].isupper()
    assert len(first) <= 122


@pytest.mark.parametrize("name", sorted(set(query_names()) - ONE_ENGINE_ONLY))
def test_the_query_is_sql_of_spark_athena_and_redshift_with_functions_that_all_have(name: str) -> None:
    for dialect in ("spark", "trino", "redshift"):
        statements = sqlglot.parse(query_text(name), dialect=dialect)
        assert len(statements) == 1, dialect
        assert isinstance(statements[0], exp.Query), dialect
    tree = sqlglot.parse_one(query_text(name), dialect="trino")
    used = {type(found).__name__ for found in tree.find_all(exp.Func)}
    assert used <= COMMON_FUNCTIONS


@pytest.mark.parametrize("name", sorted(set(query_names()) - ONE_ENGINE_ONLY))
def test_the_query_reads_tables_of_the_contract(name: str) -> None:
    tree = sqlglot.parse_one(query_text(name), dialect="trino")
    named = {cte.alias for cte in tree.find_all(exp.CTE)}
    read = {table.name for table in tree.find_all(exp.Table)} - named
    assert read <= {*table_names(), *(["asked"] if parameters_of(name) else [])}


@pytest.mark.parametrize("name", ANSWERS)
def test_the_query_answers_what_was_worked_out_by_hand(published: SparkSession, name: str) -> None:
    rows = [tuple(row) for row in published.sql(query_text(name)).collect()]
    assert rows == as_compared(ANSWERS[name])


def test_another_engine_answers_the_same_and_says_nothing_of_empty_tables() -> None:
    with duckdb_tables(ROWS) as database:
        for name, expected in ANSWERS.items():
            assert database.sql(query_text(name)).fetchall() == as_compared(expected), name
    with duckdb_tables({}) as database:
        for name in ANSWERS:
            assert database.sql(query_text(name)).fetchall() == [], name
