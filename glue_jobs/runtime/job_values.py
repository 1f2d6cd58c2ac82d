"""Arguments of the small jobs, read the same on Glue and elsewhere.

Glue adds arguments of its own to the command line; they are passed over, so AWS's parser is not needed here.
"""

import argparse
import re
from collections.abc import Mapping, Sequence
from typing import NoReturn

from expectations.errors import ArgumentError
from glue_jobs.runtime.arguments import new_job_id

CURE = "cure: --lake FOLDER_OR_BUCKET, and a value after every name (--name VALUE or --name=VALUE)"

_JOB_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")


def read_values(argv: Sequence[str], defaults: Mapping[str, str]) -> tuple[dict[str, str], bool]:
    """Values from `--name value` or `--name=value`, and whether Glue runs the job; the first of `argv` is the program.

    `lake` and `job_id` are among the names; the lake has no slash at its end, a job id is made where none is given.

    Raises:
        ArgumentError: the lake is missing, the job id cannot be part of a file name, or (off Glue) a name is unknown.
    """
    on_glue = any(part.partition("=")[0] == "--JOB_NAME" for part in argv)
    values = _parsed(argv, defaults, on_glue=on_glue)
    lake, job_id = values["lake"].rstrip("/"), values["job_id"]
    if not lake:
        raise ArgumentError(f"argument --lake names no folder below the root; {CURE}")
    if job_id and not is_job_id(job_id):
        raise ArgumentError(
            "--job_id is part of file names; cure: only letters, digits, dots, _ and -, or leave it out"
        )
    return values | {"lake": lake, "job_id": job_id or new_job_id()}, on_glue


def is_job_id(text: str) -> bool:
    """Whether a text can be the id of a job, and so of a run."""
    return bool(_JOB_ID.match(text))


class _Parser(argparse.ArgumentParser):
    """Raises where argparse would print and exit."""

    def error(self, message: str) -> NoReturn:
        raise ArgumentError(f"{message}; {CURE}")


def _parsed(argv: Sequence[str], defaults: Mapping[str, str], *, on_glue: bool) -> dict[str, str]:
    parser = _Parser(add_help=False, allow_abbrev=False)
    for name, default in defaults.items():
        parser.add_argument(f"--{name}", default=default)
    found, others = parser.parse_known_args(list(argv[1:]))
    if others and not on_glue:
        given = others[0].partition("=")[0] if others[0].startswith("--") else "a value without a name"
        expected = ", ".join(f"--{name}" for name in defaults)
        raise ArgumentError(f"unknown argument: {given}; expected: {expected}; {CURE}")
    return {name: str(value) for name, value in vars(found).items()}
