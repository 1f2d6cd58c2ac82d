import re
from pathlib import Path

import pytest

from terraform.artifacts import locked
from terraform.artifacts.errors import BuildError
from terraform.artifacts.glue_wheels import JOBS, JOBS_WITH_QUALITY, JOBS_WITH_RISK
from terraform.artifacts.lambda_layer import LAMBDAS
from terraform.artifacts.locked import Needs, locked_requirements, pins_of
from tests.unit.terraform.artifacts.stand_ins import FakeTool

ROOT = Path(__file__).resolve().parents[4]
NEEDS = Needs(("jobs",), frozenset({"spark"}), "a-platform")


def test_the_locks_own_lines_are_taken_with_their_hashes(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locked, "run_tool", FakeTool("two==2.0\none==1.5\n"))
    assert locked_requirements(tree, NEEDS) == (
        "one==1.5 \\\n    --hash=sha256:11 \\\n    --hash=sha256:12\n"
        'two==2.0 ; python_full_version < "3.12" \\\n    --hash=sha256:20\n'
    )


def test_uv_chooses_by_the_lock_for_the_platform_without_what_is_there_already(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = FakeTool("one==1.5\n")
    monkeypatch.setattr(locked, "run_tool", tool)
    locked_requirements(tree, NEEDS)
    assert tool.text == "one>=1\ntwo[more]~=2.0"
    assert tool.after("--constraint") == [str(tree / "requirements.lock")]
    assert tool.after("--python-platform") == ["a-platform"]
    assert tool.after("--no-emit-package") == ["spark"]


def test_what_the_lock_does_not_hold_is_refused(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locked, "run_tool", FakeTool("one==1.6\nfour==4\n"))
    with pytest.raises(BuildError, match=r"has no one==1\.6, four==4; cure: make lock"):
        locked_requirements(tree, NEEDS)


@pytest.mark.parametrize(
    ("needs", "asked", "not_asked"),
    [
        (JOBS, {"pydantic", "sqlglot", "jinja2"}, {"boto3", "pyspark", "rich", "typer"}),
        (JOBS_WITH_QUALITY, {"pydantic", "great-expectations"}, {"numpy", "pandas", "pyspark", "typer"}),
        (JOBS_WITH_RISK, {"pydantic", "hccinfhir"}, {"numpy", "pandas", "pyarrow", "great-expectations"}),
        (LAMBDAS, {"pydantic", "sqlglot", "aws-lambda-powertools"}, {"boto3", "pyspark", "great-expectations"}),
    ],
    ids=["jobs", "jobs with quality", "jobs with risk", "Lambdas"],
)
def test_each_part_asks_for_what_it_imports_and_not_for_what_is_brought(
    needs: Needs, asked: set[str], not_asked: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = FakeTool()
    monkeypatch.setattr(locked, "run_tool", tool)
    locked_requirements(ROOT, needs)
    found = {re.split(r"[^a-z0-9-]", line)[0] for line in (tool.text or "").splitlines()}
    assert asked <= found
    assert not not_asked & found


def test_pins_are_read_without_markers_and_hashes() -> None:
    assert pins_of("one==1.5 ; python_version < '3' \\\n    --hash=sha256:1\ntwo==2\n# three==3\n") == [
        "one==1.5",
        "two==2",
    ]
