"""One snapshot of a table as ordinary Parquet: complete with its manifest, or absent."""

import contextlib
import hashlib
import json
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from expectations.contract import CONTRACT_VERSION, Table
from expectations.errors import AccountingError, ArgumentError, InputNotFoundError
from expectations.object_keys import NAMESPACE
from glue_jobs.storage.leftovers import newest_change
from glue_jobs.storage.objects import is_s3, list_objects, open_object, spark_path, write_object
from glue_jobs.storage.tables import table_name

MANIFEST_NAME = "manifest.json"
TIMESTAMP_TYPE = "spark.sql.parquet.outputTimestampType"
DEAD_AFTER = timedelta(hours=24)
BLOCK = 1 << 20


@dataclass(frozen=True)
class ExportedFile:
    """One Parquet file: its path below the export, and what it holds."""

    path: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class ExportManifest:
    """What an export holds; `columns` are names with types, of which `year` and `month` stand in the folders' names."""

    table: str
    snapshot_id: int
    rows: int
    bytes: int
    files: tuple[ExportedFile, ...]
    columns: tuple[dict[str, str], ...]
    contract_version: str
    exported_at: datetime

    def to_json(self) -> str:
        """The manifest as it is written."""
        return json.dumps(asdict(self), default=lambda moment: moment.isoformat(), indent=2)


def export_snapshot(spark: SparkSession, table: Table, target: str, snapshot_id: int | None = None) -> ExportManifest:
    """Write a snapshot (the current one unless given) to `target`, partitioned `year=/month=` where the table is.

    On a local disk everything is written beside the target and renamed in one step. In S3 the manifest is written
    last: an export without one is not complete.

    Raises:
        ArgumentError: the table or snapshot does not exist, or the target is not empty.
        AccountingError: the rows written are not as many as the table's; nothing is at the target (S3: no manifest).
    """
    chosen = _snapshot(spark, table, snapshot_id)
    _check_empty(target)
    rows = spark.read.option("snapshot-id", chosen).table(table_name(table))
    with _writing(target) as folder:
        _write(spark, rows, folder, partitioned=bool(table.partition_date))
        manifest = _manifest(spark, table, rows, folder, chosen)
        if manifest.rows != (expected := rows.count()):
            raise AccountingError(
                f"{manifest.rows} rows of {table.name} were written, {expected} expected; nothing was exported; "
                "cure: export again, and report a fault if it stays so"
            )
        write_object(f"{folder}/{MANIFEST_NAME}", manifest.to_json().encode())
    return manifest


def _snapshot(spark: SparkSession, table: Table, snapshot_id: int | None) -> int:
    name = table_name(table)
    if not spark.catalog.tableExists(name):
        raise ArgumentError(f"table {table.name} is not in this lake; cure: publish to it first, or check LAKE")
    spark.catalog.refreshTable(name)
    kept = {row["snapshot_id"] for row in spark.table(f"{name}.snapshots").select("snapshot_id").collect()}
    heads = spark.table(f"{name}.refs").where("name = 'main'").select("snapshot_id").collect()
    chosen: int | None = heads[0]["snapshot_id"] if snapshot_id is None and heads else snapshot_id
    if chosen is None or chosen not in kept:
        raise ArgumentError(
            f"table {table.name} has no such snapshot, {len(kept)} are kept; "
            f'cure: one of those that make query SQL="TABLE {NAMESPACE}.{table.name}.snapshots" shows'
        )
    return chosen


def _check_empty(target: str) -> None:
    is_taken = Path(target).exists() and not (Path(target).is_dir() and not any(Path(target).iterdir()))
    if is_s3(target):
        with contextlib.suppress(InputNotFoundError):
            is_taken = bool(list_objects(target))
    if is_taken:
        raise ArgumentError(
            "the target of the export exists and is not an empty folder; cure: a folder that does not exist yet"
        )


@contextlib.contextmanager
def _writing(target: str) -> Iterator[str]:
    """The folder to write to; what is in it when the block ends well is at the target, else nothing is."""
    if is_s3(target):
        yield target.rstrip("/")
        return
    final = Path(target).resolve()
    _remove_dead_siblings(final)
    folder = final.with_name(f".{final.name}.partial-{uuid.uuid4().hex}")
    folder.mkdir(parents=True)
    try:
        yield str(folder)
        folder.rename(final)  # takes the place of an empty folder, fails on any other
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_dead_siblings(final: Path) -> None:
    """What an export to this target left when it was killed."""
    dead_before = datetime.now(UTC) - DEAD_AFTER
    for path in final.parent.glob(f".{final.name}.partial-*"):
        if newest_change(path) < dead_before:
            shutil.rmtree(path, ignore_errors=True)


def _write(spark: SparkSession, rows: DataFrame, folder: str, *, partitioned: bool) -> None:
    keys = ("year", "month") if partitioned else ()
    # files of a like size, each of one month; DataFrame.hint takes no columns for this hint
    hint = f"REBALANCE({', '.join(keys)})" if keys else "REBALANCE"
    balanced = spark.sql(f"SELECT /*+ {hint} */ * FROM {{rows}}", rows=rows)  # noqa: S608 - our own names
    writer = balanced.write.mode("append").option("compression", "snappy")
    # Iceberg's own files have this type; Spark's default, INT96, is one that many readers have given up
    before = spark.conf.get(TIMESTAMP_TYPE)
    spark.conf.set(TIMESTAMP_TYPE, "TIMESTAMP_MICROS")
    try:
        writer.option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false").partitionBy(*keys).parquet(
            spark_path(folder)
        )
    finally:
        spark.conf.set(TIMESTAMP_TYPE, str(before))
    if not is_s3(folder):
        for checksum in Path(folder).rglob(".*.crc"):
            checksum.unlink()


def _manifest(spark: SparkSession, table: Table, rows: DataFrame, folder: str, snapshot_id: int) -> ExportManifest:
    counted = _rows_by_file(spark, rows, folder, depth=3 if table.partition_date else 1)
    files = tuple(
        ExportedFile(path, counted.get(path, 0), size, _sha256(f"{folder}/{path}"))
        for path, size in _files_below(folder).items()
    )
    return ExportManifest(
        table=table.name,
        snapshot_id=snapshot_id,
        rows=sum(file.rows for file in files),
        bytes=sum(file.bytes for file in files),
        files=files,
        columns=tuple({"name": name, "type": kind} for name, kind in rows.dtypes),
        contract_version=CONTRACT_VERSION,
        exported_at=datetime.now(UTC),
    )


def _files_below(folder: str) -> dict[str, int]:
    """Size of each file by its path below the folder."""
    try:
        stored = list_objects(folder)
    except InputNotFoundError:  # an empty table
        return {}
    root = folder if is_s3(folder) else str(Path(folder).resolve())
    return {file.uri.removeprefix(f"{root}/"): file.size_bytes for file in stored}


def _rows_by_file(spark: SparkSession, rows: DataFrame, folder: str, depth: int) -> dict[str, int]:
    """Rows read back from each file, by the last `depth` parts of its path; above them a path can be encoded."""
    path = F.substring_index(F.col("_metadata.file_path"), "/", -depth).alias("path")
    written = spark.read.schema(rows.schema).parquet(spark_path(folder))
    return {row["path"]: row["count"] for row in written.groupBy(path).count().collect()}


def _sha256(uri: str) -> str:
    digest = hashlib.sha256()
    with open_object(uri) as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
