"""The stage of a run: every row read, typed, completed and judged, written once below temp/, read back by column."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import DateType, StringType, StructField, StructType, TimestampType

from expectations.contract import Source, load_table
from expectations.errors import ArgumentError
from expectations.object_keys import safe_name
from expectations.row_rules import CRITICAL_MASK
from expectations.rules import Rule, suite_rules
from glue_jobs.quality.judge_records import add_verdict, exceptional_records, is_critical
from glue_jobs.quality.rule_masks import mask_columns, row_rules, word_names
from glue_jobs.storage.journal import VERSIONED
from glue_jobs.storage.objects import spark_path
from glue_jobs.storage.raw_lines import MOST_GROUPS, read_lines
from glue_jobs.storage.raw_zone import ReceivedFile, layouts
from glue_jobs.transforms.clean_columns import clean_columns
from glue_jobs.transforms.complete_rows import WORKING_COLUMNS, complete_rows, unfilled_columns
from glue_jobs.transforms.conform_records import conform_records
from glue_jobs.transforms.parse_records import parse_records

NEARLY_UNIQUE = ("_position", "record_hash", "claim_version_id", "claim_id", "claim_key", "target_key")
"""Columns in which few rows agree: a dictionary of their values would be made and thrown away again."""


@dataclass(frozen=True)
class Stage:
    """Where and for whom rows are staged: a folder below temp/, the run, and when it received the files."""

    folder: str
    run_id: str
    received_at: datetime


@dataclass(frozen=True)
class Staged:
    """The rows of one source as they were written: all columns of the table, and the words of its suite's row rules.

    `unfilled` are the columns that the source never fills.
    """

    rows: DataFrame
    rules: tuple[Rule, ...]
    folder: str
    unfilled: tuple[str, ...]

    def judged(self, released: Collection[str] = (), held: Collection[str] = ()) -> DataFrame:
        """The rows with the verdict on each record, by what was written; files that are held are left out."""
        rows = self.rows.where(~F.col("ingest_file_id").isin(*held)) if held else self.rows
        folder = f"{self.folder}/exceptional{len(held) or ''}"
        exceptional = exceptional_records(
            rows, self.rules, released, lambda sent_twice: _written(sent_twice, f"{folder}-twice")
        )
        exceptional = _written(exceptional, folder)
        return add_verdict(rows, exceptional)


def stage_rows(spark: SparkSession, source: Source, files: Iterable[ReceivedFile], stage: Stage) -> Staged:
    """Read, parse, conform, clean and complete the files of one source, mark the rules each row breaks, and write."""
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
    typed = reduce(DataFrame.unionByName, parts)
    file_rows = _file_rows(spark, typed.inputFiles(), files, stage.received_at)
    if source.continuation:  # looks at the rows three times
        typed = _written(typed, f"{stage.folder}/typed")
    table = load_table(VERSIONED.get(source.table, source.table))
    rules = row_rules(suite_rules(source.table))
    marked = _marked(complete_rows(typed, file_rows, source, table, stage.run_id), rules)
    unfilled = unfilled_columns(typed, file_rows, source, table)
    # most of a wide table's columns are not written: they are named again when the rows are read
    written = _written(marked.drop(*unfilled), f"{stage.folder}/rows")
    return Staged(_with_all_columns(written, marked.schema), rules, stage.folder, unfilled)


def _marked(rows: DataFrame, rules: Sequence[Rule]) -> DataFrame:
    """Rows with a word for each 63 rules, 0 where the row cannot be read; and their text only where it is needed."""
    readable = ~F.col("_skipped") & (F.col("_mask").bitwiseAND(F.lit(CRITICAL_MASK)) == 0)
    # a word inside of when() would be worked out part by part, every expression that rules share again for each
    every_bit = F.when(readable, F.lit(-1)).otherwise(F.lit(0)).cast("bigint")
    words = {name: word.bitwiseAND(every_bit) for name, word in mask_columns(rules).items()}
    marked = rows.withColumns(words)
    kept = [name for name in rows.columns if name not in WORKING_COLUMNS]
    # no row that is accepted carries its text twice
    text = F.when(is_critical(rules), F.col("_raw")).alias("_raw")
    return marked.select(
        *(text if name == "_raw" else F.col(name) for name in WORKING_COLUMNS), *kept, *word_names(rules)
    )


def _file_rows(
    spark: SparkSession, paths: Iterable[str], files: Iterable[ReceivedFile], received_at: datetime
) -> DataFrame:
    """One row a file: `_path` as Spark names it, its identity, names and dates, and what its name tells of its rows."""
    by_place = {_place(spark_path(file.read_uri)): file for file in files}
    templates = sorted({name for file in by_place.values() for name in file.templates()})
    schema = StructType(
        [StructField(name, StringType()) for name in ("_path", "ingest_file_id", "file_name", *templates)]
        + [StructField("file_date", DateType()), StructField("ingest_datetime", TimestampType())]
    )
    rows = []
    for path in paths:
        file = by_place[_place(path)]
        # rows know a local file by one slash, the list of files by three
        names = (path.replace("file:///", "file:/"), file.file_id, safe_name(file.stored.name))
        rows.append((*names, *(file.templates()[name] for name in templates), file.file_date, received_at))
    return spark.createDataFrame(rows, schema)


def _with_all_columns(rows: DataFrame, schema: StructType) -> DataFrame:
    present = set(rows.columns)
    return rows.select(
        *(
            F.col(field.name) if field.name in present else F.lit(None).cast(field.dataType).alias(field.name)
            for field in schema
        )
    )


def _written(rows: DataFrame, uri: str) -> DataFrame:
    writer = rows.write.mode("overwrite")
    for name in NEARLY_UNIQUE:
        writer = writer.option(f"parquet.enable.dictionary#{name}", "false")
    writer.parquet(spark_path(uri))
    return rows.sparkSession.read.schema(rows.schema).parquet(spark_path(uri))


def _place(path: str) -> str:
    return path.split(":", 1)[-1].lstrip("/")
