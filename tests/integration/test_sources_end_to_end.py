"""Every declared source turns its sample into exactly the rows, quarantine and account that its expected.json says."""

import json
import shutil
from pathlib import Path

import pytest
from pyspark.sql import Row, SparkSession

from expectations.contract import JOB_COLUMNS, load_source, load_table, source_names
from expectations.report import RunReport
from glue_jobs.jobs.process_medical_claims import process
from glue_jobs.runtime.arguments import RunArguments, new_job_id
from glue_jobs.runtime.telemetry import Telemetry
from glue_jobs.storage.tables import table_name

SAMPLES = Path(__file__).parents[1] / "data" / "sources"
LINEAGE = JOB_COLUMNS


@pytest.mark.parametrize("source_name", source_names())
def test_a_source_turns_its_sample_into_what_is_expected(
    spark: SparkSession, lake: Path, tmp_path: Path, source_name: str
) -> None:
    expected = json.loads((SAMPLES / source_name / "expected.json").read_text())
    for sample in (SAMPLES / source_name).iterdir():
        if sample.name != "expected.json":
            shutil.copy(sample, tmp_path)
    job_id = new_job_id()
    # samples have more faults than a file may have that is not held
    arguments = RunArguments(
        input=str(tmp_path), lake=str(lake), source=source_name, job_id=job_id, max_error_share=1.0
    )
    report = process(arguments, Telemetry(job_id))
    assert report.balanced
    assert counts(report) == expected["records"]
    assert published(spark, source_name, job_id) == expected["rows"]
    assert quarantined(spark, lake, job_id) == sorted(expected["quarantined"], key=lambda record: record["row"])


def counts(report: RunReport) -> dict[str, int]:
    return {
        "read": report.records_read,
        "accepted": report.records_accepted,
        "quarantined": report.records_quarantined,
        "resent": report.records_resent,
    }


def published(spark: SparkSession, source_name: str, job_id: str) -> list[dict[str, str]]:
    table = load_table(load_source(source_name).table)
    rows = spark.table(table_name(table)).where(f"ingest_run_id = '{job_id}'").collect()
    keys = [name for name in table.grain if name in table.column_names]
    ordered = sorted(rows, key=lambda row: tuple((row[key] is None, row[key]) for key in keys))
    return [as_text(row) for row in ordered]


def as_text(row: Row) -> dict[str, str]:
    return {name: str(value) for name, value in row.asDict().items() if value is not None and name not in LINEAGE}


def quarantined(spark: SparkSession, lake: Path, job_id: str) -> list[dict[str, object]]:
    folder = lake / "quarantine" / "records" / f"run_id={job_id}"
    rows = spark.read.parquet(str(folder)).orderBy("row_number").collect()
    return [{"row": row["row_number"], "rules": list(row["rule_ids"]), "columns": list(row["columns"])} for row in rows]
