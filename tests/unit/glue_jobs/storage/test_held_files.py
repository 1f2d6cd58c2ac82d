"""Held files and records sent back, on a disk and in S3: copied as they lie, noted, released, and never twice."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from expectations.errors import ArgumentError, StorageError
from expectations.held_notes import HeldNote, SentBack
from expectations.object_keys import Lake
from glue_jobs.storage import held_files
from glue_jobs.storage.copies import copy_object, copy_once, is_there
from glue_jobs.storage.held_files import (
    held_note,
    held_notes,
    hold_file,
    note_released_run,
    note_sent_back,
    release,
    released_ids,
    sent_back,
)
from glue_jobs.storage.objects import list_objects, open_object, read_if_any, write_object
from glue_jobs.storage.raw_zone import ReceivedFile, receive_files

SOURCES = Path(__file__).parents[4] / "benchmarks" / "sources"
HEADER = (
    "claim_id,line,person_id,start,pos,units,hcpcs,modifier,rendering_npi,billing_npi,paid_date,paid,allowed,charge,"
    "coinsurance,copayment,deductible,dx1,dx2,dx3,frequency,original,received\n"
)
RAW = HEADER.encode() + b"A,1,P1,2024-01-15,11,1,G0001,,,,,1.00,,,,,,,,,1,,2024-02-01\r\n"
TELLING = "Jane Doe 2024-01-31.csv"
MOMENT = datetime(2024, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(params=["disk", "S3"])
def lake(request: pytest.FixtureRequest, tmp_path: Path) -> Lake:
    root = tmp_path / "lake" if request.param == "disk" else f"{request.getfixturevalue('bucket')}/lake"
    return Lake(str(root))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    times = [MOMENT.replace(day=day) for day in range(2, 20)]
    monkeypatch.setattr(held_files, "now", lambda: times.pop(0))
    return times


def received(lake: Lake, name: str = TELLING, content: bytes = RAW) -> ReceivedFile:
    write_object(f"{lake.raw}/claims/bench_claims/{name}", content)
    ((file,), refused) = receive_files(
        f"{lake.raw}/claims/bench_claims/{name}", "bench_claims", "", sources_folder=SOURCES
    )
    assert refused == []
    return file


def note_of(file: ReceivedFile, run_id: str = "run-1", errors: int = 1) -> HeldNote:
    return HeldNote(
        file_id=file.file_id,
        source=file.source.name,
        original_uri=file.stored.uri,
        original_version_id=file.stored.version_id,
        original_name=file.stored.name,
        run_id=run_id,
        held_at=MOMENT,
        total_records=file.record_count,
        error_records=errors,
        max_error_share=0.05,
        broken_rules={"MC014": errors},
    )


def a_return(lake: Lake, file_id: str, how: str = "corrected", run_id: str = "run-1") -> SentBack:
    note = SentBack.model_validate(
        {
            "file_id": file_id,
            "run_id": run_id,
            "of_file_id": "0" * 32,
            "source": "bench_claims",
            "how": how,
            "records": 2,
            "sent_at": MOMENT,
            "sent_run": "run-2",
        }
    )
    note_sent_back(lake, note)
    return note


def content(uri: str) -> bytes:
    with open_object(uri) as stream:
        return stream.read()


def below(folder: str, root: str) -> list[str]:
    return [stored.uri.removeprefix(f"{root}/") for stored in list_objects(folder)]


def test_a_held_file_is_copied_to_the_byte_under_a_name_that_is_safe_to_show(lake: Lake) -> None:
    file = received(lake)
    hold_file(lake, file, note_of(file))
    places = below(f"{lake.root}/quarantine", lake.root)
    copies = [place for place in places if not place.endswith("/note.json")]
    assert len(copies) == 1
    assert not any("Jane" in place for place in places)
    assert copies[0].endswith(".csv")
    assert content(f"{lake.root}/{copies[0]}") == RAW
    assert content(file.stored.uri) == RAW
    note = held_note(lake, file.file_id)
    assert note == note_of(file)
    assert note is not None
    assert note.original_name == TELLING
    assert note.plain_name == copies[0].rsplit("/", 1)[-1]
    assert note.error_share == 1.0


def test_a_lake_without_held_files_has_no_notes_and_nothing_released(lake: Lake) -> None:
    assert held_notes(lake) == ()
    assert sent_back(lake) == ()
    assert released_ids(lake) == frozenset()
    assert held_note(lake, "0" * 32) is None


def test_a_file_held_again_keeps_its_copy_and_when_it_was_held_first_and_what_a_person_decided(
    lake: Lake, clock: list[datetime]
) -> None:
    del clock
    file = received(lake)
    hold_file(lake, file, note_of(file))
    write_object(lake.held_file(file.file_id, TELLING), b"must stay")
    release(lake, file.file_id)
    note_released_run(lake, file.file_id, "run-2")
    later = note_of(file, "run-3", errors=0).model_copy(update={"held_at": MOMENT.replace(year=2025)})
    hold_file(lake, file, later)
    assert content(lake.held_file(file.file_id, TELLING)) == b"must stay"
    note = held_note(lake, file.file_id)
    assert note is not None
    assert (note.run_id, note.error_records, note.held_at) == ("run-3", 0, MOMENT)
    assert (note.released_at, note.released_run) == (MOMENT.replace(day=2), "run-2")


def test_files_with_notelike_names_are_no_notes(lake: Lake) -> None:
    files = [received(lake, name, RAW + b"\n" * number) for number, name in enumerate(["note.json", "a-note.json"])]
    for file in files:
        hold_file(lake, file, note_of(file))
    assert {note.original_name for note in held_notes(lake)} == {"note.json", "a-note.json"}
    assert all(content(lake.held_file(file.file_id, file.stored.name)).startswith(RAW) for file in files)


def test_a_file_is_released_once_and_only_that_one(lake: Lake, clock: list[datetime]) -> None:
    del clock
    files = [received(lake, f"{number}.csv", RAW + b"\n" * number) for number in range(3)]
    for file in files:
        hold_file(lake, file, note_of(file))
    assert released_ids(lake) == frozenset()
    first = release(lake, files[1].file_id)
    assert release(lake, files[1].file_id) == first
    assert released_ids(lake) == {files[1].file_id}
    with pytest.raises(ArgumentError, match=r"no file of the id f{32} is held; .*cure: make requeue"):
        release(lake, "f" * 32)


def test_records_sent_back_are_noted_a_file_each_and_only_released_ones_count_as_released(lake: Lake) -> None:
    ids = ["a" * 32, "b" * 32, "c" * 32]
    notes = [
        a_return(lake, file_id, how)
        for file_id, how in zip(ids, ("corrected", "released_by_file", "released_by_run"), strict=True)
    ]
    a_return(lake, ids[0])
    assert sent_back(lake) == tuple(notes)
    assert released_ids(lake) == {ids[1], ids[2]}


def test_a_note_that_a_person_broke_is_named_without_what_is_in_it(lake: Lake) -> None:
    write_object(lake.held_note("a" * 32), b'{"file_id": "Jane Doe"}')
    with pytest.raises(StorageError, match=r"cannot read note\.json in the quarantine: .*; cure: ") as error:
        held_notes(lake)
    assert "Jane" not in str(error.value)


def test_what_is_held_but_cannot_be_read_any_more_is_an_error_that_does_not_show_its_name(lake: Lake) -> None:
    file = received(lake)
    gone = replace(file, stored=replace(file.stored, uri=f"{lake.raw}/claims/gone/Jane Doe.csv"))
    with pytest.raises(StorageError) as error:
        hold_file(lake, gone, note_of(gone))
    assert "Jane" not in str(error.value)
    assert held_notes(lake) == ()


def test_an_object_is_copied_once_and_nothing_else_lies_beside_it(lake: Lake) -> None:
    write_object(f"{lake.root}/in/a.csv", b"first")
    assert copy_once(f"{lake.root}/in/a.csv", f"{lake.raw}/x/a.csv", lake.temp("run-1"))
    write_object(f"{lake.root}/in/a.csv", b"second")
    assert not copy_once(f"{lake.root}/in/a.csv", f"{lake.raw}/x/a.csv", lake.temp("run-1"))
    assert content(f"{lake.raw}/x/a.csv") == b"first"
    assert below(lake.raw, lake.raw) == ["x/a.csv"]
    assert is_there(f"{lake.raw}/x/a.csv")
    assert not is_there(f"{lake.raw}/x/a")
    assert not is_there(f"{lake.raw}/x")


def test_a_local_file_is_copied_into_a_bucket_and_back(bucket: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"x" * 100_000)
    copy_object(str(tmp_path / "a.csv"), f"{bucket}/raw/a.csv", "")
    copy_object(f"{bucket}/raw/a.csv", str(tmp_path / "back" / "a.csv"), str(tmp_path / "temp"))
    assert (tmp_path / "back" / "a.csv").read_bytes() == b"x" * 100_000
    assert read_if_any(str(tmp_path / "temp" / "a.csv")) is None
