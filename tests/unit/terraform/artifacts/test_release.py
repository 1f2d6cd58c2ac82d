import hashlib
import json
from pathlib import Path

import pytest

from terraform.artifacts.__main__ import main
from terraform.artifacts.archives import files_below, write_zip
from terraform.artifacts.errors import BuildError
from terraform.artifacts.manifest import MANIFEST
from terraform.artifacts.project_wheel import PACKAGES
from terraform.artifacts.release import Suppliers, build_release
from tests.unit.terraform.artifacts.stand_ins import one_file


def a_wheel(root: Path, folder: Path) -> Path:
    """Stands for setuptools: all that the copy for the wheel would hold."""
    files = {name: path for name, path in files_below(root).items() if name.parts[0] in PACKAGES}
    write_zip(folder / "claims_etl-1-py3-none-any.whl", files)
    return folder / "claims_etl-1-py3-none-any.whl"


FAKES = Suppliers(
    lock=lambda root, needs: (
        f"one==1.0 --hash={hashlib.sha256((root / 'requirements.lock').read_bytes()).hexdigest()}\n"
    ),
    wheels=one_file("one-1.0-py3-none-any.whl"),
    packages=one_file("one.py"),
    project=a_wheel,
)


def test_the_folder_holds_what_the_manifest_lists_and_nothing_else(tree: Path, tmp_path: Path) -> None:
    folder = tmp_path / "build" / "artifacts"
    for _ in range(2):
        artifacts = build_release(tree, folder, FAKES)
        (tree / "lambdas" / "trigger" / "batch.py").write_text("CHANGED = 1\n")
    listed = json.loads((folder / MANIFEST).read_text())
    assert {str(name) for name in files_below(folder)} == {MANIFEST, *(one["file"] for one in listed.values())}
    assert [artifact.name for artifact in artifacts] == [
        "claims_etl",
        "load",
        "trigger",
        "validation",
        "glue_packages",
        "glue_packages_with_quality",
        "glue_packages_with_risk",
        "lambda_packages",
    ]
    for one in listed.values():
        content = (folder / one["file"]).read_bytes()
        assert (one["size"], one["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert [path.name for path in folder.parent.iterdir()] == ["artifacts"]


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ("expectations/sources/tpa.json", {"claims_etl", "trigger", "validation"}),
        ("expectations/suites/claim.json", {"claims_etl", "validation"}),
        ("expectations/untouched.py", {"claims_etl"}),
        ("expectations/schemas/table.schema.json", {"claims_etl"}),
        ("glue_jobs/jobs/load.py", {"claims_etl", "load"}),
        ("glue_jobs/jobs/step.py", {"claims_etl"}),
        ("lambdas/common/events.py", {"trigger"}),
        ("lambdas/common/clock.py", set()),
        ("lambdas/validation/handler.py", {"validation"}),
        (
            "requirements.lock",
            {"glue_packages", "glue_packages_with_quality", "glue_packages_with_risk", "lambda_packages"},
        ),
    ],
)
def test_a_change_gives_new_names_to_what_it_is_in_and_to_nothing_else(
    tree: Path, tmp_path: Path, changed: str, names: set[str]
) -> None:
    before = {artifact.name: artifact.file for artifact in build_release(tree, tmp_path / "a", FAKES)}
    with (tree / changed).open("a") as file:
        file.write(" \n")
    after = {artifact.name: artifact.file for artifact in build_release(tree, tmp_path / "a", FAKES)}
    assert {name for name in after if after[name] != before[name]} == names


def test_a_build_that_fails_leaves_the_one_before_and_nothing_half_done(tree: Path, tmp_path: Path) -> None:
    folder = tmp_path / "build" / "artifacts"
    build_release(tree, folder, FAKES)
    before = files_below(folder)
    (tree / "lambdas" / "validation" / "__init__.py").unlink()
    with pytest.raises(BuildError):
        build_release(tree, folder, FAKES)
    assert files_below(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == ["artifacts"]


def test_it_prints_what_it_built_with_sizes(tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--to", str(tmp_path / "out")], tree, FAKES) == 0
    lines = capsys.readouterr().out.splitlines()
    (wheel,) = (tmp_path / "out").rglob("*.whl")
    assert lines[0].split()[:3] == ["wheel", f"{wheel.stat().st_size / 1000:.1f}", "kB"]
    assert len(lines) == 9
    assert lines[-1] == f"Listed in {tmp_path / 'out' / MANIFEST}"


def test_an_error_is_one_line_and_exit_code_1(tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "lambdas" / "trigger" / "__init__.py").unlink()
    assert main(["--to", str(tmp_path / "out")], tree, FAKES) == 1
    assert capsys.readouterr().err.startswith("BuildError: lambdas/trigger has no __init__.py")
