"""One object judged: whole or by samples, with its report; what the function answers. Clients are injected."""

import json
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, Field

from expectations.contract import Source, source_of_key
from expectations.control_files import CONTROL_ENDING
from expectations.errors import ClaimsError, UnknownSourceError
from expectations.object_keys import is_requeued, safe_name
from expectations.raw_bytes import RefusalReason
from expectations.rules import suite_rules
from expectations.validate_file import ValidationOptions, validate_file
from expectations.validation import FileValidation, Summary, ValidationStatus
from expectations.validation_page import render_validation
from lambdas.common.failures import (
    AccessError,
    ChangedObjectError,
    FunctionError,
    MissingObjectError,
    ServiceError,
    TransientError,
)
from lambdas.common.object_store import ObjectStore, StoredFacts
from lambdas.common.review_notes import file_id_of, stored_file_id
from lambdas.data_validation.sampled_file import BigFile, validate_samples

_NOT_THE_FILES_FAULT: dict[str, type[ClaimsError]] = {
    error.__name__: error for error in (TransientError, AccessError, ServiceError, FunctionError)
}


class ValidationRequest(BaseModel):
    """What the function is asked; the state machine adds the file's entry of the manifest, and ids."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    bucket: str = Field(min_length=1)
    key: str = Field(min_length=1)
    job_id: str = Field("", pattern=r"^[A-Za-z0-9._-]*$")
    correlation_id: str = ""

    @property
    def uri(self) -> str:
        """Where the file lies."""
        return f"s3://{self.bucket}/{self.key}"


class ValidationAnswer(BaseModel):
    """What other systems rely on, and beside it the score and whether samples were judged."""

    model_config = ConfigDict(frozen=True)

    validation_status: ValidationStatus
    report_location: str
    summary: Summary
    reason: str = ""
    quality_score: float | None = None
    sampled: bool = False
    estimated_records: int = 0


@dataclass(frozen=True)
class Limits:
    """Up to which size a file is judged whole, how much each sample of a bigger one is, and what fails a file.

    A `max_error_share` of None is the source's own.
    """

    whole_file_bytes: int
    sample_bytes: int
    max_error_share: float | None = None


class Pages(Protocol):
    """Writes reports."""

    def write(self, uri: str, content: bytes, content_type: str = ...) -> None:
        """Write one object."""


def judge(store: ObjectStore, request: ValidationRequest, limits: Limits) -> tuple[str, FileValidation]:
    """The file's id and its validation; a file that is gone or was overwritten meanwhile has failed.

    Raises:
        TransientError: S3 did not answer; nothing is said of the file. Likewise the other errors of AWS.
    """
    name = request.key.rsplit("/", 1)[-1]
    try:
        facts = store.facts(request.uri)
    except MissingObjectError:
        return file_id_of(request.uri), _failed(name, "not_found", "the file is gone; cure: send it again")
    file_id = stored_file_id(request.uri, facts)
    try:
        source = source_of_key(request.key)
    except UnknownSourceError as error:
        return file_id, _failed(name, type(error).__name__, str(error))
    validation = _validated(store, request, facts, source, limits)
    if error_class := _NOT_THE_FILES_FAULT.get(validation.reason):
        raise error_class(validation.message)
    if validation.reason in {ChangedObjectError.__name__, MissingObjectError.__name__}:
        validation = validation.model_copy(update={"reason": RefusalReason.CHANGED.value})
    return file_id, validation


def answer_of(validation: FileValidation, report_location: str) -> ValidationAnswer:
    """The answer for one validation."""
    score = validation.quality_score
    return ValidationAnswer(
        validation_status=validation.validation_status,
        report_location=report_location,
        summary=validation.summary,
        reason=validation.reason,
        quality_score=None if score is None else float(score),
        sampled=bool(validation.sampled_bytes),
        estimated_records=validation.estimated_records,
    )


def write_reports(pages: Pages, folder: str, request: ValidationRequest, file_id: str, found: FileValidation) -> str:
    """Write the report as JSON and as a page, again and the same for the same file and run; where the JSON lies."""
    place = f"{folder}/{request.job_id or 'asked'}/{file_id}"
    facts: dict[str, Any] = {
        **found.model_dump(mode="json"),
        "job_id": request.job_id,
        "file_id": file_id,
        "summary": found.summary.model_dump(),
        "quality_score": None if found.quality_score is None else str(found.quality_score),
        "estimated_records": found.estimated_records,
    }
    pages.write(f"{place}.html", render_validation(found).encode(), "text/html; charset=utf-8")
    pages.write(f"{place}.json", (json.dumps(facts, indent=2) + "\n").encode())
    return f"{place}.json"


def _validated(
    store: ObjectStore, request: ValidationRequest, facts: StoredFacts, source: Source, limits: Limits
) -> FileValidation:
    name, rules = request.key.rsplit("/", 1)[-1], suite_rules(source.table)
    # what a person sent back was looked at: only a file that cannot be read at all is refused again
    options = ValidationOptions(max_error_share=1.0 if is_requeued(request.uri) else limits.max_error_share)
    if facts.size > limits.whole_file_bytes:
        file = BigFile(
            lambda start, length: store.read_range(request.uri, start, length, facts.etag), facts.size, name, source
        )
        return validate_samples(file, limits.sample_bytes, rules, options)
    control_file = store.read_if_any(request.uri + CONTROL_ENDING)
    return validate_file(
        lambda: store.open(request.uri), name, source, rules, control_file=control_file, options=options
    )


def _failed(name: str, reason: str, message: str) -> FileValidation:
    return FileValidation(
        file=safe_name(name),
        source="",
        validation_status="failed",
        reason=reason,
        message=f"{safe_name(name)}: {message}",
    )
