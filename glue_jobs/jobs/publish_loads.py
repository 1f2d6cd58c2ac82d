"""What a run has staged becomes part of the tables: records known already are dropped, the rest is published."""

from collections.abc import Callable

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from expectations.contract import load_table
from glue_jobs.jobs.audit_branch import accepted_rows, audit_branch
from glue_jobs.jobs.run_audit import audit_rows
from glue_jobs.jobs.run_record import Load, Run
from glue_jobs.quality.balance import FileAccount, accepted_in, check_published, check_records, read_back
from glue_jobs.quality.judge_records import drop_known, known_records
from glue_jobs.storage.claim_tables import follow_versions
from glue_jobs.storage.claim_versions import (
    NewLines,
    Scratch,
    audit_versions,
    count_versions,
    touched_lines,
    write_versions,
)
from glue_jobs.storage.journal import write_journal
from glue_jobs.storage.publication import RUN_PROPERTY, Branch, publish
from glue_jobs.storage.snapshot_labels import VERSION_TABLE
from glue_jobs.storage.steps import reached

RECORD_KEY = ["data_source", "record_hash"]
StoredRecords = Callable[[DataFrame], DataFrame]
"""From accepted rows to the records that the table holds already, by the columns that tell records apart."""


def publish_loads(spark: SparkSession, run: Run, table_name: str) -> None:
    """Publish the loads of one target table; done again from what is staged where another run was first."""
    loads = [load for load in run.loads if load.source.table == table_name]
    folder = f"{run.lake.temp(run.run_id)}/resolved-{table_name}"
    scratch = Scratch(spark, folder, accepted_in(_accounts(loads)).rows)
    if table_name == "medical_claim":
        publish(
            spark, load_table(VERSION_TABLE), run.run_id, lambda branch: _write_versions(branch, run, loads, scratch)
        )
        run.published[table_name] = accepted_in(_accounts(loads))
        follow_versions(spark, run.run_id)
    else:
        publish(spark, load_table(table_name), run.run_id, lambda branch: _write_rows(branch, run, loads, scratch))
        run.published[table_name] = accepted_in(_accounts(loads))


def _write_versions(branch: Branch, run: Run, loads: list[Load], scratch: Scratch) -> bool:
    stored: list[DataFrame] = []

    def stored_records(accepted: DataFrame) -> DataFrame:
        stored.append(touched_lines(branch.read_base(), accepted, scratch))
        # the version's id tells deliveries apart where the file's day orders them
        return stored[0].select("claim_version_id", "record_hash")

    rows = _settle(branch, run, loads, scratch, stored_records)
    new = NewLines(rows, _unfilled(loads))
    updated = write_versions(branch, new, stored[0] if stored else None, run.run_id, scratch)
    audit_versions(branch, run.run_id, _accounts(loads), updated)
    audit_branch(run, branch, loads)
    run.versions = count_versions(branch.read(), run.run_id)
    return True


def _write_rows(branch: Branch, run: Run, loads: list[Load], scratch: Scratch) -> bool:
    def stored_records(accepted: DataFrame) -> DataFrame:
        records = accepted.select(*RECORD_KEY).distinct()
        return scratch.keep(branch.read_base().select(*RECORD_KEY).join(records, on=RECORD_KEY, how="left_semi"))

    rows = _settle(branch, run, loads, scratch, stored_records)
    branch.append(rows, {RUN_PROPERTY: run.run_id}, _unfilled(loads))
    reached(f"written {branch.table.name}")
    written = read_back(branch.read(), run.run_id) - read_back(branch.read_base(), run.run_id)
    check_published(written, _accounts(loads), branch.table.name)
    audit_branch(run, branch, loads)
    return True


def _settle(branch: Branch, run: Run, loads: list[Load], scratch: Scratch, stored_records: StoredRecords) -> DataFrame:
    """Drop what the table holds already, balance the accounts, note them, and give the rows that are to be written."""
    if branch.base is not None:
        _leave_out_known_files(branch, run, loads)
    for load in loads:
        run.judge(load, load.judged)
    if branch.base is not None:
        stored = stored_records(accepted_rows(loads)).distinct()
        for load in loads:
            known = scratch.keep(known_records(load.judged, stored))
            if not known.isEmpty():
                run.judge(load, drop_known(load.judged, known))
    check_records(_accounts(loads))
    write_journal(run.lake, run.run_id, audit_rows(run))
    reached(f"journal {branch.table.name}")
    return accepted_rows(loads)


def _leave_out_known_files(branch: Branch, run: Run, loads: list[Load]) -> None:
    """Files that another run has published since this one began are known to it after all."""
    ids = [file.file_id for load in loads for file in load.files]
    rows = branch.read_base().where(F.col("ingest_file_id").isin(ids)).select("ingest_file_id").distinct().collect()
    published = {row["ingest_file_id"] for row in rows}
    for load in loads:
        known = [file for file in load.files if file.file_id in published]
        if known:
            run.known += known
            load.files = [file for file in load.files if file.file_id not in published]
            load.judged = load.judged.where(~F.col("ingest_file_id").isin(*published))
            run.judge(load, load.judged)
            run.quarantine(load)


def _unfilled(loads: list[Load]) -> frozenset[str]:
    return frozenset(loads[0].unfilled).intersection(*(load.unfilled for load in loads))


def _accounts(loads: list[Load]) -> list[FileAccount]:
    return [account for load in loads for account in load.accounts.values()]
