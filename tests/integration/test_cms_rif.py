"""CMS Research Identifiable Files: header money counts once in the published tables, and versions are resolved."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from expectations.contract import load_source
from expectations.report import RunReport
from glue_jobs.jobs.process_medical_claims import process
from glue_jobs.runtime.arguments import RunArguments, new_job_id
from glue_jobs.runtime.telemetry import Telemetry

LINE_MONEY = {
    "paid_amount": ("LINE_NCH_PMT_AMT", "REV_CNTR_PMT_AMT_AMT"),
    "allowed_amount": ("LINE_ALOWD_CHRG_AMT",),
    "charge_amount": ("LINE_SBMTD_CHRG_AMT", "REV_CNTR_TOT_CHRG_AMT"),
}
CLAIM_MONEY = {
    "paid_amount": ("CLM_PMT_AMT",),
    "allowed_amount": ("NCH_CARR_CLM_ALOWD_AMT",),
    "charge_amount": ("NCH_CARR_CLM_SBMTD_CHRG_AMT", "CLM_TOT_CHRG_AMT"),
}


@dataclass(frozen=True)
class Figures:
    """Lines, claims and paid money (each claim once) of one file of cms_rif_synthea, as ../shared/data/EXPECTED.md."""

    lines: int
    claims: int
    paid: str


SYNTHEA = {
    "inpatient": Figures(16, 16, "36386.46"),
    "outpatient": Figures(19, 19, "132056.09"),
    "snf": Figures(67, 1, "32052.84"),
    "hospice": Figures(8, 1, "5314.33"),
    "hha": Figures(15, 14, "7289.59"),
    "carrier": Figures(221, 37, "112165.91"),
    "dme": Figures(1, 1, "0.00"),
}
every_kind = pytest.mark.parametrize("kind", SYNTHEA)


def total(rows: DataFrame, column: str) -> Decimal:
    row = rows.agg(F.coalesce(F.sum(column), F.lit(0).cast("decimal(18,2)")).alias("total")).first()
    assert row is not None
    amount: Decimal = row["total"]
    return amount


def records_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="|"))


def summed(records: Iterable[Mapping[str, str]], names: tuple[str, ...]) -> Decimal:
    return sum((Decimal(record.get(name) or 0) for record in records for name in names), Decimal("0.00"))


def run(lake: Path, source: str, folder: Path) -> RunReport:
    job_id = new_job_id()
    arguments = RunArguments(input=str(folder), lake=str(lake), source=source, job_id=job_id)
    return process(arguments, Telemetry(job_id))


def table(spark: SparkSession, name: str, source: str, claim_ids: Iterable[str]) -> DataFrame:
    rows = spark.table(f"claims.processed.{name}")
    return rows.where(F.col("data_source") == source).where(F.col("claim_id").isin(list(claim_ids)))


@every_kind
def test_money_of_a_claim_counts_once_in_its_header_and_on_no_line(
    spark: SparkSession, shared: Path, lake: Path, kind: str
) -> None:
    source, expected = f"cms_rif_{kind}", SYNTHEA[kind]
    path = shared / "data" / "cms_rif_synthea" / f"{kind}.csv"
    records = records_of(path)
    report = run(lake, source, path)
    assert (report.status, report.balanced, report.records_accepted) == ("SUCCEEDED", True, expected.lines)
    claim_ids = {record["CLM_ID"] for record in records}
    headers = table(spark, "medical_claim_header", source, claim_ids)
    assert (headers.count(), total(headers, "paid_amount")) == (expected.claims, Decimal(expected.paid))
    lines = table(spark, "medical_claim", source, claim_ids)
    assert lines.count() == expected.lines
    once = {record["CLM_ID"]: record for record in records}.values()
    for name, origins in CLAIM_MONEY.items():
        if name in load_source(source).claim_amounts:
            assert total(headers, name) == summed(once, origins), name
    for name, origins in LINE_MONEY.items():
        assert total(lines, name) == summed(records, origins), name


CARRIER = (
    "DML_IND BENE_ID CLM_ID CLM_GRP_ID FINAL_ACTION CLM_FROM_DT CLM_THRU_DT NCH_WKLY_PROC_DT CLM_DISP_CD CLM_PMT_AMT "
    "NCH_CARR_CLM_SBMTD_CHRG_AMT NCH_CARR_CLM_ALOWD_AMT PRNCPAL_DGNS_CD LINE_NUM HCPCS_CD LINE_NCH_PMT_AMT "
    "LINE_SBMTD_CHRG_AMT LINE_ALOWD_CHRG_AMT"
)
OUTPATIENT = (
    "DML_IND BENE_ID CLM_ID CLM_GRP_ID FINAL_ACTION CLM_FROM_DT CLM_THRU_DT NCH_WKLY_PROC_DT CLM_FREQ_CD CLM_PMT_AMT "
    "CLM_TOT_CHRG_AMT PRNCPAL_DGNS_CD CLM_LINE_NUM REV_CNTR HCPCS_CD REV_CNTR_PMT_AMT_AMT REV_CNTR_TOT_CHRG_AMT"
)
USUAL = {
    "DML_IND": "INSERT",
    "BENE_ID": "-7",
    "FINAL_ACTION": "F",
    "CLM_FROM_DT": "02-Mar-2020",
    "CLM_THRU_DT": "02-Mar-2020",
    "NCH_WKLY_PROC_DT": "13-Mar-2020",
    "CLM_DISP_CD": "01",
    "CLM_FREQ_CD": "1",
}
LATER = {"NCH_WKLY_PROC_DT": "17-APR-2020"}


def version(claim_id: str, group: str, paid: str, **others: str) -> list[dict[str, str]]:
    """Two lines of one version; `paid` is of the whole claim and repeated, each line is worth 1."""
    same = USUAL | {"CLM_ID": claim_id, "CLM_GRP_ID": group, "CLM_PMT_AMT": paid} | others
    money = {"LINE_NCH_PMT_AMT": "1", "REV_CNTR_PMT_AMT_AMT": "1"}
    return [same | money | {"LINE_NUM": n, "CLM_LINE_NUM": n} for n in "12"]


CARRIER_HISTORIES = [
    *version("R-1", "R", "10", FINAL_ACTION="N"),
    *version("R-2", "R", "12", **LATER),
    *version("U-1", "U", "20"),
    *version("U-1", "U", "21", DML_IND="UPDATE"),
    *version("C-1", "C", "30"),
    *version("C-2", "C", "-30", CLM_DISP_CD="03", **LATER),
    *version("P-1", "P", "40"),
    *version("P-2", "P", "41", BENE_ID="-8"),
    *version("L-2", "L", "52"),
    *version("L-1", "L", "51", FINAL_ACTION="N", **LATER),
]
OUTPATIENT_HISTORIES = [
    *version("A-1", "A", "10"),
    *version("A-2", "A", "12", CLM_FREQ_CD="7", **LATER),
    *version("V-1", "V", "20"),
    *version("V-2", "V", "20", CLM_FREQ_CD="8", **LATER),
    *version("I-1", "I", "30", CLM_FREQ_CD="2"),
    *version("I-2", "I", "31", CLM_FREQ_CD="3", **LATER),
    *version("Q-1", "Q", "40", FINAL_ACTION="N"),
]
SURVIVING = {
    "carrier": {"R-2": "12.00", "U-1": "21.00", "P-1": "40.00", "P-2": "41.00", "L-2": "52.00"},
    "outpatient": {"A-2": "12.00", "I-1": "30.00", "I-2": "31.00"},
}


HISTORIES = {"carrier": (CARRIER, CARRIER_HISTORIES), "outpatient": (OUTPATIENT, OUTPATIENT_HISTORIES)}


@pytest.mark.parametrize("kind", HISTORIES)
def test_the_version_that_survives_is_the_last_final_one_of_its_group_and_person(
    spark: SparkSession, lake: Path, tmp_path: Path, kind: str
) -> None:
    columns, records = HISTORIES[kind]
    names = columns.split()
    lines = [names, *([record.get(name, "") for name in names] for record in records)]
    (tmp_path / "histories.csv").write_text("".join("|".join(line) + "\n" for line in lines), encoding="utf-8")
    report = run(lake, f"cms_rif_{kind}", tmp_path)
    assert (report.balanced, report.records_accepted) == (True, len(records))
    claim_ids = {record["CLM_ID"] for record in records}
    headers = table(spark, "medical_claim_header", f"cms_rif_{kind}", claim_ids).collect()
    assert {row["claim_id"]: str(row["paid_amount"]) for row in headers} == SURVIVING[kind]
    survivors = table(spark, "medical_claim", f"cms_rif_{kind}", claim_ids)
    assert survivors.count() == 2 * len(SURVIVING[kind])
    assert total(survivors, "paid_amount") == survivors.count()
