"""Edge of the function that stands before the ETL and judges one file; see docs/lambdas.md."""

import os
from typing import TYPE_CHECKING

import boto3
from pydantic import Field, ValidationError

from expectations.object_keys import safe_uri
from expectations.row_rules import Severity
from expectations.validation import FileValidation
from lambdas.common.edge import CLIENT_CONFIG, Event, run_call
from lambdas.common.event_log import EventLog
from lambdas.common.failures import EventError
from lambdas.common.object_store import ObjectStore
from lambdas.common.pipeline_metrics import PipelineMetrics
from lambdas.common.settings import S3Uri, Settings
from lambdas.data_validation.judged_file import Limits, ValidationRequest, answer_of, judge, write_reports

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

MEGABYTE = 1024**2


class GateSettings(Settings):
    """The function's environment, names in capitals."""

    reports_uri: S3Uri
    whole_file_bytes: int = Field(8 * MEGABYTE, ge=1)
    sample_bytes: int = Field(MEGABYTE // 2, ge=4096)
    max_error_share: float | None = Field(None, ge=0, le=1)


SETTINGS = GateSettings.read(os.environ)
LOG = EventLog("data_validation", SETTINGS.log_level)
STORE = ObjectStore(boto3.client("s3", config=CLIENT_CONFIG))


def handle(event: Event, context: "LambdaContext") -> Event:
    """Judge `{"bucket": ..., "key": ...}`; the answer is JSON as docs/lambdas.md says."""
    LOG.begin(str(event.get("correlation_id") or context.aws_request_id))
    metrics = PipelineMetrics(SETTINGS.metrics_namespace, SETTINGS.environment)
    return run_call(LOG, metrics, lambda: _answer(event, metrics))


def _answer(event: Event, metrics: PipelineMetrics) -> Event:
    try:
        request = ValidationRequest.model_validate(event)
    except ValidationError:
        raise EventError("an event without a file; expected bucket and key; cure: correct the call") from None
    # samples never overlap: what is smaller than four of them is read whole
    whole_file_bytes = max(SETTINGS.whole_file_bytes, 4 * SETTINGS.sample_bytes)
    limits = Limits(whole_file_bytes, SETTINGS.sample_bytes, SETTINGS.max_error_share)
    file_id, found = judge(STORE, request, limits)
    location = write_reports(STORE, f"{SETTINGS.reports_uri}/files", request, file_id, found)
    _tell(request, file_id, found, metrics)
    return answer_of(found, location).model_dump(mode="json")


def _tell(request: ValidationRequest, file_id: str, found: FileValidation, metrics: PipelineMetrics) -> None:
    LOG.info(
        "file_validated",
        file=safe_uri(request.uri),
        file_id=file_id,
        job_id=request.job_id,
        source=found.source,
        status=found.validation_status,
        reason=found.reason,
        records=found.total_records,
        quality_score=found.quality_score,
    )
    if found.validation_status == "success":
        # the run counts its records and scores itself
        return
    metrics.add("RecordsQuarantined", found.estimated_records)
    metrics.add("QualityScore", float(found.quality_score or 0))
    for rule in (rule for rule in found.rules if rule.severity is Severity.CRITICAL):
        LOG.info(
            "records_quarantined",
            rule_id=rule.rule_id,
            source=found.source,
            records=rule.records,
            run_id=request.job_id,
        )
