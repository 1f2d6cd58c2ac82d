"""Files held whole in the quarantine, records sent back from it, and which of both a person has released."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from expectations.errors import ArgumentError, InputNotFoundError, StorageError
from expectations.held_notes import HeldNote, SentBack
from expectations.object_keys import NOTE_NAME, Lake, safe_name
from glue_jobs.storage.copies import copy_once
from glue_jobs.storage.objects import StoredObject, list_objects, read_if_any, write_object
from glue_jobs.storage.raw_zone import ReceivedFile, now

Note = TypeVar("Note", bound=BaseModel)


def hold_file(lake: Lake, file: ReceivedFile, note: HeldNote) -> None:
    """Copy the raw file as it lies into the quarantine, then write the note beside it.

    Held again, it is not copied again: the note then has what the later run counted, and still says when the file was
    held first and whether it was released. The copy grows in the temporary folder of the note's run.

    Raises:
        StorageError: the raw file cannot be read, or the quarantine not be written.
    """
    earlier = held_note(lake, note.file_id)
    copy_once(file.stored.uri, lake.held_file(note.file_id, note.original_name), f"{lake.temp(note.run_id)}/held")
    if earlier:
        kept = ("held_at", "released_at", "released_run")
        note = note.model_copy(update={name: getattr(earlier, name) for name in kept})
    if note != earlier:
        _write(lake.held_note(note.file_id), note)


def held_note(lake: Lake, file_id: str) -> HeldNote | None:
    """The note on a held file; None where no file of that id was ever held."""
    content = read_if_any(lake.held_note(file_id))
    return None if content is None else _parsed(HeldNote, content, NOTE_NAME)


def held_notes(lake: Lake) -> tuple[HeldNote, ...]:
    """The notes on all files that were ever held, released ones too; the first held first."""
    notes = _notes(HeldNote, lake.held, lambda name: name == NOTE_NAME)
    return tuple(sorted(notes, key=lambda note: (note.held_at, note.file_id)))


def release(lake: Lake, file_id: str) -> HeldNote:
    """Let a held file be published whatever its share of records in error; released again, nothing changes.

    Raises:
        ArgumentError: no file of that id is held.
    """
    note = held_note(lake, file_id)
    if note is None:
        raise ArgumentError(
            f"no file of the id {file_id} is held; expected a file_id of a held file; cure: make requeue lists them"
        )
    if note.released_at is None:
        note = note.model_copy(update={"released_at": now()})
        _write(lake.held_note(file_id), note)
    return note


def note_released_run(lake: Lake, file_id: str, run_id: str) -> None:
    """Note which run took a released file."""
    _write(lake.held_note(file_id), release(lake, file_id).model_copy(update={"released_run": run_id}))


def released_ids(lake: Lake) -> frozenset[str]:
    """Ids of the files that a person has released: neither held, nor their records quarantined by suite rules.

    Record rules quarantine all the same: what breaks one cannot be read.
    """
    held = {note.file_id for note in held_notes(lake) if note.released_at}
    return frozenset(held | {note.file_id for note in sent_back(lake) if note.is_released})


def note_sent_back(lake: Lake, note: SentBack) -> None:
    """Note that a file of quarantined records was sent back; one object a file, so that two at once lose nothing."""
    _write(lake.sent_back(note.run_id, note.file_id), note)


def sent_back(lake: Lake) -> tuple[SentBack, ...]:
    """What was sent back of the quarantined records of all runs, the first sent first."""
    notes = _notes(SentBack, lake.all_sent_back, lambda name: name.endswith(".json"))
    return tuple(sorted(notes, key=lambda note: (note.sent_at, note.run_id, note.file_id)))


def _notes(model: type[Note], folder: str, is_note: Callable[[str], bool]) -> Iterator[Note]:
    for stored in _listed(folder):
        content = read_if_any(stored.uri) if is_note(stored.name) else None
        if content is not None:
            yield _parsed(model, content, stored.name)


def _listed(folder: str) -> tuple[StoredObject, ...]:
    try:
        return list_objects(folder)
    except InputNotFoundError:
        return ()


def _write(uri: str, note: BaseModel) -> None:
    write_object(uri, (note.model_dump_json(indent=2) + "\n").encode())


def _parsed(model: type[Note], content: bytes, name: str) -> Note:
    try:
        return model.model_validate_json(content)
    except ValidationError as error:  # its text shows what it found
        raise StorageError(
            f"cannot read {safe_name(name)} in the quarantine: not what a run or make requeue wrote; "
            "cure: restore it from a backup, or delete it: what it speaks of then counts as never held or sent"
        ) from error
