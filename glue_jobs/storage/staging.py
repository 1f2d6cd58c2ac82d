"""The stage of a run: every row read, typed and marked, written once below temp/, read back by the columns needed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import DateType, StringType, StructField, StructType, TimestampType

from expectations.contract import Source
from expectations.errors import ArgumentError
from expectations.file_names import TEMPLATE_PREFIX
from expectations.object_keys import safe_name
from glue_jobs.storage.objects import spark_path
from glue_jobs.storage.raw_lines import MOST_GROUPS, read_lines
from glue_jobs.storage.raw_zone import ReceivedFile, layouts
from glue_jobs.transforms.clean_columns import clean_columns
from glue_jobs.transforms.complete_rows import add_delivery
from glue_jobs.transforms.conform_records import conform_records
from glue_jobs.transforms.judge_records import add_verdict, exceptional_records
from glue_jobs.transforms.parse_records import parse_records


@dataclass(frozen=True)
class Staged:
    """What one source's files became: rows with the verdict on each record, and one row a file (see `_file_rows`)."""

    rows: DataFrame
    files: DataFrame


def stage_rows(
    spark: SparkSession, source: Source, files: Iterable[ReceivedFile], folder: str, received_at: datetime
) -> Staged:
    """Read, parse, conform and clean the files of one source, write the rows, judge each record by what was written."""
    parts = []
    groups = layouts(files)
    if len(groups) > MOST_GROUPS:
        raise ArgumentError(
            f"the files have {len(groups)} headers, at most {MOST_GROUPS} go into one run; cure: split the input"
        )
    for number, (layout, group) in enumerate(groups.items()):
        lines = read_lines(spark, [file.read_uri for file in group], number)
        records = parse_records(lines, source, layout)
        parts.append(clean_columns(conform_records(records, source, layout), source))
    staged = _written(spark, reduce(DataFrame.unionByName, parts), f"{folder}/rows")
    file_rows = _file_rows(spark, staged, files, received_at)
    named = [name for name in file_rows.columns if name.startswith(TEMPLATE_PREFIX)]
    known = staged.join(F.broadcast(file_rows.select("_path", "file_date", *named)), on="_path", how="left")
    identified = add_delivery(known, source)
    exceptional = _written(spark, exceptional_records(identified, [*named, "_delivery"]), f"{folder}/exceptional")
    return Staged(add_verdict(staged, exceptional), file_rows)


def _file_rows(
    spark: SparkSession, staged: DataFrame, files: Iterable[ReceivedFile], received_at: datetime
) -> DataFrame:
    """One row a file: `_path` as Spark names it, its identity, names and dates, and what its name tells of its rows."""
    by_place = {_place(spark_path(file.read_uri)): file for file in files}
    templates = sorted({name for file in by_place.values() for name in file.templates()})
    schema = StructType(
        [StructField(name, StringType()) for name in ("_path", "ingest_file_id", "file_name", *templates)]
        + [StructField("file_date", DateType()), StructField("ingest_datetime", TimestampType())]
    )
    rows = []
    for row in staged.select("_path").distinct().collect():
        file = by_place[_place(row["_path"])]
        names = (row["_path"], file.file_id, safe_name(file.stored.name))
        rows.append((*names, *(file.templates()[name] for name in templates), file.file_date, received_at))
    return spark.createDataFrame(rows, schema)


def _written(spark: SparkSession, rows: DataFrame, uri: str) -> DataFrame:
    rows.write.mode("overwrite").parquet(spark_path(uri))
    return spark.read.schema(rows.schema).parquet(spark_path(uri))


def _place(path: str) -> str:
    return path.split(":", 1)[-1].lstrip("/")
