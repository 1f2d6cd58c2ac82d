"""A file of which too great a share is in error is held: nothing of it is published until a person has looked."""

from expectations.held_notes import HeldNote
from glue_jobs.jobs.run_record import HeldFile, Load, Run
from glue_jobs.quality.judge_records import error_records
from glue_jobs.quality.record_findings import records_by_rule
from glue_jobs.storage.held_files import hold_file
from glue_jobs.storage.raw_zone import ReceivedFile
from glue_jobs.storage.staging import Staged


def hold_files(run: Run, load: Load, staged: Staged) -> None:
    """Take the files that are over their threshold out of the load; what is left is judged as if they had not come.

    Whether a file is held depends on itself alone: its records in error, each counted once, among all that it holds.
    """
    share = load.source.max_error_share if run.arguments.max_error_share is None else run.arguments.max_error_share

    def is_over(file: ReceivedFile, errors: int) -> bool:
        return file.file_id not in run.released and errors > share * file.record_count

    # what was sent twice may be in error too
    doubtful = [file for file in load.files if is_over(file, _at_most(load, file))]
    if not doubtful:
        return
    errors = error_records(staged.rows, load.rules)
    over = [file for file in doubtful if is_over(file, errors.get(file.file_id, 0))]
    if not over:
        return
    ids = {file.file_id for file in over}
    run.held += [
        HeldFile(
            file,
            load.accounts[file.file_id].held(),
            errors[file.file_id],
            share,
            load.findings_of(file.file_id),
            load.rules,
        )
        for file in over
    ]
    load.files = [file for file in load.files if file.file_id not in ids]
    load.judged = staged.judged(run.released, held=sorted(ids))
    run.judge(load, load.judged)


def keep_held(run: Run, held: HeldFile) -> None:
    """Put the file aside below quarantine/, with what is wrong with it."""
    note = HeldNote(
        file_id=held.file.file_id,
        source=held.file.source.name,
        original_uri=held.file.stored.uri,
        original_version_id=held.file.stored.version_id or "",
        original_name=held.file.stored.name,
        run_id=run.run_id,
        held_at=run.started_at,
        total_records=held.account.records_read,
        error_records=held.errors,
        max_error_share=held.max_error_share,
        broken_rules=records_by_rule(held.findings),
    )
    hold_file(run.lake, held.file, note)


def _at_most(load: Load, file: ReceivedFile) -> int:
    account = load.accounts[file.file_id]
    return account.records_quarantined + account.records_resent
