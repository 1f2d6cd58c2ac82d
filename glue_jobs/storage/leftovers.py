"""What runs that died left outside the tables: folders in temp/ and quarantine/, journals, checksums without a file."""

import os
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from expectations.object_keys import NAMESPACE, ZONE, Lake
from glue_jobs.storage.objects import delete_folder, delete_object, is_s3, s3_client

SPARK_FOLDER = "spark"
"""In temp/: scratch space of Spark sessions, the running one's too."""

RUN_FOLDER = "run_id="
RUN_NAME = "claims-etl-"
"""How the names of runs begin."""


@dataclass(frozen=True)
class Leftovers:
    """How many of each kind were removed."""

    temp_folders: int = 0
    spark_folders: int = 0
    quarantine_folders: int = 0
    journals: int = 0
    checksum_files: int = 0


def remove_leftovers(
    lake: Lake, ended_runs: Collection[str], older_than: datetime, session_start: datetime
) -> Leftovers:
    """Remove what nothing has touched since `older_than`.

    Quarantined records of `ended_runs` (those that the audit knows) stay; old journals were made up for by `recover`.
    Spark's scratch space is removed only if it is older than this session.
    """
    temp, quarantine = lake.temporary, lake.quarantined
    return Leftovers(
        temp_folders=_remove(temp, older_than, lambda name: name != SPARK_FOLDER and _is_ours(name, lake)),
        spark_folders=_remove(f"{temp}/{SPARK_FOLDER}", min(older_than, session_start), lambda name: True),
        quarantine_folders=_remove(
            quarantine,
            older_than,
            lambda name: name.startswith(RUN_FOLDER) and name.removeprefix(RUN_FOLDER) not in ended_runs,
        ),
        journals=_remove(
            lake.journals,
            older_than,
            lambda name: name.endswith(".json"),
        ),
        checksum_files=_remove_checksums(lake, older_than),
    )


def newest_change(path: Path) -> datetime:
    """When the file, or anything in the folder, changed last; now, where its owner is deleting it at this moment."""
    try:
        inner = (Path(root) / name for root, folders, files in os.walk(path) for name in (*folders, *files))
        latest = max(entry.lstat().st_mtime for entry in (path, *inner))
    except FileNotFoundError:
        return datetime.now(UTC)
    return datetime.fromtimestamp(latest, UTC)


def _is_ours(name: str, lake: Lake) -> bool:
    """A bucket of its own is shared: manifests and Athena's answers lie in it too, for its lifecycle to expire."""
    return ZONE not in lake.root or name.startswith(RUN_NAME)


def _remove(folder: str, older_than: datetime, chosen: Callable[[str], bool]) -> int:
    dead = [name for name, changed in _newest(folder).items() if changed < older_than and chosen(name)]
    for name in dead:
        delete_folder(f"{folder}/{name}")
        delete_object(f"{folder}/{name}")
    return len(dead)


def _newest(folder: str) -> dict[str, datetime]:
    """What stands directly in a folder or prefix, each with the time of the last change to it or below it."""
    if not is_s3(folder):
        path = Path(folder)
        return {entry.name: newest_change(entry) for entry in path.iterdir()} if path.is_dir() else {}
    bucket, _, prefix = f"{folder}/".partition("://")[2].partition("/")
    found: dict[str, datetime] = {}
    for page in s3_client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for item in page.get("Contents", []):
            name = item["Key"].removeprefix(prefix).partition("/")[0]
            found[name] = max(item["LastModified"], found.get(name, item["LastModified"]))
    return found


def _remove_checksums(lake: Lake, older_than: datetime) -> int:
    """Hadoop writes `.name.crc` beside every local file; Iceberg does not see one that a crash left alone."""
    if is_s3(lake.root):
        return 0
    tables = Path(lake.root) / NAMESPACE
    alone = [
        path
        for path in tables.rglob(".*.crc")
        if not path.with_name(path.name[1:].removesuffix(".crc")).exists() and newest_change(path) < older_than
    ]
    for path in alone:
        path.unlink(missing_ok=True)
    return len(alone)
