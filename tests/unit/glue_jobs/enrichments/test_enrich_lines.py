import random
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from chispa import assert_df_equality
from pyspark.sql import DataFrame, SparkSession

from expectations.contract import load_table
from glue_jobs.enrichments import DERIVED, ENRICHMENTS, References, enrich_lines
from glue_jobs.storage.tables import spark_schema
from tests.unit.glue_jobs.enrichments.claim_lines import Row, added, references, table_of

TABLE, CLAIM = load_table("medical_claim_enriched"), load_table("medical_claim")


def test_a_step_needs_what_a_line_has_or_an_earlier_step_added_and_nothing_is_added_twice() -> None:
    there = set(CLAIM.column_names)
    for step in ENRICHMENTS:
        assert set(step.needs) <= there, step.name
        assert not set(step.adds) & there, step.name
        there |= set(step.adds)
    assert set(TABLE.column_names) <= there
    left_over = {name for step in ENRICHMENTS for name in step.adds if not name.startswith("_")}
    assert left_over <= set(TABLE.column_names)


@pytest.mark.parametrize("step", ENRICHMENTS, ids=[step.name for step in ENRICHMENTS])
def test_a_step_reads_only_what_it_declares_and_adds_only_what_it_declares(spark: SparkSession, step: Any) -> None:  # noqa: ANN401 - an Enrichment
    # `added` gives it no other column, and looks at what comes back.
    assert len(added(spark, step, [{}, {}])) == 2


def test_the_table_is_derived_and_shows_the_columns_of_a_line_as_they_are() -> None:
    assert (TABLE.derived, TABLE.partition_date, TABLE.grain) == (True, "claim_start_date", CLAIM.grain)
    for column in TABLE.columns:
        if column.name in CLAIM.column_names:
            assert (column.type, column.phi) == (CLAIM.column(column.name).type, CLAIM.column(column.name).phi)


LINE: dict[str, object] = {
    "data_source": "feed", "claim_id": "c1", "claim_version_id": "v", "claim_line_number": 1,
    "claim_type": "institutional", "person_id": "p", "member_id": "m", "payer": "acme", "plan": "gold",
    "claim_start_date": date(2024, 3, 1), "claim_end_date": date(2024, 3, 5), "admission_date": date(2024, 3, 1),
    "discharge_date": date(2024, 3, 5), "bill_type_code": "111", "drg_code": "291", "revenue_center_code": "0120",
    "service_unit_quantity": Decimal(4), "facility_npi": "2", "received_date": date(2024, 3, 20),
    "paid_date": date(2024, 4, 4), "paid_amount": Decimal("11000.00"), "allowed_amount": Decimal("12000.00"),
    "charge_amount": Decimal("30000.00"), "deductible_amount": Decimal("1000.00"), "diagnosis_code_1": "I5021",
    "line_processing_indicator_code": "A", "year": "2024", "month": "03",
}  # fmt: skip
PROVIDER = {"npi": "2", "entity_type_code": "2", "organization_name": "General", "practice_state": "WI"}
SPAN = {
    "person_id": "p", "member_id": "m", "data_source": "feed", "payer": "acme", "plan": "gold", "gender": "male",
    "birth_date": date(1950, 3, 2), "enrollment_start_date": date(2024, 1, 1), "state": "wisconsin",
}  # fmt: skip
CCSR = {"code_system": "ccsr", "code": "I5021", "category_code": "CIR019", "description": "Heart failure"}
ADDED: dict[str, object] = {
    "service_category_1": "inpatient", "service_category_2": "acute inpatient", "service_category_3": "medical",
    "diagnosis_chapter": "Diseases of the circulatory system", "ccsr_category_code": "CIR019",
    "ccsr_category_description": "Heart failure", "length_of_stay_days": 4, "age_at_service_years": 73,
    "age_band": "65-74", "gender": "male", "days_to_receipt_count": 15, "days_to_payment_count": 30,
    "timely_filing_flag": 1, "amount_per_unit": Decimal("3000.0000"), "write_off_amount": Decimal("18000.00"),
    "member_responsibility_amount": Decimal("1000.00"), "high_cost_flag": 1, "outlier_flag": 0,
    "provider_name": "General", "provider_type": "organization", "provider_specialty": None, "provider_state": "WI",
    "provider_deactivated_flag": None, "enrolled_flag": 1, "enrolled_payer": "acme", "enrolled_plan": "gold",
    "member_state": "WI", "duplicate_exact_flag": 0, "duplicate_suspected_flag": 0, "denied_flag": 0,
    "risk_tier": "high",
}  # fmt: skip


def test_a_line_is_explained_from_end_to_end(spark: SparkSession) -> None:
    (derivation,) = DERIVED
    assert (derivation.table, derivation.rebuilt) == ("medical_claim_enriched", "months")
    rows: dict[str, list[Row]] = {
        "medical_claim": [LINE],
        "eligibility": [SPAN],
        "provider": [PROVIDER],
        "code_set": [CCSR],
    }
    made = derivation.make({name: table_of(spark, name, rows[name]) for name in derivation.inputs})
    assert_df_equality(made, table_of(spark, TABLE.name, [LINE | ADDED]), ignore_nullable=True)


