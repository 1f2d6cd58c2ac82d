"""Small derived tables, one of each kind, on claims and members: for tests of how such tables are kept current."""

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from expectations import contract
from expectations.contract import load_table
from glue_jobs.derivations import Derivation
from glue_jobs.storage.publication import RUN_PROPERTY, Branch, publish
from glue_jobs.storage.steps import LISTENERS
from glue_jobs.storage.tables import spark_schema, table_name

LINE_KEY = ["data_source", "claim_id", "claim_version_id", "claim_line_number"]
MONTH = ["year", "month"]


def _line_with_gender(given: Mapping[str, DataFrame]) -> DataFrame:
    genders = given["eligibility"].groupBy("person_id").agg(F.max("gender").alias("gender"))
    return given["medical_claim"].join(genders, on="person_id", how="left")


def _paid_by_person(given: Mapping[str, DataFrame]) -> DataFrame:
    return given["medical_claim"].groupBy("person_id").agg(_count(), _paid())


def _paid_by_person_and_month(given: Mapping[str, DataFrame]) -> DataFrame:
    return (
        given["medical_claim"]
        .groupBy("person_id", *MONTH)
        .agg(_count(), F.min("claim_start_date").alias("claim_start_date"))
    )


def _paid_by_month_and_gender(given: Mapping[str, DataFrame]) -> DataFrame:
    return (
        given["line_with_gender"]
        .groupBy("gender", *MONTH)
        .agg(_count(), _paid(), F.min("claim_start_date").alias("claim_start_date"))
    )


def _paid_by_year(given: Mapping[str, DataFrame]) -> DataFrame:
    paid = F.sum("paid_amount").cast("decimal(18,2)").alias("paid_amount")
    return given["paid_by_month"].groupBy("year").agg(F.sum("line_count").alias("line_count"), paid)


def _count() -> Column:
    return F.count("*").alias("line_count")


def _paid() -> Column:
    return F.sum("paid_amount").cast("decimal(18,2)").alias("paid_amount")


LINES = Derivation("line_with_gender", ("medical_claim", "eligibility"), "months", _line_with_gender)
PERSONS = Derivation("paid_by_person", ("medical_claim",), "persons", _paid_by_person)
PERSON_MONTHS = Derivation("paid_by_person_month", ("medical_claim",), "persons", _paid_by_person_and_month)
MONTHS = Derivation("paid_by_month", ("line_with_gender",), "months", _paid_by_month_and_gender)
YEARS = Derivation("paid_by_year", ("paid_by_month",), "whole", _paid_by_year)
TINY = (YEARS, MONTHS, PERSON_MONTHS, PERSONS, LINES)
"""Not in the order in which they are made."""


def twice(derivation: Derivation) -> Derivation:
    """A derivation that makes each row twice."""
    return replace(derivation, make=lambda given: (rows := derivation.make(given)).unionByName(rows))


def elsewhere(derivation: Derivation) -> Derivation:
    """A derivation whose rows are of July, whatever they are made of."""
    return replace(derivation, make=lambda given: derivation.make(given).withColumn("month", F.lit("07")))


def telling(derivation: Derivation) -> Derivation:
    """A derivation that fails, with the id of a claim in its message."""

    def make(given: Mapping[str, DataFrame]) -> DataFrame:
        first = given["medical_claim"].groupBy("person_id").agg(F.first("claim_id").alias("claim_id"))
        raised = F.raise_error(F.concat(F.lit("claim "), "claim_id")).cast("bigint")
        return first.select(
            "person_id", raised.alias("line_count"), F.lit(0).cast("decimal(18,2)").alias("paid_amount")
        )

    return replace(derivation, make=make)


TYPES = {
    "claim_line_number": "int",
    "claim_start_date": "date",
    "line_count": "bigint",
    "paid_amount": "decimal(18,2)",
}
GRAINS: Mapping[str, tuple[list[str], list[str], str]] = {
    "line_with_gender": (LINE_KEY, ["person_id", "gender", "claim_start_date", "paid_amount", *MONTH], ""),
    "paid_by_person": (["person_id"], ["line_count", "paid_amount"], ""),
    "paid_by_person_month": (["person_id", *MONTH], ["claim_start_date", "line_count"], ""),
    "paid_by_month": (["gender", *MONTH], ["claim_start_date", "line_count", "paid_amount"], "aggregations"),
    "paid_by_year": (["year"], ["line_count", "paid_amount"], "aggregations"),
}
"""By table: its grain, its other columns, its folder."""


@contextmanager
def contract_with_tiny_tables(folder: Path) -> Iterator[None]:
    """The contract of the product, and these tables in it."""
    shutil.copytree(contract.CONTRACT_FOLDER / "tables", folder / "tables")
    for name, (grain, others, place) in GRAINS.items():
        partitioned = "claim_start_date" in others
        declared = {
            "name": name,
            "description": "A table made for tests of derived tables.",
            "grain": grain,
            "partition_date": "claim_start_date" if partitioned else "",
            "derived": True,
            "folder": place,
            "columns": [
                {"name": column, "type": TYPES.get(column, "string"), "phi": "none", "description": "For the test."}
                for column in (*grain, *others)
            ],
        }
        (folder / "tables" / f"{name}.json").write_text(json.dumps(declared))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contract, "CONTRACT_FOLDER", folder)
        load_table.cache_clear()
        try:
            yield
        finally:
            load_table.cache_clear()


def claim(claim_id: str, person: str, day: str, paid: str) -> dict[str, object]:
    """A row of medical_claim."""
    year, month, _ = day.split("-")
    return {
        "data_source": "tiny",
        "claim_id": claim_id,
        "claim_version_id": claim_id,
        "claim_line_number": 1,
        "person_id": person,
        "claim_start_date": date.fromisoformat(day),
        "paid_amount": Decimal(paid),
        "year": year,
        "month": month,
    }


def member(person: str, gender: str, start: str = "2024-01-01") -> dict[str, object]:
    """A row of eligibility."""
    day = date.fromisoformat(start)
    return {"data_source": "tiny", "person_id": person, "gender": gender, "enrollment_start_date": day}


def change(spark: SparkSession, name: str, rows: Iterable[Mapping[str, object]] = (), delete: str = "") -> None:
    """Publish rows to a table, and delete others before, as a run does: on a branch, in two commits, seen at once."""
    table = load_table(name)
    values = [tuple(row.get(column) for column in table.column_names) for row in rows]

    def write(branch: Branch) -> bool:
        if delete:
            spark.sql(f"DELETE FROM {branch.target} WHERE {delete}")  # noqa: S608 - the test's own
        branch.append(spark.createDataFrame(values, spark_schema(table)).coalesce(1), {RUN_PROPERTY: "a-run"})
        return True

    publish(spark, table, "a-run", write)


def rows_of(spark: SparkSession, name: str) -> Counter[tuple[object, ...]]:
    """Every row of a table, with how often it is there."""
    return Counter(tuple(row) for row in spark.table(table_name(load_table(name))).collect())


@contextmanager
def at_each_step(act: Callable[[str], None]) -> Iterator[None]:
    """Told of each step that is reached."""
    LISTENERS.append(act)
    try:
        yield
    finally:
        LISTENERS.remove(act)
