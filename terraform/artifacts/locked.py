"""Which packages of requirements.lock a part needs, and their lines of it, hashes included."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from terraform.artifacts.errors import BuildError
from terraform.artifacts.tools import run_tool

PYTHON = "3.11"
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_PIN = re.compile(r"([a-z0-9.-]+==[^ ;\\]+)")


@dataclass(frozen=True)
class Needs:
    """The project's own requirements and those of `extras`, but for `without`: it is there already where they go."""

    extras: tuple[str, ...]
    without: frozenset[str]
    platform: str


def locked_requirements(root: Path, needs: Needs) -> str:
    """The lines of requirements.lock for what is needed and for all that this needs in turn.

    Raises:
        BuildError: the lock does not hold them.
    """
    lock = root / "requirements.lock"
    lines = _lines_by_pin(lock.read_text(encoding="utf-8"))
    pins = _resolved(lock, _asked(root / "pyproject.toml", needs), needs)
    missing = [pin for pin in pins if pin not in lines]
    if missing:
        raise BuildError(f"requirements.lock has no {', '.join(missing)}; cure: make lock, make install")
    return "".join(lines[pin] for pin in sorted(pins))


def pins_of(requirements: str) -> list[str]:
    """`name==version` of each line of a lock."""
    return [pin[1] for line in requirements.splitlines() if (pin := _PIN.match(line))]


def _asked(pyproject: Path, needs: Needs) -> list[str]:
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    extras = [line for extra in needs.extras for line in project["optional-dependencies"][extra]]
    return [line for line in [*project["dependencies"], *extras] if _name(line) not in needs.without]


def _name(requirement: str) -> str:
    found = _NAME.match(requirement)
    return found[0] if found else ""


def _resolved(lock: Path, asked: list[str], needs: Needs) -> list[str]:
    left_out = [part for name in sorted(needs.without) for part in ("--no-emit-package", name)]
    command = ["uv", "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--only-binary", ":all:"]
    command += ["--python-version", PYTHON, "--python-platform", needs.platform, "--constraint", str(lock), *left_out]
    return pins_of(run_tool([*command, "-"], "choosing packages from requirements.lock", text="\n".join(asked)))


def _lines_by_pin(lock: str) -> dict[str, str]:
    found: dict[str, str] = {}
    pin = ""
    for line in _without_comments(lock):
        start = _PIN.match(line)
        pin = start[1] if start else pin
        found[pin] = f"{found.get(pin, '')}{line}\n"
    return found


def _without_comments(lock: str) -> Iterator[str]:
    return (line for line in lock.splitlines() if line.strip() and not line.lstrip().startswith("#"))
