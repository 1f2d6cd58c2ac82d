"""The commands about quality: `audit` a published table, `requeue` what waits in the quarantine."""

import re
from pathlib import Path
from typing import Annotated, Literal

import typer

from expectations.errors import ArgumentError
from expectations.held_notes import FILE_ID
from expectations.object_keys import Lake
from expectations.rules import suite_names
from glue_jobs.command_parts import LakeOption, TraceOption, process_with_progress
from glue_jobs.jobs.audit_table import AuditArguments, audit_table
from glue_jobs.jobs.quarantined_rows import Shelf, write_rows_of_run
from glue_jobs.jobs.requeue import release_run, requeue_file, send_rows, what_waits
from glue_jobs.jobs.send_back import Desk, Sent
from glue_jobs.runtime.arguments import RunArguments, new_job_id
from glue_jobs.runtime.job_values import is_job_id
from glue_jobs.runtime.session import SessionOptions, start_session
from glue_jobs.runtime.telemetry import Telemetry
from glue_jobs.screen import one_line_errors, print_audit, print_report
from glue_jobs.storage.objects import is_s3
from glue_jobs.waiting_screen import print_rows_files, print_sent, print_waiting

Action = Literal["list", "file", "write", "send", "release"]
WAYS: dict[frozenset[str], Action] = {
    frozenset(): "list",
    frozenset({"FILE"}): "file",
    frozenset({"RUN", "TO"}): "write",
    frozenset({"RUN", "INPUT"}): "send",
    frozenset({"RUN", "INPUT", "RELEASE"}): "send",
    frozenset({"RUN", "RELEASE"}): "release",
}
"""What `requeue` does by what it is given."""


def audit(
    table: Annotated[str, typer.Option(help=f"One of {', '.join(suite_names())}.")] = "medical_claim",
    engine: Annotated[
        Literal["compiled", "great_expectations"],
        typer.Option("--audit", help="Who counts: one compiled pass, or Great Expectations' own engine, slowly."),
    ] = "compiled",
    lake: LakeOption = Path("lake"),
    *,
    trace: TraceOption = False,
) -> None:
    """Hold a published table against its rules; a page of Data Docs. Exit code 1: a critical rule does not hold."""
    with one_line_errors(trace=trace):
        if table not in suite_names():
            raise ArgumentError(
                f"no rules for such a table; cure: make audit TABLE=..., one of {', '.join(suite_names())}"
            )
        arguments = AuditArguments(str(lake.resolve()), table, new_job_id(), engine)
        outcome = audit_table(arguments, Telemetry(arguments.audit_id))
        print_audit(outcome, Lake(arguments.lake).report(arguments.report_name, "html"))
    if outcome.has_critical:
        raise typer.Exit(1)


def requeue(  # noqa: PLR0913 - one option each
    *,
    file: Annotated[str, typer.Option(help="Id of a held file: release it, and run the job on it.")] = "",
    run_id: Annotated[str, typer.Option("--run", help="Id of the run that quarantined the records.")] = "",
    to: Annotated[str, typer.Option(help="With --run: a new folder for its quarantined records. Holds claims.")] = "",
    input: Annotated[str, typer.Option(help="With --run: its records, corrected: a file, or the folder.")] = "",
    release: Annotated[
        bool, typer.Option("--release", help="With --run: let records pass that break no record rule (RC...).")
    ] = False,
    lake: LakeOption = Path("lake"),
    sources: Annotated[str, typer.Option(help="Folder of source declarations to use instead of the product's.")] = "",
    trace: TraceOption = False,
) -> None:
    """List what waits in the quarantine; send released or corrected files and records through the job again, once."""
    with one_line_errors(trace=trace):
        given = {"FILE": file, "RUN": run_id, "TO": to, "INPUT": input, "RELEASE": release}
        action = chosen_action({name for name, value in given.items() if value}, file, run_id)
        root = str(lake.resolve())
        spark = start_session(SessionOptions(root))
        arguments = RunArguments(input="", lake=root, sources=sources, job_id=new_job_id())
        if action == "list":
            print_waiting(what_waits(spark, Lake(root)))
            return
        if action == "write":
            shelf = Shelf(Lake(root), Path(to).resolve(), Path(sources) if sources else None)
            print_rows_files(write_rows_of_run(spark, shelf, run_id), run_id, to)
            return
        sent = _sent(Desk(spark, arguments, process_with_progress), action, file or run_id, input, released=release)
        print_sent(sent)
        if sent.report:
            print_report(sent.report, Lake(root))
    if sent.report and sent.report.status in {"FAILED", "PARTIAL"}:
        raise typer.Exit(1)


def chosen_action(given: set[str], file_id: str, run_id: str) -> Action:
    """What is asked for; ArgumentError where that is nothing that can be done."""
    action = WAYS.get(frozenset(given))
    if action is None:
        expected = "; ".join(
            " ".join(sorted(way, key=["FILE", "RUN", "TO", "INPUT", "RELEASE"].index)) for way in WAYS if way
        )
        raise ArgumentError(
            f"requeue cannot do with {' '.join(sorted(given))} alone; expected nothing, or one of: {expected}; "
            "cure: make requeue says what waits and how to go on"
        )
    if action == "file" and not re.fullmatch(FILE_ID, file_id):
        raise ArgumentError("FILE is the id of no file; expected 32 hexadecimal digits; cure: make requeue lists them")
    if "RUN" in given and not is_job_id(run_id):
        raise ArgumentError("RUN is the id of no run; expected a run_id of ingest_audit; cure: make requeue lists them")
    return action


def _sent(desk: Desk, action: Action, asked: str, place: str, *, released: bool) -> Sent:
    if action == "file":
        return requeue_file(desk, asked)
    if action == "release":
        return release_run(desk, asked)
    return send_rows(desk, asked, place if is_s3(place) else str(Path(place).resolve()), released=released)
