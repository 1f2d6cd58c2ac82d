"""The run's arguments: both ways of writing them, every fault with its cure, and agreement with AWS's own parser."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.errors import ArgumentError
from expectations.schema_changes import SchemaPolicy
from glue_jobs.runtime.arguments import RunArguments, day_range, main_arguments, new_job_id, read_arguments

Reader = Callable[..., RunArguments]
NEEDED = ("--input", "in", "--lake", "lake")


def read(*parts: str) -> RunArguments:
    return read_arguments(["job.py", *parts])


def read_on_glue(*parts: str) -> RunArguments:
    pytest.importorskip("awsglue.utils", reason="AWS's own parser is not installed (dev extra)")
    return read_arguments(["job.py", "--JOB_NAME", "claims", *parts])


@pytest.mark.parametrize("reader", [read, read_on_glue])
@pytest.mark.parametrize("parts", [NEEDED, ("--input=in", "--lake=lake"), ("--lake", "lake/", "--input=in")], ids=str)
def test_a_value_follows_its_name_or_an_equals_sign(reader: Reader, parts: tuple[str, ...]) -> None:
    arguments = reader(*parts)
    assert (arguments.input, arguments.lake, arguments.source, arguments.partitions) == ("in", "lake", "", 0)


def test_every_argument_arrives() -> None:
    optional = ("--source=s", "--sources", "/declared", "--job_id", "job-1", "--partitions", "50")
    more = ("--region", "eu-west-1", "--driver_memory_gigabytes=8", "--cores", "2")
    files = ("--manifest", "m.txt", "--from_date", "2024-01-31", "--to_date=2024-02-29", "--schema_policy=strict")
    expected = RunArguments(
        "in",
        "lake",
        "s",
        "/declared",
        "job-1",
        50,
        "eu-west-1",
        8,
        "2",
        "m.txt",
        date(2024, 1, 31),
        date(2024, 2, 29),
        SchemaPolicy.STRICT,
    )
    assert read(*NEEDED, *optional, *more, *files) == expected


@pytest.mark.parametrize("reader", [read, read_on_glue])
def test_the_input_may_be_left_out_where_a_manifest_names_the_files(reader: Reader) -> None:
    arguments = reader("--manifest", "m.txt", "--lake", "lake")
    assert (arguments.input, arguments.manifest) == ("", "m.txt")


@pytest.mark.parametrize("reader", [read, read_on_glue])
def test_without_days_and_policy_every_file_is_wanted_and_tables_follow_the_contract(reader: Reader) -> None:
    for arguments in (reader(*NEEDED), reader(*NEEDED, "--from_date=", "--to_date=", "--schema_policy=")):
        assert (arguments.from_date, arguments.to_date) == (None, None)
        assert arguments.schema_policy is SchemaPolicy.EVOLVE


def test_a_range_of_days_may_be_one_day_or_open_at_one_end() -> None:
    day = date(2024, 2, 29)
    assert day_range("2024-02-29", "2024-02-29") == (day, day)
    assert day_range("", "2024-02-29") == (None, day)
    assert day_range("2024-02-29", "") == (day, None)


VALUES = {
    "blanks": "a folder/of files",
    "equals sign": "raw/year=2024/month=01",
    "leading dash": "-x",
    "leading dashes": "--lake",
    "negative number": "-5",
    "dash and blank": "-5 -x",
    "line break": "a\nb",
}


@pytest.mark.parametrize("reader", [read, read_on_glue])
@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_any_value_arrives_as_it_is_after_an_equals_sign(reader: Reader, value: str) -> None:
    assert reader(f"--input={value}", "--lake=lake").input == value


FAULTS = {
    "nothing": ((), "--lake"),
    "no input": (("--lake", "lake"), "--input"),
    "no lake": (("--input", "in"), "--lake"),
    "empty lake": (("--input=in", "--lake="), "--lake"),
    "the root for a lake": (("--input=in", "--lake=/"), "--lake"),
    "empty input": (("--input=", "--lake=l"), "--input"),
    "no value at the end": (("--input", "in", "--lake"), "--lake"),
    "a name for a value": (("--input", "--lake", "lake"), "--input"),
    "words": ((*NEEDED, "--partitions", "many"), "--partitions"),
    "nothing for a number": ((*NEEDED, "--partitions="), "--partitions"),
    "a fraction": ((*NEEDED, "--partitions=1.5"), "--partitions"),
    "a negative number": ((*NEEDED, "--partitions=-1"), "--partitions"),
    "digits of another script": ((*NEEDED, "--partitions=\u0663"), "--partitions"),
    "no memory": ((*NEEDED, "--driver_memory_gigabytes", "0"), "--driver_memory_gigabytes"),
    "neither input nor manifest": (("--input=", "--manifest=", "--lake=l"), "--input"),
    "a day that is none": ((*NEEDED, "--from_date=2024-02-30"), "--from_date"),
    "a day in another form": ((*NEEDED, "--to_date=01/31/2024"), "--to_date"),
    "a month for a day": ((*NEEDED, "--to_date=2024-01"), "--to_date"),
    "a range turned round": ((*NEEDED, "--from_date=2024-02-01", "--to_date=2024-01-31"), "--from_date"),
    "a policy that there is not": ((*NEEDED, "--schema_policy=loose"), "--schema_policy"),
    "a job id that leaves its folder": ((*NEEDED, "--job_id=../.."), "--job_id"),
    "a job id of dots": ((*NEEDED, "--job_id=.."), "--job_id"),
}


@pytest.mark.parametrize("reader", [read, read_on_glue])
@pytest.mark.parametrize(("parts", "name"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_one_line_that_names_the_argument_and_the_cure(
    reader: Reader, parts: tuple[str, ...], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ArgumentError, match=rf"\A.*{name}.*cure: .+\Z"):
        reader(*parts)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("part", ["--bogus", "--bogus=4", "--lak=4", "-h", "--help", "stray"])
def test_an_unknown_argument_is_refused_with_those_that_are_known(part: str) -> None:
    with pytest.raises(ArgumentError, match=r"unknown argument: .+; expected: --lake, --input, .*--source, .*; cure: "):
        read(*NEEDED, part)


def test_arguments_that_glue_adds_are_no_fault_on_glue() -> None:
    added = ("--TempDir", "s3://bucket/temp", "--enable-metrics", "true", "--JOB_RUN_ID", "jr_1")
    assert read_on_glue(*NEEDED, *added).input == "in"


def test_a_call_for_help_on_glue_is_an_error_that_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ArgumentError, match="cure"):
        read_on_glue(*NEEDED, "--help")
    assert capsys.readouterr() == ("", "")


OPTIONS = {
    "source": st.just("sample_professional"),
    "sources": st.text(min_size=1),
    "partitions": st.integers(0, 1000).map(str),
    "region": st.text(),
    "driver_memory_gigabytes": st.integers(1, 64).map(str),
    "cores": st.sampled_from(["*", "1", "2"]),
    "manifest": st.text(),
    "from_date": st.sampled_from(["", "2024-01-01", "2024-12-31", "tomorrow"]),
    "to_date": st.sampled_from(["", "2024-06-30"]),
    "schema_policy": st.sampled_from(["strict", "evolve", "", "Strict"]),
}
PATHS = st.sampled_from(["-x", "--lake", "-5", "- x", "-", "--", "--in", "--inputs=a"]) | st.text(min_size=1).filter(
    lambda text: text.rstrip("/") != ""
)


@settings(deadline=None)  # the first call imports AWS's parser
@given(
    values=st.fixed_dictionaries({"input": PATHS, "lake": PATHS, "job_id": st.just("job-1")}, optional=OPTIONS),
    joined=st.booleans(),
)
def test_our_parser_and_the_one_of_glue_agree(values: dict[str, str], *, joined: bool) -> None:
    parts = [
        part for name, value in values.items() for part in ((f"--{name}={value}",) if joined else (f"--{name}", value))
    ]
    assert outcome(read_on_glue, parts) == outcome(read, parts)


def outcome(reader: Reader, parts: list[str]) -> RunArguments | type[ArgumentError]:
    try:
        return replace(reader(*parts), on_glue=False)
    except ArgumentError as error:
        return type(error)


def test_the_name_of_a_job_says_that_it_runs_on_glue() -> None:
    assert read_on_glue(*NEEDED).on_glue
    assert not read(*NEEDED).on_glue
    assert read_arguments(["job.py", "--JOB_NAME=claims", *NEEDED]).on_glue


def test_without_a_job_id_each_run_gets_its_own() -> None:
    pattern = re.compile(r"claims-etl-\d{8}-\d{6}-\d{4}")
    assert pattern.fullmatch(read(*NEEDED).job_id)
    assert pattern.fullmatch(read(*NEEDED, "--job_id=").job_id)


def test_a_job_id_says_the_time_in_utc() -> None:
    east = timezone(timedelta(hours=2))
    assert new_job_id(datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)).startswith("claims-etl-20240102-030405-")
    assert new_job_id(datetime(2024, 1, 1, 1, 0, 0, tzinfo=east)).startswith("claims-etl-20231231-230000-")


def test_the_process_gives_its_own_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["job.py", *NEEDED])
    assert main_arguments().input == "in"
