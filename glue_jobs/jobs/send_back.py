"""Files through the front door again: into the raw zone below `requeued/<file_id>/`, noted, and the job run on them."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, NamedTuple

from pyspark.sql import SparkSession

from expectations.contract import Source, source_of_key
from expectations.errors import ArgumentError, FileRefusedError, UnknownSourceError
from expectations.held_notes import SentBack
from expectations.object_keys import Lake, safe_name
from expectations.report import RunReport
from glue_jobs.runtime.arguments import RunArguments
from glue_jobs.storage.copies import copy_once
from glue_jobs.storage.held_files import note_sent_back
from glue_jobs.storage.ingest_audit import known_file_ids
from glue_jobs.storage.objects import delete_folder, write_object
from glue_jobs.storage.quarantined_records import QuarantinedFile
from glue_jobs.storage.raw_zone import ReceivedFile, now, receive_files

How = Literal["corrected", "released_by_file", "released_by_run"]


@dataclass(frozen=True)
class Desk:
    """Where a person sends back from: `arguments` say which lake, sources and job; `process` is the job."""

    spark: SparkSession
    arguments: RunArguments
    process: Callable[[RunArguments], RunReport]

    @property
    def lake(self) -> Lake:
        """Where the zones are."""
        return Lake(self.arguments.lake)

    @property
    def sources(self) -> Path | None:
        """Folder of declarations to use instead of the product's."""
        return Path(self.arguments.sources) if self.arguments.sources else None

    @property
    def temp(self) -> str:
        """What is needed only until the job has run."""
        return self.lake.temp(self.arguments.job_id)


class Sent(NamedTuple):
    """How many files the job was run on, how many had been published already, and the job's report, if it ran."""

    files: int
    known: int
    report: RunReport | None


class Staged(NamedTuple):
    """A file of quarantined records in the temporary folder, under the name that it is to have."""

    uri: str
    origin: QuarantinedFile
    how: How


def send(desk: Desk, staged: Iterable[Staged]) -> Sent:
    """Put files into the raw zone and run the job on them, but for those that are published already."""
    try:
        received = [(one, _received(desk, one)) for one in staged]
        known = known_file_ids(desk.spark)
        new = {file.file_id: (one, file) for one, file in received if file.file_id not in known}
        places = [raw_place(desk, file.source, file_id, file.stored.name) for file_id, (_, file) in new.items()]
        if not new:
            return Sent(0, len(received), None)
        for place, (one, file) in zip(places, new.values(), strict=True):
            copy_once(one.uri, place, f"{desk.temp}/raw")
            note_sent_back(desk.lake, _note(desk, one, file))
        return Sent(len(new), len(received) - len(new), run_on(desk, places))
    finally:
        delete_folder(desk.temp)


def _note(desk: Desk, one: Staged, file: ReceivedFile) -> SentBack:
    return SentBack(
        file_id=file.file_id,
        run_id=one.origin.run_id,
        of_file_id=one.origin.file_id,
        source=one.origin.source,
        how=one.how,
        records=file.record_count,
        sent_at=now(),
        sent_run=desk.arguments.job_id,
    )


def _received(desk: Desk, one: Staged) -> ReceivedFile:
    """The file as the front door sees it: what it would refuse does not go into the raw zone, where it would stay."""
    received, refused = receive_files(one.uri, one.origin.source, f"{desk.temp}/rewritten", sources_folder=desk.sources)
    for file in refused:
        raise FileRefusedError(file.reason, file.message.replace(file.stored.name, safe_name(file.stored.name)))
    return received[0]


def raw_place(desk: Desk, source: Source, file_id: str, name: str) -> str:
    """Where a file is put to be taken again.

    Raises:
        ArgumentError: later runs over the raw zone could not tell its source there.
    """
    place = desk.lake.requeued(source.zone, source.name, file_id, name)
    try:
        is_taken = source_of_key(place, desk.sources).name == source.name
    except UnknownSourceError:
        is_taken = False
    if is_taken:
        return place
    raise ArgumentError(
        f"the key of a file sent back, raw/{source.zone}/{source.name}/requeued/..., tells no source; expected the "
        "key_pattern of that source alone to take it; cure: correct key_pattern"
    )


def run_on(desk: Desk, places: Sequence[str]) -> RunReport:
    """Run the job on the files at these places."""
    manifest = f"{desk.temp}/manifest.json"
    write_object(manifest, json.dumps({"files": list(places)}).encode())
    return desk.process(replace(desk.arguments, input="", source="", manifest=manifest))
