"""Published tables, of the cloud and of one local run, as rows that can be compared."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from expectations.contract import load_table
from expectations.object_keys import NAMESPACE
from tests.chaos.iceberg_files import LakeReader
from tests.cloud.local_cloud.server import ROOT

OF_THE_RUN = ("ingest_datetime", "ingest_run_id", "ingest_file_id", "resolved_run_id", "file_name", "file_date")
"""Columns that tell when and by what a row came."""
CLAIMS = ("medical_claim", "medical_claim_header", "medical_claim_version")

Rows = Counter[tuple[object, ...]]


def mirror(s3: Any, glue: Any, folder: Path) -> Path:  # noqa: ANN401 - boto3's clients
    """The tables of Glue's catalog as a lake on disk: what the catalog says is current is the first version."""
    for table in glue.get_tables(DatabaseName=NAMESPACE)["TableList"]:
        current = table["Parameters"]["metadata_location"]
        bucket, _, place = current.removeprefix("s3://").partition("/")
        prefix = place.partition("/metadata/")[0] + "/"
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for item in page["Contents"]:
                path = folder / NAMESPACE / table["Name"] / item["Key"].removeprefix(prefix)
                path.parent.mkdir(parents=True, exist_ok=True)
                s3.download_file(bucket, item["Key"], str(path))
        metadata = folder / NAMESPACE / table["Name"] / "metadata"
        (metadata / "v1.metadata.json").write_bytes((metadata / Path(place).name).read_bytes())
        (metadata / "version-hint.text").write_text("1")
    return folder


def rows(lake: Path, name: str, columns: Iterable[str] = ()) -> Rows:
    """The rows that readers of a table see, with these columns, or with all that do not tell of the run."""
    chosen = tuple(columns) or tuple(
        column.name for column in load_table(name).columns if column.name not in OF_THE_RUN
    )
    reader = LakeReader(lake)
    try:
        table = reader.table(name)
        return Counter(table.rows(table.current, chosen)) if table else Counter()
    finally:
        reader.close()


def run_locally(files: Mapping[str, bytes], folder: Path, max_error_share: str) -> Path:
    """One run of the product on this machine over these files, by key; the lake."""
    for key, content in files.items():
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    command = [sys.executable, "-m", "glue_jobs.cli", "run", "--input", str(folder / "raw"), "--lake", str(folder)]
    done = subprocess.run(  # noqa: S603 - this interpreter with the product
        [*command, "--max-error-share", max_error_share, "--audit", "none"],
        cwd=ROOT,
        # compiled once and quickly: the run is short
        env=os.environ | {"JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (folder / NAMESPACE).is_dir(), done.stderr[-2000:]
    return folder
