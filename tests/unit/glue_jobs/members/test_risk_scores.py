"""Conditions, indices and scores from claims: worked by hand, then drawn claims against plain Python."""

import importlib
import random
from datetime import date
from decimal import Decimal

import pytest
from pyspark.sql import DataFrame, SparkSession

from glue_jobs.members.hcc_library import eligible_services
from glue_jobs.members.member_conditions import member_conditions
from glue_jobs.members.risk_adjusted_diagnoses import risk_adjusted_diagnoses
from glue_jobs.members.risk_scores import risk_scores
from tests.unit.glue_jobs.members import claim_lines, condition_oracle, enrolled_days
from tests.unit.glue_jobs.members.claim_lines import Line
from tests.unit.glue_jobs.members.enrolled_days import Span

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
DAY = date(2024, 5, 1)
CODES = (
    "E119", "E1140", "C50911", "C787", "I509", "I10", "I110", "J449", "J45909", "N186", "K7290", "K703", "B20", "F329",
    "F1120", "D500", "Z0000", "25000", "25040", "40201", "1749", "1970", "042", "V420", "4280", "E8881",
)  # fmt: skip


def test_a_claim_of_one_day_is_a_suspicion_and_a_graver_condition_counts_instead(spark: SparkSession) -> None:
    lines = (
        Line("a", "1", DAY, ("E119", "E1140", "C50911")),
        Line("a", "1", DAY, ("E119", "E1140", "C50911")),
        Line("a", "2", date(2024, 6, 1), ("C787",)),
        Line("a", "3", date(2024, 7, 1), ("C787",)),
        Line("b", "4", DAY, ("C50911",), kind="institutional", bill="111", hcpcs=None),
    )
    found = {
        (row["person_id"], row["scheme"], row["condition"]): (
            row["counted_flag"], row["confirmed_flag"], row["claim_count"], row["weight"],
        )
        for row in member_conditions(claim_lines.rows(spark, lines)).collect()
    }  # fmt: skip
    assert found["a", "Charlson", "diabetes_without_complication"] == (0, 0, 1, 0)
    assert found["a", "Charlson", "diabetes_with_complication"] == (1, 0, 1, 1)
    assert found["a", "Charlson", "malignancy"] == (0, 0, 1, 2)
    assert found["a", "Charlson", "metastatic_solid_tumour"] == (1, 1, 2, 6)
    assert found["a", "chronic", "diabetes"] == (1, 0, 1, None)
    assert found["b", "Charlson", "malignancy"] == (1, 1, 1, 2)


def test_diagnoses_count_as_cms_filters_claims(spark: SparkSession) -> None:
    lines = (
        Line("a", "office", DAY, ("A1",)),
        Line("a", "office", DAY, ("A1", "A2"), hcpcs="A0428"),
        Line("a", "ambulance", DAY, ("B1",), hcpcs="A0428"),
        Line("a", "inpatient", DAY, ("C1",), kind="institutional", bill="111", hcpcs=None),
        Line("a", "outpatient", DAY, ("D1",), kind="institutional", bill="131"),
        Line("a", "outpatient without", DAY, ("E1",), kind="institutional", bill="131", hcpcs="A0428"),
        Line("a", "nursing", DAY, ("F1",), kind="institutional", bill="211"),
        Line("a", "home health", DAY, ("G1",), kind="institutional", bill="321"),
        Line("a", "admitted", DAY, ("H1",), kind="institutional", hcpcs=None, admitted=DAY),
        Line("a", "old codes", DAY, ("25000",), system="icd-9-cm"),
        Line(None, "nobody's", DAY, ("I1",)),
    )
    (row,) = risk_adjusted_diagnoses(claim_lines.rows(spark, lines), eligible_services()).collect()
    assert (row["person_id"], row["service_year"]) == ("a", 2024)
    assert row["diagnosis_codes"] == ["A1", "A2", "C1", "D1", "H1"]


def eligibility(spark: SparkSession, *persons: tuple[str, str, date | None, str | None]) -> DataFrame:
    """Persons enrolled in 2024, each with gender, birth date and status."""
    spans = [
        Span(person, date(2024, 1, 1), date(2024, 12, 31), gender=gender, born=born)
        for person, gender, born, _ in persons
    ]
    told = spark.createDataFrame(
        [(person, "0", "00", "10", status, 0, None) for person, _, _, status in persons],
        "person_id string, original_reason_entitlement_code string, dual_status_code string, "
        "medicare_status_code string, enrollment_status string, long_term_institutional_flag int, snp_type string",
    )
    return enrolled_days.rows(spark, spans).join(told, on="person_id", how="inner")


