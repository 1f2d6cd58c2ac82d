"""`make dashboard` reads the named queries, does without tables that there are not yet, and writes one file."""

from decimal import Decimal
from pathlib import Path

import pytest
from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession
from typer.testing import CliRunner, Result

from expectations.object_keys import CATALOG, NAMESPACE
from glue_jobs import cli, dashboard_command
from glue_jobs.dashboard.answers import QUERIES
from glue_jobs.dashboard_command import read_answers
from tests.unit.glue_jobs.queries.contract_tables import spark_tables
from tests.unit.glue_jobs.queries.example_rows import ANSWERS, ROWS


def test_answers_are_the_rows_of_the_named_queries(spark: SparkSession) -> None:
    spark.sql(f"CREATE NAMESPACE IF NOT EXISTS {CATALOG}.{NAMESPACE}")  # as the first load does
    with spark_tables(spark, ROWS):
        answers = read_answers(spark)
    assert set(answers) == set(QUERIES)
    assert {name: len(rows) for name, rows in answers.items()} == {name: len(ANSWERS.get(name, ())) for name in QUERIES}
    assert answers["emergency_use"][0]["visits"] == 2


@pytest.mark.parametrize("missing", ["SELECT 1 FROM nil", "USE claims.nil"], ids=["table", "all tables"])
def test_what_is_not_there_yet_has_no_rows(spark: SparkSession, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.setattr(dashboard_command, "answer_named", lambda session, name, asked: session.sql(missing))
    assert not any(read_answers(spark).values())


def test_other_errors_are_told(spark: SparkSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboard_command, "answer_named", lambda session, name, asked: session.sql("SELECT nil"))
    with pytest.raises(AnalysisException):
        read_answers(spark)


@pytest.mark.parametrize("to", ["{folder}", "{folder}/missing/page.html", "s3://bucket/page.html"])
def test_a_place_that_cannot_be_written_is_refused_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to: str
) -> None:
    monkeypatch.setattr(dashboard_command, "start_session", lambda options: pytest.fail("nothing is read"))
    answer = CliRunner().invoke(cli.app, ["dashboard", "--to", to.format(folder=tmp_path)])
    assert answer.exit_code == 1
    assert "TO names no file" in answer.stderr


@pytest.fixture
def summarized(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lake that has summaries, as far as can be seen without Spark."""
    monkeypatch.setattr(dashboard_command, "start_session", lambda options: None)
    (tmp_path / "lake" / "processed" / "pmpm" / "metadata").mkdir(parents=True)
    return tmp_path / "lake"


def make_page(lake: Path, page: Path) -> Result:
    return CliRunner().invoke(cli.app, ["dashboard", "--lake", str(lake), "--to", str(page)])


def test_the_command_writes_the_page_and_says_what_is_missing(
    tmp_path: Path, summarized: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    month = [{"year_month": "202401", "paid_amount": Decimal(7)}]
    rows = dict.fromkeys(QUERIES, ()) | {"claims_by_month": month}
    monkeypatch.setattr(dashboard_command, "read_answers", lambda session: rows)
    answer = make_page(summarized, tmp_path / "page.html")
    assert answer.exit_code == 0, answer.output
    assert f"{len(QUERIES) - 1} of {len(QUERIES)} queries have no rows" in answer.output
    assert "make summarize" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_empty_summaries_are_no_page(tmp_path: Path, summarized: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboard_command, "read_answers", lambda session: dict.fromkeys(QUERIES, ()))
    answer = make_page(summarized, tmp_path / "page.html")
    assert (answer.exit_code, (tmp_path / "page.html").exists()) == (1, False)
    assert "make run" in answer.stderr


@pytest.mark.parametrize("published", ["", "processed/medical_claim/metadata"], ids=["missing", "not summarized"])
def test_a_lake_without_summaries_is_refused_with_the_cure_and_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, published: str
) -> None:
    monkeypatch.setattr(dashboard_command, "start_session", lambda options: pytest.fail("Spark makes folders"))
    if published:
        (tmp_path / "lake" / published).mkdir(parents=True)
    before = sorted(tmp_path.rglob("*"))
    answer = make_page(tmp_path / "lake", tmp_path / "page.html")
    assert answer.exit_code == 1
    assert f"ArgumentError: {tmp_path / 'lake'}: there are no summaries to show; cure: make run" in answer.stderr
    assert "make summarize" in answer.stderr
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("command", ["summarize", "query"])
def test_commands_that_read_tables_refuse_a_lake_without_any_and_make_nothing(tmp_path: Path, command: str) -> None:
    asked = ["--", "SELECT 1"] if command == "query" else []
    answer = CliRunner().invoke(cli.app, [command, "--lake", str(tmp_path / "lake"), *asked])
    assert answer.exit_code == 1
    assert "nothing was published to it; cure: make run" in answer.stderr
    assert not (tmp_path / "lake").exists()


def test_lists_of_codes_alone_are_nothing_to_summarize(tmp_path: Path) -> None:
    (tmp_path / "processed" / "code_set" / "metadata").mkdir(parents=True)
    answer = CliRunner().invoke(cli.app, ["summarize", "--lake", str(tmp_path)])
    assert answer.exit_code == 1
    assert "nothing was published to it; cure: make run" in answer.stderr
