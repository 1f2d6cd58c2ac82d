"""Derived tables are brought to what claims and members are now, by AWS Glue on a schedule and by `make summarize`.

Enriched claim lines, member months, risk and summaries, each after those that it is made of. Safe beside a running
load; a table that fails is reported and does not stop the others, and is made good by the next run.
"""

import json
import logging
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from graphlib import TopologicalSorter

from pyspark.sql import SparkSession

from expectations.errors import ArgumentError
from expectations.object_keys import Lake
from glue_jobs import enrichments, members, summaries
from glue_jobs.derivations import Derivation
from glue_jobs.runtime.failures import as_claims_error
from glue_jobs.runtime.job_values import read_values
from glue_jobs.runtime.session import SessionOptions, start_session
from glue_jobs.runtime.telemetry import LOGGER, Telemetry
from glue_jobs.storage.derived_tables import bring_up_to_date
from glue_jobs.storage.objects import delete_folder, write_object

DERIVED: tuple[Derivation, ...] = (*members.DERIVED, *enrichments.DERIVED, *summaries.DERIVED)
DEFAULTS = {"lake": "", "tables": "", "rebuild": "", "region": "", "job_id": ""}


@dataclass(frozen=True)
class SummarizeArguments:
    """What one run is asked to do; `tables` empty means all, `rebuild`: from scratch, whatever they show."""

    lake: str
    job_id: str
    tables: tuple[str, ...] = ()
    rebuild: bool = False
    region: str = ""
    on_glue: bool = False


@dataclass(frozen=True)
class TableSummary:
    """What became of one table; `parts` are those that were made again, in words. An error is one line, or none."""

    table: str
    parts: str = ""
    rows: int = 0
    seconds: float = 0
    error: str = ""


@dataclass(frozen=True)
class SummariesReport:
    """What one run did; counts only."""

    job_id: str
    started_at: datetime
    finished_at: datetime
    tables: tuple[TableSummary, ...]

    @property
    def name(self) -> str:
        """What its file in validation-reports/ is called."""
        return f"summaries-{self.job_id}"

    @property
    def succeeded(self) -> bool:
        """Whether every table shows what its inputs hold."""
        return not any(table.error for table in self.tables)

    def to_json(self) -> str:
        """The report as JSON, for validation-reports/."""
        return json.dumps(asdict(self) | {"succeeded": self.succeeded}, default=str, indent=2)


def summarize(
    arguments: SummarizeArguments, telemetry: Telemetry, derived: Sequence[Derivation] = DERIVED
) -> SummariesReport:
    """Bring the chosen tables, and those that they are made of, up to date; the report is written, then returned.

    Raises:
        ArgumentError: a chosen table is not derived.
        ClaimsError: the session or the report failed.
    """
    started_at, lake = datetime.now(UTC), Lake(arguments.lake)
    chosen = in_order(derived, arguments.tables)
    with telemetry.stage("start Spark"):
        spark = start_session(SessionOptions(arguments.lake, arguments.on_glue, arguments.region))
    tables = tuple(_summarize_table(spark, one, arguments, telemetry) for one in chosen)
    delete_folder(lake.temp(arguments.job_id))
    report = SummariesReport(arguments.job_id, started_at, datetime.now(UTC), tables)
    write_object(lake.report(report.name, "json"), report.to_json().encode())
    return report


def in_order(derived: Iterable[Derivation], chosen: Sequence[str] = ()) -> tuple[Derivation, ...]:
    """The chosen tables (none: all) and those that they are made of, each after its inputs.

    Raises:
        ArgumentError: one of the chosen is not derived.
    """
    by_name = {derivation.table: derivation for derivation in derived}
    if unknown := [name for name in chosen if name not in by_name]:
        raise ArgumentError(
            f"{len(unknown)} of the tables are not made of others; cure: some of {', '.join(sorted(by_name))}"
        )
    needed = _with_inputs(by_name, chosen or list(by_name))
    order = TopologicalSorter({name: set(by_name[name].inputs) & needed for name in sorted(needed)})
    return tuple(by_name[name] for name in order.static_order())


def _with_inputs(by_name: Mapping[str, Derivation], names: Iterable[str]) -> set[str]:
    found, waiting = set[str](), list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [one for one in by_name[name].inputs if one in by_name]
    return found


def _summarize_table(
    spark: SparkSession, derivation: Derivation, arguments: SummarizeArguments, telemetry: Telemetry
) -> TableSummary:
    started = time.perf_counter()
    with telemetry.stage(derivation.table):
        try:
            done = bring_up_to_date(spark, derivation, arguments.job_id, anew=arguments.rebuild)
            result = TableSummary(derivation.table, done.parts, done.rows)
        except Exception as error:  # the other tables stand alone; an exception's own text can hold a claim
            known = as_claims_error(error)
            result = TableSummary(derivation.table, error=f"{type(known).__name__}: {known}")
            telemetry.log("step_failed", table=derivation.table, error_type=type(error).__name__)
    seconds = round(time.perf_counter() - started, 1)
    telemetry.log("table_summarized", table=derivation.table, records=result.rows, seconds=seconds)
    return TableSummary(result.table, result.parts, result.rows, seconds, result.error)


def read_summarize_arguments(argv: Sequence[str]) -> SummarizeArguments:
    """The job's arguments from `--name value` or `--name=value`; the first of `argv` is the program.

    Raises:
        ArgumentError: the lake is missing, `rebuild` is neither true nor false, or (off Glue) a name is unknown.
    """
    values, on_glue = read_values(argv, DEFAULTS)
    if values["rebuild"] not in ("", "true", "false"):
        raise ArgumentError("--rebuild is neither true nor false; cure: --rebuild true, or leave it out")
    return SummarizeArguments(
        lake=values["lake"],
        job_id=values["job_id"],
        tables=names_in(values["tables"]),
        rebuild=values["rebuild"] == "true",
        region=values["region"],
        on_glue=on_glue,
    )


def names_in(text: str) -> tuple[str, ...]:
    """Names out of a list with commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def main(argv: Sequence[str]) -> int:
    """Run with the arguments of the command line; 0 where every table is up to date, 1 otherwise."""
    logging.basicConfig(stream=sys.stdout, level=logging.WARNING, format="%(message)s")
    logging.getLogger(LOGGER.name).setLevel(logging.INFO)
    try:
        arguments = read_summarize_arguments(argv)
        report = summarize(arguments, Telemetry(arguments.job_id))
    except Exception as error:  # an exception's own text can hold a claim, and Glue keeps what a job prints
        known = as_claims_error(error)
        sys.stderr.write(f"{type(known).__name__}: {known}\n")
        return 1
    return 0 if report.succeeded else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
