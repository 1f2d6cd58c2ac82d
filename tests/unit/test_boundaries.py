"""The import contracts of pyproject.toml fail when they are broken: each is broken once, in a copy of the tree."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("expectations", "glue_jobs", "lambdas")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the packages' Python files and of the contracts."""
    copy = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / "pyproject.toml", copy)
    for path in (path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        target = copy / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return copy


def lint_imports(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", *arguments]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)  # noqa: S603 - our own tool


def test_the_tree_keeps_every_contract(tree: Path) -> None:
    answer = lint_imports(tree)
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize(
    ("contract", "module", "forbidden"),
    [
        ("layers", "glue_jobs/transforms/planted.py", "glue_jobs.jobs"),
        ("layers", "glue_jobs/quality/planted.py", "glue_jobs.storage"),
        ("layers", "glue_jobs/transforms/planted.py", "glue_jobs.enrichments"),
        ("contract-stands-alone", "expectations/planted.py", "pyspark.sql"),
        ("contract-stands-alone", "expectations/planted.py", "boto3"),
        ("contract-stands-alone", "expectations/planted.py", "lambdas.common"),
        ("lambdas-are-light", "lambdas/common/planted.py", "pyspark.sql"),
        ("lambdas-are-light", "lambdas/common/planted.py", "great_expectations"),
        ("lambdas-are-light", "lambdas/common/planted.py", "glue_jobs.runtime"),
        ("functions-do-without-the-desk", "lambdas/error_handler/planted.py", "lambdas.desk"),
        ("functions-do-without-the-desk", "lambdas/common/planted.py", "rich.table"),
        ("jobs-do-not-import-lambdas", "glue_jobs/jobs/planted.py", "lambdas.common"),
        ("transforms-are-pure", "glue_jobs/transforms/planted.py", "boto3"),
        ("transforms-are-pure", "glue_jobs/enrichments/planted.py", "awsglue.utils"),
        ("one-door-to-great-expectations", "glue_jobs/jobs/planted.py", "great_expectations"),
        ("one-door-to-glue", "glue_jobs/storage/planted.py", "awsglue.utils"),
        # last: the module itself is gone from the copy after it
        ("validation-is-light", "glue_jobs/validate.py", "pyspark.sql"),
    ],
)
def test_a_forbidden_import_breaks_its_contract(tree: Path, contract: str, module: str, forbidden: str) -> None:
    planted = tree / module
    planted.write_text(f"import {forbidden}\n")
    try:
        answer = lint_imports(tree, "--contract", contract)
    finally:
        planted.unlink()
    assert answer.returncode == 1, answer.stdout
    assert forbidden.split(".", maxsplit=1)[0] in answer.stdout.partition("Broken contracts")[2]
