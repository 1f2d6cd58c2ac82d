"""A requeue without Spark: what is asked, which file rows came in, how they are written, where they go."""

import csv
import json
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pytest
from pyspark.sql import Row, SparkSession

from expectations.contract import load_source
from expectations.errors import ArgumentError
from expectations.held_notes import HeldNote, SentBack
from expectations.object_keys import Lake, safe_uri
from expectations.raw_files import scan
from glue_jobs.jobs.quarantined_rows import Shelf, name_of_rows, write_rows_of_file, write_rows_of_run
from glue_jobs.jobs.requeue import Waiting, origin_of
from glue_jobs.jobs.send_back import Desk, Sent, raw_place
from glue_jobs.quality_commands import WAYS, chosen_action
from glue_jobs.runtime.arguments import RunArguments
from glue_jobs.screen import screen
from glue_jobs.storage.objects import write_object
from glue_jobs.storage.originals import find_original, header_line
from glue_jobs.storage.quarantined_records import QuarantinedFile, RuleCount
from glue_jobs.storage.raw_zone import now
from glue_jobs.waiting_screen import print_sent, print_waiting

TINY = {
    "description": "A source that only tests have.",
    "table": "medical_claim",
    "columns": {"claim_id": "ID", "paid_amount": "PAID"},
    "format": {"type": "csv"},
}
HEADLESS = {"type": "csv", "header": "none", "column_names": ["ID", "PAID"]}
DECLARED: dict[str, Mapping[str, object]] = {
    "tiny": TINY,
    "headless": {**TINY, "format": HEADLESS},
    "western": {**TINY, "format": {"type": "csv", "encodings": ["cp1252"]}},
    "nested": {**TINY, "format": {"type": "ndjson"}},
    "named": {**TINY, "file_name_pattern": r"^claims_(?P<year>\d{4})\.csv\.gz$"},
    "elsewhere": {**TINY, "key_pattern": r"incoming/elsewhere/"},
}
RUN = "run-1"


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sources")
    for name, declared in DECLARED.items():
        (folder / f"{name}.json").write_text(json.dumps({"name": name, **declared}))
    return folder


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(str(tmp_path / "lake"))


def quarantined(lake: Lake, source: str, sources: Path, name: str, content: bytes) -> QuarantinedFile:
    """A raw file, as `ingest_audit` and the quarantine know it."""
    uri = f"{lake.raw}/claims/{source}/{name}"
    write_object(uri, content)
    facts = scan(lambda: BytesIO(content), name, load_source(source, sources).format)
    shown = safe_uri(uri)
    return QuarantinedFile(RUN, source, "a" * 32, shown.rsplit("/", 1)[-1], shown, facts.sha256, 2, 1)


def row(
    number: int, raw: str, rules: Sequence[str] = ("RC010",), columns: Sequence[str] = ("claim_start_date",)
) -> Row:
    return Row(row_number=number, rule_ids=list(rules), columns=list(columns), raw_record=raw)


WRITTEN = {
    "own order and quotes": ("tiny", b'PAID,"ID"\r\n1,A\r\n', ["x,B", "y,C"], 'PAID,"ID"\nx,B\ny,C\n'),
    "byte-order mark": ("tiny", b"\xef\xbb\xbfID,PAID\nA,1\n", ["B,x"], "ID,PAID\nB,x\n"),
    "no header": ("headless", b"A,1\nB,x\n", ["B,x"], "B,x\n"),
    "NDJSON": ("nested", b'{"ID":"A"}\n', ['{"ID":1}'], '{"ID":1}\n'),
    "encoding": ("western", b"ID,PAID\nJos\xe9,1\n", ["Jos\u00e9,x"], "\ufeffID,PAID\nJos\u00e9,x\n"),
}


@pytest.mark.parametrize("case", WRITTEN.values(), ids=WRITTEN)
def test_rows_are_written_below_the_header_of_their_own_file(
    lake: Lake, sources: Path, tmp_path: Path, case: tuple[str, bytes, list[str], str]
) -> None:
    source, content, raw, expected = case
    file = quarantined(lake, source, sources, "a.csv", content)
    rows = [row(number, text) for number, text in enumerate(raw, start=7)]
    written = write_rows_of_file(Shelf(lake, tmp_path / "to", sources), file, rows)
    assert written.path == tmp_path / "to" / source / file.file_id / "a.csv"
    assert written.path.read_bytes().decode() == expected
    assert written.records == len(raw)
    facts = scan(lambda: BytesIO(written.path.read_bytes()), "a.csv", load_source(source, sources).format)
    assert facts.record_count == len(raw)


