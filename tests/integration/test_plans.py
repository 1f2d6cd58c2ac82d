"""How the main job works, by the plans that Spark carried out: one scan of the input, one exchange of whole lines."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pyspark.sql import SparkSession

from glue_jobs.jobs.process_medical_claims import process
from glue_jobs.runtime.arguments import RunArguments, new_job_id
from glue_jobs.runtime.sample import write_sample
from glue_jobs.runtime.session import ONE_MACHINE
from glue_jobs.runtime.telemetry import Telemetry
from glue_jobs.storage.publication import MOVED_BYTES_A_FILE, PART_SIZE
from tests.oracle.lakes import lake_of_its_own

SOURCE = "sample_professional"
TOLD_WHOLE = {
    "spark.sql.ui.explainMode": "formatted",
    "spark.sql.maxPlanStringLength": str(10**9),
    "spark.sql.debug.maxToStringFields": "5000",
}
LINE = {"record_hash", "claim_line_number", "paid_amount", "charge_amount"}
"""Columns that only whole claim lines have together: keys, words of rules and headers lack some."""
PYTHON = (
    "EvalPython",
    "MapInPandas",
    "MapInArrow",
    "FlatMapGroups",
    "FlatMapCoGroups",
    "AggregateInPandas",
    "PythonUDTF",
)


class Node(NamedTuple):
    """One operator of a plan: its kind, the columns that it is given, and what Spark says of it."""

    kind: str
    columns: frozenset[str]
    text: str

    @property
    def has_lines(self) -> bool:
        return self.columns >= LINE


class Execution(NamedTuple):
    """One query that Spark carried out, each operator once, as it was at the end."""

    text: str
    nodes: tuple[Node, ...]

    def of(self, *kinds: str) -> list[Node]:
        return [node for node in self.nodes if node.kind in kinds]


@pytest.fixture(scope="module")
def executions(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Execution]]:
    """The queries of one run over a file in which claims are corrected, on a lake that holds claims already."""
    root = tmp_path_factory.mktemp("plans")
    with pytest.MonkeyPatch.context() as settings, lake_of_its_own(spark, root / "lake") as session:
        _run(root, 0)
        for key, value in TOLD_WHOLE.items():
            settings.setitem(ONE_MACHINE, key, value)
        before = max(_told(session))
        _run(root, 1)
        yield [_parsed(text) for number, text in _told(session).items() if number > before]


def _run(root: Path, number: int) -> None:
    facts, job_id = write_sample(root / "sample", claim_lines=600), new_job_id()
    files = [file.path for file in facts.files if file.source == SOURCE]
    arguments = RunArguments(input=str(files[number]), lake=str(root / "lake"), source=SOURCE, job_id=job_id)
    assert process(arguments, Telemetry(job_id)).lines_published


def _told(session: SparkSession) -> dict[int, str]:
    """What Spark tells of the latest thousand queries, by their numbers."""
    store: Any = session._jsparkSession.sharedState().statusStore()  # noqa: SLF001 - it tells of plans nowhere else
    found = store.executionsList()
    told = (found.apply(place) for place in range(found.size()))
    return {int(one.executionId()): str(one.physicalPlanDescription()) for one in told}


def _parsed(text: str) -> Execution:
    final = text.partition("== Initial Plan ==")[0]
    used = set(re.findall(r"\((\d+)\)", final.partition("\n\n\n")[0]))
    nodes = []
    for number, kind, said in re.findall(r"^\((\d+)\) (\w+)(.*?)(?=\n\n|\Z)", text, re.MULTILINE | re.DOTALL):
        if number in used:
            given = re.search(r"^(?:Input|Output) \[\d+\]: \[(.*)\]$", said, re.MULTILINE)
            columns = re.findall(r"(\w+)#\d+", given[1]) if given else []
            nodes.append(Node(kind, frozenset(columns), said))
    return Execution(text, tuple(nodes))


def test_plans_are_told(executions: list[Execution]) -> None:
    kinds = {node.kind for execution in executions for node in execution.nodes}
    assert {"Scan", "Exchange", "BroadcastHashJoin", "AppendData"} <= kinds


def test_what_came_in_is_scanned_once(executions: list[Execution]) -> None:
    scans = [node for execution in executions for node in execution.of("Scan") if node.text.startswith(" text")]
    assert len(scans) == 1


def test_whole_lines_are_moved_once_and_into_parts_of_the_size_of_a_file(executions: list[Execution]) -> None:
    moved = [node for execution in executions for node in execution.of("Exchange") if node.has_lines]
    assert len(moved) == 1
    assert "REBALANCE_PARTITIONS_BY_COL" in moved[0].text
    assert "(year" in moved[0].text
    assert (PART_SIZE, MOVED_BYTES_A_FILE) == ("spark.sql.adaptive.advisoryPartitionSizeInBytes", "512m")


def test_whole_lines_are_joined_to_what_is_broadcast(executions: list[Execution]) -> None:
    moving = [execution for execution in executions if any(node.has_lines for node in execution.nodes)]
    joins = {node.kind for execution in moving for node in execution.nodes if "Join" in node.kind}
    assert joins == {"BroadcastHashJoin"}


def test_nothing_is_cached_and_no_row_goes_to_python(executions: list[Execution]) -> None:
    kinds = {node.kind for execution in executions for node in execution.nodes}
    assert not [kind for kind in kinds if any(word in kind for word in ("InMemory", *PYTHON))]
