"""Arguments of a job run: read by AWS's own parser on Glue, by one that reads the same elsewhere, and checked once."""

import argparse
import contextlib
import io
import re
import secrets
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal, NoReturn, cast, get_args

from expectations.errors import ArgumentError
from expectations.schema_changes import SchemaPolicy

REQUIRED = ("lake",)
OPTIONAL = {
    "input": "",
    "manifest": "",
    "from_date": "",
    "to_date": "",
    "schema_policy": SchemaPolicy.EVOLVE.value,
    "source": "",
    "sources": "",
    "job_id": "",
    "partitions": "0",
    "region": "",
    "driver_memory_gigabytes": "4",
    "cores": "*",
    "max_error_share": "",
    "audit": "compiled",
    "data_docs": "true",
}
CURE = (
    "cure: --input FILE_OR_FOLDER (or --manifest FILE) --lake FOLDER_OR_BUCKET, and a value after every name "
    "(--name VALUE or --name=VALUE)"
)

AuditEngine = Literal["compiled", "great_expectations", "none"]

_JOB_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")


@dataclass(frozen=True)
class RunArguments:
    """What one run is asked to do.

    `sources` is a folder of source declarations to use instead of the product's. Where a `manifest` names the files,
    `input` is not looked at. `from_date` and `to_date` are days of files, both taken in. `max_error_share` is used for
    every file instead of what its source declares; `audit` says which engine judges what is about to be published, and
    `data_docs` whether its outcome is a page too.
    """

    input: str
    lake: str
    source: str = ""
    sources: str = ""
    job_id: str = ""
    partitions: int = 0
    region: str = ""
    driver_memory_gigabytes: int = 4
    cores: str = "*"
    manifest: str = ""
    from_date: date | None = None
    to_date: date | None = None
    schema_policy: SchemaPolicy = SchemaPolicy.EVOLVE
    max_error_share: float | None = None
    audit: AuditEngine = "compiled"
    data_docs: bool = True
    on_glue: bool = False


def new_job_id(moment: datetime | None = None) -> str:
    """`claims-etl-YYYYMMDD-HHMMSS-NNNN`, in UTC, the last part random."""
    at = (moment or datetime.now(UTC)).astimezone(UTC)
    return f"claims-etl-{at:%Y%m%d-%H%M%S}-{secrets.randbelow(10_000):04d}"


def read_arguments(argv: Sequence[str]) -> RunArguments:
    """The run's arguments from `--name value` or `--name=value`; the first of `argv` is the program.

    Raises:
        ArgumentError: one is missing, unknown or empty, or is not a number where a number belongs.
    """
    on_glue = any(part.partition("=")[0] == "--JOB_NAME" for part in argv)
    resolved = _resolved_by_glue(argv) if on_glue else _resolved(argv)
    # argparse gives a list where the value is two dashes
    values = OPTIONAL | {name: text if isinstance(text, str) else "" for name, text in resolved.items()}
    _check_places(values)
    if values["job_id"] and not _JOB_ID.match(values["job_id"]):
        raise ArgumentError(
            "--job_id is part of folder names; cure: only letters, digits, dots, _ and -, or leave it out"
        )
    from_date, to_date = day_range(values["from_date"], values["to_date"])
    return RunArguments(
        input=values["input"],
        lake=values["lake"].rstrip("/"),
        source=values["source"],
        sources=values["sources"],
        job_id=values["job_id"] or new_job_id(),
        partitions=_whole_number(values, "partitions", least=0),
        region=values["region"],
        driver_memory_gigabytes=_whole_number(values, "driver_memory_gigabytes", least=1),
        cores=values["cores"],
        manifest=values["manifest"],
        from_date=from_date,
        to_date=to_date,
        schema_policy=schema_policy(values["schema_policy"]),
        max_error_share=error_share(values["max_error_share"]),
        audit=audit_engine(values["audit"]),
        data_docs=_yes_or_no(values, "data_docs"),
        on_glue=on_glue,
    )


