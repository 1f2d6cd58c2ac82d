"""Linters written in Go: not on PyPI, so found on PATH or where `make tflint` and `make actionlint` build them."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUILT = ROOT / ".cache" / "bin"


def needs(name: str) -> pytest.MarkDecorator:
    """Skips a test where the linter is not found."""
    reason = f"{name} is neither on PATH nor in .cache/bin: `make {name}` builds it where Go is found"
    return pytest.mark.skipif(find(name) is None, reason=reason)


def find(name: str) -> str | None:
    """The linter's program."""
    return shutil.which(name, path=f"{BUILT}{os.pathsep}{os.environ.get('PATH', '')}")


def findings(name: str, *arguments: str, folder: Path = ROOT) -> str:
    """What a linter found in a folder; nothing where all is well."""
    program = find(name)
    assert program
    done = subprocess.run(  # noqa: S603 - the linter, as it is found
        [program, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode in {0, 1, 2}, done.stderr
    assert bool(done.stdout.strip()) == bool(done.returncode), f"{done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout
