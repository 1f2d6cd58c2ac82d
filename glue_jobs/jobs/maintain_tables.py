"""Upkeep of the lake, on a schedule: the job that AWS Glue runs and that `make maintain` calls.

Recover the audit of runs that died after publishing; for each table drop dead branches -> compact -> expire snapshots
-> remove orphan files; then remove what dead runs left in temp/, quarantine/ and journal/. Safe beside a running load;
a step that fails is reported and does not stop the others.
"""

import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from pyspark.sql import SparkSession

from expectations.contract import load_table, table_names
from expectations.object_keys import Lake
from glue_jobs.runtime.failures import as_claims_error
from glue_jobs.runtime.maintenance_arguments import MaintenanceArguments, read_maintenance_arguments
from glue_jobs.runtime.session import SessionOptions, start_session
from glue_jobs.runtime.telemetry import LOGGER, Telemetry
from glue_jobs.storage.journal import recover
from glue_jobs.storage.leftovers import Leftovers, remove_leftovers
from glue_jobs.storage.maintenance import STEPS, Limits, TableUpkeep, table_state
from glue_jobs.storage.objects import write_object
from glue_jobs.storage.tables import table_name

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class MaintenanceReport:
    """What one maintenance did; counts only."""

    job_id: str
    started_at: datetime
    finished_at: datetime
    tables: tuple[TableUpkeep, ...]
    leftovers: Leftovers

    @property
    def name(self) -> str:
        """What its file in validation-reports/ is called."""
        return f"maintenance-{self.job_id}"

    @property
    def succeeded(self) -> bool:
        """Whether every step of every table did."""
        return not any(table.errors for table in self.tables)

    def to_json(self) -> str:
        """The report as JSON, for validation-reports/."""
        return json.dumps(asdict(self) | {"succeeded": self.succeeded}, default=str, indent=2)


def maintain(arguments: MaintenanceArguments, telemetry: Telemetry) -> MaintenanceReport:
    """One maintenance of the chosen tables; the report is written before it is returned, failed steps are in it.

    Raises:
        ClaimsError: the session, a zone of the lake or the report failed.
    """
    started_at, lake = datetime.now(UTC), Lake(arguments.lake)
    with telemetry.stage("start Spark"):
        spark = start_session(_session_options(arguments))
    with telemetry.stage("recover"):
        recover(spark, lake)
    orphans_before = started_at - timedelta(hours=arguments.orphan_hours)
    limits = Limits(
        arguments.target_file_megabytes * MEGABYTE, started_at - timedelta(days=arguments.keep_days), orphans_before
    )
    names = [name for name in arguments.tables or table_names() if _exists(spark, name)]
    tables = tuple(_maintain_table(spark, name, arguments.lake, limits, telemetry) for name in names)
    with telemetry.stage("remove leftovers"):
        leftovers = remove_leftovers(lake, _ended_runs(spark), orphans_before, _session_start(spark))
    report = MaintenanceReport(arguments.job_id, started_at, datetime.now(UTC), tables, leftovers)
    write_object(lake.report(report.name, "json"), report.to_json().encode())
    return report


def _maintain_table(spark: SparkSession, name: str, lake: str, limits: Limits, telemetry: Telemetry) -> TableUpkeep:
    upkeep = TableUpkeep(name, before=table_state(spark, name))
    for title, step in STEPS.items():
        with telemetry.stage(title):
            try:
                step(spark, lake, limits, upkeep)
            except Exception as error:  # a conflict with a load, or a fault: the other steps stand alone
                upkeep.errors.append(f"{title}: {as_claims_error(error)}")
                telemetry.log("step_failed", table=name, stage=title, error_type=type(error).__name__)
    upkeep.after = table_state(spark, name)
    return upkeep


def _session_options(arguments: MaintenanceArguments) -> SessionOptions:
    return SessionOptions(
        arguments.lake, arguments.on_glue, arguments.region, arguments.driver_memory_gigabytes, arguments.cores
    )


def _exists(spark: SparkSession, name: str) -> bool:
    return spark.catalog.tableExists(table_name(load_table(name)))


def _ended_runs(spark: SparkSession) -> frozenset[str]:
    if not _exists(spark, "ingest_audit"):
        return frozenset()
    audit = table_name(load_table("ingest_audit"))
    spark.catalog.refreshTable(audit)  # another process may have ended a run meanwhile
    rows = spark.table(audit).select("run_id").distinct().collect()
    return frozenset(row["run_id"] for row in rows)


def _session_start(spark: SparkSession) -> datetime:
    return datetime.fromtimestamp(spark.sparkContext.startTime / 1000, UTC)


def _end_session() -> None:
    """Spark takes its scratch folders away when it is stopped, so that this job leaves none itself."""
    session = SparkSession.getActiveSession()
    if session:
        session.stop()


def main(argv: Sequence[str]) -> int:
    """Run with the arguments of the command line; 0 where every step succeeded, 1 otherwise."""
    logging.basicConfig(stream=sys.stdout, level=logging.WARNING, format="%(message)s")
    logging.getLogger(LOGGER.name).setLevel(logging.INFO)
    try:
        arguments = read_maintenance_arguments(argv)
        report = maintain(arguments, Telemetry(arguments.job_id))
        _end_session()
    except Exception as error:  # an exception's own text can hold a claim, and Glue keeps what a job prints
        known = as_claims_error(error)
        sys.stderr.write(f"{type(known).__name__}: {known}\n")
        return 1
    return 0 if report.succeeded else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
