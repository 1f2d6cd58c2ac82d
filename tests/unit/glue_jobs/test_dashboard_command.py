"""`make dashboard` reads the named queries, does without tables that there are not yet, and writes one file."""

from pathlib import Path

import pytest
from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession
from typer.testing import CliRunner

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


def test_the_command_writes_the_page_and_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboard_command, "start_session", lambda options: None)
    monkeypatch.setattr(dashboard_command, "read_answers", lambda session: dict.fromkeys(QUERIES, ()))
    page = tmp_path / "page.html"
    answer = CliRunner().invoke(cli.app, ["dashboard", "--to", str(page)])
    assert answer.exit_code == 0, answer.output
    assert f"{len(QUERIES)} of {len(QUERIES)} queries have no rows" in answer.output
    assert "make summarize" in page.read_text(encoding="utf-8")
