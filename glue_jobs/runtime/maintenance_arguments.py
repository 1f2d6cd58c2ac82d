"""Arguments of the maintenance job, read the same on Glue and elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from expectations.contract import table_names
from expectations.errors import ArgumentError
from glue_jobs.runtime.job_values import read_values

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
    values, on_glue = read_values(argv, DEFAULTS)
    return MaintenanceArguments(
        lake=values["lake"],
        job_id=values["job_id"],
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


def _whole_number(values: Mapping[str, str], name: str, least: int) -> int:
    text = values[name]
    if not (text.isascii() and text.isdecimal() and int(text) >= least):
        raise ArgumentError(f"--{name} is a whole number from {least} up; cure: for instance --{name} {DEFAULTS[name]}")
    return int(text)
