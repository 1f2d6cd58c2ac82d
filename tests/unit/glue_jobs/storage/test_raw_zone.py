"""The front door: each file of an input is taken, taken rewritten or refused with its reason; none stops another."""

import gzip
import json
import tempfile
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, NoReturn

import pytest

from expectations.errors import FileRefusedError, InputNotFoundError
from expectations.schema_changes import SchemaPolicy
from glue_jobs.storage import raw_zone
from glue_jobs.storage.chosen_files import FileChoice
from glue_jobs.storage.objects import open_object, write_object
from glue_jobs.storage.raw_zone import ReceivedFile, RefusedFile, layouts, now, receive_files

GOOD = b"ID,PAID\nA,1.00\nB,2.00\n"
REWRITTEN = b'ID,PAID\n"A\n1",1.00\nB,2.00\n'
OUTCOME = tuple[list[ReceivedFile], list[RefusedFile]]

TINY_COLUMNS = {"claim_id": "ID", "paid_amount": "PAID"}
TINY = {"table": "medical_claim", "columns": TINY_COLUMNS, "format": {"type": "csv"}}
SOURCES: dict[str, Mapping[str, object]] = {
    "tiny": TINY,
    "headless": {**TINY, "format": {"type": "csv", "header": "none", "column_names": ["ID", "PAID"]}},
    "dated": {**TINY, "versions": {"order_else": "file_date"}},
    "undated": {**TINY, "versions": {"order": ["received_date"]}},
    "lenient": {**TINY, "columns": {**TINY_COLUMNS, "plan": {"from": ["PLAN", "PRODUCT"], "optional": True}}},
    "nested": {**TINY, "format": {"type": "ndjson"}},
    "yearly": {
        **TINY,
        "file_name_pattern": r"^of_(?P<year>\d{4})(?P<part>_\d)?",
        "columns": {"claim_id": "ID", "paid_amount": "PAID", "claim_start_date": {"template": "{year}-01-01"}},
        "lines": {
            "numbered": 1,
            "present": ["ID"],
            "columns": {"claim_line_end_date": {"template": "{year}-12-31{part}"}},
        },
    },
}


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the declarations of `SOURCES`."""
    folder = tmp_path_factory.mktemp("sources")
    for name, declared in SOURCES.items():
        text = json.dumps({"name": name, "description": "A source that only tests have.", **declared})
        (folder / f"{name}.json").write_text(text)
    return folder


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return tmp_path / "lake" / "raw"


def put(raw: Path, files: Mapping[str, bytes], source: str = "tiny") -> None:
    for name, data in files.items():
        write_object(f"{raw}/claims/{source}/{name}", data)


def receive(raw: Path | str, sources: Path, source_name: str = "") -> OUTCOME:
    return receive_files(str(raw), source_name, f"{raw}/../temp", sources_folder=sources)


def received_one(raw: Path, sources: Path) -> ReceivedFile:
    (file,), refused = receive(raw, sources)
    assert not refused
    return file


def read(uri: str) -> bytes:
    with open_object(uri) as stream:
        return stream.read()


def refusals(outcome: OUTCOME) -> dict[str, str]:
    return {file.stored.name: file.reason for file in outcome[1]}


def test_a_plain_file_is_read_where_it_lies(raw: Path, sources: Path) -> None:
    put(raw, {"good.csv": GOOD})
    file = received_one(raw, sources)
    assert file.read_uri == file.stored.uri == str(raw / "claims" / "tiny" / "good.csv")
    assert (file.source.name, file.record_count, file.facts.sha256) == ("tiny", 2, sha256(GOOD).hexdigest())
    assert file.layout.field_names == ("ID", "PAID")
    assert not file.layout.rewritten
    assert not (raw.parent / "temp").exists()


AWKWARD = {
    "packed": ("good.csv.gz", gzip.compress(GOOD)),
    "packed without saying so": ("good.csv", gzip.compress(GOOD)),
    "blanks": ("good file.csv", GOOD),
    "brackets": ("good[1].csv", GOOD),
    "an asterisk": ("good*.csv", GOOD),
    "hidden": (".good.csv", GOOD),
    "an underscore first": ("_good.csv", GOOD),
    "another alphabet": ("g\u00f3od.csv", GOOD),
    "a colon": ("good:1.csv", GOOD),
    "UTF-16": ("good.csv", GOOD.decode().encode("utf-16")),
    "an awkward folder": ("a folder/good.csv", GOOD),
    "a hidden folder": ("_folder/good.csv", GOOD),
}


@pytest.mark.parametrize(("name", "data"), AWKWARD.values(), ids=AWKWARD)
def test_an_awkward_file_is_read_rewritten_under_a_plain_name_and_left_as_it_is(
    raw: Path, sources: Path, name: str, data: bytes
) -> None:
    put(raw, {name: data})
    file = received_one(raw, sources)
    assert read(file.read_uri) == GOOD
    assert raw_zone.PLAIN_NAME.match(Path(file.read_uri).name)
    assert Path(file.read_uri).parent.resolve() == raw.parent / "temp"
    assert read(file.stored.uri) == data
    assert file.layout.rewritten
    assert file.record_count == 2


def test_a_record_over_two_lines_is_rewritten_onto_one(raw: Path, sources: Path) -> None:
    put(raw, {"good.csv": REWRITTEN})
    file = received_one(raw, sources)
    assert (file.record_count, read(file.read_uri).count(b"\n")) == (2, REWRITTEN.count(b"\n"))


def test_files_of_one_content_in_several_places_are_rewritten_side_by_side(raw: Path, sources: Path) -> None:
    put(raw, {"a b.csv": GOOD, "c d.csv": GOOD})
    received, _ = receive(raw, sources)
    assert len({file.read_uri for file in received}) == 2


BAD = {
    "empty.csv": (b"", "empty"),
    "semicolons.csv": (b"ID;PAID\nA;1\n", "wrong_delimiter"),
    "lacks.csv": (b"ID,PAYED\nA,1\n", "missing_column"),
    "twice.csv": (b"ID,PAID,paid\nA,1,2\n", "duplicate_column"),
    "cut.csv.gz": (gzip.compress(GOOD)[:-9], "gzip_truncated"),
    "book.csv": (b"PK\x03\x04[Content_Types]", "not_text"),
    "bytes.csv": (b"\xff\xe9,\xc3\nA,1\n", "unreadable_encoding"),
}


def test_all_bad_files_are_refused_at_once_with_their_reasons_and_the_others_are_received(
    raw: Path, sources: Path
) -> None:
    put(raw, {name: data for name, (data, _) in BAD.items()} | {"a.csv": GOOD, "z.csv": GOOD})
    outcome = receive(raw, sources)
    assert refusals(outcome) == {name: reason for name, (_, reason) in BAD.items()}
    assert [file.stored.name for file in outcome[0]] == ["a.csv", "z.csv"]


def test_each_refusal_is_one_line_that_names_the_file_and_the_cure(raw: Path, sources: Path) -> None:
    put(raw, {name: data for name, (data, _) in BAD.items()})
    put(raw, {"nobody.csv": GOOD}, "unknown")
    put(raw, {"misnamed.csv": GOOD}, "yearly")
    _, refused = receive(raw, sources)
    assert len(refused) == len(BAD) + 2
    for file in refused:
        assert file.stored.name in file.message
        assert "cure: " in file.message
        assert "\n" not in file.message


def test_a_file_of_no_known_source_is_refused_and_the_others_are_received(raw: Path, sources: Path) -> None:
    put(raw, {"x.csv": GOOD}, "unknown")
    put(raw, {"good.csv": GOOD})
    received, (refused,) = receive(raw, sources)
    assert (refused.reason, refused.source_name) == ("UnknownSourceError", "")
    assert [file.stored.name for file in received] == ["good.csv"]


def test_a_source_that_is_named_counts_wherever_the_file_lies(tmp_path: Path, sources: Path) -> None:
    write_object(f"{tmp_path}/in/x.csv", GOOD)
    (file,), _ = receive(tmp_path / "in", sources, "tiny")
    assert file.source.name == "tiny"


def test_a_wrong_source_name_is_refused_with_the_names_there_are(tmp_path: Path, sources: Path) -> None:
    write_object(f"{tmp_path}/in/x.csv", GOOD)
    received, (refused,) = receive(tmp_path / "in", sources, "tinny")
    assert (received, refused.reason, refused.source_name) == ([], "UnknownSourceError", "tinny")
    assert all(name in refused.message for name in SOURCES)


def test_a_file_whose_name_lacks_what_its_source_takes_from_it_is_refused(raw: Path, sources: Path) -> None:
    put(raw, {"tiny.csv": GOOD, "of_2008.csv": GOOD}, "yearly")
    received, (refused,) = receive(raw, sources)
    assert (refused.reason, refused.stored.name, refused.source_name) == ("file_name", "tiny.csv", "yearly")
    assert [file.stored.name for file in received] == ["of_2008.csv"]


def test_a_file_that_cannot_be_read_is_refused_and_the_others_are_received(
    raw: Path, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(raw, {"a.csv": GOOD, "b.csv": GOOD})
    real = Path.open

    def guarded(self: Path, *arguments: Any) -> Any:  # noqa: ANN401 - as the real one
        if self.name == "a.csv":
            raise PermissionError(13, "Permission denied")
        return real(self, *arguments)

    monkeypatch.setattr(Path, "open", guarded)
    received, (refused,) = receive(raw, sources)
    assert refused.message.startswith("cannot read a.csv: Permission denied; cure: ")
    assert [file.stored.name for file in received] == ["b.csv"]


def test_a_full_disk_is_not_taken_for_a_bad_file(raw: Path, sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(raw, {"good.csv.gz": gzip.compress(GOOD)})
    monkeypatch.setattr(raw_zone, "rewrite", no_space)
    with pytest.raises(OSError, match="No space left on device"):
        receive(raw, sources)


def no_space(open_stream: Any, *_: object) -> NoReturn:  # noqa: ANN401 - as rewrite, which fails while it reads
    with open_stream():
        raise OSError(28, "No space left on device")


def changed(*_: object) -> NoReturn:
    raise FileRefusedError("changed", "x: changed; cure: again")


@pytest.mark.parametrize("ending", ["received", "refused"])
def test_nothing_is_left_in_the_machines_temporary_folder(
    raw: Path, sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    (tmp_path / "machine").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "machine"))
    if ending == "refused":
        monkeypatch.setattr(raw_zone, "rewrite", changed)
    put(raw, {"good.csv.gz": gzip.compress(GOOD)})
    assert len(receive(raw, sources)[0]) == (ending == "received")
    assert not list((tmp_path / "machine").iterdir())


def test_an_input_without_files_is_an_error(raw: Path, sources: Path) -> None:
    with pytest.raises(InputNotFoundError, match="cure"):
        receive(raw, sources)


def test_progress_is_told_after_each_file_refused_ones_too(raw: Path, sources: Path) -> None:
    put(raw, {"a.csv": GOOD, "b.csv": b"", "c.csv": GOOD})
    told: list[tuple[int, int]] = []
    receive_files(str(raw), "", f"{raw}/../temp", lambda done, total: told.append((done, total)), sources)
    assert told == [(1, 3), (2, 3), (3, 3)]


def control(**totals: object) -> bytes:
    return json.dumps(totals).encode()


RIGHT_CONTROLS = {
    "all": control(records=2, bytes=len(GOOD), sha256=sha256(GOOD).hexdigest()),
    "text": control(records="2", sender="someone"),
    "a byte-order mark": b"\xef\xbb\xbf" + control(bytes=len(GOOD)),
}
WRONG_CONTROLS = {
    "another count": control(records=3),
    "another size": control(bytes=1),
    "another digest": control(sha256="0" * 64),
    "no totals": control(sender="someone"),
    "no JSON": b"records: 2",
    "nothing": b"",
    "an array": b"[2]",
    "a number": b"2",
    "no text": b"\xff\xfe\x00\xd8",
    "depth without end": b"[" * 100_000,
}


@pytest.fixture(params=["disk", "S3"])
def zone(request: pytest.FixtureRequest, raw: Path) -> str:
    """A raw zone on disk and in S3."""
    return str(raw) if request.param == "disk" else f"{request.getfixturevalue('bucket')}/raw"


@pytest.mark.parametrize("sidecar", RIGHT_CONTROLS.values(), ids=RIGHT_CONTROLS)
def test_a_file_that_is_as_its_control_file_says_is_received(zone: str, sources: Path, sidecar: bytes) -> None:
    write_object(f"{zone}/claims/tiny/x.csv", GOOD)
    write_object(f"{zone}/claims/tiny/x.csv.control.json", sidecar)
    received, refused = receive(zone, sources)
    assert ([file.stored.name for file in received], refused) == (["x.csv"], [])


@pytest.mark.parametrize("sidecar", WRONG_CONTROLS.values(), ids=WRONG_CONTROLS)
def test_a_file_that_is_not_as_its_control_file_says_is_refused_and_the_others_are_received(
    zone: str, sources: Path, sidecar: bytes
) -> None:
    for name in ("x.csv", "y.csv"):
        write_object(f"{zone}/claims/tiny/{name}", GOOD)
    write_object(f"{zone}/claims/tiny/x.csv.control.json", sidecar)
    received, (refused,) = receive(zone, sources)
    assert (refused.stored.name, refused.reason) == ("x.csv", "control_totals")
    assert [file.stored.name for file in received] == ["y.csv"]


def test_the_control_file_of_a_single_file_counts_too(raw: Path, sources: Path) -> None:
    put(raw, {"x.csv": GOOD, "x.csv.control.json": control(records=3)})
    assert refusals(receive(raw / "claims" / "tiny" / "x.csv", sources)) == {"x.csv": "control_totals"}


def test_files_in_s3_are_received_as_files_on_disk_are(bucket: str, sources: Path) -> None:
    write_object(f"{bucket}/raw/claims/tiny/good.csv", GOOD)
    write_object(f"{bucket}/raw/claims/tiny/packed.csv.gz", gzip.compress(GOOD))
    write_object(f"{bucket}/raw/claims/tiny/empty.csv", b"")
    received, refused = receive_files(f"{bucket}/raw", "", f"{bucket}/temp/run", sources_folder=sources)
    assert [file.record_count for file in received] == [2, 2]
    assert received[0].read_uri == f"{bucket}/raw/claims/tiny/good.csv"
    assert received[1].read_uri.startswith(f"{bucket}/temp/run/")
    assert read(received[1].read_uri) == GOOD
    assert [file.reason for file in refused] == ["empty"]


def test_the_same_content_has_one_id_under_any_name(raw: Path, sources: Path) -> None:
    put(raw, {"first.csv": GOOD, "second file.csv": GOOD, "other.csv": GOOD + b"C,3.00\n"})
    first, other, second = receive(raw, sources)[0]
    assert first.file_id == second.file_id
    assert other.file_id != first.file_id
    assert len(first.file_id) == 32


def test_the_same_content_of_another_source_has_another_id(tmp_path: Path, sources: Path) -> None:
    write_object(f"{tmp_path}/in/of_2008.csv", GOOD)
    ids = {receive(tmp_path / "in", sources, name)[0][0].file_id for name in ("tiny", "headless", "yearly")}
    assert len(ids) == 3


def test_the_same_content_has_another_id_where_its_name_says_something_else(raw: Path, sources: Path) -> None:
    put(raw, {"of_2008.csv": GOOD, "of_2009.csv": GOOD, "of_2009_again.csv": GOOD}, "yearly")
    first, second, third = receive(raw, sources)[0]
    assert first.file_id != second.file_id
    assert second.file_id == third.file_id


def test_the_day_in_the_name_is_part_of_the_id_where_it_orders_versions(raw: Path, sources: Path) -> None:
    names = ("c_20240131.csv", "c_20240229.csv", "d_2024-02-29.csv", "undated.csv", "undated2.csv")
    put(raw, dict.fromkeys(names, GOOD), "dated")
    january, february, other_name, undated, undated_too = (file.file_id for file in receive(raw, sources)[0])
    assert len({january, february, undated}) == 3
    assert (february, undated) == (other_name, undated_too)


@pytest.mark.parametrize("source", ["tiny", "undated"])
def test_the_day_in_the_name_is_no_part_of_the_id_of_other_sources(raw: Path, sources: Path, source: str) -> None:
    put(raw, {"c_20240131.csv": GOOD, "c_20240229.csv": GOOD, "undated.csv": GOOD}, source)
    assert len({file.file_id for file in receive(raw, sources)[0]}) == 1


def test_what_a_source_makes_of_a_files_name_is_told_by_column(raw: Path, sources: Path) -> None:
    put(raw, {"of_2008.csv": GOOD, "of_2009_1.csv": GOOD}, "yearly")
    first, second = (file.templates() for file in receive(raw, sources)[0])
    assert first == {"template_claim_start_date": "2008-01-01", "template_claim_line_end_date": "2008-12-31"}
    assert second["template_claim_line_end_date"] == "2009-12-31_1"


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("claims_20240131.csv", date(2024, 1, 31)),
        ("claims-2024-01-31.csv", date(2024, 1, 31)),
        ("20240131.csv", date(2024, 1, 31)),
        ("professional_2024_01.csv", date(2024, 1, 1)),
        ("claims202402.csv", date(2024, 2, 1)),
        ("claims_20240131_20240229.csv", date(2024, 1, 31)),
        ("x.csv", None),
        ("claims_20240230.csv", None),
        ("claims_20241301.csv", None),
        ("claims_2024.csv", None),
        ("claims_18991231.csv", None),
        ("member_202401311.csv", None),
        ("member_120240131.csv", None),
        ("20240131123456.csv", None),
    ],
)
def test_the_date_of_a_file_is_the_one_in_its_name_and_no_part_of_a_longer_number(
    raw: Path, sources: Path, name: str, day: date | None
) -> None:
    put(raw, {name: GOOD})
    assert received_one(raw, sources).file_date == day


def test_files_are_grouped_by_what_must_be_equal_to_read_them_together(raw: Path, sources: Path) -> None:
    swapped = b"PAID,ID\n1.00,A\n"
    files = {"a.csv": GOOD, "b.csv": swapped, "c.csv": GOOD + b"C,3.00\n", "d.csv.gz": gzip.compress(GOOD)}
    put(raw, files)
    groups = layouts(receive(raw, sources)[0])
    assert [[file.stored.name for file in group] for group in groups.values()] == [
        ["a.csv", "c.csv"],
        ["b.csv"],
        ["d.csv.gz"],
    ]


def test_names_that_no_column_reads_are_told(raw: Path, sources: Path) -> None:
    put(raw, {"x.csv": b"ID,PAID,REMARK\nA,1.00,x\n"})
    assert received_one(raw, sources).extra_columns == ("REMARK",)


def test_under_a_strict_policy_a_file_with_such_a_name_is_refused_and_the_others_are_received(
    raw: Path, sources: Path
) -> None:
    put(raw, {"a.csv": b"ID,PAID,REMARK\nA,1.00,x\n", "b.csv": GOOD, "c.csv": b"PAID,ID\n1.00,A\n"})
    choice = FileChoice(str(raw), schema_policy=SchemaPolicy.STRICT)
    received, (refused,) = receive_files(choice, "", f"{raw}/../temp", sources_folder=sources)
    assert (refused.stored.name, refused.reason) == ("a.csv", "unexpected_column")
    assert [file.stored.name for file in received] == ["b.csv", "c.csv"]


@pytest.mark.parametrize("policy", SchemaPolicy)
def test_a_missing_optional_column_is_a_warning_of_the_file_beside_others(
    raw: Path, sources: Path, policy: SchemaPolicy
) -> None:
    put(raw, {"a.csv": GOOD, "b.csv": b"ID,PAID\n", "c.csv": b"ID,PAID,PRODUCT\nA,1.00,x\n"}, "lenient")
    choice = FileChoice(str(raw), schema_policy=policy)
    received, refused = receive_files(choice, "", f"{raw}/../temp", sources_folder=sources)
    lacking = "The header lacks columns that are optional: PLAN."
    assert refused == []
    assert [file.warnings for file in received] == [
        (lacking,),
        ("The file has a header and no record.", lacking),
        (),
    ]


def test_a_file_that_the_manifest_names_and_that_is_not_there_is_refused_and_the_others_are_received(
    raw: Path, sources: Path
) -> None:
    put(raw, {"a.csv": GOOD, "b.csv": GOOD})
    write_object(f"{raw}/files.txt", b"claims/tiny/a.csv\nclaims/tiny/gone.csv\n")
    told: list[tuple[int, int]] = []
    received, (refused,) = receive_files(
        FileChoice(manifest=f"{raw}/files.txt"),
        "",
        f"{raw}/../temp",
        lambda done, total: told.append((done, total)),
        sources,
    )
    assert [file.stored.name for file in received] == ["a.csv"]
    assert (refused.stored.name, refused.reason) == ("gone.csv", "not_found")
    assert refused.message.startswith("gone.csv: the manifest names it")
    assert told == [(1, 1)]


def test_files_of_s3_received_and_refused_ones_bear_the_version_that_was_there(bucket: str, sources: Path) -> None:
    write_object(f"{bucket}/raw/claims/tiny/good.csv", GOOD)
    write_object(f"{bucket}/raw/claims/tiny/empty.csv", b"")
    (file,), (refused,) = receive_files(f"{bucket}/raw", "", f"{bucket}/temp/run", sources_folder=sources)
    assert len(file.stored.version_id) == len(refused.stored.version_id) == 32


@pytest.mark.parametrize(
    ("source", "data", "fields"), [("headless", b"A,1.00\n", ("ID", "PAID")), ("nested", b'{"ID": "A"}\n', ())]
)
def test_files_without_a_header_have_the_fields_that_are_declared(
    raw: Path, sources: Path, source: str, data: bytes, fields: tuple[str, ...]
) -> None:
    put(raw, {"x.txt": data}, source)
    file = received_one(raw, sources)
    assert (file.layout.field_names, file.layout.header_line, file.record_count) == (fields, "", 1)


def test_the_time_is_in_utc_and_whole_seconds() -> None:
    assert (str(now().tzinfo), now().microsecond) == ("UTC", 0)
