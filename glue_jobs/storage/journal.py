"""What a run is about to publish, noted before it does: a run that dies between a table and its audit is made up for.

A journal holds the audit rows of one run. If the run's rows are in a table, they were published, and its files' audit
rows belong into the audit; if not, the run died before, and its files are new to whoever runs next.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from expectations.contract import load_table
from expectations.errors import InputNotFoundError
from expectations.object_keys import Lake
from glue_jobs.storage.ingest_audit import PUBLISHED, AuditRow, append_audit
from glue_jobs.storage.objects import delete_object, list_objects, read_if_any, write_object
from glue_jobs.storage.publication import RUN_PROPERTY, history
from glue_jobs.storage.tables import create_table

VERSIONED = {"medical_claim": "medical_claim_version"}
"""Table that a file goes to, where another table is written first."""


def write_journal(lake: Lake, run_id: str, rows: Iterable[AuditRow]) -> None:
    """Note the audit rows that are true once the run has published."""
    done = [{**row, "status": PUBLISHED} if row["status"] == "failed" else dict(row) for row in rows]
    write_object(lake.journal(run_id), json.dumps(done, default=str).encode())


def close_journal(lake: Lake, run_id: str) -> None:
    """Take the note away: the audit has it all."""
    delete_object(lake.journal(run_id))


def recover(spark: SparkSession, lake: Lake) -> tuple[str, ...]:
    """Write the audit of runs that died after they had published; returns their ids."""
    found = []
    for run_id, rows in _journals(lake):
        tables = {str(row["target_table"]) for row in rows if row["status"] == PUBLISHED}
        published = {table for table in tables if _has_published(spark, VERSIONED.get(table, table), run_id)}
        if published:
            # files that were refused, held or known are so whatever was published
            is_true = [row["status"] != PUBLISHED or row["target_table"] in published for row in rows]
            append_audit(spark, run_id, [row for row, holds in zip(rows, is_true, strict=True) if holds])
            found.append(run_id)
        if published == tables:
            close_journal(lake, run_id)
    return tuple(found)


def _journals(lake: Lake) -> Iterator[tuple[str, list[AuditRow]]]:
    try:
        objects = list_objects(lake.journals)
    except InputNotFoundError:
        return
    for stored in objects:
        content = read_if_any(stored.uri)
        if content is not None and stored.name.endswith(".json"):
            yield stored.name.removesuffix(".json"), [_typed(row) for row in json.loads(content)]


def _typed(row: dict[str, object]) -> AuditRow:
    types = {column.name: column.type for column in load_table("ingest_audit").columns}
    return {name: _value(types[name], value) for name, value in row.items()}


def _value(column_type: str, value: object) -> object:
    if value is not None and column_type == "timestamp":
        return datetime.fromisoformat(str(value))
    return Decimal(str(value)) if value is not None and column_type.startswith("decimal") else value


def _has_published(spark: SparkSession, table: str, run_id: str) -> bool:
    name = create_table(spark, load_table(table))
    if any(snapshot.label(RUN_PROPERTY) == run_id for snapshot in history(spark, name)):
        return True
    return not spark.table(name).where(F.col("ingest_run_id") == run_id).isEmpty()
