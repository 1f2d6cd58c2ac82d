"""The files of a run: those of a folder or of a manifest, on disk and in S3, and of these the ones of some days."""

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from expectations.errors import ArgumentError, FileRefusedError, InputNotFoundError, StorageError
from glue_jobs.storage.chosen_files import FileChoice, choose_files, manifest_entries
from glue_jobs.storage.objects import write_object

DATED = ("a_20240131.csv", "b_202402.csv", "c_2024-02-29.csv", "d_20240301.csv")


@pytest.fixture(params=["disk", "S3"])
def zone(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URI of an empty folder, on disk and in S3."""
    return str(tmp_path / "zone") if request.param == "disk" else f"{request.getfixturevalue('bucket')}/zone"


def fill(zone: str, *names: str) -> None:
    for name in names:
        write_object(f"{zone}/{name}", b"x")


def chosen(choice: FileChoice, zone: str) -> list[str]:
    listed, missing = choose_files(choice)
    assert missing == ()
    return [stored.uri.removeprefix(f"{zone}/") for stored in listed]


def listed_by(zone: str, content: str | bytes, name: str = "lists/files.txt") -> FileChoice:
    write_object(f"{zone}/{name}", content if isinstance(content, bytes) else content.encode())
    return FileChoice(manifest=f"{zone}/{name}")


@pytest.mark.parametrize(
    ("first", "last", "names"),
    [
        (None, None, DATED),
        (date(2024, 2, 1), date(2024, 2, 29), DATED[1:3]),
        (date(2024, 2, 29), None, DATED[2:]),
        (None, date(2024, 1, 31), DATED[:1]),
        (date(2024, 3, 1), date(2024, 3, 1), DATED[3:]),
    ],
)
def test_a_range_takes_the_files_whose_names_hold_a_day_of_it_the_first_and_the_last_included(
    zone: str, first: date | None, last: date | None, names: tuple[str, ...]
) -> None:
    fill(zone, *DATED)
    assert chosen(FileChoice(zone, from_date=first, to_date=last), zone) == list(names)


def test_a_file_without_a_day_in_its_name_has_the_day_on_which_it_was_written(zone: str) -> None:
    fill(zone, "undated.csv", "old_20200101.csv")
    today = datetime.now(UTC).date()
    assert chosen(FileChoice(zone, from_date=today, to_date=today), zone) == ["undated.csv"]
    with pytest.raises(InputNotFoundError):
        choose_files(FileChoice(f"{zone}/undated.csv", to_date=date(2020, 12, 31)))


def test_the_day_on_which_a_file_was_written_is_that_of_utc(tmp_path: Path) -> None:
    fill(str(tmp_path), "undated.csv")
    late = datetime(2024, 1, 31, 23, 59, 59, tzinfo=UTC).timestamp()
    os.utime(tmp_path / "undated.csv", (late, late))
    day = date(2024, 1, 31)
    assert chosen(FileChoice(str(tmp_path), from_date=day, to_date=day), str(tmp_path)) == ["undated.csv"]


def test_a_range_that_leaves_no_file_is_told_with_its_days_and_the_cure(zone: str) -> None:
    fill(zone, *DATED)
    with pytest.raises(InputNotFoundError, match=r"^no file of 2025-01-01 to the last day among 4 listed; .+; cure: "):
        choose_files(FileChoice(zone, from_date=date(2025, 1, 1)))


def test_a_manifest_names_files_below_its_folder_or_by_their_whole_place(zone: str) -> None:
    fill(zone, "lists/near.csv", "far/a b.csv", "far/c.csv", "far/not named.csv", "whole.csv")
    lines = f"# files of January\r\n../far/c.csv\r\n\r\n  ../far/a b.csv \n./near.csv\n{zone}/whole.csv\n#../far/d.csv"
    assert chosen(listed_by(zone, lines), zone) == ["far/a b.csv", "far/c.csv", "lists/near.csv", "whole.csv"]


def test_a_manifest_may_be_json_with_a_byte_order_mark_and_more_keys(zone: str) -> None:
    fill(zone, "lists/# a.csv", "b.csv")
    content = b"\xef\xbb\xbf" + json.dumps({"batch": 7, "files": ["# a.csv", "../b.csv"]}).encode()
    assert chosen(listed_by(zone, content, "lists/files.json"), zone) == ["b.csv", "lists/# a.csv"]


def test_a_file_named_twice_is_taken_once_and_a_folder_with_all_that_is_in_it(zone: str) -> None:
    fill(zone, "lists/in/a.csv", "lists/in/b.csv", "lists/other/c.csv")
    lines = f"in/a.csv\nin\nin/a.csv\n{zone}/lists/in/b.csv\n"
    assert chosen(listed_by(zone, lines), zone) == ["lists/in/a.csv", "lists/in/b.csv"]


def test_the_input_is_not_looked_at_where_a_manifest_is_given(zone: str) -> None:
    fill(zone, "lists/a.csv", "b.csv")
    manifest = listed_by(zone, "a.csv").manifest
    for place in ("", zone, f"{zone}/no such folder"):
        assert chosen(FileChoice(place, manifest), zone) == ["lists/a.csv"]


def test_of_a_manifest_too_only_the_files_of_the_range_are_taken(zone: str) -> None:
    fill(zone, *DATED)
    manifest = listed_by(zone, "\n".join(f"../{name}" for name in (*DATED, "gone_20230101.csv"))).manifest
    choice = FileChoice(manifest=manifest, from_date=date(2024, 1, 1), to_date=date(2024, 1, 31))
    assert chosen(choice, zone) == [DATED[0]]


def test_a_file_that_is_not_there_is_told_by_its_name_and_the_others_are_taken(zone: str) -> None:
    fill(zone, "lists/a.csv")
    listed, missing = choose_files(listed_by(zone, "gone/b.csv\na.csv\n../c.csv\n"))
    assert [stored.name for stored in listed] == ["a.csv"]
    assert [stored.name for stored, _ in missing] == ["c.csv", "b.csv"]
    for stored, error in missing:
        assert isinstance(error, FileRefusedError)
        assert error.reason == "not_found"
        assert str(error).startswith(f"{stored.name}: the manifest names it, and no claims file is there; expected ")
        assert "; cure: " in str(error)


def test_a_bucket_that_is_not_there_concerns_its_file_and_no_other(bucket: str) -> None:
    fill(bucket, "a.csv")
    listed, ((_, error),) = choose_files(listed_by(bucket, f"{bucket}-2/b.csv\n../a.csv\n"))
    assert [stored.name for stored in listed] == ["a.csv"]
    assert isinstance(error, StorageError)


def test_a_manifest_on_a_disk_may_name_objects_in_s3(bucket: str, tmp_path: Path) -> None:
    fill(bucket, "a.csv")
    fill(str(tmp_path), "b.csv")
    listed, _ = choose_files(listed_by(str(tmp_path), f"{bucket}/a.csv\nb.csv\n", "files.txt"))
    assert [stored.uri for stored in listed] == [f"{tmp_path}/b.csv", f"{bucket}/a.csv"]


def test_a_manifest_beside_the_command_needs_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(str(tmp_path), "a.csv")
    listed_by(str(tmp_path), "a.csv\n", "files.txt")
    monkeypatch.chdir(tmp_path)
    listed, _ = choose_files(FileChoice(manifest="files.txt"))
    assert [stored.uri for stored in listed] == [f"{tmp_path}/a.csv"]


@pytest.mark.parametrize("content", ["", "\n\n", "# nothing\n", '{"files": []}', '{"files": [""]}'], ids=repr)
def test_a_manifest_without_files_is_told_like_an_input_without_files(zone: str, content: str) -> None:
    with pytest.raises(InputNotFoundError, match=r"^manifest files\.txt names no file; expected .+; cure: .+$"):
        choose_files(listed_by(zone, content))


def test_a_manifest_that_is_not_there_is_told_with_the_cure(zone: str) -> None:
    fill(zone, "a.csv")
    with pytest.raises(InputNotFoundError, match=r"^no manifest at .+/files\.txt; expected .+; cure: .+$"):
        choose_files(FileChoice(manifest=f"{zone}/files.txt"))


@pytest.mark.parametrize("is_manifest", [False, True], ids=["input", "manifest"])
def test_what_is_not_there_is_named_as_far_as_its_path_is_safe_to_show(zone: str, *, is_manifest: bool) -> None:
    fill(zone, "a.csv")
    place = f"{zone}/Maria Miller/219-09-9999.csv"
    choice = FileChoice(manifest=place) if is_manifest else FileChoice(place)
    with pytest.raises(InputNotFoundError, match=r"/file-[0-9a-f]{6}-[0-9a-f]{6}/file-\S+\.csv; expected") as error:
        choose_files(choice)
    assert "Maria" not in str(error.value)
    assert "219" not in str(error.value)


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00",
        b"{",
        b'{"files": "a.csv"}',
        b'{"files": [1]}',
        b'{"names": []}',
        b'{"files": ["a\\u0000.csv"]}',
        b"a\x00.csv",
        b'{"files":' + b"[" * 100_000,
    ],
    ids=["no text", "no JSON", "one text", "numbers", "no files", "NUL in JSON", "NUL in text", "depth without end"],
)
def test_what_is_no_list_of_files_is_told_without_its_content(content: bytes) -> None:
    with pytest.raises(
        ArgumentError, match=r"^manifest files\.txt is no list of files; expected .+; cure: correct it$"
    ):
        manifest_entries(content, "files.txt")
