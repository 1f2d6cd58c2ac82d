"""Every summary is declared, makes the columns of its table, and depends on no more rows than it says."""

import random
from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from expectations.contract import load_table, table_names
from glue_jobs.derivations import Derivation
from glue_jobs.summaries.registry import DERIVED
from tests.unit.glue_jobs.summaries.claim_rows import (
    MEMBER_MONTH_TYPES,
    Row,
    frame,
    headers,
    headers_frame,
    line,
    lines_frame,
    partition,
)
from tests.unit.glue_jobs.summaries.stay_rows import drawn_bills

BY_TABLE = {derivation.table: derivation for derivation in DERIVED}


def declared(spark: SparkSession, table: str, rows: list[Row]) -> DataFrame:
    return frame(spark, rows, {column.name: column.type for column in load_table(table).columns})


def inputs(spark: SparkSession, lines: list[Row], drugs: list[Row], months: list[Row]) -> dict[str, DataFrame]:
    """Every table that a summary reads; those that are not given are empty."""
    empty = ("ingest_audit", "medical_claim", "claim_lag", "inpatient_stay")
    return {
        "medical_claim_enriched": lines_frame(spark, lines),
        "medical_claim_header": headers_frame(spark, headers(lines)),
        "pharmacy_claim": declared(spark, "pharmacy_claim", drugs),
        "member_month": frame(spark, months, MEMBER_MONTH_TYPES),
        **{name: declared(spark, name, []) for name in empty},
    }


def test_the_registry_has_exactly_the_tables_of_the_folder_aggregations() -> None:
    tables = [load_table(name) for name in table_names()]
    assert Counter(one.table for one in DERIVED) == Counter(t.name for t in tables if t.folder == "aggregations")
    assert all(load_table(one.table).derived for one in DERIVED)


def test_what_is_replaced_at_once_can_be_found_in_the_table() -> None:
    for one in DERIVED:
        table = load_table(one.table)
        assert bool(table.partition_date) == (one.rebuilt == "months"), one.table
        assert ("person_id" in table.grain) == (one.rebuilt == "persons"), one.table


def test_each_comes_after_the_summaries_that_it_is_made_of() -> None:
    order = [one.table for one in DERIVED]
    for one in DERIVED:
        assert all(order.index(name) < order.index(one.table) for name in one.inputs if name in order), one.table


def test_each_makes_the_columns_and_types_that_its_table_declares(spark: SparkSession) -> None:
    given = inputs(spark, [], [], [])
    for one in DERIVED:
        made = one.make({name: given[name] for name in one.inputs})
        assert made.dtypes == [(column.name, column.type) for column in load_table(one.table).columns], one.table


def drawn() -> tuple[list[Row], list[Row], list[Row]]:
    """Claims over one or two months, some total lines and some header money, drugs, member months."""
    draw = random.Random(11)  # noqa: S311 - drawn cases, the same every time

    def day() -> date:
        return date(2024, draw.randrange(1, 4), draw.randrange(1, 29))

    lines = []
    for claim in range(80):
        start, person = day(), draw.choice("pqr")
        for number in range(1, draw.randrange(2, 5)):
            code, paid = draw.choice([None, "0001", "0300"]), draw.choice([None, Decimal(draw.randrange(9000)) / 100])
            its_day = start if claim % 4 else day()
            known = {"claim_line_number": number, "revenue_center_code": code, "paid_date": date(2024, 5, 1)}
            lines.append(line(f"c{claim}", its_day, paid, person_id=person, **known))
    keys = {"data_source": "a", "payer": "medicare", "plan": "medicare"}
    days = [day() for _ in range(30)]
    drugs = [{**keys, "person_id": "p", "paid_amount": Decimal(3), "dispensing_date": d} | partition(d) for d in days]
    months = [{**keys, "person_id": draw.choice("pq"), **partition(d)} for d in days]
    return lines, drugs, months


def made_of(one: Derivation, given: Mapping[str, DataFrame], part: str) -> list[Any]:
    """What is made of the inputs narrowed to one part, and that part of what is made of all."""
    narrowed = {name: given[name].where(part) for name in one.inputs}
    rows = one.make(narrowed), one.make(given).where(part)
    return [sorted((tuple(row) for row in frame.collect()), key=str) for frame in rows]


@pytest.mark.parametrize("table", ["monthly_claims", "pmpm", "claim_lag"])
def test_a_month_made_of_its_own_rows_is_the_month_made_of_all(spark: SparkSession, table: str) -> None:
    one, another = made_of(BY_TABLE[table], inputs(spark, *drawn()), "year = '2024' AND month = '02'")
    assert one == another
    assert one


def test_a_person_made_of_its_own_rows_is_the_person_made_of_all(spark: SparkSession) -> None:
    given = inputs(spark, drawn_bills(9, 60), [], [])
    persons = given["medical_claim_enriched"].select("data_source", "claim_id", "person_id").distinct()
    of_person = given["medical_claim_header"].join(persons, on=["data_source", "claim_id"])
    one, another = made_of(BY_TABLE["inpatient_stay"], given | {"medical_claim_header": of_person}, "person_id = 'p'")
    assert one == another
    assert one
