"""What waits for a person: a note on each quarantined file, and every decision on it; notes are never changed."""

import hashlib
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from expectations.report_fields import OneLine
from lambdas.common.messages import Instant
from lambdas.common.object_store import StoredFacts

Decision = Literal["release", "reject"]


class ReviewNote(BaseModel):
    """Why a file was not taken. It has the object's whole key, so it lies where only those read who may read claims."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    file_id: str = Field(pattern=r"^[0-9a-f]{32}$")
    original_uri: str
    original_version_id: str = ""
    size_bytes: int = Field(0, ge=0)
    source: str = ""
    reason: str = Field(description="Stable code: unknown_source, empty, ValidationError, ...")
    message: OneLine = ""
    job_id: str = ""
    report_location: str = ""
    quarantined_at: Instant


class ReviewDecision(BaseModel):
    """What a person decided on a file, and why; all decisions stay."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    file_id: str = Field(pattern=r"^[0-9a-f]{32}$")
    decision: Decision
    decided_by: str = Field(min_length=1, max_length=100)
    explanation: OneLine = Field(min_length=1, max_length=500)
    decided_at: Instant
    sent_to: str = ""


def file_id_of(uri: str, identity: str = "") -> str:
    """A file's id: of its place and of what S3 calls its content, so that a file sent anew has a new one."""
    return hashlib.sha256(f"{uri}\0{identity}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


def stored_file_id(uri: str, facts: StoredFacts) -> str:
    """The id of an object as S3 has it now."""
    return file_id_of(uri, f"{facts.version} {facts.etag} {facts.modified_at.isoformat()}")


def note_uri(quarantine: str, file_id: str) -> str:
    """Where the note on a file lies, in the quarantine zone."""
    return f"{quarantine}/files/{file_id}/note.json"


def decision_uri(quarantine: str, decision: ReviewDecision) -> str:
    """Where a decision lies: beside the note, one object each."""
    moment = decision.decided_at.strftime("%Y%m%dT%H%M%S%f")
    return f"{quarantine}/files/{decision.file_id}/decisions/{moment}-{decision.decision}.json"
