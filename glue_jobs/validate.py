"""Tell in seconds, without Spark, what is wrong with claims files: `make validate INPUT=... SOURCE=...`.

Nothing is written and nothing is published; what is told is what a run would say of the same files.
"""

import sys
from pathlib import Path
from typing import Annotated, BinaryIO, cast

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table as PrintedTable

from expectations.contract import Source, load_source, source_of_key
from expectations.control_files import CONTROL_ENDING
from expectations.errors import ArgumentError, ClaimsError
from expectations.object_keys import safe_name
from expectations.row_rules import Severity
from expectations.rules import load_rules
from expectations.validate_file import ValidationOptions, validate_file
from expectations.validation import FileValidation
from glue_jobs.runtime.failures import UnexpectedError
from glue_jobs.storage.objects import StoredObject, is_s3, list_objects, open_object, read_if_any

WIDTH_OF_A_LOG = 140
_COLORS = {Severity.CRITICAL: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__)
screen = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH_OF_A_LOG)


@app.command()
def validate(  # noqa: PLR0913 - one option each
    *,
    input: Annotated[str, typer.Option(help="A file, or a folder with files.")] = "",
    source: Annotated[
        str, typer.Option(help="Declared source of the files; without it, told by raw/<zone>/<source>/ in their path.")
    ] = "",
    sources: Annotated[str, typer.Option(help="Folder of source declarations to use instead of the product's.")] = "",
    max_error_share: Annotated[
        str, typer.Option(help="Share of records in error (0 to 1) beyond which a file fails; without it the source's.")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="One JSON object a file instead of tables.")] = False,
    trace: Annotated[
        bool, typer.Option("--trace", help="Show the stack trace of a failure. It can hold values of claims.")
    ] = False,
) -> None:
    """Tell what is wrong with claims files, without Spark: 0 all pass, 1 some file fails, 2 wrong arguments."""
    try:
        files, options = _chosen(input, source, sources), ValidationOptions(_share(max_error_share))
    except ClaimsError as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        raise typer.Exit(2) from None
    failed = 0
    for file in files:
        validation = _validated(file, source, Path(sources) if sources else None, options, trace=trace)
        failed += validation.validation_status == "failed"
        if json:
            sys.stdout.write(validation.model_dump_json() + "\n")
        else:
            _print(validation)
    if len(files) > 1 and not json:
        screen.print(f"{len(files):,} files: {len(files) - failed:,} pass, {failed:,} fail.")
    if failed:
        raise typer.Exit(1)


def _chosen(input: str, source: str, sources: str) -> tuple[StoredObject, ...]:
    if not input:
        raise ArgumentError("no INPUT; cure: make validate INPUT=<file or folder> SOURCE=<name>")
    if sources and not Path(sources).is_dir():
        raise ArgumentError("SOURCES is no folder; cure: name the folder that holds <source>.json, or leave it out")
    if source:
        load_source(source, Path(sources) if sources else None)
    return list_objects(input if is_s3(input) else str(Path(input).resolve()))


def _share(text: str) -> float | None:
    try:
        share = float(text) if text else None
    except ValueError:
        share = -1.0
    if share is not None and not 0 <= share <= 1:
        raise ArgumentError("MAX_ERROR_SHARE is no share; expected a number from 0 to 1; cure: for instance 0.05")
    return share


def _validated(
    file: StoredObject, source_name: str, sources: Path | None, options: ValidationOptions, *, trace: bool
) -> FileValidation:
    """The validation of one file; one that cannot be tried fails with the class of the error as its reason."""
    try:
        source: Source = load_source(source_name, sources) if source_name else source_of_key(file.uri, sources)
        control_file = read_if_any(file.uri + CONTROL_ENDING)
        # what reads it enters it as a context first, and that gives the stream
        return validate_file(
            lambda: cast("BinaryIO", open_object(file.uri)),
            file.name,
            source,
            load_rules(source.table),
            control_file=control_file,
            options=options,
        )
    except Exception as error:  # an exception's own text can hold a claim
        if trace and not isinstance(error, ClaimsError):
            raise
        known = error if isinstance(error, ClaimsError) else _unexpected(error)
        return FileValidation(
            file=safe_name(file.name),
            source=source_name,
            validation_status="failed",
            reason=type(known).__name__,
            message=str(known).replace(file.name, safe_name(file.name)),
        )


def _unexpected(error: Exception) -> UnexpectedError:
    return UnexpectedError(f"{type(error).__name__} stopped the validation of the file; cure: run again with --trace")


def _print(validation: FileValidation) -> None:
    is_failed = validation.validation_status == "failed"
    mark = "[red]FAILED[/red]" if is_failed else "[green]passed[/green]"
    screen.print(f"{mark} {validation.file}: {escape(validation.verdict)}", soft_wrap=True)
    for warning in validation.warnings:
        screen.print(f"[yellow]warning[/yellow] {validation.file}: {escape(warning)}", soft_wrap=True)
    if validation.extra_columns:
        screen.print(f"Columns that nothing reads: {escape(', '.join(validation.extra_columns))}", soft_wrap=True)
    if validation.rules:
        screen.print(_rules_table(validation))


def _rules_table(validation: FileValidation) -> PrintedTable:
    printed = PrintedTable("rule", "severity", "records", "what is wrong", "cure", "columns", "lines of the file")
    for rule in validation.rules:
        more = ", ..." if rule.records > len(rule.examples) else ""
        printed.add_row(
            rule.rule_id,
            f"[{_COLORS[rule.severity]}]{rule.severity}[/]",
            f"{rule.records:,}",
            rule.sentence,
            rule.cure,
            ", ".join(rule.columns),
            ", ".join(map(str, rule.examples)) + more,
        )
    return printed


if __name__ == "__main__":
    app()
