"""Tools that the product does not need and that pin what it needs otherwise: each in an environment of its own.

An environment lies below .cache, is made from the tool's own lock file when it is first asked for, and anew when the
lock file is another.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HASH_LENGTH = 12


class ToolError(Exception):
    """Raised when a tool cannot be installed, or does not do what it is for."""


def installed(name: str) -> Path:
    """The program of a tool, see `environment`."""
    return environment(name) / "bin" / name


def environment(name: str) -> Path:
    """The folder of the environment that the lock file `requirements-<name>.lock` describes.

    Raises:
        ToolError: neither uv nor pip can install it.
    """
    lock = ROOT / f"requirements-{name}.lock"
    folder = ROOT / ".cache" / name / hashlib.sha256(lock.read_bytes()).hexdigest()[:HASH_LENGTH]
    if not (folder / "installed").is_file():
        uv = Path(sys.executable).with_name("uv")
        python = folder / "bin" / "python"
        shutil.rmtree(folder, ignore_errors=True)
        _call(sys.executable, "-m", "venv", "--without-pip", folder)
        try:
            _call(uv, "pip", "install", "--quiet", "--python", python, "--require-hashes", "--requirement", lock)
        except ToolError:  # where uv does not reach the registry pip may: it has settings of its own
            pip = (sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--disable-pip-version-check")
            _call(*pip, "--require-hashes", "--requirement", lock)
        (folder / "installed").touch()
    return folder


def _call(*command: str | Path) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - uv or pip of this environment
    except (OSError, subprocess.CalledProcessError) as error:
        reason = getattr(error, "stderr", "") or error
        raise ToolError(f"{command[-1]} cannot be installed: {reason}") from error
