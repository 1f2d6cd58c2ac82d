"""What is done when a run has ended: counted, checked, loaded on, announced. Clients are injected.

Checks and loads that fail are told and stop nothing: the tables are published already.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from expectations.errors import ClaimsError
from expectations.report import RunReport
from lambdas.common.event_log import EventLog
from lambdas.common.messages import Category, ErrorContext, ErrorMessage, Severity, StatusMessage
from lambdas.common.object_store import ObjectStore
from lambdas.common.pipeline_metrics import PipelineMetrics
from lambdas.common.topics import Topics
from lambdas.post_processing.finished_run import (
    BatchFacts,
    FinishedRun,
    batch_facts,
    cost_in_dollars,
    input_shown,
    published_detail,
    run_metrics,
)
from lambdas.post_processing.lineage_events import EventType, lineage_event
from lambdas.post_processing.smoke_count import SmokeCount
from lambdas.post_processing.warehouse_load import WarehouseLoad


class Bus(Protocol):
    """The event bus on which published batches are announced."""

    def put(self, detail_type: str, detail: dict[str, Any]) -> None:
        """Send one event."""


@dataclass(frozen=True)
class RunSettings:
    """Folders in S3, and prices."""

    reports: str
    temp: str
    environment: str
    dollars_per_dpu_hour: float
    flex_dollars_per_dpu_hour: float


@dataclass
class Finisher:
    """The service; without a smoke count or warehouse these steps are left out."""

    store: ObjectStore
    topics: Topics
    bus: Bus
    log: EventLog
    metrics: PipelineMetrics
    settings: RunSettings
    smoke_count: SmokeCount | None = None
    warehouse: WarehouseLoad | None = None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def finish(self, run: FinishedRun) -> dict[str, object]:
        """What was done, for who looks at the execution."""
        if run.is_published and self.store.read_if_any(self._lineage_uri(run, "COMPLETE")) is not None:
            self.log.info("run_known", job_id=run.job_id, outcome=run.outcome)
            return {"job_id": run.job_id, "outcome": run.outcome, "status": "known"}
        batch = batch_facts(self._read(run.batch_manifest or run.manifest))
        report = self._report(run)
        steps = self._published(run, report, batch) if run.is_published and report else {}
        if run.outcome == "FAILED":
            steps["temp_objects_deleted"] = self.store.delete_below(f"{self.settings.temp}/{run.job_id}")
        self._announce(run, batch, report)
        # last: that it is there means that all was done
        self._write_lineage(run, report)
        return {"job_id": run.job_id, "outcome": run.outcome, "status": "finished", **steps}

    def _published(self, run: FinishedRun, report: RunReport, batch: BatchFacts) -> dict[str, object]:
        prices = (self.settings.dollars_per_dpu_hour, self.settings.flex_dollars_per_dpu_hour)
        dollars = cost_in_dollars(run, *prices, report.duration_seconds)
        values = list(run_metrics(report, batch, self.clock(), dollars))
        for name, value in values:
            self.metrics.add(name, value)
        tables = [table.table for table in report.tables]
        steps: dict[str, object] = {
            "smoke_count": self._counted(run, tables),
            "warehouse_load": self._loaded(run, tables),
        }
        if not report.balanced:
            self._alert(run, "AccountingError", "The numbers of a run's report do not add up.", Severity.CRITICAL)
        if report.lines_published:
            self.bus.put("ClaimsBatchPublished", published_detail(run, report, self._report_uri(run)))
        minutes = dict(values).get("MinutesToReadable")
        self.log.info(
            "run_published",
            job_id=run.job_id,
            outcome=run.outcome,
            records=report.records_read,
            lines=report.lines_published,
            quality_score=report.score,
            **({} if minutes is None else {"MinutesToReadable": round(minutes, 1)}),
        )
        return steps

    def _counted(self, run: FinishedRun, tables: list[str]) -> str:
        if not self.smoke_count:
            return "left_out"
        try:
            counts = self.smoke_count.counts(run.job_id, tables)
        except ClaimsError as error:
            self.log.problem("smoke_count_failed", job_id=run.job_id, error_type=type(error).__name__)
            return "failed"
        if all(count.agrees for count in counts):
            return "agrees"
        self._alert(run, "AccountingError", "Athena does not find the rows that a run published.", Severity.HIGH)
        return "differs"

    def _loaded(self, run: FinishedRun, tables: list[str]) -> str:
        if not self.warehouse:
            return "left_out"
        try:
            self.warehouse.load(run.job_id, tables)
        except ClaimsError as error:
            self._alert(run, type(error).__name__, "The load of Redshift could not be started.", Severity.HIGH)
            return "failed"
        return "started"

    def _announce(self, run: FinishedRun, batch: BatchFacts, report: RunReport | None) -> None:
        score = report.score if report else None
        self.topics.tell(
            StatusMessage(
                job_id=run.job_id,
                status="SUCCEEDED" if run.is_published else "FAILED",
                input_file=input_shown(run, batch),
                files=len(batch.files) or None,
                correlation_id=run.correlation_id or run.job_id,
                outcome=run.outcome,
                error_type=run.error_name,
                report_location=self._report_uri(run) if report else None,
                quality_score=None if score is None else float(score),
                records_read=report.records_read if report else None,
                records_published=report.records_accepted if report and run.is_published else None,
                records_quarantined=report.records_quarantined if report else None,
                timestamp=self.clock(),
            )
        )
        self.log.info("run_ended", job_id=run.job_id, outcome=run.outcome, error_type=run.error_name)

    def _write_lineage(self, run: FinishedRun, report: RunReport | None) -> None:
        started = run.started_at or (report.started_at if report else self.clock())
        end: EventType = "COMPLETE" if run.is_published else "FAIL"
        error_type = None if run.is_published else run.error_name or run.outcome
        moments: tuple[tuple[EventType, datetime], ...] = (("START", started), (end, self.clock()))
        for event_type, moment in moments:
            event = lineage_event(
                event_type,
                job_id=run.job_id,
                environment=self.settings.environment,
                happened_at=moment,
                report=report,
                error_type=error_type,
            )
            self.store.write(self._lineage_uri(run, event_type), json.dumps(event).encode())

    def _alert(self, run: FinishedRun, error_type: str, sentence: str, severity: Severity) -> None:
        context = ErrorContext(
            function_name="post-processing", job_id=run.job_id, report_location=self._report_uri(run), stage="finish"
        )
        self.log.problem("check_failed", job_id=run.job_id, error_type=error_type, severity=severity)
        self.topics.alert(
            ErrorMessage(
                error_message=f"{sentence} Do not use what it published until that is explained.",
                error_type=error_type,
                severity=severity,
                category=Category.SYSTEM,
                context=context,
                timestamp=self.clock(),
            )
        )

    def _report(self, run: FinishedRun) -> RunReport | None:
        """The job's report; MissingObjectError where the job published and left none."""
        if run.is_published:
            return RunReport.from_json(self.store.read(self._report_uri(run)).decode())
        content = self.store.read_if_any(self._report_uri(run))
        return RunReport.from_json(content.decode()) if content else None

    def _read(self, uri: str) -> bytes | None:
        return self.store.read_if_any(uri) if uri else None

    def _report_uri(self, run: FinishedRun) -> str:
        return f"{self.settings.reports}/{run.job_id}.json"

    def _lineage_uri(self, run: FinishedRun, event_type: str) -> str:
        return f"{self.settings.reports}/lineage/{run.job_id}/{event_type}.json"
