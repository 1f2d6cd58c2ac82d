"""What killed runs leave behind in a lake and maintenance must have taken away; and whether the accounts are right."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.chaos.corpus import ClaimsFile
from tests.chaos.iceberg_files import LakeReader, Table
from tests.chaos.oracle import record_counts

STAGE = "stage_"
AUDIT_COLUMNS = (
    "run_id",
    "file_sha256",
    "status",
    "records_read",
    "records_accepted",
    "records_quarantined",
    "records_resent",
)


def orphans(lake: Path) -> Counter[str]:
    """Number of left-overs by kind; none on a lake that was maintained."""
    reader = LakeReader(lake)
    tables = [table for table in map(reader.table, reader.table_names()) if table]
    found = Counter(
        {
            "file_of_no_table": sum(len(_unreferenced(table)) for table in tables),
            "staging_branch": sum(ref.startswith(STAGE) for table in tables for ref in table.metadata.refs),
            "temporary": len(_temporary(lake)),
            "quarantine_of_unknown_run": len(_unknown_quarantine(lake, reader)),
        }
    )
    reader.close()
    return +found


def account_faults(lake: Path, files: Iterable[ClaimsFile]) -> Counter[str]:
    """What is wrong with ingest_audit, by rule, once these files are published."""
    reader = LakeReader(lake)
    chosen = list(files)
    rows = _audit_rows(reader)
    published = [row for row in rows if row[2] == "published"]
    by_file = Counter(row[1] for row in published)
    counts = record_counts(chosen)
    read, accepted, quarantined, resent = (sum(int(str(row[place] or 0)) for row in published) for place in range(3, 7))
    reader.close()
    wrong = Counter(
        {
            "file_without_one_published_row": len([file for file in chosen if by_file[file.sha256] != 1]),
            "published_row_of_no_file": len(by_file.keys() - {file.sha256 for file in chosen}),
            "file_out_of_balance": sum(_out_of_balance(row[3:]) for row in published),
            "records_read_differ": abs(read - counts.read),
            "records_accepted_differ": abs(accepted - counts.valid),
            "records_quarantined_differ": abs(quarantined - counts.broken),
            "records_resent_differ": abs(resent - (counts.read - counts.valid - counts.broken)),
        }
    )
    return +wrong


def _unreferenced(table: Table) -> set[Path]:
    """Files below the table that its metadata does not lead to; a checksum belongs to the file it is of."""
    referenced = table.referenced()
    there = {path for path in table.folder.rglob("*") if path.is_file()}
    return {path for path in there if path not in referenced and _checked_by(path) not in referenced}


def _checked_by(path: Path) -> Path | None:
    return path.with_name(path.name[1:-4]) if path.name.startswith(".") and path.name.endswith(".crc") else None


def _temporary(lake: Path) -> set[Path]:
    """Everything below temp/; the empty folder that Spark puts its own scratch into is no left-over."""
    return set((lake / "temp").rglob("*")) - {lake / "temp" / "spark"}


def _unknown_quarantine(lake: Path, reader: LakeReader) -> set[str]:
    folders = (lake / "quarantine" / "records").glob("run_id=*")
    return {folder.name.removeprefix("run_id=") for folder in folders} - {str(row[0]) for row in _audit_rows(reader)}


def _audit_rows(reader: LakeReader) -> list[tuple[object, ...]]:
    audit = reader.table("ingest_audit")
    return audit.rows(audit.current, AUDIT_COLUMNS) if audit else []


def _out_of_balance(counts: tuple[object, ...]) -> bool:
    read, *parts = (int(str(count or 0)) for count in counts)
    return read != sum(parts)