ODD_TEXT = (None, None, "", " ", "x", "111", "131", "21", "291", "0001", "0450", "99213", "E1165", "7", "é\x00'\"")
ODD_DATES = (None, date(1, 1, 1), date(2024, 2, 29), date(2024, 3, 1), date(2024, 3, 9), date(9999, 12, 31))
ODD_NUMBERS = (None, Decimal(0), Decimal("-0.01"), Decimal("1.50"), Decimal("99999999999999"))


def drawn(draw: random.Random, columns: Sequence[Any], **fixed: object) -> dict[str, object]:
    """A row of odd values: nothing, extremes, and values that rules look for where they make no sense."""
    row: dict[str, object] = {}
    for column in columns:
        if column.type == "string":
            row[column.name] = draw.choice(ODD_TEXT)
        elif column.type == "date":
            row[column.name] = draw.choice(ODD_DATES)
        elif column.type.startswith("decimal"):
            row[column.name] = draw.choice(ODD_NUMBERS)
        elif column.type in ("int", "bigint"):
            row[column.name] = draw.choice([None, -1, 0, 1, 2_147_483_647])
    return row | fixed


def drawn_tables(seed: int) -> tuple[list[Row], dict[str, list[Row]]]:
    draw = random.Random(seed)  # noqa: S311 - a test's cases
    kinds = ("professional", "institutional", "", None)
    months = ({"year": "2024", "month": "02"}, {"year": "2024", "month": "03"}, {"year": "0000", "month": "00"})
    lines: list[Row] = [
        drawn(
            draw,
            CLAIM.columns,
            claim_line_number=number,
            claim_type=draw.choice(kinds),
            claim_id=draw.choice("abcdefgh"),
            person_id=draw.choice(["p", "q", None]),
            data_source=draw.choice("ab"),
            payer=draw.choice(["acme", None]),
            rendering_npi="x",
            facility_npi="x",
            **draw.choice(months),
        )
        for number in range(150)
    ]
    given: dict[str, list[Row]] = {"provider": [drawn(draw, load_table("provider").columns) for _ in range(60)]}
    given["eligibility"] = [
        drawn(draw, load_table("eligibility").columns, person_id=draw.choice("pr"), data_source=draw.choice("bc"))
        for _ in range(60)
    ]
    later = {"enrollment_start_date": date(9999, 12, 31), "enrollment_end_date": None}
    given["eligibility"].append(drawn(draw, load_table("eligibility").columns, person_id="q", **later))
    given["code_set"] = [
        drawn(draw, load_table("code_set").columns, code_system=draw.choice(["ccsr", "nucc-taxonomy"]))
        for _ in range(40)
    ]
    return lines, given


def enriched(spark: SparkSession, lines: Sequence[Row], given: dict[str, list[Row]]) -> DataFrame:
    tables: References = references(spark, given["code_set"], given["provider"], given["eligibility"])
    return enrich_lines(table_of(spark, "medical_claim", lines), tables)


def by_number(frame: DataFrame) -> dict[int, Any]:
    rows = frame.collect()
    found = {row["claim_line_number"]: row for row in rows}
    assert len(found) == len(rows)
    return found


def test_odd_lines_and_references_give_one_row_a_line_the_same_in_any_order_and_month_by_month(
    spark: SparkSession,
) -> None:
    lines, given = drawn_tables(seed=21)
    whole = enriched(spark, lines, given)
    assert [(field.name, field.dataType) for field in whole.schema] == [
        (field.name, field.dataType) for field in spark_schema(TABLE)
    ]
    found = by_number(whole)
    assert set(found) == {line["claim_line_number"] for line in lines}
    assert {row["enrolled_flag"] for row in found.values()} == {None, 0, 1}
    assert {row["duplicate_suspected_flag"] for row in found.values()} == {0, 1}
    backwards = {name: rows[::-1] for name, rows in given.items()}
    assert by_number(enriched(spark, lines[::-1], backwards)) == found
    march = [line for line in lines if line["month"] == "03"]
    assert by_number(enriched(spark, march, given)) == {
        number: row for number, row in found.items() if row["month"] == "03"
    }


def nodes(plan: Any) -> list[str]:  # noqa: ANN401 - a plan of the JVM
    """What a plan's nodes say of themselves."""
    children = plan.children()
    below = [text for place in range(children.size()) for text in nodes(children.apply(place))]
    return [plan.simpleString(100), *below]


def test_lines_are_shuffled_once_whatever_looks_at_more_than_a_line(spark: SparkSession) -> None:
    lines, given = drawn_tables(seed=3)
    frame = enriched(spark, lines[:5], given)
    plan = nodes(frame._jdf.queryExecution().executedPlan().initialPlan())  # noqa: SLF001 - plans have no other door
    shuffles = [text for text in plan if text.startswith("Exchange hashpartitioning")]
    assert sum("REPARTITION_BY_COL" in text for text in shuffles) == 1
    keys = {text.split("(", 1)[1].split("#", 1)[0] for text in shuffles}
    assert keys == {"_member", "_provider_npi", "npi", "code", "person_id"}
    assert sum(text.startswith("Window") for text in plan) == 4
    sorts = [text for text in plan if text.startswith("Sort [_member") and "data_source" in text]
    assert len(sorts) == 3
