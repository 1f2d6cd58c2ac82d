"""What `requeue` prints: what waits in the quarantine, what was written for a person, and what was sent."""

from collections.abc import Iterable, Sequence

from rich.table import Table as PrintedTable

from expectations.held_notes import HeldNote, SentBack
from expectations.object_keys import safe_uri
from glue_jobs.jobs.quarantined_rows import REASONS_ENDING, RowsFile
from glue_jobs.jobs.requeue import Waiting
from glue_jobs.jobs.send_back import Sent
from glue_jobs.screen import screen

RULES_SHOWN = 5
HOW_TO_GO_ON = """How to go on:
  make requeue FILE=<file id>                      publish a held file, though so many of its records are in error
  make requeue RUN=<run> TO=<new folder>           write the records of a run into files, to correct them
  make requeue INPUT=<file or folder> RUN=<run>    send them back, corrected
  make requeue RUN=<run> RELEASE=1                 let those pass that break no record rule (RC...), as they are"""


def print_waiting(waiting: Waiting) -> None:
    """Print held files, quarantined records by rule, what was sent back, and how to go on; counts only."""
    if not (waiting.held or waiting.records):
        screen.print("Nothing waits in the quarantine.")
        return
    if waiting.held:
        screen.print(_held_table(waiting.held))
    if waiting.records:
        screen.print(_records_table(waiting))
    screen.print(HOW_TO_GO_ON, soft_wrap=True, markup=False)


def print_rows_files(files: Sequence[RowsFile], run_id: str, folder: str) -> None:
    """Print which files were written, and what to do with them."""
    if not files:
        screen.print(f"All quarantined records of run {run_id} are released: nothing was written.")
        return
    titles = ("source", "records of the file", "records", "written to")
    printed = PrintedTable(*titles, title=f"Quarantined records of run {run_id}", title_justify="left")
    for file in files:
        place = "/".join(file.path.parts[-3:])
        printed.add_row(file.source, file.file_name, f"{file.records:,}", safe_uri(place))
    screen.print(printed)
    screen.print(
        f"They are below {folder} and hold claims: keep the folder where only those may read who may read claims, and "
        f"delete it afterwards. Beside each file, {REASONS_ENDING[1:]} says line by line which rules are broken.\n"
        "Correct the lines, leave out those that are not to be sent, keep the header, the name and the folder. Then:\n"
        f"  make requeue INPUT={folder} RUN={run_id}",
        soft_wrap=True,
        markup=False,
    )


def print_sent(sent: Sent) -> None:
    """Print how many files were sent, and how many need not be."""
    if sent.known:
        screen.print(f"{_files(sent.known)} requeued already, and published: nothing was done about that.")
    if sent.files:
        screen.print(f"{_files(sent.files)} sent through the front door again.")


def _files(count: int) -> str:
    return "1 file was" if count == 1 else f"{count:,} files were"


def _held_table(held: Iterable[tuple[HeldNote, bool]]) -> PrintedTable:
    titles = ("file id", "file", "source", "records", "in error", "of 100", "allowed", "rules", "held by run", "state")
    printed = PrintedTable(*titles, title="Held files", title_justify="left")
    printed.columns[0].no_wrap = True
    for column in printed.columns[1:]:
        column.overflow = "fold"
    for note, is_published in held:
        released = "released, not published yet: call it again" if note.released_at else "waits"
        commonest = sorted(note.broken_rules.items(), key=lambda rule: (-rule[1], rule[0]))
        rules = ", ".join(f"{rule_id} {records:,}" for rule_id, records in commonest[:RULES_SHOWN])
        printed.add_row(
            note.file_id,
            note.plain_name,
            note.source,
            f"{note.total_records:,}",
            f"{note.error_records:,}",
            f"{100 * note.error_share:.1f}",
            f"{100 * note.max_error_share:.1f}",
            rules + (", ..." if len(commonest) > RULES_SHOWN else ""),
            note.run_id,
            "published" if is_published else released,
        )
    return printed


def _records_table(waiting: Waiting) -> PrintedTable:
    titles = ("run", "source", "rule", "records", "sent back")
    printed = PrintedTable(*titles, title="Quarantined records (one that breaks several rules counts under each)")
    printed.title_justify = "left"
    told: set[tuple[str, str]] = set()
    for count in waiting.records:
        place = (count.run_id, count.source)
        # of the run and source, not of the rule: nobody counts by rule what a person corrected
        sent = [] if place in told else [note for note in waiting.sent if (note.run_id, note.source) == place]
        printed.add_row(*place, count.rule_id, f"{count.records:,}", _sent_back(sent))
        told.add(place)
    return printed


def _sent_back(sent: Sequence[SentBack]) -> str:
    if not sent:
        return ""
    by_way = {way: sum(note.records for note in sent if note.is_released is way) for way in (False, True)}
    return ", ".join(
        f"{by_way[way]:,} {name}" for way, name in ((False, "corrected"), (True, "released")) if by_way[way]
    )
