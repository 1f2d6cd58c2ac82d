"""Publishing the rows of one table, and of the tables that follow from it."""

from collections.abc import Callable

from pyspark.sql import DataFrame, SparkSession

from expectations.contract import load_table
from glue_jobs.quality.balance import check_headers
from glue_jobs.storage.tables import Batch, append_rows, publish, table_name
from glue_jobs.transforms.summarize_headers import CLAIM_KEY, summarize_headers

Audit = Callable[[DataFrame], None]


def publish_rows(spark: SparkSession, name: str, rows: DataFrame, batch: Batch, audit: Audit) -> None:
    """Append accepted rows to one table; all of them become visible at once, or none."""
    table = load_table(name)
    chosen = rows.select(*table.column_names)
    publish(spark, table, batch, lambda branch: append_rows(chosen, branch, batch), audit)


def publish_medical_claims(spark: SparkSession, rows: DataFrame, batch: Batch, audit: Audit) -> None:
    """Append accepted lines to `medical_claim_version` and `medical_claim`, then renew the headers of their claims."""
    publish_rows(spark, "medical_claim_version", rows, batch, audit)
    publish_rows(spark, "medical_claim", rows, batch, audit)
    header = load_table("medical_claim_header")
    touched = rows.select(*CLAIM_KEY).distinct()
    versions = spark.table(table_name(load_table("medical_claim_version")))
    headers = summarize_headers(versions.join(touched, on=list(CLAIM_KEY), how="left_semi"), header)

    def audit_headers(staged: DataFrame) -> None:
        check_headers(staged.join(touched, on=list(CLAIM_KEY), how="left_semi").count(), touched.count())

    publish(spark, header, batch, lambda branch: _merge(spark, headers, branch), audit_headers)


def _merge(spark: SparkSession, rows: DataFrame, branch_name: str) -> None:
    rows.createOrReplaceTempView("renewed_headers")
    same = " AND ".join(f"old.{name} <=> new.{name}" for name in CLAIM_KEY)
    spark.sql(
        f"MERGE INTO {branch_name} AS old USING renewed_headers AS new ON {same} "
        "WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
    )
