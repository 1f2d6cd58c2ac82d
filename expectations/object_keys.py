"""Where things lie in a lake, and object keys that are safe to show: a key can hold a person's name."""

import hashlib
import re
from dataclasses import dataclass

CATALOG = "claims"
NAMESPACE = "processed"

_SAFE_NAME = re.compile(r"^[A-Za-z0-9._-]{1,120}\Z")
_LONG_NUMBER = re.compile(r"\d{9,}")


@dataclass(frozen=True)
class Lake:
    """The zones of one lake: a local folder, or a bucket with a prefix."""

    root: str

    @property
    def raw(self) -> str:
        """Files as they were sent; never changed or deleted by a job."""
        return f"{self.root}/raw"

    def temp(self, run_id: str) -> str:
        """What one run needs only while it runs."""
        return f"{self.root}/temp/{run_id}"

    def quarantine(self, run_id: str) -> str:
        """Records that one run could not publish, with their raw text."""
        return f"{self.root}/quarantine/records/run_id={run_id}"

    def report(self, run_id: str, extension: str) -> str:
        """The report of one run."""
        return f"{self.root}/validation-reports/{run_id}.{extension}"


def safe_name(name: str) -> str:
    """The file's name where it is plain, else a short hash with its ending; for messages, logs and reports.

    A name is not plain if it has blanks, letters beyond ASCII or nine digits in a row (which may be a member's number).
    """
    if _SAFE_NAME.match(name) and not _LONG_NUMBER.search(name):
        return name
    digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:12]
    ending = re.search(r"(\.[A-Za-z0-9]{1,8}){1,2}\Z", name)
    return f"file-{digest}{ending.group() if ending else ''}"
