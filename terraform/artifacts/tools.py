"""The tools that do the work (uv, pip, build), each run as a module of this interpreter."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

from terraform.artifacts.errors import BuildError

UMASK = 0o022
"""Modes of files end up in archives: they are the same whatever the user's own mask is."""


def run_tool(
    arguments: Sequence[str], doing: str, *, text: str | None = None, environment: Mapping[str, str] | None = None
) -> str:
    """What `python -m <arguments>` prints; `text` is what it reads.

    Raises:
        BuildError: it failed; its first line about an error is told.
    """
    answer = subprocess.run(  # noqa: S603 - this interpreter with tools of the lock files
        [sys.executable, "-m", *arguments],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        umask=UMASK,
        env={**os.environ, **(environment or {})},
    )
    if answer.returncode:
        said = [line.strip() for line in answer.stderr.splitlines() if line.strip()] or ["no word"]
        reason = next((line for line in said if "error" in line.lower()), said[-1])
        raise BuildError(
            f"{doing} failed ({arguments[0]}: {reason}); "
            f"cure: make install, check the connection to the package registry, then look at: {' '.join(arguments)}"
        )
    return answer.stdout
