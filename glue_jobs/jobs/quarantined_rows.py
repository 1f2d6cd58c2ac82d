"""Quarantined records as files that a person can correct, each with the header that its source's sender wrote."""

import codecs
import csv
import re
import shutil
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pyspark.sql import Row, SparkSession

from expectations.contract import Source, load_source
from expectations.errors import ArgumentError, FileRefusedError
from expectations.file_names import columns_from_name, date_in_name
from expectations.object_keys import Lake
from glue_jobs.storage.access_errors import storage_errors
from glue_jobs.storage.held_files import sent_back
from glue_jobs.storage.ingest_audit import known_file_ids
from glue_jobs.storage.objects import is_s3
from glue_jobs.storage.originals import find_original, header_line
from glue_jobs.storage.quarantined_records import QuarantinedFile, quarantined_files, records_of

REASONS_ENDING = ".reasons.csv"
REASONS_HEADER = ("line", "file_name", "row_number", "rule_ids", "columns")

_GZIP = re.compile(r"(?i)\.gz\Z")


class RowsFile(NamedTuple):
    """A file of quarantined records, and which file they came in, by its safe name."""

    path: Path
    source: str
    file_name: str
    records: int


@dataclass(frozen=True)
class Shelf:
    """Where files of records are written, from which lake, and by which declarations if not the product's."""

    lake: Lake
    folder: Path
    sources: Path | None = None


def write_rows_of_run(spark: SparkSession, shelf: Shelf, run_id: str) -> list[RowsFile]:
    """One file of records an original file, as `<folder>/<source>/<file_id>/<name>`, and beside it why they are there.

    Records that were released with their run are left out: they are published.

    Raises:
        ArgumentError: the folder is in the lake, or holds something; the run has no quarantined records; a raw file
            is gone or has changed.
    """
    _check_folder(shelf)
    done = released_with_run(shelf.lake, run_id, known_file_ids(spark))
    written = []
    try:
        for file in quarantined_files(spark, shelf.lake, run_id):
            is_released = file.file_id in done
            if file.records - (file.releasable if is_released else 0):
                rows = records_of(spark, shelf.lake, file, releasable=not is_released)
                written.append(write_rows_of_file(shelf, file, rows))
    except BaseException:
        shutil.rmtree(shelf.folder, ignore_errors=True)
        raise
    return written


def released_with_run(lake: Lake, run_id: str, known: Collection[str]) -> frozenset[str]:
    """Ids of the files of a run whose records were released with it and are published since: in files `known`."""
    return frozenset(
        note.of_file_id
        for note in sent_back(lake)
        if note.run_id == run_id and note.how == "released_by_run" and note.file_id in known
    )


def write_rows_of_file(shelf: Shelf, file: QuarantinedFile, rows: Iterable[Row], ending: str = "") -> RowsFile:
    """Write these records of a file, and `ending` behind them, below the folder."""
    source, original = load_source(file.source, shelf.sources), find_original(shelf.lake, file)
    path = shelf.folder / file.source / file.file_id / name_of_rows(source, original.name)
    head = _mark(source) + _line(header_line(source, original, file))
    with storage_errors("write", str(path)):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return RowsFile(path, file.source, file.file_name, _write(path, file.file_name, head, rows, ending))


def name_of_rows(source: Source, name: str) -> str:
    """The name of a file, without `.gz` where it tells the same then: what a person corrects is not packed."""
    unpacked = _GZIP.sub("", name)
    try:
        is_same = (columns_from_name(source, unpacked), date_in_name(unpacked)) == (
            columns_from_name(source, name),
            date_in_name(name),
        )
    except FileRefusedError:
        return name
    return unpacked if is_same else name


def _write(path: Path, file_name: str, head: str, rows: Iterable[Row], ending: str) -> int:
    line, records = 1 + head.count("\n"), 0
    reasons_path = path.with_name(path.name + REASONS_ENDING)
    with (
        path.open("w", encoding="utf-8", newline="") as sink,
        reasons_path.open("w", encoding="utf-8", newline="") as reasons_sink,
    ):
        reasons = csv.writer(reasons_sink, lineterminator="\n")
        reasons.writerow(REASONS_HEADER)
        sink.write(head)
        for row in rows:
            text = _line(row["raw_record"])
            sink.write(text)
            why = (" ".join(row["rule_ids"] or ()), " ".join(row["columns"] or ()))
            reasons.writerow((line, file_name, row["row_number"], *why))
            line, records = line + text.count("\n"), records + 1
        sink.write(ending)
    return records


def _line(text: str) -> str:
    return f"{text}\n" if text else ""


def _mark(source: Source) -> str:
    """A byte-order mark where UTF-8 is not what the source's files are read by first: the mark goes before."""
    is_utf8 = codecs.lookup(source.format.encodings[0]).name in {"utf-8", "utf-8-sig"}
    return "" if is_utf8 else "\ufeff"


def _check_folder(shelf: Shelf) -> None:
    folder, root = shelf.folder, None if is_s3(shelf.lake.root) else Path(shelf.lake.root).resolve()
    if root and (folder.resolve() == root or root in folder.resolve().parents):
        raise ArgumentError("TO is inside the lake, where a run would read it; cure: TO=... a folder elsewhere")
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise ArgumentError("TO is there and not empty; expected a new folder; cure: TO=... a folder that is not there")
