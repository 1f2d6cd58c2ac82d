"""`maintain`, `export` and `query` from the outside, on a lake of its own whose claims have changed over time."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession
from typer.testing import CliRunner, Result

from expectations.contract import load_table
from expectations.errors import ArgumentError
from expectations.object_keys import CATALOG, LAKE_SETTING
from glue_jobs import cli
from glue_jobs.jobs import export_table, maintain_tables
from glue_jobs.jobs.maintain_tables import maintain
from glue_jobs.runtime import answers
from glue_jobs.runtime.maintenance_arguments import MaintenanceArguments
from glue_jobs.runtime.named_queries import answer_named, parameters_of, query_names, query_text, show_as_of, show_today
from glue_jobs.runtime.telemetry import Telemetry
from glue_jobs.storage import maintenance
from glue_jobs.storage.snapshot_labels import VERSION_SNAPSHOT
from glue_jobs.storage.tables import create_table, spark_schema

SECRET = "SECRET-CLAIM"  # noqa: S105 - a claim's id, not a password

VERSIONS: tuple[dict[str, object], ...] = (
    {"claim_id": "A1", "final_periods": "2024-02-01/2024-03-10", "version_rank": 1, "superseded_by": "A2"},
    {"claim_id": "A2", "final_periods": "2024-03-10/", "version_rank": 2, "version_action": "replacement"},
    {"claim_id": SECRET, "final_periods": "2024-02-01/2024-02-15,2024-04-01/", "claim_family_id": "S"},
    {"claim_id": "V9", "final_periods": "", "version_action": "void", "claim_family_id": "V", "version_rank": 1},
    {"claim_id": "NEVER", "final_periods": None, "claim_family_id": "N"},
)
USUAL = {
    "data_source": "acme",
    "claim_line_number": 1,
    "claim_family_id": "A",
    "version_action": "original",
    "record_line": 0,
    "paid_amount": Decimal("10.00"),
    "claim_start_date": date(2024, 1, 5),
    "year": "2024",
    "month": "01",
}
ALIVE = {
    "2024-01-31": [],
    "2024-02-01": ["A1", SECRET],
    "2024-02-15": ["A1"],
    "2024-03-09": ["A1"],
    "2024-03-10": ["A2"],
    "2024-04-01": ["A2", SECRET],
    "9999-12-31": ["A2", SECRET],
}
"""A day, and the ids of the claims that survive by what had been received by then."""


def append(session: SparkSession, name: str, *rows: dict[str, object], label: str = "") -> int:
    """Append rows; the id of the snapshot that then stands."""
    table = load_table(name)
    values = [tuple((USUAL | row).get(column) for column in table.column_names) for row in rows]
    full = create_table(session, table)
    writer = session.createDataFrame(values, spark_schema(table)).coalesce(1).writeTo(full)
    (writer.option(f"snapshot-property.{VERSION_SNAPSHOT}", label) if label else writer).append()
    return int(session.table(f"{full}.refs").where("name = 'main'").collect()[0]["snapshot_id"])


def ids(rows: DataFrame) -> list[str]:
    return sorted(row["claim_id"] for row in rows.select("claim_id").collect())


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("own")


@pytest.fixture(scope="module")
def session(spark: SparkSession, root: Path) -> Iterator[SparkSession]:
    own = spark.newSession()
    own.conf.set(f"spark.sql.catalog.{CATALOG}.warehouse", str(root))
    own.conf.set(LAKE_SETTING, str(root))
    own.conf.set("spark.sql.shuffle.partitions", "2")
    pending = {"original_missing_flag": 1, "original_claim_id": "W"}
    shown = append(own, "medical_claim_version", *VERSIONS[:3], VERSIONS[3] | pending, VERSIONS[4])
    append(own, "medical_claim", {"claim_id": "A2"}, label=str(shown))
    append(own, "medical_claim", {"claim_id": SECRET}, label=str(shown))
    append(own, "medical_claim_header", {"claim_id": "A2", "line_count": 1, "claim_type": "professional"}, label="17")
    own.sql(f"USE {CATALOG}.processed")
    yield own
    spark.sql("SELECT 1").collect()  # the shared session is the active one again


@pytest.fixture
def call(session: SparkSession, root: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Calls the command line on the lake."""
    for module in (answers, cli, export_table, maintain_tables):
        monkeypatch.setattr(module, "start_session", lambda options: session)
    return lambda command, *rest: CliRunner().invoke(cli.app, [command, "--lake", str(root), *rest])


