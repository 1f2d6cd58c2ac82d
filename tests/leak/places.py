"""What is searched for canaries, and what is claims data by nature and is not.

Claims data, where only readers of claims may look: `raw/`, `temp/`, the data and the manifests (column bounds are
values) of the claim tables below `processed/`, `raw_record` of the quarantine's records, copies of held files, and of
their notes the two fields by which a file is sent back under its own name. Names of folders and files are searched
everywhere but below `raw/`; everything else is searched by content: reports, Data Docs, journals, the tables about runs
in whole with all metadata, and of claim tables the metadata that readers of the catalog see.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from tests.chaos.avro_files import read_avro

ABOUT_RUNS = ("ingest_audit", "quality_scorecard")
OF_CLAIMS = ("raw", "temp")
ORIGINAL = ("original_name", "original_uri")
"""Fields of a held file's note."""


def told_in(lake: Path) -> Iterator[tuple[str, str]]:
    """Everything in a lake that is no claims data: the channel, and a text."""
    for path in sorted(lake.rglob("*")):
        place = path.relative_to(lake)
        if place.parts[0] not in OF_CLAIMS:
            yield "paths", str(place)
        if path.is_file() and (channel := _channel(place)):
            yield channel, f"{path.name}\n{_text(path)}"


def _channel(place: Path) -> str:
    """Where a file's content belongs; empty where it is claims data."""
    zone = place.parts[0]
    if zone == "processed":
        if place.parts[1] in ABOUT_RUNS:
            return place.parts[1]
        is_catalogued = place.name.endswith(".metadata.json") or place.name.startswith("snap-")
        return "table metadata" if is_catalogued else ""
    if zone == "quarantine":
        return "quarantine index" if place.suffix == ".json" else ""
    return "" if zone in OF_CLAIMS else zone


def _text(path: Path) -> str:
    if path.suffix == ".avro":
        return json.dumps(read_avro(path), default=_of_bytes, ensure_ascii=False)
    if path.name == "note.json":
        note = json.loads(path.read_text())
        return json.dumps({key: value for key, value in note.items() if key not in ORIGINAL})
    return path.read_bytes().decode(errors="replace")


def _of_bytes(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
