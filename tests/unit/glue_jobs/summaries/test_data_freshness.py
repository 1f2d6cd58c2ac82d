"""How fresh each source is: undone files, days in the future, sources without claims."""

from datetime import date, datetime

from pyspark.sql import SparkSession

from glue_jobs.summaries.data_freshness import data_freshness
from tests.unit.glue_jobs.summaries.claim_rows import Row, found, frame

AUDIT_TYPES = {
    **dict.fromkeys(("run_id", "file_id", "source", "target_table", "file_name", "status", "reason"), "string"),
    "lines_published": "bigint",
    "finished_at": "timestamp",
}
LINE_TYPES = {"ingest_file_id": "string", **dict.fromkeys(("claim_start_date", "received_date", "paid_date"), "date")}
DRUG_TYPES = {"ingest_file_id": "string", **dict.fromkeys(("dispensing_date", "paid_date"), "date")}


def audit(file_id: str, source: str, day: int, status: str = "published", **others: object) -> Row:
    usual = {"run_id": f"run {day}", "target_table": "medical_claim", "file_name": f"{file_id}.csv"}
    closed = datetime(2024, 3, day, 12)  # noqa: DTZ001 - Spark's session has UTC
    return {**usual, "file_id": file_id, "source": source, "status": status, "finished_at": closed, **others}


AUDITS = [
    audit("f1", "acme", 1, lines_published=10),
    audit("f2", "acme", 5, lines_published=7),
    audit("f3", "acme", 9, lines_published=99),
    audit("f3", "acme", 10, "undone", reason="run 9"),
    audit("f1", "acme", 11, "known"),
    audit("f4", "drugs", 4, lines_published=3, target_table="pharmacy_claim"),
    audit("f5", "members", 8, lines_published=2, target_table="eligibility"),
    audit("f6", "refused only", 8, "refused"),
]
LINES: list[Row] = [
    {"ingest_file_id": "f1", "claim_start_date": date(2024, 2, 20), "paid_date": date(2024, 2, 28)},
    {"ingest_file_id": "f2", "claim_start_date": date(2024, 1, 9), "received_date": date(2024, 2, 1)},
    {"ingest_file_id": "f2", "claim_start_date": date(9999, 12, 31), "paid_date": date(2024, 3, 6)},
]
DRUGS: list[Row] = [{"ingest_file_id": "f4", "dispensing_date": date(2024, 3, 3), "paid_date": date(2024, 3, 4)}]


def test_each_source_has_its_last_file_and_the_latest_days_of_its_rows(spark: SparkSession) -> None:
    frames = frame(spark, AUDITS, AUDIT_TYPES), frame(spark, LINES, LINE_TYPES), frame(spark, DRUGS, DRUG_TYPES)
    names = (
        "source",
        "target_table",
        "files",
        "lines",
        "last_file_name",
        "last_service_date",
        "last_service_year_month",
    )
    rest = ("last_received_date", "last_paid_date", "service_lag_days")
    day = date(2024, 2, 20)
    assert found(data_freshness(*frames), *names, *rest) == {
        ("acme", "medical_claim", 2, 17, "f2.csv", day, "202402", date(2024, 2, 1), date(2024, 2, 28), 14),
        ("drugs", "pharmacy_claim", 1, 3, "f4.csv", date(2024, 3, 3), "202403", None, date(2024, 3, 4), 1),
        ("members", "eligibility", 1, 2, "f5.csv", None, None, None, None, None),
    }