def test_reasons_name_the_line_of_each_record_its_file_its_rules_and_nothing_of_it(
    lake: Lake, sources: Path, tmp_path: Path
) -> None:
    file = quarantined(lake, "tiny", sources, "Jane Doe.csv", b"ID,PAID\nA,1\n")
    rows = [
        row(3, '"B\n1",x', ["MC014", "RC017"], ["units", "paid_amount"]),
        row(9, "SECRET,y"),
        row(12, "D,z", [], []),
    ]
    written = write_rows_of_file(Shelf(lake, tmp_path / "to", sources), file, rows)
    reasons = written.path.with_name("Jane Doe.csv.reasons.csv").read_text()
    assert "SECRET" not in reasons
    assert "Jane" not in reasons
    assert list(csv.reader(reasons.splitlines()))[1:] == [
        ["2", file.file_name, "3", "MC014 RC017", "units paid_amount"],
        ["4", file.file_name, "9", "RC010", "claim_start_date"],
        ["5", file.file_name, "12", "", ""],
    ]


@pytest.mark.parametrize("place", ["Jane Doe.csv", "of John Doe/a.csv", "of John Doe/123456789.csv", "plain.csv"])
def test_a_raw_file_is_found_though_the_audit_has_its_place_as_a_hash(lake: Lake, sources: Path, place: str) -> None:
    quarantined(lake, "tiny", sources, "other one.csv", b"ID,PAID\nX,1\n")
    file = quarantined(lake, "tiny", sources, place, b"PAID,ID\n1,A\n")
    original = find_original(lake, file)
    assert original.uri == f"{lake.raw}/claims/tiny/{place}"
    assert original.name == place.rsplit("/", 1)[-1]
    assert header_line(load_source("tiny", sources), original, file) == "PAID,ID"


def test_a_raw_file_that_is_gone_or_has_changed_is_an_error_with_the_cure_and_without_its_name(
    lake: Lake, sources: Path
) -> None:
    file = quarantined(lake, "tiny", sources, "Jane Doe.csv", b"PAID,ID\n1,A\n")
    path = Path(find_original(lake, file).uri)
    path.write_bytes(b"ID,PAID\nA,1\n")
    with pytest.raises(ArgumentError, match=r"has changed since run run-1 .*cure: put it back as it was") as error:
        header_line(load_source("tiny", sources), find_original(lake, file), file)
    path.unlink()
    with pytest.raises(ArgumentError, match=r"no raw file is where .*cure: put it back there") as gone:
        find_original(lake, file)
    assert "Jane" not in f"{error.value} {gone.value}"


@pytest.mark.parametrize(
    ("source", "name", "expected"),
    [
        ("tiny", "claims_2024-01.csv.gz", "claims_2024-01.csv"),
        ("tiny", "claims_2024-01.csv.GZ", "claims_2024-01.csv"),
        ("tiny", "claims_2024-01.csv", "claims_2024-01.csv"),
        ("named", "claims_2024.csv.gz", "claims_2024.csv.gz"),
    ],
)
def test_what_a_person_corrects_keeps_the_name_but_for_gz_where_the_source_need_not_see_it(
    sources: Path, source: str, name: str, expected: str
) -> None:
    assert name_of_rows(load_source(source, sources), name) == expected


def file_of(file_id: str, source: str = "tiny") -> QuarantinedFile:
    return QuarantinedFile(RUN, source, file_id, "a.csv", "/x/a.csv", "", 2, 1)


A, B, C = (file_of(letter * 32) for letter in "abc")
NAMES = {A.file_id: "one.csv", B.file_id: "two.csv", C.file_id: "two.csv"}


@pytest.mark.parametrize(
    ("uri", "files", "expected"),
    [
        pytest.param(f"/to/tiny/{B.file_id}/renamed.csv", [A, B, C], B, id="by its folder"),
        pytest.param(f"/to/tiny/{B.file_id}/one.csv", [A, B, C], B, id="its folder before its name"),
        pytest.param("/elsewhere/one.csv", [A, B, C], A, id="by its name"),
        pytest.param("anything.csv", [C], C, id="the only one"),
        pytest.param("/elsewhere/two.csv", [A, B, C], None, id="a name that two have"),
        pytest.param("/elsewhere/Jane Doe.csv", [A, B], None, id="no name of any"),
    ],
)
def test_a_corrected_file_is_known_by_its_folder_its_name_or_as_the_only_one(
    uri: str, files: list[QuarantinedFile], expected: QuarantinedFile | None
) -> None:
    if expected:
        assert origin_of(uri, files, NAMES) == expected
        return
    with pytest.raises(ArgumentError, match=r"can hold records of 2 files; .*cure: leave it in its folder") as error:
        origin_of(uri, files, NAMES)
    assert "Jane" not in str(error.value)


def desk(lake: Lake, sources: Path) -> Desk:
    arguments = RunArguments("", lake.root, sources=str(sources), job_id="job")
    return Desk(cast("SparkSession", None), arguments, cast("Any", None))


