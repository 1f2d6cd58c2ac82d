"""Small frames for the tests of enrichments: lines with the columns that a step needs, and reference tables."""

from collections.abc import Iterable, Mapping
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from expectations.contract import load_table
from expectations.payer_rules import PayerRules, load_payer_rules
from glue_jobs.enrichments.enrichment import Enrichment, References
from glue_jobs.enrichments.mark_claims import MARKS
from glue_jobs.storage.tables import spark_schema

Row = Mapping[str, object]

TYPES = {
    **{column.name: column.type for column in load_table("medical_claim_enriched").columns},
    **{column.name: column.type for column in load_table("medical_claim").columns},
    **dict.fromkeys(MARKS, "boolean"),
    "_member": "string",
    "_provider_npi": "string",
    "_birth_date": "date",
    "_claim_start": "date",
    "_claim_end": "date",
    "_claim_received": "date",
    "_claim_charge": "decimal(28,2)",
}
"""Of every column that a step may need."""


def table_of(spark: SparkSession, name: str, rows: Iterable[Row] = ()) -> DataFrame:
    """Rows of a declared table; what a row does not say is empty."""
    table = load_table(name)
    return spark.createDataFrame(
        [tuple(row.get(column) for column in table.column_names) for row in rows], spark_schema(table)
    )


def references(
    spark: SparkSession,
    code_sets: Iterable[Row] = (),
    providers: Iterable[Row] = (),
    eligibility: Iterable[Row] = (),
    payers: PayerRules | None = None,
) -> References:
    """Reference tables; those not given are empty."""
    return References(
        table_of(spark, "code_set", code_sets),
        table_of(spark, "provider", providers),
        table_of(spark, "eligibility", eligibility),
        payers or load_payer_rules(),
    )


def added(
    spark: SparkSession, step: Enrichment, lines: Iterable[Row], given: References | None = None
) -> list[dict[str, Any]]:
    """What a step adds to lines that have the columns it needs, and one that it must leave alone; in their order."""
    rows = [(number, *(line.get(name) for name in step.needs)) for number, line in enumerate(lines)]
    frame = spark.createDataFrame(rows, ", ".join(["bystander int", *(f"{name} {TYPES[name]}" for name in step.needs)]))
    result = step.add(frame, given or references(spark))
    assert set(result.columns) == {*frame.columns, *step.adds}
    assert len(result.columns) == len(frame.columns) + len(step.adds)
    found = sorted((row.asDict(recursive=True) for row in result.collect()), key=lambda row: row["bystander"])
    assert [row["bystander"] for row in found] == list(range(len(rows)))
    return [{name: row[name] for name in step.adds} for row in found]


def column(found: Iterable[Mapping[str, Any]], name: str) -> list[Any]:
    """One column of what was added."""
    return [row[name] for row in found]
