"""Where things lie in a lake, and object keys that are safe to show: a key can hold a person's name."""

import hashlib
import re
from dataclasses import dataclass

CATALOG = "claims"
NAMESPACE = "processed"
LAKE_SETTING = "spark.claims_etl.lake"
"""Of a Spark session: the root of the lake that it works on."""
ZONE = "{zone}"
"""In a lake's root: each zone has a bucket of its own, whose name says it here."""

NOTE_NAME = "note.json"
"""Of a held file, beside its copy."""

_SAFE_NAME = re.compile(r"^[A-Za-z0-9._-]{1,120}\Z")
_LONG_NUMBER = re.compile(r"\d{9,}|(?<!\d)\d{3}[._-]\d{2}[._-]\d{4}(?!\d)")
# only these: what else stands behind a dot can be a part of a person's name
_ENDING = re.compile(r"(?i)(?:\.(?:csv|tsv|txt|dat|json|jsonl|ndjson|xlsx?|parquet|zip|gz|bz2|xz|zst)){1,2}\Z")


@dataclass(frozen=True)
class Lake:
    """The zones of one lake: folders of one root, or, where the root has `{zone}` in it, a bucket each."""

    root: str

    def zone(self, name: str) -> str:
        """Where one zone is."""
        return self.root.replace(ZONE, name) if ZONE in self.root else f"{self.root}/{name}"

    @property
    def warehouse(self) -> str:
        """Where the catalog keeps its tables, below the folder NAMESPACE."""
        return self.root.replace(ZONE, NAMESPACE)

    @property
    def raw(self) -> str:
        """Files as they were sent; never changed or deleted by a job. Their keys begin with raw/ in every lake."""
        return f"{self.root.replace(ZONE, 'raw')}/raw"

    @property
    def temporary(self) -> str:
        """What runs need only while they run, a folder each."""
        return self.zone("temp")

    def temp(self, run_id: str) -> str:
        """What one run needs only while it runs."""
        return f"{self.temporary}/{run_id}"

    @property
    def quarantined(self) -> str:
        """Records that runs could not publish, a folder each."""
        return f"{self.zone('quarantine')}/records"

    def quarantine(self, run_id: str) -> str:
        """Records that one run could not publish, with their raw text."""
        return f"{self.quarantined}/run_id={run_id}"

    @property
    def held(self) -> str:
        """Files of which nothing is published until a person has looked, a folder each."""
        return f"{self.zone('quarantine')}/held"

    def held_file(self, file_id: str, name: str) -> str:
        """The copy of a held file, under a name that is safe to show; its note has the name as it was sent."""
        plain = safe_name(name)
        return f"{self.held}/{file_id}/{'raw-' if plain == NOTE_NAME else ''}{plain}"

    def held_note(self, file_id: str) -> str:
        """Why a file is held, and what became of it."""
        return f"{self.held}/{file_id}/{NOTE_NAME}"

    def requeued(self, raw_zone: str, source: str, file_id: str, name: str) -> str:
        """A file that a person sent through the front door again, under its own name: the name tells day and source."""
        return f"{self.raw}/{raw_zone}/{source}/requeued/{file_id}/{name}"

    @property
    def all_sent_back(self) -> str:
        """What was sent back of the quarantined records of all runs."""
        return f"{self.zone('quarantine')}/requeued"

    def sent_back(self, run_id: str, file_id: str) -> str:
        """The note on one file of records that one run had quarantined and a person sent back."""
        return f"{self.all_sent_back}/run_id={run_id}/{file_id}.json"

    @property
    def journals(self) -> str:
        """What runs that publish at this moment are about to write into the audit, one object a run."""
        return f"{self.warehouse}/journal"

    def journal(self, run_id: str) -> str:
        """The journal of one run."""
        return f"{self.journals}/{run_id}.json"

    def report(self, run_id: str, extension: str) -> str:
        """The report of one run."""
        return f"{self.zone('validation-reports')}/{run_id}.{extension}"


def is_requeued(uri: str | None) -> bool:
    """Whether a raw file was sent back from the quarantine."""
    return "/requeued/" in (uri or "")


def safe_name(name: str) -> str:
    """The file's name where it is plain, else a short hash with its ending; for messages, logs and reports.

    A name is not plain if it has blanks, letters beyond ASCII, nine digits in a row or a social security number.
    """
    if _SAFE_NAME.match(name) and not _LONG_NUMBER.search(name):
        return name
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    ending = _ENDING.search(name)
    # in two parts, so that it has no nine digits in a row itself
    return f"file-{digest[:6]}-{digest[6:12]}{ending.group() if ending else ''}"


def safe_uri(uri: str) -> str:
    """The URI with every part that is not plain as its hash, but for the bucket; see `safe_name`.

    A bucket is named by who runs the lake, not by who sends files: its name may have the digits of an account.
    """
    scheme, found, path = uri.rpartition("://")
    bucket, slash, key = path.partition("/") if scheme in ("s3", "s3a") else ("", "", path)
    return scheme + found + bucket + slash + "/".join(safe_name(part) if part else "" for part in key.split("/"))
