"""Rules whose query reads other tables: both engines count as plain Python, and nothing where nothing is known."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from string import ascii_uppercase

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
MEMBER_TABLE, CODE_TABLE = "claims.processed.eligibility", "claims.processed.code_set"
CLAIM_RULES = [rule for rule in load_rules("medical_claim") if rule.other_tables == (MEMBER_TABLE,)]
CODE_RULES = [rule for rule in load_rules("medical_claim") if rule.other_tables == (CODE_TABLE,)]
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


SPANS: tuple[tuple[str, str, int, date | None, date | None], ...] = (
    ("icd-10-cm", "A01", 0, None, None),
    ("icd-10-cm", "A010", 1, None, date(2024, 1, 31)),
    ("icd-10-cm", "A010", 0, date(2024, 2, 1), None),
    ("icd-10-cm", "B20", 1, date(2024, 2, 10), date(2024, 2, 20)),
    ("icd-9-cm", "0010", 1, None, date(2015, 9, 30)),
    ("icd-10-pcs", "0016070", 1, None, None),
    ("place-of-service", "11", 1, None, None),
    ("place-of-service", "27", 1, date(2024, 1, 20), None),
    ("bill-type", "111", 1, None, None),
    ("revenue-center", "0450", 1, None, None),
    ("discharge-disposition", "01", 1, None, None),
    ("admit-source", "1", 1, None, None),
    ("hcpcs", "G0001", 1, None, date(2024, 1, 31)),
    ("hcpcs", "G0001", 1, date(2024, 2, 10), None),
    ("cpt", "0001F", 1, date(2015, 1, 1), None),
    ("adjustment-reason", "45", 1, None, date(2024, 1, 31)),
)
DIAGNOSES = ("A01", "A010", "B20", "B21", "QA0", "0010", "a01", "A0", "é1", None, None)
PROCEDURES = ("0016070", "0016071", "001607O", "00", None, None)
SETTINGS = {
    "place-of-service": ("place_of_service_code", "[0-9]{2}", ("11", "27", "98", "1", None)),
    "bill-type": ("bill_type_code", "[1-9][0-9A-Z]{2}", ("111", "99P", "011", None)),
    "revenue-center": ("revenue_center_code", "[0-9]{4}", ("0450", "9999", "450", None)),
    "discharge-disposition": ("discharge_disposition_code", "[0-9]{2}", ("01", "99", None)),
    "admit-source": ("admit_source_code", "[0-9A-Z]", ("1", "Z", "é", None)),
}
"""Codes that say where and how: their column, their form, and what is drawn."""
HCPCS = ("G0001", "G9999", "0001F", "99999", "G12", "x", None, None)
REASONS = ("45", "999", "QQ1", None, None)
OF_ALL_TIMES = ("hcpcs", "cpt", "adjustment-reason")
"""Systems that no other one took the place of."""


def drawn_codes(random: Random) -> list[Values]:
    return [
        {
            "data_source": "a",
            "claim_id": str(number // 2),
            "claim_line_number": number,
            "claim_version_id": "v",
            "claim_type": random.choice(["institutional", "professional", None]),
            "diagnosis_code_type": random.choice(["icd-10-cm", "icd-10-cm", "icd-9-cm", "other", None]),
            "procedure_code_type": random.choice(["icd-10-pcs", "icd-9-pcs", None]),
            "discharge_date": random.choice([day(random), None]),
            "claim_end_date": random.choice([day(random), None]),
            "claim_line_start_date": random.choice([day(random), None]),
            "claim_start_date": random.choice([day(random), date(2014, 5, 1), None]),
            **{f"diagnosis_code_{place}": random.choice(DIAGNOSES) for place in (1, 2, 25)},
            **{f"procedure_code_{place}": random.choice(PROCEDURES) for place in (1, 25)},
            **{column: random.choice([*codes, None, None, None]) for column, _, codes in SETTINGS.values()},
            "hcpcs_code": random.choice(HCPCS),
            "adjustment_reason_code": random.choice(REASONS),
            "paid_date": random.choice([day(random), None]),
        }
        for number in range(150)
    ]


FORMS = {
    "icd-10-cm": "[A-Z][0-9A][0-9A-Z]{1,5}",
    "icd-10-pcs": "[0-9A-HJ-NP-Z]{7}",
    "icd-9-cm": "[0-9]{3,5}|V[0-9]{2,4}|E[0-9]{3,4}",
    "hcpcs": "[A-V][0-9]{4}",
    "cpt": "[0-9]{4}[0-9A-Z]",
    "adjustment-reason": "[A-Z]?[0-9]{1,3}",
    **{system: form for system, (_, form, _) in SETTINGS.items()},
}


def first_day(row: Values, *names: str) -> date | None:
    return next((found for found in (row[name] for name in names) if isinstance(found, date)), None)


def findings_of(row: Values) -> set[str]:
    """By plain Python: the code rules that a row breaks."""
    names = ("discharge_date", "claim_end_date", "claim_start_date")
    if row["claim_type"] != "institutional":
        names = ("claim_line_start_date", "claim_start_date", "claim_start_date")
    on = first_day(row, *names)
    found: set[str] = set()
    if code := row["hcpcs_code"]:
        level = "hcpcs" if str(code)[0] in ascii_uppercase else "cpt"
        found.update(findings_of_code(level, str(code), first_day(row, "claim_line_start_date", "claim_start_date")))
    if reason := row["adjustment_reason_code"]:
        paid_on = first_day(row, "paid_date", "claim_line_start_date", "claim_start_date")
        found.update(findings_of_code("adjustment-reason", str(reason), paid_on))
    for kind in ("diagnosis", "procedure"):
        system = row[f"{kind}_code_type"]
        codes = {str(row[name]) for name in row if re.fullmatch(rf"{kind}_code_\d+", name) and row[name] is not None}
        if system in FORMS:
            found.update(rule_id for code in codes for rule_id in findings_of_code(str(system), code, on))
    for system, (column, _, _) in SETTINGS.items():
        if row[column] is not None:
            found.update(findings_of_code(system, str(row[column]), on))
    return found


def findings_of_code(system: str, code: str, on: date | None) -> Iterator[str]:
    spans = [
        (flag, first or date.min, last or date.max) for s, c, flag, first, last in SPANS if (s, c) == (system, code)
    ]
    if not spans and re.fullmatch(FORMS[system], code):
        yield "MC094"
    if on is None or not spans:
        return
    in_force = {flag for flag, first, last in spans if first <= on <= last}
    if 0 in in_force:
        yield "MC095"
    is_of_the_time = system in OF_ALL_TIMES or system.startswith("icd-9") == (on < date(2015, 10, 1))
    if not in_force and is_of_the_time:
        yield "MC096"


@pytest.mark.parametrize("seed", range(2))
def test_codes_are_looked_up_by_the_day_of_service_alike(spark: SparkSession, tmp_path: Path, seed: int) -> None:
    rows = drawn_codes(Random(seed))  # noqa: S311 - test data
    names = ("code_system", "code", "billable_flag", "valid_from", "valid_to")
    with lake_of_its_own(spark, tmp_path / "lake") as session:
        frame = frame_of(session, "medical_claim", rows)
        assert set(judge_table(frame, CODE_RULES).values()) == {TableFinding(0, 0, 0, success=True)}
        publish(session, "code_set", [dict(zip(names, span, strict=True)) for span in SPANS])
        expected = Counter(rule_id for row in rows for rule_id in findings_of(row))
        assert set(expected) == {"MC094", "MC095", "MC096"}
        assert {rule_id: one.broken for rule_id, one in judge_table(frame, CODE_RULES).items()} == expected
        assert {one.rule_id: one.broken for one in judge_by_expectations(frame, CODE_RULES)} == expected


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
