"""What happens to files that land: each is noted once, and batches of them are started once. Clients are injected.

Whatever dies in between, nothing is lost or started twice: a file is noted before its message is deleted; a batch is
claimed before it is started, and an abandoned claim is started again under the same name, which Step Functions refuses.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from expectations.errors import ClaimsError
from expectations.object_keys import safe_uri
from lambdas.common.event_log import EventLog
from lambdas.common.failures import MissingObjectError, ServiceError
from lambdas.common.messages import Category, ErrorContext, ErrorMessage, Severity, StatusMessage
from lambdas.common.object_store import ObjectStore
from lambdas.common.pipeline_metrics import PipelineMetrics
from lambdas.common.review_notes import ReviewNote, note_uri, stored_file_id
from lambdas.common.topics import Topics
from lambdas.s3_event_trigger.admission import RAW_FOLDERS, SENTENCES, Verdict, admit
from lambdas.s3_event_trigger.batches import (
    BatchLimits,
    Manifest,
    RunSizing,
    WaitingFile,
    due_batches,
    execution_input,
    manifest_of,
)
from lambdas.s3_event_trigger.landed_objects import UNKNOWN_MOMENT, Landed
from lambdas.s3_event_trigger.ledger import Ledger

MOST_TIES = 5
BATCHES_A_CALL = 8


class Starter(Protocol):
    """Starts executions of the state machine."""

    def start(self, name: str, request: str) -> bool:
        """Whether it was started; False where there is, or was, an execution of this name."""


@dataclass(frozen=True)
class Places:
    """Folders in S3 that the function writes to."""

    manifests: str
    quarantine: str


@dataclass
class Landing:
    """The service: what a call received, and what it started, is kept for its answer."""

    store: ObjectStore
    ledger: Ledger
    starter: Starter
    topics: Topics
    log: EventLog
    metrics: PipelineMetrics
    places: Places
    limits: BatchLimits
    sizing: RunSizing
    lease_seconds: int
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    received: int = 0
    is_listing: bool = False
    jobs_started: list[str] = field(default_factory=list)

    def receive(self, landed: Landed) -> None:
        """Take one object that landed: ignore, quarantine or note it; a big file starts at once."""
        self.metrics.add("FilesReceived", 1)
        self._take(landed)

    def reconcile(self, bucket: str, since: datetime) -> None:
        """Take what lies in the raw zone and of which no event ever came; what is known is passed over."""
        self.is_listing = True
        for folder in RAW_FOLDERS:
            for place in self.store.list_written(f"s3://{bucket}/{folder}", since):
                self._take(Landed(bucket=place.bucket, key=place.key))
        self.is_listing = False

    def _take(self, landed: Landed) -> None:
        admission = admit(landed.key)
        if admission.verdict is Verdict.IGNORE:
            self._ignore(landed.uri, admission.reason)
            return
        try:
            facts = self.store.facts(landed.uri)
        except MissingObjectError:
            self._ignore(landed.uri, "gone")
            return
        # what the object is now counts, not what the event says: late and doubled events of it are one file
        file_id = stored_file_id(landed.uri, facts)
        if not facts.size or admission.verdict is Verdict.QUARANTINE:
            reason = "empty" if not facts.size else admission.reason
            self._quarantine(landed, file_id, reason, facts.version or facts.etag, facts.size)
            return
        at = facts.modified_at if landed.happened_at == UNKNOWN_MOMENT else landed.happened_at
        file = WaitingFile(file_id, landed.bucket, landed.key, facts.size, admission.source, at)
        self._note(file)

    def gather(self) -> None:
        """Start what is due: first what another call left unfinished, then new batches; one call at a time."""
        now, owner = self.clock(), f"{self.clock().isoformat()}-{id(self)}"
        if not self.ledger.lease(owner, now, now + timedelta(seconds=self.lease_seconds)):
            return
        try:
            most = BATCHES_A_CALL * self.limits.files
            for files in self.ledger.abandoned(now - timedelta(seconds=self.lease_seconds)):
                self._start(files)
            for batch in due_batches(self.ledger.free(most), self.limits, now)[:BATCHES_A_CALL]:
                if files := self.ledger.claim(batch, f"batch-{batch[0].file_id}-{now.isoformat()}", now):
                    self._start(files)
        finally:
            self.ledger.give_back(owner)

    def _note(self, file: WaitingFile) -> None:
        is_big = self.limits.is_big(file)
        if not self.ledger.add(file, self.clock(), claim=f"file-{file.file_id}" if is_big else ""):
            self._ignore(file.uri, "known")
            return
        self.received += 1
        self.log.info(
            "file_received", file=safe_uri(file.uri), file_id=file.file_id, source=file.source, bytes=file.size
        )
        if is_big:
            self._start((file,))

    def _start(self, files: tuple[WaitingFile, ...]) -> None:
        manifest, uri = self._written(files)
        request = execution_input(manifest.job_id, uri, files, self.sizing)
        is_new = self.starter.start(manifest.execution_name, json.dumps(request, sort_keys=True))
        shown = files[0].uri if len(files) == 1 else uri
        message = StatusMessage(
            job_id=manifest.job_id,
            status="STARTED",
            input_file=shown,
            files=len(files),
            correlation_id=manifest.job_id,
            timestamp=self.clock(),
        )
        self.jobs_started.append(manifest.job_id)
        if self._is_told(message):
            self.ledger.started(files, manifest.job_id)
        self._log_start(manifest, files, request, "started" if is_new else "started_before")

    def _is_told(self, message: StatusMessage) -> bool:
        """A topic that is away stops no run: the claim stays, and the start is told when it is found abandoned."""
        try:
            self.topics.tell(message)
        except ClaimsError as error:
            self.log.problem("message_not_sent", job_id=message.job_id, error_type=type(error).__name__)
            return False
        return True

    def _log_start(
        self, manifest: Manifest, files: Iterable[WaitingFile], request: dict[str, object], status: str
    ) -> None:
        in_run = {"job_id": manifest.job_id, "execution_name": manifest.execution_name, "status": status}
        sizes = {"workers": request["workers"], "partitions": request["partitions"]}
        for file in files:
            self.log.info("file_in_run", file_id=file.file_id, source=file.source, job_id=manifest.job_id)
        self.log.info("run_started", **in_run, **sizes)

    def _written(self, files: tuple[WaitingFile, ...]) -> tuple[Manifest, str]:
        """The manifest, under a job id that no other run has."""
        for tie in range(MOST_TIES):
            manifest = manifest_of(files, tie)
            uri = f"{self.places.manifests}/{manifest.job_id}.json"
            if self.store.write_new(uri, manifest.content) or self.store.read(uri) == manifest.content:
                return manifest, uri
        raise ServiceError(f"{MOST_TIES} runs of one second have one number; expected another; cure: it is tried again")

    def _ignore(self, uri: str, reason: str) -> None:
        if self.is_listing:
            return
        self.metrics.add("FilesIgnored", 1)
        self.log.info("file_ignored", file=safe_uri(uri), reason=reason)

    def _quarantine(self, landed: Landed, file_id: str, reason: str, version: str, size: int) -> None:
        place = note_uri(self.places.quarantine, file_id)
        if self.store.read_if_any(place) is not None:
            self._ignore(landed.uri, "known")
            return
        note = ReviewNote(
            file_id=file_id,
            original_uri=landed.uri,
            original_version_id=version,
            size_bytes=size,
            reason=reason,
            message=SENTENCES[reason],
            quarantined_at=self.clock(),
        )
        context = ErrorContext(function_name="s3-event-trigger", file=landed.uri, reason=reason, file_id=file_id)
        # told before it is noted: after a crash in between it is told twice, and never not at all
        self.topics.alert(
            ErrorMessage(
                error_message=SENTENCES[reason],
                error_type="UnknownSourceError" if reason == "unknown_source" else "FileRefusedError",
                severity=Severity.MEDIUM,
                category=Category.DATA_QUALITY,
                action="quarantine",
                context=context,
                timestamp=note.quarantined_at,
            )
        )
        self.store.write_new(place, note.model_dump_json().encode())
        self.received += 1
        self.metrics.add("FilesQuarantined", 1)
        self.log.problem("file_quarantined", file=safe_uri(landed.uri), file_id=file_id, reason=reason)