def day_range(from_text: str, to_text: str) -> tuple[date | None, date | None]:
    """The first and last day of a range, None where the text is empty; ArgumentError where they are no such days."""
    first, last = _day("from_date", from_text), _day("to_date", to_text)
    if first and last and first > last:
        raise ArgumentError("--from_date is after --to_date; cure: the earlier day first, both are taken in")
    return first, last


def schema_policy(text: str) -> SchemaPolicy:
    """The policy of that name, the usual one for an empty text; ArgumentError where there is none."""
    try:
        return SchemaPolicy(text or SchemaPolicy.EVOLVE)
    except ValueError as error:
        raise ArgumentError(f"--schema_policy is one of {', '.join(SchemaPolicy)}; cure: one of these") from error


def error_share(text: str) -> float | None:
    """A share from 0 to 1, None for an empty text; ArgumentError where it is no such number."""
    if not text:
        return None
    if re.fullmatch(r"0(?:\.[0-9]+)?|1(?:\.0+)?|\.[0-9]+", text):
        return float(text)
    raise ArgumentError("--max_error_share is a number from 0 to 1; cure: for instance --max_error_share 0.05")


def audit_engine(text: str) -> AuditEngine:
    """The engine of that name; ArgumentError where there is none."""
    if text in get_args(AuditEngine):
        return cast("AuditEngine", text)
    raise ArgumentError(f"--audit is one of {', '.join(get_args(AuditEngine))}; cure: one of these")


def _yes_or_no(values: Mapping[str, str], name: str) -> bool:
    if values[name] in ("true", "false"):
        return values[name] == "true"
    raise ArgumentError(f"--{name} is true or false; cure: one of these")


def main_arguments() -> RunArguments:
    """The arguments of this process."""
    return read_arguments(sys.argv)


def _check_places(values: Mapping[str, str]) -> None:
    needed = ("lake",) if values["manifest"] else ("input", "lake")
    empty = [name for name in needed if not values[name].rstrip("/")]
    if empty:
        raise ArgumentError(f"argument --{empty[0]} names no file or folder below the root; {CURE}")


def _day(name: str, text: str) -> date | None:
    try:
        # fromisoformat alone takes weeks and days without hyphens too
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date() if text else None
    except ValueError as error:
        raise ArgumentError(f"--{name} is a day of the calendar; cure: for instance --{name} 2024-01-31") from error


def _whole_number(values: Mapping[str, str], name: str, least: int) -> int:
    text = values[name]
    if not (text.isascii() and text.isdecimal() and int(text) >= least):
        raise ArgumentError(f"--{name} is a whole number from {least} up; cure: for instance --{name} {OPTIONAL[name]}")
    return int(text)


def _resolved_by_glue(argv: Sequence[str]) -> dict[str, object]:
    from awsglue.utils import (  # noqa: PLC0415 - exists on Glue (and, for tests, in the dev extra) only
        GlueArgumentError,
        getResolvedOptions,
    )

    given = [name for name in OPTIONAL if any(part.partition("=")[0] == f"--{name}" for part in argv)]
    names = [*REQUIRED, *given]
    try:
        # asked for help, which names AWS's arguments and not ours, it prints and exits
        with contextlib.redirect_stdout(io.StringIO()):
            values = getResolvedOptions(list(argv), names)
    except (GlueArgumentError, SystemExit) as error:
        raise ArgumentError(f"{error}; {CURE}") from error
    return {name: values[name] for name in names}


class _Parser(argparse.ArgumentParser):
    """Raises where argparse would print and exit."""

    def error(self, message: str) -> NoReturn:
        raise ArgumentError(f"{message}; {CURE}")


def _resolved(argv: Sequence[str]) -> dict[str, object]:
    parser = _Parser(add_help=False, allow_abbrev=False)
    for name in (*REQUIRED, *OPTIONAL):
        parser.add_argument(f"--{name}", required=name in REQUIRED, default=OPTIONAL.get(name))
    values, others = parser.parse_known_args(list(argv[1:]))
    if others:
        expected = ", ".join(f"--{name}" for name in (*REQUIRED, *OPTIONAL))
        found = others[0].partition("=")[0] if others[0].startswith("--") else "a value without a name"
        raise ArgumentError(f"unknown argument: {found}; expected: {expected}; {CURE}")
    return vars(values)
