"""Quarantined records with their raw text, where only those may read who may read claims."""

from collections.abc import Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from expectations.rules import Rule
from glue_jobs.quality.judge_records import number_lines, quarantined_records
from glue_jobs.storage.objects import delete_folder, spark_path


def quarantine_records(judged: DataFrame, rules: Sequence[Rule], source_name: str, folder: str, count: int) -> None:
    """Write one row a quarantined record: file, row_number, rule_ids, columns, raw_record, and when it was received.

    `count` is how many there are; of none, what an earlier attempt of the run may have written goes.
    """
    place = f"{folder}/source={source_name}"
    if not count:
        delete_folder(place)
        return
    rows = number_lines(judged, quarantined_records(judged, rules)).select(
        F.lit(source_name).alias("source"),
        "file_name",
        "ingest_file_id",
        F.col("row_number").cast("bigint"),
        "rule_ids",
        "columns",
        "raw_record",
        "ingest_datetime",
    )
    rows.sortWithinPartitions("file_name", "row_number").write.mode("overwrite").parquet(spark_path(place))
