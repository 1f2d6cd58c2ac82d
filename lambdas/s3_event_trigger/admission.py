"""Whether an object that landed is a claims file of a known source; if not, why, and whether a person must look."""

from dataclasses import dataclass
from enum import StrEnum

from expectations.contract import source_of_key
from expectations.control_files import CONTROL_ENDING
from expectations.errors import UnknownSourceError

RAW_FOLDERS = ("raw/claims/", "raw/providers/", "raw/patients/")
MARKER_NAMES = frozenset({"_SUCCESS", "_STARTED", ".DS_Store", "Thumbs.db", "desktop.ini"})
MARKER_BEGINNINGS = ("_committed_", "_started_", "_temporary")
UNFINISHED_ENDINGS = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".crc", "_$folder$")


class Verdict(StrEnum):
    """What is done with an object."""

    ACCEPT = "accept"
    IGNORE = "ignore"
    QUARANTINE = "quarantine"


@dataclass(frozen=True)
class Admission:
    """The verdict, the stable code of its reason, and the source of an accepted file."""

    verdict: Verdict
    reason: str = ""
    source: str = ""


def admit(key: str) -> Admission:
    """What to do with an object by its key alone; whether it is empty or known, its key does not tell."""
    name = key.rsplit("/", 1)[-1]
    no_claims_file = {
        "outside_raw": not key.startswith(RAW_FOLDERS),
        "folder": not name,
        "marker": name in MARKER_NAMES or name.startswith(MARKER_BEGINNINGS),
        "unfinished": name.endswith(UNFINISHED_ENDINGS),
        "control_file": name.endswith(CONTROL_ENDING),
    }
    for reason, holds in no_claims_file.items():
        if holds:
            return Admission(Verdict.IGNORE, reason)
    try:
        return Admission(Verdict.ACCEPT, source=source_of_key(key).name)
    except UnknownSourceError:
        return Admission(Verdict.QUARANTINE, "unknown_source")


SENTENCES = {
    "unknown_source": "No single declared source has files at this place: declare one, or send the file elsewhere.",
    "empty": "The file has no byte: the sender must send it again.",
}
"""What is told of a quarantined file, with its cure."""
