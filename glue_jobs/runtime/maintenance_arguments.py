"""Arguments of the maintenance job, read the same on Glue and elsewhere.

Glue adds arguments of its own to the command line; they are passed over, so AWS's parser is not needed here.
"""

import argparse
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from expectations.contract import table_names
from expectations.errors import ArgumentError
from glue_jobs.runtime.arguments import new_job_id

DEFAULTS = {
    "lake": "",
    "tables": "",
    "target_file_megabytes": "256",
    "keep_days": "7",
    "orphan_hours": "24",
    "region": "",
    "job_id": "",
    "driver_memory_gigabytes": "4",
    "cores": "*",
}
CURE = "cure: --lake FOLDER_OR_BUCKET, and a value after every name (--name VALUE or --name=VALUE)"

_JOB_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")


@dataclass(frozen=True)
class MaintenanceArguments:
    """What one maintenance is asked to do; `tables` empty means all. Ages count from the start of the job.

    `orphan_hours` below the longest run that may be going on is safe only where none is.
    """

    lake: str
    job_id: str
    tables: tuple[str, ...] = ()
    target_file_megabytes: int = 256
    keep_days: int = 7
    orphan_hours: int = 24
    region: str = ""
    driver_memory_gigabytes: int = 4
    cores: str = "*"
    on_glue: bool = False


def read_maintenance_arguments(argv: Sequence[str]) -> MaintenanceArguments:
    """The job's arguments from `--name value` or `--name=value`; the first of `argv` is the program.

    Raises:
        ArgumentError: the lake is missing, a table is not in the contract, a number is none, or (off Glue) a name is
            unknown.
    """
    on_glue = any(part.partition("=")[0] == "--JOB_NAME" for part in argv)
    values = _values(argv, on_glue=on_glue)
    if not values["lake"].rstrip("/"):
        raise ArgumentError(f"argument --lake names no folder below the root; {CURE}")
    if values["job_id"] and not is_job_id(values["job_id"]):
        raise ArgumentError(
            "--job_id is part of file names; cure: only letters, digits, dots, _ and -, or leave it out"
        )
    return MaintenanceArguments(
        lake=values["lake"].rstrip("/"),
        job_id=values["job_id"] or new_job_id(),
        tables=chosen_tables(values["tables"]),
        target_file_megabytes=_whole_number(values, "target_file_megabytes", least=1),
        keep_days=_whole_number(values, "keep_days", least=0),
        orphan_hours=_whole_number(values, "orphan_hours", least=0),
        region=values["region"],
        driver_memory_gigabytes=_whole_number(values, "driver_memory_gigabytes", least=1),
        cores=values["cores"],
        on_glue=on_glue,
    )


def chosen_tables(text: str) -> tuple[str, ...]:
    """Table names out of a list with commas; ArgumentError where one is not in the contract."""
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if unknown := [name for name in names if name not in table_names()]:
        raise ArgumentError(
            f"{len(unknown)} of the tables are not in the contract; cure: some of {', '.join(table_names())}"
        )
    return names


def is_job_id(text: str) -> bool:
    """Whether a text can be the id of a job, and so of a run."""
    return bool(_JOB_ID.match(text))


class _Parser(argparse.ArgumentParser):
    """Raises where argparse would print and exit."""

    def error(self, message: str) -> NoReturn:
        raise ArgumentError(f"{message}; {CURE}")


def _values(argv: Sequence[str], *, on_glue: bool) -> dict[str, str]:
    parser = _Parser(add_help=False, allow_abbrev=False)
    for name, default in DEFAULTS.items():
        parser.add_argument(f"--{name}", default=default)
    found, others = parser.parse_known_args(list(argv[1:]))
    if others and not on_glue:
        given = others[0].partition("=")[0] if others[0].startswith("--") else "a value without a name"
        expected = ", ".join(f"--{name}" for name in DEFAULTS)
        raise ArgumentError(f"unknown argument: {given}; expected: {expected}; {CURE}")
    return {name: str(value) for name, value in vars(found).items()}


def _whole_number(values: Mapping[str, str], name: str, least: int) -> int:
    text = values[name]
    if not (text.isascii() and text.isdecimal() and int(text) >= least):
        raise ArgumentError(f"--{name} is a whole number from {least} up; cure: for instance --{name} {DEFAULTS[name]}")
    return int(text)
