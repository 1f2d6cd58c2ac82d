"""What Iceberg says of a table in its metadata file and its manifests, as far as readers need it."""

from pydantic import BaseModel, ConfigDict


class _Json(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=lambda name: name.replace("_", "-"))


class Snapshot(_Json):
    """One state of a table."""

    snapshot_id: int
    parent_snapshot_id: int | None = None
    sequence_number: int = 0
    summary: dict[str, str] = {}
    manifest_list: str


class Ref(_Json):
    """A branch or tag."""

    snapshot_id: int


class Logged(_Json):
    """An earlier metadata file."""

    metadata_file: str


class Statistics(_Json):
    """A statistics file of a snapshot."""

    statistics_path: str


class Metadata(_Json):
    """One metadata file of a table, as far as readers need it."""

    location: str
    current_snapshot_id: int | None = None
    refs: dict[str, Ref] = {}
    snapshots: tuple[Snapshot, ...] = ()
    metadata_log: tuple[Logged, ...] = ()
    statistics: tuple[Statistics, ...] = ()
    partition_statistics: tuple[Statistics, ...] = ()


class ManifestFile(BaseModel):
    """One line of a manifest list."""

    manifest_path: str
    sequence_number: int = 0


class DataFile(BaseModel):
    """A file of rows (content 0) or of deletes (1: by position)."""

    content: int = 0
    file_path: str


class Entry(BaseModel):
    """One line of a manifest; no sequence number: that of its manifest."""

    status: int
    sequence_number: int | None
    data_file: DataFile
