"""What the desk prints: ids, reasons, counts, times and keys that are safe to show; never what is in a file."""

import sys
from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table as PrintedTable

WIDTH_OF_A_LOG = 180
_FILE_COLUMNS = ("file_id", "quarantined_at", "source", "reason", "size_bytes", "original_uri")
_RUN_COLUMNS = ("run", "given_up_at", "stage", "error_type", "category", "attempts")
_QUEUE_COLUMNS = (("dead_letters_before", "dead_letters_after"), ("queue_before", "queue_after"))

screen = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH_OF_A_LOG)


def print_waiting(answer: Mapping[str, Any]) -> None:
    """Print what waits for a decision."""
    for what, columns in (("files", _FILE_COLUMNS), ("runs", _RUN_COLUMNS)):
        found, waiting, decided = answer[what], answer[f"{what}_waiting"], answer[f"{what}_decided"]
        screen.print(f"[bold]{what.capitalize()}: {waiting:,} wait, {decided:,} are decided.[/bold]")
        if found:
            screen.print(_table(columns, found))
        if waiting > len(found):
            screen.print(f"{len(found):,} of them are shown; decide on these to see more.")
    screen.print("make review FILE=<file_id> DO=show|release|reject BY= WHY=; make redrive RUN=<run> BY= WHY=")


def print_one(found: Mapping[str, Any]) -> None:
    """Print all that is known of a file or a run, and every decision on it."""
    printed = PrintedTable("", "", show_header=False)
    for name, value in found.items():
        if name != "decisions" and value not in ("", None):
            printed.add_row(name, escape(str(value)))
    screen.print(printed)
    if found["decisions"]:
        columns = ("decision", "decided_by", "decided_at", "explanation")
        screen.print(_table(columns, found["decisions"]))
    else:
        screen.print("No decision yet.")


def print_run_again(answer: Mapping[str, Any]) -> None:
    """Print what became of a redrive of a run."""
    decision = answer["decision"]
    name, by, at = (escape(str(decision[one])) for one in ("started_as", "decided_by", "decided_at"))
    if answer["status"] == "started":
        screen.print(f"[green]started[/green] {name}", soft_wrap=True)
    else:
        screen.print(f"[yellow]known[/yellow] {name}: started before, by {by} at {at}.", soft_wrap=True)


def print_moved(answer: Mapping[str, Any]) -> None:
    """Print how many dead letters went back."""
    queue, status = escape(str(answer["queue"])), str(answer["status"])
    if status == "empty":
        screen.print(f"No dead letters of {queue}; SQS counts up to a minute late.")
        return
    printed = PrintedTable("", "before", "after")
    for (before, after), name in zip(_QUEUE_COLUMNS, (f"dead letters of {queue}", queue), strict=True):
        printed.add_row(name, f"{answer[before]:,}", f"{answer[after]:,}")
    screen.print(printed)
    screen.print(f"{answer['moved']:,} moved, {escape(status)}; what came back may have been read already.")


def _table(columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> PrintedTable:
    names = tuple(columns)
    printed = PrintedTable()
    for name in names:
        printed.add_column(name, overflow="fold", no_wrap=name in ("file_id", "run"))
    for row in rows:
        printed.add_row(*("" if row.get(name) is None else escape(str(row[name])) for name in names))
    return printed
