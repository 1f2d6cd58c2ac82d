"""Headers and tables change while data is there; a manifest is replayed, and a range of days is back-filled."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from expectations.contract import load_table
from expectations.errors import InputNotFoundError, SchemaError
from expectations.report import RunReport
from expectations.report_parts import FileOutcome
from expectations.schema_changes import SchemaPolicy
from glue_jobs.jobs.process_medical_claims import process
from glue_jobs.runtime.arguments import RunArguments, new_job_id
from glue_jobs.runtime.telemetry import Telemetry
from glue_jobs.storage.tables import create_table

SOURCES = Path(__file__).parents[1] / "data" / "evolution"
TABLE = "claims.processed.provider"
COLUMNS = ("npi", "provider_last_name", "practice_state", "primary_specialty_description")
JANUARY = "NPI,LAST_NAME,STATE,SPECIALTY\n{npi}1,Ash,CO,Dermatology\n{npi}2,Birch,TX,\n"
RENAMED = "ST,PROVIDER_NPI,LAST_NAME\nNM,{npi}3,Cedar\n"
MORE = "NPI,LAST_NAME,BATCH,STATE,SPECIALTY\n{npi}4,Dogwood,7,UT,Urology\n"
LESS = "NPI,LAST_NAME,SPECIALTY\n{npi}5,Elm,Urology\n"

Values = tuple[object, ...]


class Sender:
    """Sends files with providers that nobody else sends, and reads back what became of them."""

    def __init__(self, spark: SparkSession, lake: Path, folder: Path, number: int, patch: pytest.MonkeyPatch) -> None:
        self.spark, self.lake, self.folder, self.patch = spark, lake, folder, patch
        self.npi = f"9{number:08d}"

    def send(self, **contents: str) -> None:
        for name, content in contents.items():
            (self.folder / f"{name}.csv").write_text(content.format(npi=self.npi))

    def run(self, policy: SchemaPolicy = SchemaPolicy.EVOLVE, **choice: Any) -> RunReport:  # noqa: ANN401 - arguments
        # a process compares each table once, and each run is a process of its own
        self.patch.setattr("glue_jobs.storage.tables._AS_DECLARED", set())
        job_id = new_job_id()
        chosen = {"input": str(self.folder), **choice}
        arguments = RunArguments(
            lake=str(self.lake),
            source="evolving_providers",
            sources=str(SOURCES),
            job_id=job_id,
            schema_policy=policy,
            **chosen,
        )
        return process(arguments, Telemetry(job_id))

    def rows(self, *columns: str) -> list[Values]:
        mine = self.spark.table(TABLE).where(F.col("npi").startswith(self.npi))
        return [tuple(row) for row in mine.orderBy("npi").select(*(columns or COLUMNS)).collect()]

    def last_digits(self) -> str:
        return "".join(str(npi)[-1] for (npi,) in self.rows("npi"))


@pytest.fixture
def sender(
    spark: SparkSession, lake: Path, tmp_path: Path, numbers: Iterator[int], monkeypatch: pytest.MonkeyPatch
) -> Sender:
    return Sender(spark, lake, tmp_path, next(numbers), monkeypatch)


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    return iter(range(100))


def outcomes(report: RunReport) -> dict[str, FileOutcome]:
    return {file.file.removesuffix(".csv"): file for file in report.files}


@pytest.mark.parametrize("policy", SchemaPolicy)
def test_a_table_that_holds_rows_takes_files_whose_headers_have_changed_as_the_policy_allows(
    sender: Sender, policy: SchemaPolicy
) -> None:
    sender.send(january=JANUARY)
    sender.run(policy)
    before = sender.rows()
    sender.send(renamed=RENAMED, more=MORE, less=LESS)
    report = sender.run(policy)
    found = outcomes(report)
    assert {name: file.status for name, file in found.items()} == {
        "january": "known",
        "renamed": "published",
        "more": "published" if policy is SchemaPolicy.EVOLVE else "refused",
        "less": "refused",
    }
    assert found["renamed"].warnings == ("The header lacks columns that are optional: SPECIALTY, REACTIVATED.",)
    assert "the header lacks STATE" in found["less"].message
    added: list[Values] = [(f"{sender.npi}3", "Cedar", "NM", None)]
    if policy is SchemaPolicy.EVOLVE:
        assert found["more"].extra_columns == ("BATCH",)
        added.append((f"{sender.npi}4", "Dogwood", "UT", "Urology"))
    else:
        assert found["more"].reason == "unexpected_column"
    assert sender.rows() == [*before, *added]
    assert before == [(f"{sender.npi}1", "Ash", "CO", "Dermatology"), (f"{sender.npi}2", "Birch", "TX", None)]


def test_a_column_that_the_table_lacks_stops_a_strict_run_and_is_added_by_one_that_evolves(sender: Sender) -> None:
    sender.send(january=JANUARY)
    sender.run()
    before = sender.rows()
    sender.spark.sql(f"ALTER TABLE {TABLE} DROP COLUMN reactivation_date")
    sender.send(february="NPI,LAST_NAME,STATE,REACTIVATED\n{npi}3,Fir,CA,2024-02-01\n")
    with pytest.raises(SchemaError, match=r"table provider has no column reactivation_date; .+; cure: .*evolve"):
        sender.run(SchemaPolicy.STRICT)
    sender.spark.catalog.refreshTable(TABLE)
    assert "reactivation_date" not in sender.spark.table(TABLE).columns
    assert sender.rows() == before
    report = sender.run()
    assert report.status == "SUCCEEDED"
    assert report.table_changes == ("provider: column reactivation_date was added",)
    assert sender.run().table_changes == ()
    assert sender.rows("reactivation_date") == [(None,), (None,), (date(2024, 2, 1),)]
    assert sender.rows()[:2] == before


def test_a_column_that_only_the_table_has_is_kept_and_left_empty(sender: Sender) -> None:
    create_table(sender.spark, load_table("provider"))
    sender.spark.sql(f"ALTER TABLE {TABLE} ADD COLUMN left_the_contract INT")
    try:
        sender.send(renamed=RENAMED)
        assert sender.run(SchemaPolicy.STRICT).status == "SUCCEEDED"
        assert sender.rows("npi", "left_the_contract") == [(f"{sender.npi}3", None)]
    finally:
        sender.spark.sql(f"ALTER TABLE {TABLE} DROP COLUMN left_the_contract")


def test_a_manifest_can_be_replayed_and_a_file_that_it_names_in_vain_is_refused(sender: Sender) -> None:
    sender.send(january=JANUARY, renamed=RENAMED, more=MORE)
    manifest = sender.folder / "files.txt"
    manifest.write_text("# two of three\njanuary.csv\nmore.csv\n")
    first = sender.run(input="", manifest=str(manifest))
    assert (first.status, sender.last_digits()) == ("SUCCEEDED", "124")
    before = sender.rows()
    again = sender.run(input="", manifest=str(manifest))
    assert (again.status, {file.status for file in again.files}) == ("NOTHING_NEW", {"known"})
    assert sender.rows() == before
    manifest.write_text('{"files": ["gone.csv", "renamed.csv", "more.csv"]}')
    partial = sender.run(input="", manifest=str(manifest))
    assert partial.status == "PARTIAL"
    assert {name: (file.status, file.reason) for name, file in outcomes(partial).items()} == {
        "gone": ("refused", "not_found"),
        "renamed": ("published", ""),
        "more": ("known", "known"),
    }
    assert sender.last_digits() == "1234"
    audit = sender.spark.table("claims.processed.ingest_audit").where(F.col("run_id") == partial.run_id)
    places = {row["object_uri"]: row["object_version_id"] for row in audit.collect()}
    assert {Path(place).name for place in places} == {"gone.csv", "renamed.csv", "more.csv"}
    assert str(sender.folder / "renamed.csv") in places
    assert set(places.values()) <= {None, ""}


def test_a_range_of_days_is_back_filled_by_itself_and_the_days_before_it_later(sender: Sender) -> None:
    header = "NPI,LAST_NAME,STATE\n"
    sender.send(
        p_20240131=header + "{npi}1,Ash,CO\n",
        p_20240229=header + "{npi}2,Birch,TX\n",
        p_20240331=header + "{npi}3,Cedar,NM\n",
    )
    assert outcomes(sender.run(from_date=date(2024, 2, 1), to_date=date(2024, 2, 29))).keys() == {"p_20240229"}
    assert sender.last_digits() == "2"
    filled = sender.run(to_date=date(2024, 2, 29))
    assert {name: file.status for name, file in outcomes(filled).items()} == {
        "p_20240131": "published",
        "p_20240229": "known",
    }
    assert sender.last_digits() == "12"
    with pytest.raises(InputNotFoundError, match=r"no file of 2025-01-01 to 2025-12-31 among 3 listed; .+; cure: "):
        sender.run(from_date=date(2025, 1, 1), to_date=date(2025, 12, 31))