def test_scores_of_a_year_are_for_the_next_and_say_what_they_are_made_of(spark: SparkSession) -> None:
    members = eligibility(
        spark,
        ("a", "female", date(1953, 2, 1), None),
        ("well", "male", date(1953, 2, 2), None),
        ("kidney", "male", date(1950, 1, 1), "ESRD"),
        ("unknown", "unknown", date(1950, 1, 1), None),
        ("unborn", "female", None, None),
    )
    lines = (
        Line("a", "1", DAY, ("E1140", "I509")),
        Line("a", "2", DAY, ("C787",), hcpcs="A0428"),
        Line("stranger", "3", DAY, ("I509",)),
    )
    found = {
        (row["person_id"], row["model"]): row for row in risk_scores(members, claim_lines.rows(spark, lines)).collect()
    }
    assert {(row["service_year"], row["payment_year"]) for row in found.values()} == {(2024, 2025)}
    assert {model for _, model in found} == {"V24", "V28", "Charlson", "Elixhauser"}
    scores = {key: (row["score"], row["conditions"], row["category"], row["age_years"]) for key, row in found.items()}
    assert scores["a", "V24"] == (Decimal("1.1400"), "18,85", "CNA_F70_74", 72)
    assert scores["a", "V28"] == (Decimal("1.0330"), "37,226", "CNA_F70_74", 72)
    # metastasis 6 (any claim counts), heart failure 2, diabetes with complication 1
    assert found["a", "Charlson"]["score"] == Decimal(9)
    assert found["a", "Charlson"]["coefficients"] == (
        "congestive_heart_failure=2,diabetes_with_complication=1,metastatic_solid_tumour=6"
    )
    assert found["a", "Elixhauser"]["score"] == Decimal(7 + 0 + 12)
    assert scores["well", "V24"] == (Decimal("0.3940"), "", "CNA_M70_74", 71)
    assert found["well", "Charlson"]["score"] == Decimal(0)
    states = {person: row["score_status"] for (person, model), row in found.items() if model == "V28"}
    assert states == {
        "a": "scored", "well": "scored", "kidney": "esrd", "unknown": "no_gender", "unborn": "no_age",
        "stranger": "no_eligibility",
    }  # fmt: skip
    assert [row["score"] for (_, model), row in found.items() if row["score_status"] != "scored"] == [None] * 8
    assert found["stranger", "Charlson"]["score"] == Decimal(2)


def test_without_the_library_the_indices_are_made_all_the_same(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # the package exports the function under the module's name
    module = importlib.import_module("glue_jobs.members.risk_scores")
    monkeypatch.setattr(module, "missing_packages", lambda: ("hccinfhir",))
    members = eligibility(spark, ("a", "female", date(1953, 2, 1), None))
    found = risk_scores(members, claim_lines.rows(spark, [Line("a", "1", DAY, ("I509",))])).collect()
    assert {(row["model"], row["score"]) for row in found} == {("Charlson", 2), ("Elixhauser", 7)}
    assert "CMS-HCC scores are left out: hccinfhir not installed; cure: install the extra `risk`" in caplog.text


def drawn(seed: int) -> list[Line]:
    """Claims of twenty persons over the change from ICD-9 to ICD-10."""
    draw = random.Random(seed)  # noqa: S311 - drawn cases, no secret
    lines = []
    for number in range(120):
        kind = draw.choice(["professional", "institutional"])
        bill = draw.choice([None, "111", "131"]) if kind == "institutional" else None
        day = date(draw.choice([2014, 2015, 2016]), draw.choice([3, 9, 10, 11]), draw.choice([1, 15]))
        system = draw.choice([None, None, "icd-9-cm", "icd-10-cm"])
        admitted = day if draw.random() < 0.5 else None
        person = f"p{draw.randrange(20)}"
        codes = tuple(draw.sample(CODES, draw.randint(0, 6)))
        line = Line(person, f"c{number}", day, codes, kind=kind, bill=bill, system=system, admitted=admitted)
        lines += [line] * draw.choice([1, 1, 2])
    return lines


def test_conditions_and_indices_of_drawn_claims_are_those_of_plain_python(spark: SparkSession) -> None:
    lines = drawn(1)
    expected = condition_oracle.conditions(lines)
    rows = member_conditions(claim_lines.rows(spark, lines)).collect()
    found = {
        (row["person_id"], row["service_year"], row["scheme"], row["condition"]): (
            row["counted_flag"], row["confirmed_flag"], row["first_service_date"], row["last_service_date"],
            row["claim_count"],
        )
        for row in rows
    }  # fmt: skip
    assert len(rows) == len(found)
    assert found == expected
    assert {facts[0] for facts in found.values()} == {facts[1] for facts in found.values()} == {0, 1}
    for person, year in {(key[0], key[1]) for key in found}:
        for scheme in ("Charlson", "Elixhauser"):
            weights = [
                row["weight"] * row["counted_flag"]
                for row in rows
                if (row["person_id"], row["service_year"], row["scheme"]) == (person, year, scheme)
            ]
            assert sum(weights) == condition_oracle.index(expected, person, year, scheme)
