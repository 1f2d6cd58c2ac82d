"""The control file that a sender may put beside a claims file: the totals by which a cut transfer is noticed."""

import json

from expectations.raw_bytes import RefusalReason, refusal
from expectations.raw_files import RawFileFacts, check_control_totals

CONTROL_ENDING = ".control.json"
"""Behind the name of the claims file."""


def check_control_file(control_file: bytes, facts: RawFileFacts, record_count: int) -> None:
    """FileRefusedError where a control file is no JSON object, or its totals are not those of the file."""
    try:
        control = json.loads(control_file)
    except (ValueError, RecursionError):
        control = None
    if not isinstance(control, dict):
        raise refusal(
            RefusalReason.CONTROL_TOTALS,
            facts.name,
            "its control file is no JSON object",
            "records, bytes or sha256 in one",
            "correct the control file",
        )
    check_control_totals(record_count, facts.size_bytes, facts.sha256, control, facts.name)
