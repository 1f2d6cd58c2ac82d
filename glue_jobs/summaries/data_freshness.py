"""How fresh each source is, by its files and by the days in what they published."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from glue_jobs.summaries.table_rows import table_rows

DAYS = ("service_date", "received_date", "paid_date")


def data_freshness(audits: DataFrame, lines: DataFrame, drugs: DataFrame) -> DataFrame:
    """Rows of `data_freshness` (grain: source, target_table) from `ingest_audit` and the published claim lines.

    Files of undone runs do not count, nor does a day after its file was loaded: such a day is an error of the sender.
    """
    files = _published(audits)
    days = (
        _days(lines, "claim_start_date", "received_date")
        .unionByName(_days(drugs, "dispensing_date", None))
        .join(F.broadcast(files.select("file_id", "finished_at")), on="file_id", how="inner")
    )
    loaded = F.to_date("finished_at")
    latest = days.groupBy("file_id").agg(
        *(F.max(F.when(F.col(f"_{day}") <= loaded, F.col(f"_{day}"))).alias(f"last_{day}") for day in DAYS)
    )
    order = F.struct("finished_at", "file_id")
    rows = (
        files.join(latest, on="file_id", how="left")
        .groupBy("source", "target_table")
        .agg(
            F.count("*").alias("files"),
            F.sum("lines_published").alias("lines"),
            F.max_by("file_id", order).alias("last_file_id"),
            F.max_by("file_name", order).alias("last_file_name"),
            F.max("finished_at").alias("last_loaded_at"),
            *(F.max(f"last_{day}").alias(f"last_{day}") for day in DAYS),
        )
        .withColumns(
            {
                "last_service_year_month": F.date_format("last_service_date", "yyyyMM"),
                "service_lag_days": F.datediff("last_loaded_at", "last_service_date"),
            }
        )
    )
    return table_rows(rows, "data_freshness")


def _published(audits: DataFrame) -> DataFrame:
    """One row a file that is published and was not taken back; `reason` of an undone row is the run that published."""
    undone = audits.where(F.col("status") == "undone").select("file_id", F.col("reason").alias("run_id"))
    return audits.where(F.col("status") == "published").join(undone, on=["file_id", "run_id"], how="left_anti")


def _days(rows: DataFrame, service: str, received: str | None) -> DataFrame:
    return rows.select(
        F.col("ingest_file_id").alias("file_id"),
        F.col(service).alias("_service_date"),
        (F.col(received) if received else F.lit(None).cast("date")).alias("_received_date"),
        F.col("paid_date").alias("_paid_date"),
    )
