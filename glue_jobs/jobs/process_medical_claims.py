"""Claims files in, published tables out: the job that AWS Glue runs and that `make run` calls.

receive -> stage (read, conform, clean, judge) -> account -> quarantine -> publish -> audit -> report. It takes the
files of every declared source, so members, drugs and providers come the same way as medical claims. Any step may be
killed and the run started again: what was published is known, what was not is done again.
"""

import contextlib
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from pyspark.sql import SparkSession

from expectations.errors import ClaimsError
from expectations.report import RunReport
from expectations.run_size import InputSize, has_few_rows, initial_partitions
from expectations.scorecard import scorecard_rows
from glue_jobs.jobs.audit_branch import write_audits
from glue_jobs.jobs.hold_files import hold_files, keep_held
from glue_jobs.jobs.publish_loads import publish_loads
from glue_jobs.jobs.run_audit import audit_rows
from glue_jobs.jobs.run_record import Load, Run
from glue_jobs.jobs.run_report import run_report, write_report
from glue_jobs.quality.balance import check_records
from glue_jobs.runtime.arguments import RunArguments, read_arguments
from glue_jobs.runtime.failures import as_claims_error
from glue_jobs.runtime.session import SessionOptions, start_session
from glue_jobs.runtime.telemetry import LOGGER, Telemetry
from glue_jobs.storage.chosen_files import FileChoice
from glue_jobs.storage.claim_tables import follow_versions
from glue_jobs.storage.held_files import released_ids
from glue_jobs.storage.ingest_audit import append_audit, known_files
from glue_jobs.storage.journal import close_journal, recover
from glue_jobs.storage.objects import delete_folder
from glue_jobs.storage.raw_zone import ReceivedFile, receive_files
from glue_jobs.storage.scorecard import append_scores, score_history
from glue_jobs.storage.staging import Stage, stage_rows
from glue_jobs.storage.steps import reached
from glue_jobs.storage.tables import POLICY_SETTING, take_changes


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
        report = _end(run)
    return report


def _end(run: Run) -> RunReport:
    """Account for the files of a failed run as far as that is possible, leave nothing in temp/, write the report."""
    spark = SparkSession.getActiveSession()
    if run.error and spark:
        with contextlib.suppress(Exception):
            append_audit(spark, run.run_id, audit_rows(run))
            close_journal(run.lake, run.run_id)
    run.table_changes = take_changes(run.arguments.lake)
    with contextlib.suppress(ClaimsError):
        delete_folder(run.lake.temp(run.run_id))
    write_audits(run, run.lake)
    report = run_report(run)
    write_report(report, run.lake)
    return report


def _process(run: Run, on_file: Callable[[int, int], None]) -> None:
    with run.telemetry.stage("receive files"):
        run.received, run.refused = receive_files(
            _choice(run.arguments),
            run.arguments.source,
            f"{run.lake.temp(run.run_id)}/rewritten",
            on_file,
            Path(run.arguments.sources) if run.arguments.sources else None,
        )
    with run.telemetry.stage("start Spark"):
        spark = start_session(_session_options(run))
        spark.conf.set(POLICY_SETTING, run.arguments.schema_policy)
        reached("session started")
    with run.telemetry.stage("catch up"):
        recover(spark, run.lake)
        follow_versions(spark, run.run_id)
        new_files = _set_known_aside(run, spark)
        run.released = released_ids(run.lake)
    spark.conf.set("spark.sql.shuffle.partitions", initial_partitions(_sizes(new_files), run.arguments.partitions))
    for number, name in enumerate(sorted({file.source.name for file in new_files})):
        files = [file for file in new_files if file.source.name == name]
        with run.telemetry.stage("read, clean and check"):
            load = _stage(spark, run, files, f"{run.lake.temp(run.run_id)}/{number}")
        if load.files:
            run.loads.append(load)
        reached(f"staged {name}")
    check_records(account for load in run.loads for account in load.accounts.values())
    check_records(held.account for held in run.held)
    for load in run.loads:
        with run.telemetry.stage("quarantine"):
            run.quarantine(load)
            reached(f"quarantined {load.source.name}")
    for held in run.held:
        keep_held(run, held)
    for table_name in sorted({load.source.table for load in run.loads}):
        with run.telemetry.stage("publish"):
            publish_loads(spark, run, table_name)
    with run.telemetry.stage("audit"):
        append_audit(spark, run.run_id, audit_rows(run))
        reached("audited")
        append_scores(spark, run.run_id, scorecard_rows(run_report(run)))
        run.history = score_history(spark, sorted({file.source.name for file in run.received}), run.run_id)
        close_journal(run.lake, run.run_id)


def _choice(arguments: RunArguments) -> FileChoice:
    return FileChoice(
        arguments.input, arguments.manifest, arguments.from_date, arguments.to_date, arguments.schema_policy
    )


def _session_options(run: Run) -> SessionOptions:
    given = run.arguments
    return SessionOptions(
        given.lake,
        given.on_glue,
        given.region,
        given.driver_memory_gigabytes,
        given.cores,
        few_rows=has_few_rows(_sizes(run.received)),
    )


def _sizes(files: Sequence[ReceivedFile]) -> list[InputSize]:
    return [InputSize(file.stored.size_bytes, file.facts.compression != "") for file in files]


def _set_known_aside(run: Run, spark: SparkSession) -> list[ReceivedFile]:
    published = known_files(spark)
    known, run.earlier = set(published.ids), published.earlier
    new_files: list[ReceivedFile] = []
    for file in run.received:
        (run.known if file.file_id in known else new_files).append(file)
        known.add(file.file_id)
    return new_files


def _stage(spark: SparkSession, run: Run, files: list[ReceivedFile], folder: str) -> Load:
    staged = stage_rows(spark, files[0].source, files, Stage(folder, run.run_id, run.started_at))
    load = Load(files[0].source, files, staged.judged(run.released), staged.rules, staged.unfilled)
    run.judge(load, load.judged)
    hold_files(run, load, staged)
    return load


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
