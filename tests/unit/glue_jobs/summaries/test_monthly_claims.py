"""Volume and money by month: what counts once, what is empty, and public figures that must come out."""

import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

from pyspark.sql import SparkSession

from glue_jobs.summaries.monthly_claims import denial, monthly_claims, top_diagnosis, top_procedure, top_provider
from tests.unit.glue_jobs.summaries.claim_rows import Row, found, headers, headers_frame, line, lines_frame

OFFICE: Row = {
    "service_category_1": "office based",
    "service_category_2": "office visit",
    "provider_state": "NY",
    "member_state": "NJ",
}
LAB: Row = {"service_category_1": "ancillary", "service_category_2": "lab", "provider_state": None}
NPIS: Row = {"rendering_npi": "r", "billing_npi": "b", "facility_npi": "f"}
LINES = [
    line("c", paid="10.10", charge_amount=20, **OFFICE, **NPIS, hcpcs_code="99213", diagnosis_code_1="E119"),
    line("c", paid="5.05", claim_line_number=2, **LAB, **NPIS, hcpcs_code="85025", diagnosis_code_1="E119"),
    line("d", paid=1, **LAB, hcpcs_code="85025", person_id="q", claim_type="institutional", **NPIS),
    line("e", paid=-3, **LAB, person_id="q", plan=None, member_state="CT"),
    line("f", None, paid=7, **LAB),
    line("c", date(2024, 2, 1), paid=2, data_source="b", **LAB),
]
HEADERS = headers(LINES)
COUNTS = ("claims", "claims_once", "lines", "persons", "paid_amount")
JANUARY = ("202401", date(2024, 1, 1), "2024", "01")


def test_a_claim_counts_in_each_of_its_rows_and_once_in_what_adds_up(spark: SparkSession) -> None:
    rows = monthly_claims(lines_frame(spark, LINES), headers_frame(spark, HEADERS))
    month = ("year_month", "month_start_date", "year", "month")
    names = ("data_source", "plan", "member_state", "service_category_2", *month, *COUNTS)
    assert found(rows, *names) == {
        ("a", "medicare", "NJ", "office visit", *JANUARY, 1, 1, 1, 1, Decimal("10.10")),
        ("a", "medicare", None, "lab", *JANUARY, 2, 1, 2, 2, Decimal("6.05")),
        ("a", None, "CT", "lab", *JANUARY, 1, 1, 1, 1, -3),
        ("a", "medicare", None, "lab", "000000", None, "0000", "00", 1, 1, 1, 1, 7),
        ("b", "medicare", None, "lab", "202402", date(2024, 2, 1), "2024", "02", 1, 1, 1, 1, 2),
    }


def test_procedures_diagnoses_and_providers_are_told_apart(spark: SparkSession) -> None:
    lines, its_headers = lines_frame(spark, LINES), headers_frame(spark, HEADERS)
    by_code = found(top_procedure(lines, its_headers), "data_source", "year_month", "hcpcs_code", *COUNTS)
    assert by_code == {
        ("a", "202401", "99213", 1, 1, 1, 1, Decimal("10.10")),
        ("a", "202401", "85025", 2, 1, 2, 2, Decimal("6.05")),
        ("a", "202401", None, 1, 1, 1, 1, -3),
        ("a", "000000", None, 1, 1, 1, 1, 7),
        ("b", "202402", None, 1, 1, 1, 1, 2),
    }
    by_diagnosis = found(top_diagnosis(lines, its_headers), "data_source", "year_month", "diagnosis_code_1", *COUNTS)
    assert ("a", "202401", "E119", 1, 1, 2, 1, Decimal("15.15")) in by_diagnosis
    by_provider = found(top_provider(lines, its_headers), "year_month", "provider_npi", "provider_state", *COUNTS)
    assert {row for row in by_provider if row[1]} == {
        ("202401", "r", "NY", 1, 1, 2, 1, Decimal("15.15")),
        ("202401", "f", None, 1, 1, 1, 1, 1),
    }


def synpuf_lines(path: Path) -> list[Row]:
    """Every numbered line with a procedure code of a SynPUF carrier file, with what the payer did with it."""
    with path.open(encoding="utf-8") as file:
        return [
            line(
                record["CLM_ID"],
                claim_line_number=number,
                paid=record[f"LINE_NCH_PMT_AMT_{number}"],
                line_processing_indicator_code=record[f"LINE_PRCSG_IND_CD_{number}"].strip() or None,
            )
            for record in csv.DictReader(file)
            for number in range(1, 14)
            if record[f"HCPCS_CD_{number}"].strip()
        ]


SYNPUF = (
    "A 18983, O 1409, C 844, M 196, S 186, N 183, R 46, B 28, X 24, L 22, < 21, T 20, H 19, Y 12, G 10, K 8, @ 8, "
    "2 4, $ 1, Z 1, Q 1"
)
"""Of data/EXPECTED.md, counted by plain Python."""


def test_the_public_histogram_of_processing_indicators_comes_out(spark: SparkSession, shared: Path) -> None:
    lines = synpuf_lines(shared / "data/cms_synpuf/DE1_0_2008_to_2010_Carrier_Claims_Sample_TestBA.csv")
    rows = denial(lines_frame(spark, lines), headers_frame(spark, headers(lines))).collect()
    counted = Counter({row["line_processing_indicator_code"]: row["lines"] for row in rows})
    assert counted == {code: int(count) for code, count in (pair.split() for pair in SYNPUF.split(", "))}
    assert sum(row["paid_amount"] for row in rows) == 1004600
    assert sum(row["claims_once"] for row in rows) == len({row["claim_id"] for row in lines})
