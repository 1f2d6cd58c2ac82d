"""Reads Iceberg tables of a lake on a local disk without Spark and without a catalog: metadata, manifests, Parquet.

Format 2 with position deletes. Paths in the metadata are taken relative to the table, so a copied lake reads as itself.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from expectations.object_keys import NAMESPACE
from tests.chaos.avro_files import read_avro
from tests.chaos.iceberg_metadata import DataFile, Entry, ManifestFile, Metadata, Snapshot

NO_SNAPSHOT = -1
DELETED = 2
POSITION_DELETES = 1

Row = tuple[object, ...]
Mark = tuple[str, int, int]


class LakeReader:
    """The tables of one lake; files that Iceberg never changes are read once. For one thread only."""

    def __init__(self, lake: Path) -> None:
        self.lake = lake
        self._metadata: dict[str, tuple[Mark, Metadata]] = {}
        self._duckdb = duckdb.connect(config={"threads": 1})
        self._entries: dict[Path, list[Entry]] = {}
        self._manifests: dict[Path, list[ManifestFile]] = {}
        self._rows: dict[tuple[Path, tuple[str, ...]], list[Row]] = {}

    def close(self) -> None:
        """Let go of what was read."""
        self._duckdb.close()

    def table_names(self) -> list[str]:
        """Names of the tables that the lake has now."""
        return sorted(path.name for path in (self.lake / NAMESPACE).glob("*") if (path / "metadata").is_dir())

    def table(self, name: str) -> "Table | None":
        """The table as it is now; None where it does not exist yet."""
        file = self._current_file(name)
        if file is None:
            return None
        mark = _mark(file)
        if name not in self._metadata or self._metadata[name][0] != mark:
            self._metadata[name] = (mark, Metadata.model_validate_json(file.read_bytes()))
        return Table(self, file, self._metadata[name][1])

    def marks(self) -> dict[str, Mark | None]:
        """What tells whether any table has changed."""
        files = {name: self._current_file(name) for name in self.table_names()}
        return {name: _mark(file) if file and file.exists() else None for name, file in files.items()}

    def entries(self, path: Path) -> list[Entry]:
        """Lines of a manifest."""
        if path not in self._entries:
            self._entries[path] = [Entry.model_validate(record) for record in read_avro(path)]
        return self._entries[path]

    def manifests(self, path: Path) -> list[ManifestFile]:
        """Lines of a manifest list."""
        if path not in self._manifests:
            self._manifests[path] = [ManifestFile.model_validate(record) for record in read_avro(path)]
        return self._manifests[path]

    def rows(self, path: Path, columns: Sequence[str]) -> list[Row]:
        """Rows of a Parquet file, their position in front; a file that is gone is an error even where it is known."""
        path.stat()
        key = (path, tuple(columns))
        if key not in self._rows:
            chosen = ", ".join(f'"{column}"' for column in columns)
            options = "file_row_number = true, hive_partitioning = false"
            query = f"SELECT file_row_number, {chosen} FROM read_parquet(?, {options})"  # noqa: S608 - column names
            self._rows[key] = self._duckdb.execute(query, [str(path)]).fetchall()
        return self._rows[key]

    def _current_file(self, name: str) -> Path | None:
        folder = self.lake / NAMESPACE / name / "metadata"
        version = _hinted_version(folder)
        while (folder / f"v{version + 1}.metadata.json").is_file():  # as Iceberg does: the hint may lag behind
            version += 1
        file = folder / f"v{version}.metadata.json"
        return file if file.is_file() else max(folder.glob("v*.metadata.json"), key=_version, default=None)


class Table:
    """One table by one metadata file, which never changes: what is read of it belongs together."""

    def __init__(self, reader: LakeReader, file: Path, metadata: Metadata) -> None:
        self.folder, self.file, self.metadata = file.parents[1], file, metadata
        self._reader = reader
        self.snapshots = {snapshot.snapshot_id: snapshot for snapshot in metadata.snapshots}

    @property
    def current(self) -> Snapshot | None:
        """The snapshot that readers see; None before the first."""
        return self.snapshots.get(self.metadata.current_snapshot_id or NO_SNAPSHOT)

    def summary_property(self, name: str) -> str | None:
        """A property of the current snapshot, or of the one whose rows it only laid out anew (compaction)."""
        snapshot = self.current
        while snapshot and name not in snapshot.summary and snapshot.summary.get("operation") == "replace":
            snapshot = self.snapshots.get(snapshot.parent_snapshot_id or NO_SNAPSHOT)
        return snapshot.summary.get(name) if snapshot else None

    def rows(self, snapshot: Snapshot | None, columns: Sequence[str]) -> list[Row]:
        """Rows of the table in that snapshot, in no order."""
        entries = list(self._entries(snapshot)) if snapshot else []
        deletes = self._deleted_positions(entries)
        found: list[Row] = []
        for sequence, file in entries:
            if file.content == 0:
                at = deletes.get(file.file_path, {})
                rows = self._reader.rows(self.local(file.file_path), columns)
                found += [row[1:] for row in rows if at.get(row[0], -1) < sequence]
        return found

    def data_files(self) -> list[Path]:
        """The files that hold the rows readers see now, deletes not counted."""
        entries = self._entries(self.current) if self.current else ()
        return sorted(self.local(file.file_path) for _, file in entries if file.content == 0)

    def referenced(self) -> set[Path]:
        """Every file that the current metadata leads to: of all snapshots it still has, and of its own history."""
        files = {self.file, self.folder / "metadata" / "version-hint.text"}
        files |= {self.local(logged.metadata_file) for logged in self.metadata.metadata_log}
        statistics = (*self.metadata.statistics, *self.metadata.partition_statistics)
        files |= {self.local(file.statistics_path) for file in statistics}
        for snapshot in self.metadata.snapshots:
            files.add(self.local(snapshot.manifest_list))
            files |= {
                self.local(file.manifest_path) for file in self._reader.manifests(self.local(snapshot.manifest_list))
            }
            files |= {self.local(file.file_path) for _, file in self._entries(snapshot)}
        return files

    def local(self, uri: str) -> Path:
        """Where a file named in the metadata lies in this lake."""
        location = _path(self.metadata.location).rstrip("/") + "/"
        path = _path(uri)
        return self.folder / path.removeprefix(location) if path.startswith(location) else Path(path)

    def _entries(self, snapshot: Snapshot) -> Iterator[tuple[int, DataFile]]:
        for manifest in self._reader.manifests(self.local(snapshot.manifest_list)):
            for entry in self._reader.entries(self.local(manifest.manifest_path)):
                if entry.status != DELETED:
                    own = entry.sequence_number
                    yield manifest.sequence_number if own is None else own, entry.data_file

    def _deleted_positions(self, entries: list[tuple[int, DataFile]]) -> dict[str, dict[object, int]]:
        """By data file: position to the greatest sequence number of a delete, which holds for older files."""
        deletes: dict[str, dict[object, int]] = defaultdict(dict)
        for sequence, file in entries:
            if file.content > POSITION_DELETES:
                raise ValueError("equality deletes are not read here; expected position deletes")
            if file.content == POSITION_DELETES:
                for _, path, position in self._reader.rows(self.local(file.file_path), ("file_path", "pos")):
                    positions = deletes[str(path)]
                    positions[position] = max(sequence, positions.get(position, sequence))
        return deletes


def _hinted_version(folder: Path) -> int:
    """What the hint says; 0 while it is being renewed, or where a crash left none."""
    try:
        return int((folder / "version-hint.text").read_text())
    except (FileNotFoundError, ValueError):
        return 0


def _version(file: Path) -> int:
    number = file.name[1:].partition(".")[0]
    return int(number) if number.isdecimal() else 0


def _mark(file: Path) -> Mark:
    stat = file.stat()
    return (str(file), stat.st_mtime_ns, stat.st_ino)


def _path(uri: str) -> str:
    return "/" + uri.removeprefix("file:").lstrip("/") if uri.startswith("file:") else uri
