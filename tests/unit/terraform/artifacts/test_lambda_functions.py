from pathlib import Path

import pytest

from terraform.artifacts.archives import files_below
from terraform.artifacts.errors import BuildError
from terraform.artifacts.lambda_functions import DATA, function_folders, write_function
from tests.unit.terraform.artifacts.stand_ins import sources

ROOT = Path(__file__).resolve().parents[4]


def test_a_folder_with_a_handler_is_a_function(tree: Path) -> None:
    assert [folder.name for folder in function_folders(tree)] == ["trigger", "validation"]


@pytest.mark.parametrize(
    ("function", "packed"),
    [
        (
            "trigger",
            """expectations/__init__.py
                expectations/contract.py
                expectations/errors.py
                expectations/sources/tpa.json
                expectations/tables/claim.json
                lambdas/__init__.py
                lambdas/common/__init__.py
                lambdas/common/events.py
                lambdas/common/fields.json
                lambdas/trigger/__init__.py
                lambdas/trigger/batch.py
                lambdas/trigger/handler.py""",
        ),
        (
            "validation",
            """expectations/__init__.py
                expectations/contract.py
                expectations/errors.py
                expectations/rules.py
                expectations/sources/tpa.json
                expectations/suites/claim.json
                expectations/tables/claim.json
                lambdas/__init__.py
                lambdas/validation/__init__.py
                lambdas/validation/handler.py""",
        ),
    ],
)
def test_a_function_has_its_folder_what_that_imports_and_the_data_which_that_reads(
    tree: Path, tmp_path: Path, function: str, packed: str
) -> None:
    write_function(tree, tree / "lambdas" / function, tmp_path / "function.zip")
    assert sources(tmp_path / "function.zip") == packed.split()


def test_a_folder_that_is_no_package_is_refused(tree: Path, tmp_path: Path) -> None:
    (tree / "lambdas" / "trigger" / "__init__.py").unlink()
    with pytest.raises(BuildError, match="lambdas/trigger has no __init__"):
        write_function(tree, tree / "lambdas" / "trigger", tmp_path / "function.zip")


def test_every_folder_of_data_goes_with_the_module_that_reads_it() -> None:
    packages = (ROOT / "expectations", ROOT / "lambdas" / "common")
    found = {
        path.parent.relative_to(ROOT).as_posix()
        for package in packages
        for name, path in files_below(package).items()
        if name.suffix != ".py"
    }
    carried = {folder for folders in DATA.values() for folder in folders}
    not_read = {"expectations/payers", "expectations/schemas", "expectations/warehouse"}
    assert found - carried == not_read, "jobs read payers, editors and documents schemas, Terraform the warehouse's SQL"
    assert all((ROOT / module).is_file() for module in DATA)
