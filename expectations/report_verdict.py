"""The run in a few plain sentences: the head of the report page, and what the command prints."""

from collections.abc import Sequence

from expectations.report import RunReport
from expectations.report_parts import FileOutcome


def verdict(report: RunReport) -> str:
    """What happened to the files, for a reader who knows nothing of the project; counts only, no markup."""
    sentences = [_opening(report), _accounting(report), _versions(report), _held(report), *_files_not_read(report)]
    return " ".join(sentence for sentence in sentences if sentence)


def counted(number: int, noun: str) -> str:
    """The number with thousands separators and its noun: `1 file`, `20,112 records`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def held_because(files: Sequence[FileOutcome]) -> str:
    """Why these files are held: `60 of 100 records are in error, more than the 50% allowed`."""
    in_error, read = sum(file.records_in_error for file in files), sum(file.records_read for file in files)
    shares = {file.max_error_share for file in files}
    share = shares.pop() if len(shares) == 1 else None
    allowed = "are allowed" if share is None else f"the {_percent(share)} allowed"
    return f"{in_error:,} of {counted(read, 'record')} {'is' if in_error == 1 else 'are'} in error, more than {allowed}"


def _percent(share: float) -> str:
    return f"{100 * share:.2f}".rstrip("0").rstrip(".") + "%"


def _opening(report: RunReport) -> str:
    if report.status == "NOTHING_NEW":
        return "Nothing new: this run published nothing, and the tables are as they were."
    if report.status == "FAILED":
        return _failure(report)
    if not report.records_read:
        return "No records were read, so nothing was published."
    held = f", {report.records_held:,} held" if report.records_held else ""
    return (
        f"{_read(report)}: {report.records_accepted:,} published as {counted(report.lines_published, 'line')}, "
        f"{report.records_quarantined:,} quarantined, {report.records_resent:,} sent twice{held}."
    )


def _failure(report: RunReport) -> str:
    if report.lines_published:
        outcome = f"The run failed after it had published {counted(report.lines_published, 'line')}."
    else:
        outcome = "The run failed and published nothing; the tables are as they were."
    if not report.records_read:
        return outcome
    return f"{outcome} Before that it read {counted(report.records_read, 'record')} from {_files_read(report)}."


def _read(report: RunReport) -> str:
    return f"{_files_read(report)} read, {counted(report.records_read, 'record')}"


def _files_read(report: RunReport) -> str:
    return counted(report.file_counts["published"] + report.file_counts["held"], "file")


def _held(report: RunReport) -> str:
    held = [file for file in report.files if file.status == "held"]
    if not held:
        return ""
    was, it, waits = ("was", "it", "it waits") if len(held) == 1 else ("were", "them", "they wait")
    return (
        f"{counted(len(held), 'file')} {was} held: {held_because(held)}; nothing of {it} is published, "
        f"and {waits} in quarantine; cure: correct at the sender or release, then make requeue."
    )


def _versions(report: RunReport) -> str:
    """What became of versions of claims, where one took another's place or waits for its original."""
    versions = report.versions
    told = (
        (versions.superseded_versions, "version", "replaced or voided"),
        (versions.pending_voids, "void", "waiting for the original"),
        (versions.missing_originals, "correction", "kept without the original"),
    )
    text = ", ".join(f"{counted(number, noun)} {what}" for number, noun, what in told if number)
    return f"Versions of claims: {text}." if text else ""


def _files_not_read(report: RunReport) -> list[str]:
    counts = report.file_counts
    endings = {
        "refused": "refused: the reason and the cure are below",
        "known": "loaded by an earlier run already and not loaded again",
        "empty": "empty",
    }
    numbers = {"refused": counts["refused"], "known": counts["known"], "empty": counts["empty"]}
    return [
        f"{counted(number, 'file')} {'was' if number == 1 else 'were'} {endings[status]}."
        for status, number in numbers.items()
        if number
    ]


def _accounting(report: RunReport) -> str:
    if not report.balanced:
        if report.nothing_published:
            return "The numbers do not add up."
        return "The numbers do not add up: do not use what this run published until that is explained."
    if not report.records_read:
        return ""
    if report.file_counts["refused"]:
        return "Every record that was read is accounted for."
    return "Every record is accounted for."
