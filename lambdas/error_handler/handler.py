"""Edge of the function that is asked what to do about failures, and by which people review files; docs/lambdas.md."""

import os
import random
from typing import TYPE_CHECKING

import boto3
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from pydantic import Field, ValidationError

from lambdas.common.edge import CLIENT_CONFIG, Event, run_call
from lambdas.common.event_log import EventLog
from lambdas.common.failures import EventError, told
from lambdas.common.object_store import ObjectStore
from lambdas.common.pipeline_metrics import PipelineMetrics
from lambdas.common.settings import S3Uri, TopicSettings
from lambdas.common.topics import Topics
from lambdas.error_handler.failure_events import outside_failure, stage_failure
from lambdas.error_handler.failure_rules import RetryLimits
from lambdas.error_handler.response import Responder, ZoneFolders
from lambdas.error_handler.review import ReviewDesk, ReviewRequest

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


class HandlerSettings(TopicSettings):
    """The function's environment, names in capitals."""

    glue_job_name: str = Field(min_length=1)
    reports_uri: S3Uri
    quarantine_uri: S3Uri
    temp_uri: S3Uri
    max_attempts: int = Field(4, ge=1, le=5)
    retry_base_seconds: int = Field(30, ge=1)
    retry_max_seconds: int = Field(900, ge=1)


SETTINGS = HandlerSettings.read(os.environ)
LOG = EventLog("error_handler", SETTINGS.log_level)
STORE = ObjectStore(boto3.client("s3", config=CLIENT_CONFIG))
TOPICS = Topics(boto3.client("sns", config=CLIENT_CONFIG), SETTINGS.sns_topic_arn, SETTINGS.error_topics())


def handle(event: Event, context: "LambdaContext") -> Event:
    """Answer the state machine, take messages of failures, or take a person's request."""
    LOG.begin(str(event.get("correlation_id") or context.aws_request_id))
    metrics = PipelineMetrics(SETTINGS.metrics_namespace, SETTINGS.environment)
    return run_call(LOG, metrics, lambda: _answer(event, context, metrics))


def _answer(event: Event, context: "LambdaContext", metrics: PipelineMetrics) -> Event:
    if "review" in event:
        return _reviewed(event)
    responder = Responder(
        store=STORE,
        topics=TOPICS,
        log=LOG,
        metrics=metrics,
        places=ZoneFolders(SETTINGS.reports_uri, SETTINGS.quarantine_uri, SETTINGS.temp_uri),
        limits=RetryLimits(SETTINGS.max_attempts, SETTINGS.retry_base_seconds, SETTINGS.retry_max_seconds),
        jitter=random.random,
        pipeline_job=SETTINGS.glue_job_name,
    )
    if "stage" in event:
        return responder.respond(stage_failure(event))
    if isinstance(event.get("Records"), list):
        return _heard(event, context, responder)
    raise EventError("an event of a form that is not taken; expected stage, review or Records; cure: correct it")


def _reviewed(event: Event) -> Event:
    try:
        request = ReviewRequest.model_validate(event)
    except ValidationError:
        raise EventError("a review that is none; expected review and file_id; cure: compare docs/lambdas.md") from None
    return ReviewDesk(STORE, LOG, SETTINGS.quarantine_uri).answer(request)


def _heard(event: Event, context: "LambdaContext", responder: Responder) -> Event:
    def hear(record: SQSRecord) -> None:
        try:
            raw = record.raw_event
            responder.hear(outside_failure(record.body, raw.get("messageAttributes", {}), record.event_source_arn))
        except Exception as error:
            known = told(error)
            LOG.problem("message_failed", error_type=type(known).__name__)
            raise known from None

    processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
    return dict(process_partial_response(event=event, record_handler=hear, processor=processor, context=context))
