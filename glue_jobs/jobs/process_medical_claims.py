"""Claims files in, published tables out: the job that AWS Glue runs and that `make run` calls.

receive -> stage (read, conform, clean, judge) -> account -> quarantine -> publish -> audit -> report. It takes the
files of every declared source, so members, drugs and providers come the same way as medical claims.
"""

import contextlib
import logging
import sys
from collections.abc import Callable, Sequence
from functools import reduce
from hashlib import sha256
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession

from expectations.contract import load_table
from expectations.errors import ClaimsError
from expectations.report import RunReport
from glue_jobs.jobs.run_record import Load, Run, audit_rows, run_report, write_report
from glue_jobs.quality.balance import accepted_in, check_published, check_records, read_back
from glue_jobs.runtime.arguments import RunArguments, read_arguments
from glue_jobs.runtime.failures import as_claims_error
from glue_jobs.runtime.session import SessionOptions, start_session
from glue_jobs.runtime.sizing import InputSize, initial_partitions
from glue_jobs.runtime.telemetry import LOGGER, Telemetry
from glue_jobs.storage.claim_tables import publish_medical_claims, publish_rows
from glue_jobs.storage.ingest_audit import append_audit, known_file_ids
from glue_jobs.storage.objects import delete_folder
from glue_jobs.storage.quarantine import quarantine_records
from glue_jobs.storage.raw_zone import ReceivedFile, receive_files
from glue_jobs.storage.staging import stage_rows
from glue_jobs.storage.tables import Batch
from glue_jobs.transforms.account_rows import account_by_file, account_by_month, count_broken_rules
from glue_jobs.transforms.complete_rows import complete_rows

WRITTEN_AS = {"medical_claim": "medical_claim_version"}
"""Tables that follow from a wider one: rows are completed in the wider form and both are published."""


def process(
    arguments: RunArguments, telemetry: Telemetry, on_file: Callable[[int, int], None] = lambda done, total: None
) -> RunReport:
    """One run: every file of the input published, known, or refused; the report is written before a failure is raised.

    Raises:
        ClaimsError: the run as a whole failed, and nothing of the table at hand was published.
    """
    run = Run(arguments, telemetry)
    try:
        _process(run, on_file)
    except Exception as error:
        run.error = as_claims_error(error)
        raise run.error from error
    finally:
        _end(run)
    return run_report(run)


def _end(run: Run) -> None:
    """Account for the files of a failed run as far as that is possible, leave nothing in temp/, write the report."""
    spark = SparkSession.getActiveSession()
    if run.error and spark:
        with contextlib.suppress(Exception):
            append_audit(spark, audit_rows(run))
    with contextlib.suppress(ClaimsError):
        delete_folder(run.lake.temp(run.run_id))
    write_report(run_report(run), run.lake)


def _process(run: Run, on_file: Callable[[int, int], None]) -> None:
    with run.telemetry.stage("receive files"):
        run.received, run.refused = receive_files(
            run.arguments.input,
            run.arguments.source,
            f"{run.lake.temp(run.run_id)}/rewritten",
            on_file,
            Path(run.arguments.sources) if run.arguments.sources else None,
        )
    with run.telemetry.stage("start Spark"):
        spark = start_session(_session_options(run.arguments))
        new_files = _set_known_aside(run, spark)
    spark.conf.set("spark.sql.shuffle.partitions", _partitions(run.arguments, new_files))
    for number, name in enumerate(sorted({file.source.name for file in new_files})):
        files = [file for file in new_files if file.source.name == name]
        with run.telemetry.stage("read, clean and check"):
            load = _stage(spark, run, files, f"{run.lake.temp(run.run_id)}/{number}")
        run.loads.append(load)
    check_records(account for load in run.loads for account in load.accounts.values())
    for load in run.loads:
        with run.telemetry.stage("quarantine"):
            quarantine_records(load.rows, load.file_rows, load.source.name, run.lake.quarantine(run.run_id))
    for table_name in sorted({load.source.table for load in run.loads}):
        with run.telemetry.stage("publish"):
            _publish(spark, run, table_name)
    with run.telemetry.stage("audit"):
        append_audit(spark, audit_rows(run))


def _session_options(arguments: RunArguments) -> SessionOptions:
    return SessionOptions(
        arguments.lake, arguments.on_glue, arguments.region, arguments.driver_memory_gigabytes, arguments.cores
    )


def _partitions(arguments: RunArguments, files: Sequence[ReceivedFile]) -> int:
    sizes = (InputSize(file.stored.size_bytes, file.facts.compression != "") for file in files)
    return initial_partitions(sizes, arguments.partitions)


def _set_known_aside(run: Run, spark: SparkSession) -> list[ReceivedFile]:
    known = set(known_file_ids(spark))
    new_files: list[ReceivedFile] = []
    for file in run.received:
        (run.known if file.file_id in known else new_files).append(file)
        known.add(file.file_id)
    return new_files


def _stage(spark: SparkSession, run: Run, files: list[ReceivedFile], folder: str) -> Load:
    source = files[0].source
    table = load_table(WRITTEN_AS.get(source.table, source.table))
    staged = stage_rows(spark, source, files, folder, run.started_at)
    rows = complete_rows(staged.rows, staged.files, source, table, run.run_id)
    return Load(
        source=source,
        files=files,
        rows=rows,
        file_rows=staged.files,
        accounts=run.accounts(files, account_by_file(rows), staged.files),
        broken_rules=count_broken_rules(rows),
        months=account_by_month(rows).collect() if table.partition_date else [],
    )


def _publish(spark: SparkSession, run: Run, table_name: str) -> None:
    loads = [load for load in run.loads if load.source.table == table_name]
    accepted = reduce(DataFrame.unionByName, [load.rows.where("_verdict = 'accepted'") for load in loads])
    accounts = [account for load in loads for account in load.accounts.values()]
    file_ids = sorted(file.file_id for load in loads for file in load.files)
    batch = Batch(sha256("\n".join(file_ids).encode()).hexdigest(), run.run_id)

    def audit(staged: DataFrame) -> None:
        check_published(read_back(staged, run.run_id), accounts, table_name)

    if table_name == "medical_claim":
        publish_medical_claims(spark, accepted, batch, audit)
    else:
        publish_rows(spark, table_name, accepted, batch, audit)
    run.published[table_name] = accepted_in(accounts)


def main(argv: Sequence[str]) -> int:
    """Run with the arguments of the command line; 0 where every file was published or known, 1 otherwise."""
    logging.basicConfig(stream=sys.stdout, level=logging.WARNING, format="%(message)s")
    logging.getLogger(LOGGER.name).setLevel(logging.INFO)
    try:
        arguments = read_arguments(argv)
        report = process(arguments, Telemetry(arguments.job_id))
    except Exception as error:  # an exception's own text can hold a claim, and Glue keeps what a job prints
        known = as_claims_error(error)
        sys.stderr.write(f"{type(known).__name__}: {known}\n")
        return 1
    return 0 if report.status in {"SUCCEEDED", "NOTHING_NEW"} else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