@pytest.mark.parametrize("day", ALIVE)
def test_claims_as_of_a_day_are_those_of_their_periods_in_the_columns_of_the_table(
    session: SparkSession, day: str
) -> None:
    answer = answer_named(session, "medical_claim_as_of", {"day": day})
    assert answer.columns == list(load_table("medical_claim").column_names)
    assert ids(answer) == ALIVE[day]
    wide = answer_named(session, "medical_claim_version_as_of", {"day": day})
    assert wide.columns == list(load_table("medical_claim_version").column_names)
    assert ids(wide) == ALIVE[day]


def test_as_of_a_day_both_tables_of_claims_mean_that_day_and_then_today_again(session: SparkSession) -> None:
    show_as_of(session, "2024-02-01")
    try:
        for name in ("medical_claim", "medical_claim_header"):
            shown = session.sql(f"SELECT * FROM {name}")  # noqa: S608 - names of the contract
            assert shown.columns == list(load_table(name).column_names)
            assert ids(shown) == ["A1", SECRET]
        assert session.table("medical_claim_version").count() == len(VERSIONS)
    finally:
        show_today(session)
    assert ids(session.table("medical_claim")) == ["A2", SECRET]


@pytest.mark.parametrize("day", ["2024-3-1", "2024-02-30", "yesterday", "2024-03-01' OR '1'='1"])
def test_a_day_that_is_none_is_one_line_with_the_cure(session: SparkSession, day: str) -> None:
    with pytest.raises(ArgumentError, match="the day is none of the calendar; cure: "):
        answer_named(session, "medical_claim_as_of", {"day": day})


def test_a_history_has_every_version_of_the_family_in_order_and_its_plan_no_claim(session: SparkSession) -> None:
    answer = answer_named(session, "claim_history", {"claim_id": "A1"})
    assert [(row["claim_id"], row["superseded_by"], row["line_count"]) for row in answer.collect()] == [
        ("A1", "A2", 1),
        ("A2", None, 1),
    ]
    asked = answer_named(session, "claim_history", {"claim_id": SECRET})
    assert asked.count() == 1
    assert SECRET not in asked._jdf.queryExecution().toString()  # noqa: SLF001 - what logs would show


def test_pending_voids_and_monthly_money_are_told(session: SparkSession) -> None:
    pending = answer_named(session, "pending_voids", {}).collect()
    assert [(row["claim_id"], row["original_claim_id"]) for row in pending] == [("V9", "W")]
    month = answer_named(session, "monthly_paid", {}).collect()
    assert [(row["year"], row["claims"], row["paid_amount"]) for row in month] == [("2024", 1, Decimal("10.00"))]


def test_whether_both_tables_show_the_same_state_is_told_also_after_compaction(
    session: SparkSession, call: Callable[..., Result]
) -> None:
    first = answer_named(session, "same_state", {}).collect()[0]
    assert not first["same_state"]
    append(session, "medical_claim_header", {"claim_id": SECRET}, label=first["medical_claim_shows"])
    assert answer_named(session, "same_state", {}).collect()[0]["same_state"]
    answer = call("maintain", "--tables", "medical_claim, medical_claim_header")
    assert answer.exit_code == 0, answer.output
    assert "2 -> 1" in answer.output
    assert answer_named(session, "same_state", {}).collect()[0]["same_state"]


