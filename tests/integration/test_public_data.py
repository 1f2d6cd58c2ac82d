"""The published tables reproduce the figures of ../shared/data/EXPECTED.md to the cent."""

import shutil
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from glue_jobs.jobs.process_medical_claims import process
from glue_jobs.runtime.arguments import RunArguments, new_job_id
from glue_jobs.runtime.telemetry import Telemetry


@dataclass(frozen=True)
class Figures:
    """What one source's files must come to; None where EXPECTED.md says nothing."""

    table: str
    pattern: str
    records: int
    lines: int
    claims: int | None = None
    paid: str | None = None
    allowed: str | None = None
    charge: str | None = None


MEDICAL, DRUGS, MEMBERS = "medical_claim", "pharmacy_claim", "eligibility"
FIGURES = {
    "cms_synpuf_carrier": Figures(
        MEDICAL, "cms_synpuf/*Carrier*TestB*", 11715, 22026, None, "1004600.00", "1303590.00"
    ),
    "cms_synpuf_inpatient": Figures(MEDICAL, "cms_synpuf/*Inpatient*TestB*", 136, 136, 136, "1212400.00"),
    "cms_synpuf_outpatient": Figures(MEDICAL, "cms_synpuf/*Outpatient*TestB*", 1855, 8869, 1833, "509910.00"),
    "tuva_medical_claim": Figures(
        MEDICAL, "tuva_input_layer/medical_claim.csv", 1229, 1229, 664, "74023.83", "55408.79", "1093442.44"
    ),
    "tuva_pharmacy_claim": Figures(DRUGS, "tuva_input_layer/pharmacy_claim.csv", 243, 243, None, "30607.02"),
    "tuva_eligibility": Figures(MEMBERS, "tuva_input_layer/eligibility.csv", 22, 22),
    "cms_synpuf_beneficiary": Figures(MEMBERS, "cms_synpuf/*Beneficiary*TestB*", 792, 792),
    "cms_synpuf_prescription": Figures(DRUGS, "cms_synpuf/*Prescription*TestB*", 11936, 11936),
}


@pytest.mark.usefixtures("compiling")
@pytest.mark.parametrize("source", FIGURES)
def test_a_source_reproduces_the_expected_figures(
    spark: SparkSession, shared: Path, lake: Path, tmp_path: Path, source: str
) -> None:
    expected = FIGURES[source]
    for file in (shared / "data").glob(expected.pattern):
        shutil.copy(file, tmp_path)
    job_id = new_job_id()
    report = process(RunArguments(input=str(tmp_path), lake=str(lake), source=source, job_id=job_id), Telemetry(job_id))
    assert (report.status, report.balanced, report.records_read) == ("SUCCEEDED", True, expected.records)
    assert report.lines_published == expected.lines
    rows = spark.table(f"claims.processed.{expected.table}").where(F.col("ingest_run_id") == job_id)
    assert rows.count() == expected.lines
    for name in ("paid", "allowed", "charge"):
        if (amount := getattr(expected, name)) is not None:
            assert total(rows, f"{name}_amount") == Decimal(amount), name
    if expected.claims is not None:
        headers = spark.table("claims.processed.medical_claim_header").where(F.col("ingest_run_id") == job_id)
        assert headers.count() == rows.select("claim_id").distinct().count() == expected.claims
        assert expected.paid is not None
        assert total(headers, "paid_amount") == Decimal(expected.paid), "header money is counted once a claim"


def total(rows: DataFrame, column: str) -> Decimal | None:
    row = rows.agg(F.sum(column).alias("total")).first()
    return row["total"] if row else None
