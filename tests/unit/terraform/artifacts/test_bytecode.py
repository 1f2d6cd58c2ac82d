import importlib
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from terraform.artifacts import bytecode
from terraform.artifacts.bytecode import compiled, with_bytecode
from terraform.artifacts.errors import BuildError

SOURCE = (
    b'"""Says."""\n\nNAMES = frozenset({"a", "b", "c"})\n\n\ndef is_one(name):\n    return name in {"x", "y", "z"}\n'
)
AGAIN = """
import json, sys
from pathlib import PurePosixPath
from terraform.artifacts.bytecode import compiled
sys.stdout.buffer.write(compiled(PurePosixPath("part/said.py"), sys.stdin.buffer.read()))
"""


def test_each_module_stands_beside_its_source_but_for_folders_left_out_and_what_is_no_python() -> None:
    names = ["part/said.py", "part/data.json", "part/v1/old.py", "part/v1x.py"]
    no_python = {PurePosixPath("part/template.py"): b"{{ name }} = 1 print"}
    files = with_bytecode({PurePosixPath(name): SOURCE for name in names} | no_python, ["part/v1"])
    added = {str(name) for name in files} - {*names, "part/template.py"}
    assert added == {"part/__pycache__/said.cpython-311.pyc", "part/__pycache__/v1x.cpython-311.pyc"}
    assert files[PurePosixPath("part/said.py")] == SOURCE


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_same_source_is_the_same_bytes_in_whatever_process(seed: str) -> None:
    other = subprocess.run(  # noqa: S603 - this interpreter
        [sys.executable, "-c", AGAIN],
        input=SOURCE,
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[4],
        env={"PYTHONHASHSEED": seed},
    )
    assert other.stdout == compiled(PurePosixPath("part/said.py"), SOURCE)


def test_python_takes_the_compiled_module_whatever_its_source_says_and_names_the_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, content in with_bytecode({PurePosixPath("compiled_part/said.py"): SOURCE}).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        assert isinstance(content, bytes)
        path.write_bytes(content if path.suffix == ".pyc" else b"raise RuntimeError")
    monkeypatch.syspath_prepend(str(tmp_path))
    said = importlib.import_module("compiled_part.said")
    assert said.is_one("x")
    assert said.is_one.__code__.co_filename == str(tmp_path / "compiled_part" / "said.py")


def test_another_python_would_write_what_functions_cannot_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bytecode, "PYTHON", "3.12")
    with pytest.raises(BuildError, match=r"for Python 3\.12 only; cure"):
        with_bytecode({PurePosixPath("said.py"): SOURCE})