def test_a_maintenance_reports_counts_and_a_failed_step_without_stopping_the_others(
    session: SparkSession, call: Callable[..., Result], root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del session, call

    def fail(*_: object) -> None:
        raise ValueError(f"row of {SECRET}")

    monkeypatch.setattr(maintain_tables, "STEPS", {**maintenance.STEPS, "compact": fail})
    arguments = MaintenanceArguments(lake=str(root), job_id="one", tables=("medical_claim_version",))
    report = maintain(arguments, Telemetry("one"))
    written = json.loads((root / "validation-reports" / "maintenance-one.json").read_text())
    assert not report.succeeded
    assert written == json.loads(report.to_json())
    assert [table["table"] for table in written["tables"]] == ["medical_claim_version"]
    assert len(written["tables"][0]["errors"]) == 1
    assert written["tables"][0]["errors"][0].startswith("compact: ValueError stopped the run")
    assert SECRET not in json.dumps(written)
    assert datetime.fromisoformat(written["finished_at"]) <= datetime.now(UTC)


def test_the_job_says_what_is_wrong_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert maintain_tables.main(["job", "--lake", "lake", "--keep_days", "many"]) == 1
    assert capsys.readouterr().err == (
        "ArgumentError: --keep_days is a whole number from 0 up; cure: for instance --keep_days 7\n"
    )


def test_a_table_is_exported_from_the_command_line(call: Callable[..., Result], tmp_path: Path) -> None:
    target = tmp_path / "export"
    answer = call("export", "--table", "medical_claim_version", "--to", str(target))
    assert answer.exit_code == 0, answer.output
    assert f"Exported {len(VERSIONS)} rows of medical_claim_version" in answer.output
    assert json.loads((target / "manifest.json").read_text())["rows"] == len(VERSIONS)
    assert call("export", "--table", "medical_claim_version", "--to", str(target)).exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["--as-of", "2024-02-01", "SELECT min(claim_id) AS least FROM medical_claim"], "A1"),
        (["--named", "claim_history", "--claim-id", "A1"], "A2"),
        (["--named", "monthly_paid", "--as-of", "2024-02-01"], "20.00"),
        (["--named", "medical_claim_version_as_of", "--day", "2024-02-15"], "claim_family_id"),
    ],
    ids=["SQL as of a day", "history", "named as of a day", "named with a day"],
)
def test_queries_are_answered(call: Callable[..., Result], arguments: list[str], shown: str) -> None:
    answer = call("query", *arguments)
    assert answer.exit_code == 0, answer.output
    assert shown in answer.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["query", "--named", "nothing"], "no query of that name; cure: one of category_mix"),
        (["query", "--named", "claim_history"], "query claim_history needs a parameter; cure: --claim-id VALUE"),
        (["query", "--named", "monthly_paid", "SELECT 1"], "both"),
        (["query", "--as-of", "soon", "SELECT 1"], "cure: for instance 2024-03-01"),
        (["export", "--table", "nothing", "--to", "x"], "export needs a table and a target; cure: "),
        (["export", "--table", "provider", "--to", "x"], "not in this lake; cure: "),
        (["export", "--table", "provider", "--to", "x", "--snapshot", "last"], "the snapshot is no number; cure: "),
        (["undo", "--run", "' OR 1=1"], "undo needs the id of a run; cure: "),
        (["maintain", "--tables", "provider,nothing"], "1 of the tables are not in the contract; cure: "),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_call_is_one_line_with_the_cure(call: Callable[..., Result], arguments: list[str], said: str) -> None:
    answer = call(*arguments)
    assert answer.exit_code != 0
    assert said in answer.output
    assert "Traceback" not in answer.output


def test_every_named_query_says_what_it_answers_and_names_its_parameters() -> None:
    assert {"monthly_paid", "pending_voids", "quality_history", "same_state"} <= set(query_names())
    assert all(query_text(name).startswith("-- ") for name in query_names())
    assert {name: asked for name in query_names() if (asked := parameters_of(name))} == {
        "claim_history": ("claim_id",),
        "medical_claim_as_of": ("day",),
        "medical_claim_version_as_of": ("day",),
    }
