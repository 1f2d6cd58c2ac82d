"""What is known of a run that has ended, and what it comes to: minutes, dollars, counts. Pure."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from expectations.report import RunReport
from lambdas.common.failures import EventError, plain_name
from lambdas.common.pipeline_metrics import Name

Outcome = Literal["SUCCEEDED", "PARTIAL", "REJECTED", "FAILED"]

DPU_OF_WORKER = {"G.025X": 0.25, "G.1X": 1.0, "G.2X": 2.0, "G.4X": 4.0, "G.8X": 8.0, "Standard": 1.0}
MILLION = 1_000_000


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class GlueRun(_Model):
    """The job's run; empty where the state machine knows none."""

    run_id: str = ""
    state: str = ""
    seconds: float = Field(0, ge=0)


class RunSize(_Model):
    """What the job was given."""

    workers: int = Field(0, ge=0)
    worker_type: str = "G.1X"
    execution_class: str = "STANDARD"


class FinishedRun(_Model):
    """What the state machine says of a run."""

    outcome: Outcome
    job_id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    correlation_id: str = ""
    batch_manifest: str = ""
    manifest: str = ""
    job: GlueRun = GlueRun()
    size: RunSize = RunSize()
    execution: str = ""
    started_at: AwareDatetime | None = None
    error_type: str = ""

    @property
    def is_published(self) -> bool:
        """Whether the job published, all or a part."""
        return self.outcome in ("SUCCEEDED", "PARTIAL")

    @property
    def error_name(self) -> str | None:
        """The error's name where the run failed."""
        return plain_name(self.error_type) if self.error_type else None


class BatchFacts(_Model):
    """What the batch's manifest tells."""

    landed_at: AwareDatetime | None = None
    files: tuple[str, ...] = ()


def finished_run(event: Mapping[str, Any]) -> FinishedRun:
    """The state machine's call; EventError where it lacks something."""
    try:
        return FinishedRun.model_validate(event)
    except ValidationError:
        raise EventError("a call without outcome or job id; expected both; cure: see docs/lambdas.md") from None


def batch_facts(content: bytes | None) -> BatchFacts:
    """What a manifest tells; nothing where there is none, or it is a plain list."""
    try:
        return BatchFacts.model_validate(json.loads(content or b"{}"))
    except (ValueError, RecursionError):
        return BatchFacts()


def input_shown(run: FinishedRun, batch: BatchFacts) -> str:
    """The run's file where it is one, else its manifest."""
    return batch.files[0] if len(batch.files) == 1 else run.batch_manifest or run.manifest


def cost_in_dollars(
    run: FinishedRun, dollars_per_dpu_hour: float, flex_dollars_per_dpu_hour: float, report_seconds: float = 0
) -> float:
    """What Glue bills at most: all workers for the whole time, a minute at least; 0 where the time is not known.

    Of a run that published a part the state machine knows no time: there the report's counts.
    """
    seconds = run.job.seconds or report_seconds
    if not seconds:
        return 0.0
    rate = flex_dollars_per_dpu_hour if run.size.execution_class == "FLEX" else dollars_per_dpu_hour
    dpu = run.size.workers * DPU_OF_WORKER.get(run.size.worker_type, 1.0)
    return dpu * max(60.0, seconds) / 3600 * rate


def run_metrics(report: RunReport, batch: BatchFacts, now: datetime, dollars: float) -> Iterable[tuple[Name, float]]:
    """The metrics of a run that published; scores by file, so that the worst is seen."""
    yield "RecordsProcessed", report.records_read
    yield "RecordsQuarantined", report.records_quarantined + report.records_held
    yield "FilesQuarantined", report.file_counts["held"] + report.file_counts["refused"]
    for file in report.files:
        if file.quality_score is not None:
            yield "QualityScore", float(file.quality_score)
    if batch.landed_at and report.lines_published:
        yield "MinutesToReadable", max(0.0, (now - batch.landed_at).total_seconds() / 60)
    if dollars:
        yield "CostUsd", dollars
        if report.lines_published:
            yield "CostUsdPerMillionLines", dollars * MILLION / report.lines_published


def published_detail(run: FinishedRun, report: RunReport, report_location: str) -> dict[str, Any]:
    """The detail of the event ClaimsBatchPublished: counts, names, where the report is."""
    return {
        "version": "1",
        "job_id": run.job_id,
        "correlation_id": run.correlation_id or run.job_id,
        "outcome": run.outcome,
        "tables": [{"table": table.table, "rows_published": table.rows_published} for table in report.tables],
        "months": [
            {"table": month.table, "year": month.year, "month": month.month, "lines": month.lines}
            for month in report.months
        ],
        "records_read": report.records_read,
        "records_quarantined": report.records_quarantined,
        "quality_score": None if report.score is None else float(report.score),
        "balanced": report.balanced,
        "report_location": report_location,
    }
