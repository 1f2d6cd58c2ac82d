from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from terraform.artifacts import project_wheel
from terraform.artifacts.archives import EPOCH, files_below
from terraform.artifacts.errors import BuildError
from terraform.artifacts.project_wheel import build_wheel, job_scripts
from tests.unit.terraform.artifacts.stand_ins import FakeTool

ROOT = Path(__file__).resolve().parents[4]


def test_it_is_built_at_one_time_from_the_two_packages_and_nothing_else(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, int] = {}
    tool = FakeTool()

    def build(arguments: Sequence[str], doing: str, **options: Mapping[str, str]) -> str:
        seen.update({str(name): path.stat().st_mode for name, path in files_below(Path(arguments[-1])).items()})
        (tmp_path / "claims_etl-1-py3-none-any.whl").touch()
        return tool(arguments, doing, environment=options["environment"])

    monkeypatch.setattr(project_wheel, "run_tool", build)
    (tree / "glue_jobs" / "__init__.py").chmod(0o600)
    assert build_wheel(tree, tmp_path) == tmp_path / "claims_etl-1-py3-none-any.whl"
    assert {name.partition("/")[0] for name in seen} == {"LICENSE", "expectations", "glue_jobs", "pyproject.toml"}
    assert set(seen.values()) == {0o100644}
    assert tool.environment == {"SOURCE_DATE_EPOCH": str(EPOCH)}


def test_a_build_without_a_wheel_is_an_error(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project_wheel, "run_tool", FakeTool())
    with pytest.raises(BuildError, match="left 0 wheels"):
        build_wheel(tree, tmp_path)


def test_scripts_are_the_modules_that_start_something(tree: Path) -> None:
    assert [path.name for path in job_scripts(tree)] == ["load.py"]
    assert {path.stem for path in job_scripts(ROOT)} == {
        "load_code_sets",
        "maintain_tables",
        "process_medical_claims",
        "summarize_claims",
    }
