"""The control file that a sender may put beside a claims file: the totals by which a cut transfer is noticed."""

import json
import re
from collections.abc import Mapping

from expectations.raw_bytes import RefusalReason, refusal
from expectations.raw_files import RawFileFacts

CONTROL_ENDING = ".control.json"
"""Behind the name of the claims file."""

_TOTAL = re.compile(r"\s*(?:[0-9]{1,15}|[0-9a-fA-F]{1,64})\s*")


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


def check_control_totals(
    facts_record_count: int, size_bytes: int, sha256: str, control: Mapping[str, object], name: str
) -> None:
    """FileRefusedError where the records, bytes or sha256 in the sender's control file are not those of the file."""
    found: dict[str, int | str] = {"records": facts_record_count, "bytes": size_bytes, "sha256": sha256}
    if not found.keys() & control.keys():
        raise refusal(
            RefusalReason.CONTROL_TOTALS,
            name,
            "the control file has no totals",
            "records, bytes or sha256",
            "correct the control file",
        )
    for key, is_value in found.items():
        said = control.get(key, is_value)
        # what is no count or checksum may be anything, a claim's value too, and is not repeated
        is_plain = not isinstance(said, bool) and _TOTAL.fullmatch(str(said)) is not None
        if not is_plain or str(said).strip().lower() != str(is_value):
            raise refusal(
                RefusalReason.CONTROL_TOTALS,
                name,
                f"{key}: {is_value} counted",
                f"{said!r} by the sender's control file" if is_plain else "plain totals",
                "send the file again, or correct its control file",
            )
