"""Rules whose query reads other tables: both engines count as plain Python, and nothing where nothing is known."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from pyspark.sql import DataFrame, SparkSession

from expectations.contract import load_table
from expectations.rules import load_rules
from glue_jobs.quality.expectation_engine import judge_by_expectations
from glue_jobs.quality.table_rules import TableFinding, judge_table
from glue_jobs.storage.tables import create_table, spark_schema
from tests.oracle.lakes import lake_of_its_own

Values = Mapping[str, object]
START = date(2024, 1, 1)
CLAIM_RULES = [rule for rule in load_rules("medical_claim") if rule.other_tables]
HEADER_RULES = [rule for rule in load_rules("medical_claim_header") if rule.other_tables]


def frame_of(spark: SparkSession, table: str, rows: Sequence[Values]) -> DataFrame:
    names = load_table(table).column_names
    return spark.createDataFrame(
        [tuple(row.get(name) for name in names) for row in rows], spark_schema(load_table(table))
    )


def publish(spark: SparkSession, table: str, rows: Sequence[Values]) -> None:
    frame_of(spark, table, rows).writeTo(create_table(spark, load_table(table))).append()


def day(random: Random) -> date:
    return START + timedelta(days=random.randrange(60))


def drawn(random: Random) -> tuple[list[Values], list[Values]]:
    """Claim lines and enrolment spans of a few members, some without an end, a start or an id."""
    members = ["m1", "m2", "m3", "M1", "é", None]
    claims: list[Values] = [
        {"member_id": random.choice(members), "claim_start_date": random.choice([day(random), None])} for _ in range(60)
    ]
    spans: list[Values] = [
        {
            "member_id": random.choice(members[:3]),
            "enrollment_start_date": random.choice([day(random), day(random), None]),
            "enrollment_end_date": random.choice([day(random), None]),
        }
        for _ in range(6)
    ]
    return claims, spans


def expected_of(claims: Sequence[Values], spans: Sequence[Values]) -> dict[str, int]:
    known = {span["member_id"] for span in spans}

    def covers(span: Values, day: date) -> bool:
        start, end = span["enrollment_start_date"], span["enrollment_end_date"] or date(9999, 12, 31)
        return isinstance(start, date) and isinstance(end, date) and start <= day <= end

    unknown = [claim for claim in claims if claim["member_id"] is not None and claim["member_id"] not in known]
    outside = [
        claim
        for claim in claims
        if claim["member_id"] in known
        and isinstance(claim["claim_start_date"], date)
        and not any(
            span["member_id"] == claim["member_id"] and covers(span, claim["claim_start_date"]) for span in spans
        )
    ]
    return {"MC092": len(unknown), "MC093": len(outside)}


@pytest.mark.parametrize("seed", range(3))
def test_members_and_their_enrolment_are_looked_up_alike(spark: SparkSession, tmp_path: Path, seed: int) -> None:
    claims, spans = drawn(Random(seed))  # noqa: S311 - test data
    with lake_of_its_own(spark, tmp_path / "lake") as session:
        frame = frame_of(session, "medical_claim", claims)
        nothing = judge_table(frame, CLAIM_RULES)
        assert set(nothing.values()) == {TableFinding(0, 0, 0, success=True)}
        assert {(one.elements, one.success) for one in judge_by_expectations(frame, CLAIM_RULES)} == {(0, True)}
        publish(session, "eligibility", spans)
        expected = expected_of(claims, spans)
        found = judge_table(frame, CLAIM_RULES)
        assert {rule_id: finding.broken for rule_id, finding in found.items()} == expected
        assert {one.rule_id: one.broken for one in judge_by_expectations(frame, CLAIM_RULES)} == expected
        assert sum(expected.values()) > 0


def test_headers_are_held_against_the_sum_of_their_lines(spark: SparkSession, tmp_path: Path) -> None:
    lines: list[Values] = [
        {"data_source": source, "claim_id": claim, "revenue_center_code": revenue, "paid_amount": Decimal(paid)}
        for source, claim, revenue, paid in (
            ("a", "1", None, "1.00"), ("a", "1", "0250", "2.00"), ("a", "1", "0001", "3.00"),
            ("a", "2", "0250", "5.00"), ("b", "1", None, "7.00"), ("a", "4", None, "1.00"),
        )
    ]  # fmt: skip
    headers: list[Values] = [
        {"data_source": source, "claim_id": claim, "paid_amount": paid and Decimal(paid)}
        for source, claim, paid in (("a", "1", "3.05"), ("a", "2", "5.06"), ("b", "1", "70.00"), ("a", "4", None))
    ]
    with lake_of_its_own(spark, tmp_path / "lake") as session:
        publish(session, "medical_claim", lines)
        frame = frame_of(session, "medical_claim_header", headers)
        expected = {"MH021": 2, "MH022": 0}
        assert {rule_id: one.broken for rule_id, one in judge_table(frame, HEADER_RULES).items()} == expected
        assert {one.rule_id: one.broken for one in judge_by_expectations(frame, HEADER_RULES)} == expected
