"""What waits in the quarantine, and how it goes through the front door again: released or corrected, and once.

A held file, or a file of quarantined records, is copied into the raw zone below `requeued/<file_id>/`, and the job runs
on it. Whether that is done is read from `ingest_audit`, so a run that died is made up for by the same command.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pyspark.sql import SparkSession

from expectations.contract import load_source
from expectations.errors import ArgumentError
from expectations.held_notes import HeldNote, SentBack
from expectations.object_keys import Lake, safe_name
from glue_jobs.jobs.quarantined_rows import (
    REASONS_ENDING,
    Shelf,
    name_of_rows,
    released_with_run,
    write_rows_of_file,
)
from glue_jobs.jobs.send_back import Desk, How, Sent, Staged, raw_place, run_on, send
from glue_jobs.storage.copies import copy_object, copy_once
from glue_jobs.storage.held_files import held_notes, note_released_run, release, sent_back
from glue_jobs.storage.ingest_audit import known_file_ids
from glue_jobs.storage.journal import recover
from glue_jobs.storage.objects import StoredObject, list_objects, upload_file
from glue_jobs.storage.originals import find_original
from glue_jobs.storage.quarantined_records import (
    QuarantinedFile,
    RuleCount,
    quarantined_files,
    records_of,
    rule_counts,
)

TAKEN = frozenset({"published", "empty", "known"})
"""What a run says of a file that is in the tables after it."""


class Waiting(NamedTuple):
    """What lies in the quarantine: files by their notes and whether they are published, records counted."""

    held: Sequence[tuple[HeldNote, bool]]
    records: Sequence[RuleCount]
    sent: Sequence[SentBack]


def what_waits(spark: SparkSession, lake: Lake) -> Waiting:
    """What a person should look at."""
    recover(spark, lake)
    known = known_file_ids(spark)
    held = [(note, note.file_id in known) for note in held_notes(lake)]
    return Waiting(held, rule_counts(spark, lake), sent_back(lake))


def requeue_file(desk: Desk, file_id: str) -> Sent:
    """Release a held file, put it into the raw zone and run the job on it; nothing, where it is published already.

    Raises:
        ArgumentError: no such file is held, or its source's key pattern does not take it.
        ClaimsError: the run failed; called again, it is tried again.
    """
    notes = {note.file_id: note for note in held_notes(desk.lake)}
    recover(desk.spark, desk.lake)
    if file_id in notes and file_id in known_file_ids(desk.spark):
        return Sent(0, 1, None)
    note = notes.get(file_id) or release(desk.lake, file_id)
    place = raw_place(desk, load_source(note.source, desk.sources), file_id, note.original_name)
    release(desk.lake, file_id)
    copy_once(desk.lake.held_file(file_id, note.original_name), place, f"{desk.temp}/raw")
    report = run_on(desk, [place])
    if any(file.file_id == file_id and file.status in TAKEN for file in report.files):
        note_released_run(desk.lake, file_id, report.run_id)
    return Sent(1, 0, report)


def send_rows(desk: Desk, run_id: str, place: str, *, released: bool = False) -> Sent:
    """Send a file (or all of a folder) of corrected, or released, records of a run; each content once.

    Raises:
        ArgumentError: it cannot be told which file the records came in, or the run has none.
        FileRefusedError: a file cannot be read; nothing was sent.
        ClaimsError: the run failed; called again, it is tried again.
    """
    recover(desk.spark, desk.lake)
    files = quarantined_files(desk.spark, desk.lake, run_id)
    names = {
        file.file_id: name_of_rows(load_source(file.source, desk.sources), find_original(desk.lake, file).name)
        for file in files
    }
    return send(desk, _staged_by_hand(desk, place, files, names, "released_by_file" if released else "corrected"))


def release_run(desk: Desk, run_id: str) -> Sent:
    """Send the quarantined records of a run that break suite rules only, as they are; once.

    Raises:
        ArgumentError: the run has none, or a person has sent a file of these records already, which would be doubled.
        ClaimsError: the run failed; called again, it is tried again.
    """
    recover(desk.spark, desk.lake)
    files = [file for file in quarantined_files(desk.spark, desk.lake, run_id) if file.releasable]
    if not files:
        raise ArgumentError(
            f"all quarantined records of run {run_id} break record rules (RC...), so that no run can read them; "
            f"expected some that break other rules; cure: correct them: make requeue RUN={run_id} TO=/folder"
        )
    done = released_with_run(desk.lake, run_id, known_file_ids(desk.spark))
    left = [file for file in files if file.file_id not in done]
    _raise_if_doubled(desk.lake, run_id, left)
    sent = send(desk, _staged_for_release(desk, left))
    return sent._replace(known=sent.known + len(files) - len(left))


def _raise_if_doubled(lake: Lake, run_id: str, files: Sequence[QuarantinedFile]) -> None:
    by_hand = {note.of_file_id for note in sent_back(lake) if note.run_id == run_id and note.how != "released_by_run"}
    if doubled := [file.file_name for file in files if file.file_id in by_hand]:
        raise ArgumentError(
            f"records of {len(doubled)} files of run {run_id} were sent back by hand, and would be published twice: "
            f"{', '.join(doubled)}; expected none; cure: put those that are to be released into a file of their own: "
            f"make requeue INPUT=... RUN={run_id} RELEASE=1"
        )


def origin_of(uri: str, files: Sequence[QuarantinedFile], names: Mapping[str, str]) -> QuarantinedFile:
    """The quarantined file whose records stand in this one: by the folder it is in, by its name, or the only one.

    Raises:
        ArgumentError: it may be one of several.
    """
    folder, name = uri.split("/")[-2:] if "/" in uri else ("", uri)
    found = [file for file in files if file.file_id == folder]
    found = found or [file for file in files if names[file.file_id] == name] or list(files)
    if len(found) == 1:
        return found[0]
    raise ArgumentError(
        f"{safe_name(name)} can hold records of {len(found)} files; expected the folder or the name that "
        f"make requeue RUN={files[0].run_id} TO=... gave it; cure: leave it in its folder"
    )


def _staged_by_hand(
    desk: Desk, place: str, files: Sequence[QuarantinedFile], names: Mapping[str, str], how: How
) -> Iterator[Staged]:
    for number, stored in enumerate(_files_of_rows(place)):
        origin = origin_of(stored.uri, files, names)
        uri = f"{desk.temp}/sent/{number}/{names[origin.file_id]}"
        copy_object(stored.uri, uri, f"{desk.temp}/copied")
        yield Staged(uri, origin, how)


def _staged_for_release(desk: Desk, files: Sequence[QuarantinedFile]) -> Iterator[Staged]:
    for number, file in enumerate(files):
        with tempfile.TemporaryDirectory() as folder:
            rows = records_of(desk.spark, desk.lake, file, unreadable=False)
            # an empty line is no record, and tells the file from one that a sender or a person wrote
            written = write_rows_of_file(Shelf(desk.lake, Path(folder), desk.sources), file, rows, ending="\n")
            uri = f"{desk.temp}/sent/{number}/{written.path.name}"
            upload_file(written.path, uri)
        yield Staged(uri, file, "released_by_run")


def _files_of_rows(place: str) -> list[StoredObject]:
    files = [stored for stored in list_objects(place) if not stored.name.endswith(REASONS_ENDING)]
    if not files:
        raise ArgumentError(
            "INPUT is a list of reasons; expected the records themselves; cure: INPUT=... the file beside it"
        )
    return files