def test_a_file_sent_back_lies_where_later_runs_can_tell_its_source_or_goes_nowhere(lake: Lake, sources: Path) -> None:
    place = raw_place(desk(lake, sources), load_source("tiny", sources), "a" * 32, "a b.csv")
    assert place == f"{lake.root}/raw/claims/tiny/requeued/{'a' * 32}/a b.csv"
    with pytest.raises(ArgumentError, match=r"raw/claims/elsewhere/requeued/.* cure: correct key_pattern"):
        raw_place(desk(lake, sources), load_source("elsewhere", sources), "a" * 32, "a.csv")


@pytest.mark.parametrize("inside", ["", "raw/claims/tiny", "quarantine"])
def test_rows_are_never_written_into_the_lake(lake: Lake, inside: str) -> None:
    with pytest.raises(ArgumentError, match=r"inside the lake.*cure: TO="):
        write_rows_of_run(cast("SparkSession", None), Shelf(lake, Path(lake.root) / inside), RUN)


def test_rows_are_never_written_among_other_files(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "to").mkdir()
    (tmp_path / "to" / "mine.txt").write_text("stays")
    with pytest.raises(ArgumentError, match=r"not empty; .*cure: TO="):
        write_rows_of_run(cast("SparkSession", None), Shelf(lake, tmp_path / "to"), RUN)
    assert (tmp_path / "to" / "mine.txt").read_text() == "stays"


@pytest.mark.parametrize("given", WAYS, ids=lambda way: " ".join(sorted(way)) or "nothing")
def test_each_way_to_call_requeue_is_one_action(given: frozenset[str]) -> None:
    assert chosen_action(set(given), "a" * 32, RUN) == WAYS[given]


@pytest.mark.parametrize(
    "given", [{"RUN"}, {"TO"}, {"INPUT"}, {"RELEASE"}, {"FILE", "RUN"}, {"RUN", "TO", "INPUT"}, {"FILE", "RELEASE"}]
)
def test_other_ways_are_named_with_those_that_there_are(given: set[str]) -> None:
    with pytest.raises(ArgumentError, match=r"one of: FILE; RUN TO; RUN INPUT; RUN INPUT RELEASE; RUN RELEASE; cure: "):
        chosen_action(given, "a" * 32, RUN)


@pytest.mark.parametrize(("file_id", "run_id"), [("../x", ""), ("A" * 32, ""), ("a" * 32 + "\n", ""), ("", "../run")])
def test_ids_that_are_none_never_become_part_of_a_place(file_id: str, run_id: str) -> None:
    given = {"FILE"} if file_id else {"RUN", "RELEASE"}
    with pytest.raises(ArgumentError, match="cure: make requeue lists them"):
        chosen_action(given, file_id, run_id)


def held(name: str, **more: object) -> HeldNote:
    facts: dict[str, object] = {
        "file_id": "a" * 32,
        "source": "tiny",
        "original_uri": f"/data/{name}",
        "original_name": name,
        "run_id": RUN,
        "held_at": now(),
        "total_records": 2000,
        "error_records": 500,
        "max_error_share": 0.05,
        "broken_rules": {f"MC0{number}": number for number in range(10, 17)},
    }
    return HeldNote.model_validate(facts | more)


def shown(waiting: Waiting) -> str:
    with screen.capture() as capture:
        print_waiting(waiting)
    return " ".join(capture.get().split())


def test_what_waits_is_shown_in_counts_and_without_names_that_could_be_a_persons() -> None:
    sent = SentBack(
        file_id="b" * 32,
        run_id=RUN,
        of_file_id="a" * 32,
        source="tiny",
        how="corrected",
        records=3,
        sent_at=now(),
        sent_run="run-2",
    )
    released = sent.model_copy(update={"how": "released_by_run", "records": 4})
    counts = [RuleCount(RUN, "tiny", "MC014", 1234), RuleCount("run-9", "tiny", "RC010", 5)]
    text = shown(Waiting([(held("Jane Doe.csv"), False)], counts, [sent, released]))
    assert "Jane" not in text
    assert all(
        part in text for part in ("a" * 32, "2,000", "500", "25.0", "5.0", "1,234", "RC010", "make requeue FILE=")
    )
    assert "MC016 16" in text
    assert "MC010 10" not in text
    assert shown(Waiting([], [], [])) == "Nothing waits in the quarantine."


@pytest.mark.parametrize(
    ("released", "is_published", "state"),
    [(False, False, "waits"), (True, False, "released"), (True, True, "published")],
)
def test_a_held_file_waits_is_released_or_published(released: bool, is_published: bool, state: str) -> None:
    note = held("a.csv", released_at=now() if released else None)
    assert state in shown(Waiting([(note, is_published)], [], []))


def test_what_was_sent_already_is_said() -> None:
    with screen.capture() as capture:
        print_sent(Sent(2, 1, None))
    assert "1 file was requeued already" in capture.get()
    assert "2 files were sent" in capture.get()
