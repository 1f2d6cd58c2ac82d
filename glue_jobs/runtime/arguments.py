"""Arguments of a job run: read by AWS's own parser on Glue, by an equal one elsewhere, and checked once."""

import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from expectations.errors import ArgumentError

REQUIRED = ("input", "lake")
OPTIONAL = {"source": "", "sources": "", "job_id": "", "partitions": "0", "region": "", "driver_memory_gigabytes": "4", "cores": "*"}


@dataclass(frozen=True)
class RunArguments:
    """What one run is asked to do; `sources` is a folder of source declarations to use instead of the product's."""

    input: str
    lake: str
    source: str = ""
    sources: str = ""
    job_id: str = ""
    partitions: int = 0
    region: str = ""
    driver_memory_gigabytes: int = 4
    cores: str = "*"
    on_glue: bool = False


def new_job_id(moment: datetime | None = None) -> str:
    """`claims-etl-YYYYMMDD-HHMMSS-NNNN`, in UTC, the last part random."""
    return f"claims-etl-{moment or datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.randbelow(10_000):04d}"


def read_arguments(argv: Sequence[str]) -> RunArguments:
    """The run's arguments from `--name value` pairs.

    Raises:
        ArgumentError: one is missing, unknown, or not a number where a number belongs.
    """
    on_glue = any(part.startswith("--JOB_NAME") for part in argv)
    values = _resolved_by_glue(argv) if on_glue else _resolved(argv)
    try:
        return RunArguments(
            input=values["input"],
            lake=values["lake"].rstrip("/"),
            source=values["source"],
            sources=values["sources"],
            job_id=values["job_id"] or new_job_id(),
            partitions=int(values["partitions"]),
            region=values["region"],
            driver_memory_gigabytes=int(values["driver_memory_gigabytes"]),
            cores=values["cores"],
            on_glue=on_glue,
        )
    except ValueError as error:
        raise ArgumentError(
            "--partitions and --driver_memory_gigabytes are whole numbers; cure: for instance --partitions 50"
        ) from error


def _resolved_by_glue(argv: Sequence[str]) -> dict[str, str]:
    from awsglue.utils import getResolvedOptions  # noqa: PLC0415 - exists on Glue (and, for tests, in the dev extra) only

    given = [name for name in OPTIONAL if any(part.split("=")[0] == f"--{name}" for part in argv)]
    _check_required(argv)
    return OPTIONAL | {name: str(value) for name, value in getResolvedOptions(list(argv), [*REQUIRED, *given]).items()}


def _resolved(argv: Sequence[str]) -> dict[str, str]:
    values = dict(OPTIONAL)
    parts = list(argv[1:])
    while parts:
        name, _, value = parts.pop(0).partition("=")
        known = name.removeprefix("--")
        if not name.startswith("--") or known not in {*REQUIRED, *OPTIONAL}:
            expected = ", ".join(f"--{option}" for option in (*REQUIRED, *OPTIONAL))
            raise ArgumentError(f"unknown argument {name.split('=')[0]!r}; expected: {expected}")
        if not value:
            if not parts:
                raise ArgumentError(f"argument {name} has no value; cure: {name} VALUE")
            value = parts.pop(0)
        values[known] = value
    _check_required(argv)
    return values


def _check_required(argv: Sequence[str]) -> None:
    missing = [name for name in REQUIRED if not any(part.split("=")[0] == f"--{name}" for part in argv)]
    if missing:
        raise ArgumentError(f"missing argument --{missing[0]}; cure: --input FILE_OR_FOLDER --lake FOLDER_OR_BUCKET")


def main_arguments() -> RunArguments:
    """The arguments of this process."""
    return read_arguments(sys.argv)
