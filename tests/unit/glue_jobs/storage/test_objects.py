"""Objects on a disk and in S3 behave the same: listed, opened, written whole, moved and deleted."""

import errno
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from expectations.errors import FileRefusedError, InputNotFoundError, StorageError
from glue_jobs.storage.objects import (
    StoredObject,
    delete_folder,
    identified,
    is_s3,
    list_objects,
    open_object,
    read_if_any,
    s3_client,
    spark_path,
    upload_file,
    write_object,
)


@pytest.fixture(params=["disk", "S3"])
def zone(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URI of an empty folder, on disk and in S3."""
    return str(tmp_path / "zone") if request.param == "disk" else f"{request.getfixturevalue('bucket')}/zone"


def fill(zone: str, *names: str) -> None:
    for name in names:
        write_object(f"{zone}/{name}", name.encode())


def names_below(uri: str, zone: str) -> list[str]:
    return [stored.uri.removeprefix(f"{zone}/") for stored in list_objects(uri)]


def content(uri: str) -> bytes:
    with open_object(uri) as stream:
        return stream.read()


def test_a_folder_is_listed_with_all_that_is_nested_or_hidden_in_order(zone: str) -> None:
    names = (".hidden.csv", "a b.csv", "a.csv", "nested/.folder/c.csv", "nested/b.csv", "z [1].csv", "z?x#y%41.csv")
    fill(zone, *names)
    assert names_below(zone, zone) == sorted(names)
    assert names_below(f"{zone}/", zone) == sorted(names)


def test_what_tools_leave_behind_and_control_totals_are_not_listed(zone: str) -> None:
    fill(zone, "a.csv", "a.csv.control.json", "_SUCCESS", ".DS_Store", "x/Thumbs.db", "x/desktop.ini", "b.json")
    assert names_below(zone, zone) == ["a.csv", "b.json"]


def test_a_listed_object_has_its_name_and_size(zone: str) -> None:
    fill(zone, "nested/four.csv")
    (stored,) = list_objects(zone)
    assert stored == StoredObject(f"{zone}/nested/four.csv", len("nested/four.csv"))
    assert stored.name == "four.csv"


def test_a_listed_object_tells_in_utc_when_it_was_last_written(zone: str) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)
    fill(zone, "a.csv", "b.csv")
    for stored in (*list_objects(zone), *list_objects(f"{zone}/a.csv")):
        assert stored.modified_at is not None
        assert before <= stored.modified_at <= datetime.now(UTC)
        assert stored.modified_at.utcoffset() == timedelta()


def test_an_object_of_a_bucket_with_versions_is_known_by_the_id_of_its_version(bucket: str) -> None:
    s3_client().put_bucket_versioning(Bucket="claims-lake", VersioningConfiguration={"Status": "Enabled"})
    ids = []
    for _ in range(2):
        answer = s3_client().put_object(Bucket="claims-lake", Key="raw/a.csv", Body=b"same")
        (stored,) = map(identified, list_objects(f"{bucket}/raw"))
        ids.append(stored.version_id)
        assert stored.version_id == answer["VersionId"]
    assert ids[0] != ids[1]


def test_an_object_of_a_bucket_without_versions_is_known_by_its_etag_and_a_local_file_by_neither(
    bucket: str, tmp_path: Path
) -> None:
    answer = s3_client().put_object(Bucket="claims-lake", Key="raw/a.csv", Body=b"same")
    (stored,) = map(identified, list_objects(f"{bucket}/raw/a.csv"))
    assert f'"{stored.version_id}"' == answer["ETag"]
    fill(str(tmp_path), "a.csv")
    (local,) = list_objects(str(tmp_path))
    assert identified(local) == local
    assert local.version_id == ""


def test_an_object_that_is_gone_meanwhile_is_a_storage_error(bucket: str) -> None:
    with pytest.raises(StorageError, match=r"^cannot read a\.csv: 404; cure: "):
        identified(StoredObject(f"{bucket}/raw/a.csv", 4))


def test_a_single_object_is_listed_alone_even_where_others_begin_with_its_name(zone: str) -> None:
    fill(zone, "a.csv", "a.csv.bak", "a.csv2/b.csv")
    assert names_below(f"{zone}/a.csv", zone) == ["a.csv"]


def test_a_folder_does_not_take_in_one_whose_name_begins_alike(zone: str) -> None:
    fill(zone, "claims/a.csv", "claims2/b.csv", "claims.csv", "claims-old/c.csv")
    assert names_below(f"{zone}/claims", zone) == ["claims/a.csv"]


def test_a_listing_of_several_pages_is_whole(zone: str) -> None:
    names = [f"{number}.csv" for number in range(7)]
    fill(zone, *names)
    assert names_below(zone, zone) == names


def test_an_input_without_files_is_named_with_the_cure(zone: str) -> None:
    fill(zone, "empty/_SUCCESS", "empty/x.csv.control.json")
    for uri in (f"{zone}/missing", f"{zone}/missing.csv", f"{zone}/empty"):
        with pytest.raises(InputNotFoundError) as error:
            list_objects(uri)
        assert uri in str(error.value)
        assert "cure: check INPUT" in str(error.value)


def test_a_whole_bucket_can_be_the_input(bucket: str) -> None:
    fill(bucket, "a.csv", "raw/b.csv")
    assert names_below(bucket, bucket) == names_below(f"{bucket}/", bucket) == ["a.csv", "raw/b.csv"]


def test_an_object_that_stands_for_a_folder_is_no_file(bucket: str) -> None:
    s3_client().put_object(Bucket="claims-lake", Key="raw/")
    fill(bucket, "raw/a.csv")
    assert names_below(f"{bucket}/raw", bucket) == ["raw/a.csv"]


def test_a_bucket_that_is_not_there_is_a_storage_error(bucket: str) -> None:
    with pytest.raises(StorageError, match="NoSuchBucket"):
        list_objects(f"{bucket}-2/raw")


def test_a_linked_file_keeps_the_name_that_it_has_in_the_folder(tmp_path: Path) -> None:
    fill(str(tmp_path), "elsewhere/target.csv", "raw/own.csv")
    (tmp_path / "raw" / "link.csv").symlink_to(tmp_path / "elsewhere" / "target.csv")
    assert names_below(str(tmp_path / "raw"), str(tmp_path)) == ["raw/link.csv", "raw/own.csv"]
    assert names_below(str(tmp_path / "raw" / "link.csv"), str(tmp_path)) == ["raw/link.csv"]


def test_a_folder_inside_that_may_not_be_read_is_an_error_and_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(str(tmp_path), "a.csv", "closed/b.csv")
    scandir = os.scandir

    def guarded(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    with pytest.raises(StorageError, match="Permission denied"):
        list_objects(str(tmp_path))


def test_what_is_written_is_read_back(zone: str) -> None:
    write_object(f"{zone}/new/folder/x.json", b"one")
    write_object(f"{zone}/new/folder/x.json", b"two")
    assert content(f"{zone}/new/folder/x.json") == b"two"
    assert names_below(zone, zone) == ["new/folder/x.json"]


def test_a_stream_can_be_read_in_chunks(zone: str) -> None:
    write_object(f"{zone}/x", b"abcde")
    with open_object(f"{zone}/x") as stream:
        assert [stream.read(2), stream.read(2), stream.read(2), stream.read(2)] == [b"ab", b"cd", b"e", b""]


@pytest.mark.parametrize("what", ["missing.csv", "folder"])
def test_an_object_that_cannot_be_opened_is_named_with_the_cure(zone: str, what: str) -> None:
    fill(zone, "folder/x.csv")
    with pytest.raises(StorageError, match=rf"^cannot read {what}: .+; cure: .+$"):
        content(f"{zone}/{what}")


def test_an_error_of_the_reader_passes_through_unchanged(zone: str) -> None:
    write_object(f"{zone}/x", b"")
    refused = FileRefusedError("empty", "x: empty")
    full = OSError(errno.ENOSPC, "No space left on device")
    for error in (refused, full, ValueError("x")):
        with pytest.raises(type(error)) as raised, open_object(f"{zone}/x"):
            raise error
        assert raised.value is error


def test_an_object_that_need_not_be_there_is_read_or_none(zone: str) -> None:
    write_object(f"{zone}/x.control.json", b"{}")
    assert read_if_any(f"{zone}/x.control.json") == b"{}"
    assert read_if_any(f"{zone}/y.control.json") is None


def test_an_object_that_is_there_but_cannot_be_read_is_not_taken_for_missing(tmp_path: Path, bucket: str) -> None:
    for uri in (str(tmp_path), f"{bucket}-2/x"):
        with pytest.raises(StorageError):
            read_if_any(uri)


@pytest.mark.parametrize("call", ["write_bytes", "replace"])
def test_a_write_that_fails_keeps_the_old_object_and_leaves_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    uri = str(tmp_path / "report.json")
    write_object(uri, b"old")
    write_bytes = Path.write_bytes

    def fail(self: Path, given: object) -> None:
        if isinstance(given, bytes):
            write_bytes(self, given[:1])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, call, fail)
        with pytest.raises(
            StorageError, match=r"^cannot write report\.json: No space left on device; cure: free space"
        ):
            write_object(uri, b"new")
    assert content(uri) == b"old"
    assert os.listdir(tmp_path) == ["report.json"]  # noqa: PTH208 - with hidden ones


def test_a_zone_that_cannot_be_written_is_a_storage_error(tmp_path: Path, bucket: str) -> None:
    (tmp_path / "file").touch()
    source = tmp_path / "source"
    source.write_bytes(b"x")
    for uri in (str(tmp_path / "file" / "x.json"), f"{bucket}-2/x.json"):
        with pytest.raises(StorageError, match=r"^cannot write x\.json: "):
            write_object(uri, b"x")
        with pytest.raises(StorageError, match=r"^cannot write x\.json: "):
            upload_file(source, uri)


def test_an_uploaded_file_is_moved(zone: str, tmp_path: Path) -> None:
    source = tmp_path / "source.txt"
    source.write_bytes(b"rewritten")
    upload_file(source, f"{zone}/temp/x.txt")
    assert content(f"{zone}/temp/x.txt") == b"rewritten"
    assert not source.exists()


def test_a_deleted_folder_takes_all_below_it_and_nothing_beside_it(zone: str) -> None:
    fill(zone, "run-1/a", "run-1/b/_SUCCESS", "run-1/b/x.control.json", "run-1/b/c/d", "run-10/a", "run-1.txt")
    delete_folder(f"{zone}/run-1")
    delete_folder(f"{zone}/run-1")
    assert names_below(zone, zone) == ["run-1.txt", "run-10/a"]
    assert read_if_any(f"{zone}/run-1/b/_SUCCESS") is None
    assert read_if_any(f"{zone}/run-1/b/x.control.json") is None


def test_a_folder_that_cannot_be_deleted_in_s3_is_said(bucket: str) -> None:
    with pytest.raises(StorageError, match=r"cannot delete run-1: NoSuchBucket; cure: "):
        delete_folder(f"{bucket}-2/run-1")


@pytest.mark.parametrize(
    ("uri", "in_s3", "for_spark"),
    [
        ("s3://b/raw/x.csv", True, "s3a://b/raw/x.csv"),
        ("s3a://b/raw/x.csv", True, "s3a://b/raw/x.csv"),
        ("/lake/s3://x.csv", False, "/lake/s3://x.csv"),
    ],
)
def test_spark_is_told_a_place_by_the_name_of_its_own_file_system(uri: str, in_s3: bool, for_spark: str) -> None:
    assert is_s3(uri) is in_s3
    assert spark_path(uri) == for_spark
