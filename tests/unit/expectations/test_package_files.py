import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from expectations.package_files import package_folder

ROOT = Path(__file__).resolve().parents[3]

ASKED = """
import sys
sys.path.insert(0, sys.argv[1])
from expectations.contract import CONTRACT_FOLDER, load_source, load_table, source_names, table_names
from expectations.rules import load_rules, suite_names
print(*table_names(), *source_names(), *suite_names())
print(*(len(load_table(name).columns) for name in table_names()))
print(*(load_source(name).table for name in source_names()))
print(*(len(load_rules(name)) for name in suite_names()))
print(CONTRACT_FOLDER)
"""


def told(place: Path) -> list[str]:
    """What the contract says in an interpreter of its own that finds it in `place`."""
    command = [sys.executable, "-I", "-c", ASKED, str(place)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - this interpreter
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.splitlines()


def test_a_package_in_a_folder_is_read_where_it_is() -> None:
    assert package_folder("expectations") == ROOT / "expectations"


def test_the_contract_says_the_same_from_a_zip_on_the_path_and_leaves_nothing_behind(tmp_path: Path) -> None:
    archive = tmp_path / "code.whl"
    with zipfile.ZipFile(archive, "w") as code:
        for path in (ROOT / "expectations").rglob("*"):
            if path.is_file() and path.suffix != ".pyc":
                code.write(path, path.relative_to(ROOT))
    *from_zip, unpacked = told(archive)
    *from_folder, folder = told(ROOT)
    assert from_zip == from_folder
    assert all(from_zip)
    assert folder == str(ROOT / "expectations")
    assert not Path(unpacked).exists()


def test_only_data_files_are_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "tree" / "zipped_package"
    (package / "deeper").mkdir(parents=True)
    for name in ("__init__.py", "module.py", "data.json", "deeper/more.sql"):
        (package / name).write_text("")
    monkeypatch.syspath_prepend(shutil.make_archive(str(tmp_path / "zipped"), "zip", tmp_path / "tree"))
    folder = package_folder("zipped_package")
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == {"data.json", "deeper/more.sql"}
