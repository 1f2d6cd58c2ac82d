"""Two lakes of the tests' own, filled from the same files in one run and in several, and what their tables say.

Every run takes the files of all test sources, the hand-written stories and the drawn histories alike: Spark runs are
what costs time, and one data source has nothing to do with another.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from pyspark.sql import Row, SparkSession

from expectations.report import RunReport
from glue_jobs.jobs.process_medical_claims import process
from glue_jobs.runtime.arguments import RunArguments, new_job_id
from glue_jobs.runtime.session import SessionOptions, start_session
from glue_jobs.runtime.telemetry import Telemetry
from tests.oracle.claim_rows import HEADER, SOURCES, Record, declaration_of
from tests.oracle.histories import RUNS, Delivered, drawn, write_batches
from tests.oracle.scenarios import stories_delivered
from tests.oracle.version_oracle import Expected, expected_tables

TABLES = ("medical_claim_version", "medical_claim", "medical_claim_header")
BY_RUN = {"file_name", "file_date", "ingest_datetime", "ingest_file_id", "ingest_run_id", "resolved_run_id"}
"""Columns that say how a row came; all others are the same however it came."""

LINE = ("claim_id", "claim_line_number", "record_hash")
SAID = (
    "version_action",
    "claim_record_type",
    "version_rank",
    "is_final_action",
    "superseded_by",
    "original_missing_flag",
)
VERSION = (*LINE, *SAID)
CLAIM = ("claim_id", "claim_line_number", "paid_amount")

Tables = Mapping[str, Sequence[Row]]
Counted = Counter[tuple[object, ...]]


@dataclass(frozen=True)
class Found:
    """What the tables say of one data source, and what the oracle expects, row by row."""

    found: Mapping[str, Counted]
    expected: Mapping[str, Counted]

    def differences(self) -> list[str]:
        """Rows that are only found, or only expected, one a line; empty where both agree."""
        lines = []
        for table, expected in self.expected.items():
            lines += [f"{table} has   {row}" for row in (self.found[table] - expected).elements()]
            lines += [f"{table} lacks {row}" for row in (expected - self.found[table]).elements()]
        return sorted(lines, key=str)


@contextmanager
def lake_of_its_own(spark: SparkSession, lake: Path) -> Iterator[SparkSession]:
    """A session beside the tests' own, whose catalog lies in `lake`; a run of the job inside takes this session."""
    session = spark.newSession()
    before = SparkSession._instantiatedSession  # noqa: SLF001 - getOrCreate looks here, and has no other way
    _make_current(session)
    try:
        yield start_session(SessionOptions(str(lake)))
    finally:
        _make_current(before or spark)


def _make_current(session: SparkSession) -> None:
    SparkSession._instantiatedSession = SparkSession._activeSession = session  # noqa: SLF001 - as above
    java = session._jsparkSession  # noqa: SLF001 - as above
    java.setActiveSession(java)


@dataclass(frozen=True)
class Lakes:
    """What was sent, and the tables after it came in one run, and batch by batch."""

    stories: Sequence[Delivered]
    histories: Sequence[Delivered]
    in_one_run: Tables
    batch_by_batch: Tables

    def both(self) -> Mapping[str, Tables]:
        """The tables of both lakes, by name."""
        return {"one run": self.in_one_run, "batches": self.batch_by_batch}


@cache
def filled_lakes(spark: SparkSession, folder: Path) -> Lakes:
    """Both lakes below `folder`, filled at the first call."""
    stories = stories_delivered()
    histories = [delivered for path in sorted(SOURCES.glob("*.json")) for delivered in drawn(path.stem)]
    batches = [folder / "batches" / str(run) for run in range(RUNS)]
    write_batches(batches, [*stories, *histories])
    return Lakes(
        stories,
        histories,
        in_one_run=_tables_after(spark, folder / "in_one_run", [folder / "batches"]),
        batch_by_batch=_tables_after(spark, folder / "batch_by_batch", batches),
    )


def _tables_after(spark: SparkSession, lake: Path, inputs: Iterable[Path]) -> Tables:
    with lake_of_its_own(spark, lake) as session:
        for folder in inputs:
            run_in(lake, folder)
        return tables_of(session)


def run_in(lake: Path, folder: Path) -> RunReport:
    """One run of the job over the files of the test sources below `folder`."""
    job_id = new_job_id()
    arguments = RunArguments(
        input=str(folder), lake=str(lake), sources=str(SOURCES), job_id=job_id, cores="1", partitions=2
    )
    report = process(arguments, Telemetry(job_id))
    assert report.balanced
    assert {file.status for file in report.files} <= {"published", "known"}
    return report


def tables_of(spark: SparkSession) -> dict[str, list[Row]]:
    """All rows of the three tables."""
    return {name: spark.table(f"claims.processed.{name}").collect() for name in TABLES}


def content(rows: Iterable[Row]) -> Counted:
    """Rows without the columns that say how they came, each with how often it is there."""
    return Counter(tuple(value for name, value in row.asDict().items() if name not in BY_RUN) for row in rows)


def assert_as_expected(tables: Tables, sent: Sequence[Delivered]) -> None:
    """Fails where the tables differ from the oracle; tells the smallest history that does, with its records."""
    parts: dict[str, dict[str, list[Row]]] = {name: defaultdict(list) for name in TABLES}
    for name in TABLES:
        for row in tables[name]:
            parts[name][row["data_source"]].append(row)
    compared = {own: _compare_one({name: parts[name][own.data_source] for name in TABLES}, own.records) for own in sent}
    wrong = [own for own, found in compared.items() if found.differences()]
    if wrong:
        least = min(wrong, key=lambda own: len(own.records))
        told = [f"{record.file_date} {record.text}" for record in least.records]
        names = ", ".join(own.data_source for own in wrong)
        counted = f"{len(wrong)} of {len(compared)} differ: {names}"
        pytest.fail("\n".join([counted, HEADER, *told, *compared[least].differences()]))


def _compare_one(tables: Tables, records: Sequence[Record]) -> Found:
    version_ids = {row["record_hash"]: row["claim_version_id"] for row in tables["medical_claim_version"]}
    lines = [record.line(claim_version_id=version_ids.get(record.record_hash)) for record in records]
    source = records[0].source
    return Found(_found_rows(tables), _expected_rows(expected_tables(lines, declaration_of(source))))


def _found_rows(tables: Tables) -> dict[str, Counted]:
    versions, claims, headers = (tables[name] for name in TABLES)
    return {
        "medical_claim_version": Counter((*_values(row, VERSION), row["final_periods"] or "") for row in versions),
        "medical_claim": Counter((*_values(row, CLAIM), f"{row['year']}-{row['month']}") for row in claims),
        "medical_claim_header": Counter(_values(row, ("claim_id", "line_count", "paid_amount")) for row in headers),
    }


def _expected_rows(expected: Expected) -> dict[str, Counted]:
    claims = ((row.line, str(row.line["claim_start_date"])[:7]) for row in expected.survivors)
    headers = ((claim_id, header.line_count, header.paid_amount) for (_, claim_id), header in expected.headers.items())
    return {
        "medical_claim_version": Counter(
            (*(row.line[name] for name in LINE), *(getattr(row, name) for name in SAID), row.final_periods)
            for row in expected.versions
        ),
        "medical_claim": Counter((*(line[name] for name in CLAIM), month) for line, month in claims),
        "medical_claim_header": Counter(headers),
    }


def _values(row: Row, names: Iterable[str]) -> tuple[object, ...]:
    return tuple(row[name] for name in names)
