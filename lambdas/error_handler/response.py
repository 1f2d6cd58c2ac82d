"""What is done about a failure: told, noted, quarantined, and the state machine answered. Clients are injected."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from expectations.contract import source_of_key
from expectations.errors import UnknownSourceError
from expectations.object_keys import safe_uri
from lambdas.common.event_log import EventLog
from lambdas.common.failures import MissingObjectError, plain_name
from lambdas.common.messages import ErrorContext, ErrorMessage, StatusMessage
from lambdas.common.object_store import ObjectStore
from lambdas.common.pipeline_metrics import PipelineMetrics
from lambdas.common.review_notes import ReviewNote, file_id_of, note_uri, stored_file_id
from lambdas.common.topics import Topics
from lambdas.error_handler.dead_letters import DeadLetters
from lambdas.error_handler.failure_events import FileEntry, OutsideFailure, StageFailure
from lambdas.error_handler.failure_rules import (
    ACTION_SENTENCES,
    RUNBOOKS,
    SENTENCES,
    Decided,
    Failure,
    RetryLimits,
    decide,
    severity_of,
)
from lambdas.error_handler.run_notes import GivenUpRun, RunNotes

WORDS_OF_JOB = frozenset({"States.TaskFailed"})
"""A job that ended badly: only its report tells why."""


@dataclass(frozen=True)
class ZoneFolders:
    """Folders in S3."""

    reports: str
    quarantine: str
    temp: str


@dataclass
class Responder:
    """The service."""

    store: ObjectStore
    topics: Topics
    log: EventLog
    metrics: PipelineMetrics
    places: ZoneFolders
    runs: RunNotes
    dead_letters: DeadLetters
    limits: RetryLimits
    jitter: Callable[[], float]
    pipeline_job: str
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def respond(self, failed: StageFailure) -> dict[str, object]:
        """The answer to the state machine: an action, and how long to wait before a retry."""
        error_type, decided = self._decided(failed)
        context = ErrorContext(
            function_name=f"claims-pipeline.{failed.stage}",
            file=failed.file.uri if failed.file else failed.manifest,
            job_id=failed.job_id,
            correlation_id=failed.correlation_id or failed.job_id,
            execution=failed.execution or None,
            stage=failed.stage,
            attempt=failed.attempt,
            report_location=failed.report_location or None,
        )
        self._tell(error_type, decided, context)
        if decided.action == "quarantine":
            for file in self._files_of(failed):
                self._quarantine(file, failed, error_type)
        if decided.action == "fail" and failed.stage not in ("reject", "validate_file"):
            self._give_up(_given_up(failed, error_type, decided, self.clock()))
        return {"action": decided.action, "wait_seconds": decided.wait_seconds, "category": decided.category.value}

    def hear(self, failed: OutsideFailure) -> None:
        """A failure that no state machine waits for: told once a message, unless it was told before."""
        name = failed.execution.rsplit(":", 1)[-1]
        is_told = bool(name) and self.runs.find(name) is not None
        # a run that was started again needs its temp zone
        is_decided = bool(name) and self.runs.decision(name) is not None
        # the state machine asks about the runs of its own job itself
        is_asked_elsewhere = failed.function_name == self.pipeline_job
        if is_asked_elsewhere or is_decided or (is_told and not failed.is_abandoned_run):
            self.log.info("failure_known", function=failed.function_name, error_type=failed.error_type)
            return
        decided = decide(
            Failure(failed.error_type, "execution" if failed.execution else "outside"), self.limits, self.jitter
        )
        context = ErrorContext(
            function_name=failed.function_name, job_id=failed.job_id or None, execution=failed.execution or None
        )
        self._tell(failed.error_type, decided, context)
        if failed.is_abandoned_run and failed.job_id:
            self._clean(failed)
        if name:
            self._give_up(
                GivenUpRun(
                    run=name,
                    job_id=failed.job_id,
                    stage="execution",
                    error_type=failed.error_type,
                    category=decided.category.value,
                    execution=failed.execution,
                    given_up_at=self.clock(),
                )
            )

    def _clean(self, failed: OutsideFailure) -> None:
        """Nobody else cleans up after a run that ended without its own error handling, or tells its end."""
        deleted = self.store.delete_below(f"{self.places.temp}/{failed.job_id}")
        self.log.info("temp_cleaned", job_id=failed.job_id, files=deleted)
        self.topics.tell(
            StatusMessage(
                job_id=failed.job_id,
                status="FAILED",
                input_file="",
                outcome="FAILED",
                error_type=failed.error_type,
                timestamp=self.clock(),
            )
        )

    def _decided(self, failed: StageFailure) -> tuple[str, Decided]:
        error_type = "ValidationError" if failed.stage == "reject" else failed.error_type
        if failed.stage == "process" and error_type in WORDS_OF_JOB:
            status, error_type = self._told_by_report(failed.job_id)
            if status == "PARTIAL":
                category = decide(Failure(error_type, "process"), self.limits, self.jitter).category
                return error_type, Decided(category, severity_of(category, "process", "continue"), "continue")
        return error_type, decide(Failure(error_type, failed.stage, failed.attempt), self.limits, self.jitter)

    def _told_by_report(self, job_id: str) -> tuple[str, str]:
        """Status of the run, and the class of its error, by the job's own report."""
        report = _json(self.store.read_if_any(f"{self.places.reports}/{job_id}.json"))
        if not report:
            return "", "JobWithoutReport"
        error = report.get("error")
        name = plain_name(str(error.get("error_type", ""))) if isinstance(error, dict) else "AllFilesRefused"
        status = str(report.get("status", ""))
        # a report of an attempt that went well, and a job that ended badly: it died while it closed down
        return status, "JobWithoutReport" if status in ("SUCCEEDED", "NOTHING_NEW") else name

    def _files_of(self, failed: StageFailure) -> tuple[FileEntry, ...]:
        if failed.file:
            return (failed.file,)
        manifest = _json(self.store.read_if_any(failed.manifest)) if failed.manifest else {}
        uris = [uri for uri in manifest.get("files", ()) if isinstance(uri, str) and uri.startswith("s3://")]
        parts = [uri.removeprefix("s3://").partition("/") for uri in uris]
        return tuple(FileEntry(bucket=bucket, key=key) for bucket, _, key in parts if bucket and key)

    def _quarantine(self, file: FileEntry, failed: StageFailure, error_type: str) -> None:
        try:
            facts = self.store.facts(file.uri)
            file_id, version, size = stored_file_id(file.uri, facts), facts.version or facts.etag, facts.size
        except MissingObjectError:
            file_id, version, size = file_id_of(file.uri), "", file.size
        report = _json(self.store.read_if_any(failed.report_location)) if failed.report_location else {}
        reason = plain_name(str(report.get("reason") or error_type))
        note = ReviewNote(
            file_id=file_id,
            original_uri=file.uri,
            original_version_id=version,
            size_bytes=size,
            source=_source(file.key),
            reason=reason,
            message=str(report.get("message", "")),
            job_id=failed.job_id,
            report_location=failed.report_location,
            quarantined_at=self.clock(),
        )
        if self.store.write_new(note_uri(self.places.quarantine, file_id), note.model_dump_json().encode()):
            self.metrics.add("FilesQuarantined", 1)
            self.log.problem(
                "file_quarantined", file=safe_uri(file.uri), file_id=file_id, reason=reason, job_id=failed.job_id
            )

    def _give_up(self, run: GivenUpRun) -> None:
        """Note it, so that the event of the execution's end, which comes later, is known; a person looks at both."""
        if self.runs.find(run.run) is None:
            # noted last: after a crash in between it waits twice among the dead letters, and never not at all
            self.dead_letters.add(run)
            self.runs.add(run)

    def _tell(self, error_type: str, decided: Decided, context: ErrorContext) -> None:
        self.log.problem(
            "failure_handled",
            error_type=error_type,
            category=decided.category,
            severity=decided.severity,
            action=decided.action,
            wait_seconds=decided.wait_seconds,
            stage=context.stage,
            job_id=context.job_id,
            attempt=context.attempt,
        )
        self.topics.alert(
            ErrorMessage(
                error_message=f"{error_type}: {SENTENCES[decided.category]} {ACTION_SENTENCES[decided.action]}",
                error_type=error_type,
                severity=decided.severity,
                category=decided.category,
                action=decided.action,
                runbook=RUNBOOKS[decided.category],
                context=context,
                timestamp=self.clock(),
            )
        )


def _given_up(failed: StageFailure, error_type: str, decided: Decided, at: datetime) -> GivenUpRun:
    return GivenUpRun(
        run=failed.execution.rsplit(":", 1)[-1] or failed.job_id,
        job_id=failed.job_id,
        manifest=failed.manifest,
        stage=failed.stage,
        error_type=error_type,
        category=decided.category.value,
        attempts=failed.attempt,
        execution=failed.execution,
        given_up_at=at,
    )


def _source(key: str) -> str:
    try:
        return source_of_key(key).name
    except UnknownSourceError:
        return ""


def _json(content: bytes | None) -> dict[str, Any]:
    try:
        found = json.loads(content or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
