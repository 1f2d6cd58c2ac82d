"""Every module, the root and each environment, tested by Terraform itself with a mocked provider: no cloud at all."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cloud.terraform_runner import cli_config, find_mirror, find_terraform

ROOT = Path(__file__).resolve().parents[2]
TERRAFORM = ROOT / "terraform"
MODULES = sorted(path.parent for path in (TERRAFORM / "modules").glob("*/tests"))
ENVIRONMENTS = sorted(path.stem for path in (TERRAFORM / "environments").glob("*.tfvars"))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(find_terraform() is None, reason="Terraform is not on PATH: the estate is not tested"),
]


def run_terraform(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Terraform in a folder of this checkout; what it installs lies in .cache."""
    data = ROOT / ".cache" / "terraform" / folder.relative_to(ROOT)
    data.mkdir(parents=True, exist_ok=True)
    settings = data / "terraform.rc"
    settings.write_text(cli_config(find_mirror()))
    own = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TF_"))}
    environment = own | {"TF_CLI_CONFIG_FILE": str(settings), "TF_DATA_DIR": str(data), "TF_IN_AUTOMATION": "1"}
    program = find_terraform()
    assert program
    return subprocess.run(  # noqa: S603 - the program found on PATH
        [program, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def prepared(folder: Path) -> Path:
    done = run_terraform(folder, "init", "-backend=false", "-input=false", "-no-color")
    assert done.returncode == 0, done.stderr
    return folder


def assert_passes(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Success! 0 passed" not in done.stdout


def test_every_file_is_formatted() -> None:
    done = run_terraform(TERRAFORM, "fmt", "-check", "-recursive", "-diff")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("folder", [*MODULES, TERRAFORM], ids=lambda folder: folder.name)
def test_a_module_is_valid_and_its_tests_pass(folder: Path) -> None:
    prepared(folder)
    assert_passes(run_terraform(folder, "test", "-no-color"))


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_an_environment_is_planned(name: str) -> None:
    prepared(TERRAFORM)
    chosen = ("-test-directory=tests/environment", f"-var-file=environments/{name}.tfvars")
    assert_passes(run_terraform(TERRAFORM, "test", "-no-color", *chosen))


def test_every_module_has_its_files_and_its_tests() -> None:
    names = {path.name for path in (TERRAFORM / "modules").iterdir() if path.is_dir()}
    assert names == {folder.name for folder in MODULES}
    for folder in MODULES:
        for file in ("main.tf", "variables.tf", "outputs.tf", "versions.tf", "README.md"):
            assert (folder / file).is_file(), f"{folder.name} has no {file}"
        assert list((folder / "tests").glob("*.tftest.hcl")), f"{folder.name} has no test"


def test_a_module_that_is_wrong_fails() -> None:
    """One encryption attribute taken away: the module's own tests must see it."""
    folder = Path(shutil.copytree(TERRAFORM / "modules" / "queues", ROOT / ".cache" / "terraform" / "planted"))
    try:
        main = folder / "main.tf"
        text = main.read_text()
        assert text.count("kms_master_key_id") > 1
        main.write_text("\n".join(line for line in text.splitlines() if "kms_master_key_id" not in line))
        prepared(folder)
        assert run_terraform(folder, "test", "-no-color").returncode != 0
    finally:
        shutil.rmtree(folder)
