"""One snapshot of a published table as ordinary Parquet, for readers without Iceberg: what `make export` calls."""

from dataclasses import dataclass

from expectations.contract import load_table
from glue_jobs.runtime.session import SessionOptions, start_session
from glue_jobs.storage.export import ExportManifest, export_snapshot


@dataclass(frozen=True)
class ExportArguments:
    """What to export to where; without a snapshot id the current one."""

    lake: str
    table: str
    to: str
    snapshot_id: int | None = None


def export_table(arguments: ExportArguments) -> ExportManifest:
    """Write the snapshot and its manifest (see storage.export.export_snapshot).

    Raises:
        ClaimsError: the table or snapshot does not exist, the target is not empty, or it could not be written whole.
    """
    table = load_table(arguments.table)
    spark = start_session(SessionOptions(arguments.lake))
    return export_snapshot(spark, table, arguments.to, arguments.snapshot_id)
