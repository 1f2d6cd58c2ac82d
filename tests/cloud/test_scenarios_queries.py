"""What is asked of Athena, on a real Trino: the named queries, those that are deployed, and the counts after a publish.

On the tables that the scenarios before published; alone, this file publishes the sample itself. Tables
that no file has gone to yet are made and filled for the time of these tests.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from expectations.object_keys import NAMESPACE
from glue_jobs.runtime.named_queries import parameters_of, query_names
from glue_jobs.runtime.sample import write_sample
from lambdas.post_processing.smoke_count import SmokeCount
from tests.cloud.local_cloud.runtimes.job_runs import spark_environment
from tests.cloud.local_cloud.server import REGION, ROOT
from tests.cloud.pipeline import Pipeline
from tests.cloud.query_engine.answers import Answer, first_difference
from tests.cloud.query_engine.athena import AthenaOnTrino
from tests.cloud.query_engine.engine import Engine, running_engine
from tests.cloud.query_engine.spark_answers import PARAMETERS
from tests.cloud.query_engine.statements import for_athena, order_of, with_asked
from tests.cloud.stack import PREFIX

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

RUN_SECONDS = 900.0
SAMPLE_LINES = 500
FIND_SOMETHING = {"claim_history", "medical_claim_version_as_of", "monthly_paid", "quality_history", "same_state"}
"""Queries on published tables that have rows to show, whatever was published."""


@dataclass(frozen=True)
class Asked:
    """What Spark was asked with, and answered: by query columns and rows, or an error."""

    parameters: Mapping[str, str]
    answers: Mapping[str, Mapping[str, Any]]


@pytest.fixture(scope="module")
def published(pipeline: Pipeline, tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """The pipeline, with published tables."""
    if not tables(pipeline):
        folder = tmp_path_factory.mktemp("sample")
        write_sample(folder, SAMPLE_LINES)
        pipeline.drop_folder(folder)
        (execution,) = pipeline.wait_for_batch(RUN_SECONDS)
        assert execution.status == "SUCCEEDED"
    return pipeline


def tables(pipeline: Pipeline) -> set[str]:
    listed = pipeline.stack.client("glue").get_tables(DatabaseName=NAMESPACE)["TableList"]
    return {table["Name"] for table in listed}


@pytest.fixture(scope="module")
def engine(published: Pipeline, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Trino on the same catalogue and bucket."""
    with running_engine(published.cloud.url, tmp_path_factory.mktemp("trino")) as running:
        yield running


@pytest.fixture(scope="module")
def asked(published: Pipeline, engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """What Spark answers, while Trino starts; tables that were made for it go again."""
    assert engine.process.poll() is None
    folder, before = tmp_path_factory.mktemp("spark"), tables(published)
    lake = published.stack.outputs["lake"]
    command = [sys.executable, "-m", "tests.cloud.query_engine.spark_answers", lake, REGION]
    try:
        done = subprocess.run(  # noqa: S603 - this interpreter with a module of these tests
            [*command, str(folder / "answers.json")],
            cwd=ROOT,
            env=spark_environment(folder, published.cloud.url),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        told = json.loads((folder / "answers.json").read_text())
        yield Asked(told["asked"], told["answers"])
    finally:
        for name in tables(published) - before:
            published.stack.client("glue").delete_table(DatabaseName=NAMESPACE, Name=name)


def ask(engine: Engine, asked: Asked, name: str) -> tuple[Answer, Answer]:
    """Trino's answer to a named query, and Spark's."""
    said = asked.answers[name]
    assert "error" not in said, f"Spark cannot answer {name}: {said['error']}"
    unknown = set(parameters_of(name)) - PARAMETERS.keys()
    assert not unknown, f"{name} is asked with {sorted(unknown)}; cure: a value for it in spark_answers.PARAMETERS"
    values = {parameter: asked.parameters[parameter] for parameter in parameters_of(name)}
    by_trino = engine.answer(with_asked(for_athena(name), values))
    return by_trino, Answer(tuple(said["columns"]), tuple(said["rows"]))


@pytest.mark.parametrize("name", query_names())
def test_a_named_query_answers_on_trino_what_it_answers_on_spark(engine: Engine, asked: Asked, name: str) -> None:
    by_trino, by_spark = ask(engine, asked, name)
    assert first_difference(by_trino.without_order(), by_spark.without_order()) == ""
    order = order_of(for_athena(name), by_spark.columns)
    assert by_trino.in_order_of(order) == by_spark.in_order_of(order)
    assert by_spark.rows or name not in FIND_SOMETHING


def test_the_queries_that_are_deployed_are_texts_that_were_asked(published: Pipeline, asked: Asked) -> None:
    athena, workgroup = published.stack.client("athena"), published.stack.outputs["athena_workgroup"]
    pages = athena.get_paginator("list_named_queries").paginate(WorkGroup=workgroup)
    ids = [query for page in pages for query in page["NamedQueryIds"]]
    deployed = [athena.get_named_query(NamedQueryId=query)["NamedQuery"] for query in ids]
    # one with a parameter does not run as it stands, and is not saved
    assert {query["Name"] for query in deployed} == {
        f"{PREFIX}-{one}" for one in asked.answers if not parameters_of(one)
    }
    for query in deployed:
        assert query["QueryString"] == for_athena(query["Name"].removeprefix(f"{PREFIX}-"))
        assert query["Database"] == NAMESPACE


def test_the_counts_after_a_publish_agree_with_the_audit(engine: Engine) -> None:
    published = engine.answer("SELECT DISTINCT run_id, target_table FROM ingest_audit WHERE status = 'published'").rows
    count = SmokeCount(AthenaOnTrino(engine), "claims", NAMESPACE, 1, lambda _: None)
    counted = [one for run_id, table in published for one in count.counts(str(run_id), [str(table)])]
    assert "medical_claim" in {one.table for one in counted}
    assert all(one.agrees and one.found for one in counted), counted
