"""Edge of the function that is asked what to do about failures, and by which people review files; docs/lambdas.md."""

import os
import random
import time
from typing import TYPE_CHECKING

import boto3
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from pydantic import Field, Json, ValidationError

from lambdas.common.edge import CLIENT_CONFIG, Event, run_call
from lambdas.common.event_log import EventLog
from lambdas.common.failures import EventError, told
from lambdas.common.object_store import ObjectStore
from lambdas.common.pipeline_metrics import PipelineMetrics
from lambdas.common.settings import S3Uri, TopicSettings
from lambdas.common.state_machine import StateMachine
from lambdas.common.topics import Topics
from lambdas.error_handler.dead_letters import DeadLetters, given_up_run_in
from lambdas.error_handler.failure_events import outside_failure, stage_failure
from lambdas.error_handler.failure_rules import RetryLimits
from lambdas.error_handler.redrive import RedriveDesk, RedriveRequest
from lambdas.error_handler.response import Responder, ZoneFolders
from lambdas.error_handler.review import ReviewDesk, ReviewRequest
from lambdas.error_handler.run_notes import RunNotes

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


class HandlerSettings(TopicSettings):
    """The function's environment, names in capitals."""

    glue_job_name: str = Field(min_length=1)
    reports_uri: S3Uri
    quarantine_uri: S3Uri
    temp_uri: S3Uri
    state_machine_arn: str = Field(pattern="^arn:")
    queue_arns: Json[dict[str, str]]
    dead_letter_arns: Json[dict[str, str]]
    max_attempts: int = Field(4, ge=1, le=5)
    retry_base_seconds: int = Field(30, ge=1)
    retry_max_seconds: int = Field(900, ge=1)


SETTINGS = HandlerSettings.read(os.environ)
LOG = EventLog("error_handler", SETTINGS.log_level)
STORE = ObjectStore(boto3.client("s3", config=CLIENT_CONFIG))
TOPICS = Topics(boto3.client("sns", config=CLIENT_CONFIG), SETTINGS.sns_topic_arn, SETTINGS.error_topics())
RUNS = RunNotes(STORE, SETTINGS.quarantine_uri)
DEAD_LETTERS = DeadLetters(
    boto3.client("sqs", config=CLIENT_CONFIG), SETTINGS.queue_arns, SETTINGS.dead_letter_arns, time.sleep
)
REDRIVES = RedriveDesk(
    store=STORE,
    runs=RUNS,
    dead_letters=DEAD_LETTERS,
    machine=StateMachine(boto3.client("stepfunctions", config=CLIENT_CONFIG), SETTINGS.state_machine_arn),
    topics=TOPICS,
    log=LOG,
    reports=SETTINGS.reports_uri,
    quarantine=SETTINGS.quarantine_uri,
)


def handle(event: Event, context: "LambdaContext") -> Event:
    """Answer the state machine, take messages of failures, or take a person's request."""
    LOG.begin(str(event.get("correlation_id") or context.aws_request_id))
    metrics = PipelineMetrics(SETTINGS.metrics_namespace, SETTINGS.environment)
    return run_call(LOG, metrics, lambda: _answer(event, context, metrics))


def _answer(event: Event, context: "LambdaContext", metrics: PipelineMetrics) -> Event:
    if "review" in event or "redrive" in event:
        return _decided(event)
    responder = Responder(
        store=STORE,
        topics=TOPICS,
        log=LOG,
        metrics=metrics,
        places=ZoneFolders(SETTINGS.reports_uri, SETTINGS.quarantine_uri, SETTINGS.temp_uri),
        runs=RUNS,
        dead_letters=DEAD_LETTERS,
        limits=RetryLimits(SETTINGS.max_attempts, SETTINGS.retry_base_seconds, SETTINGS.retry_max_seconds),
        jitter=random.random,
        pipeline_job=SETTINGS.glue_job_name,
    )
    if "stage" in event:
        return responder.respond(stage_failure(event))
    if isinstance(event.get("Records"), list):
        return _heard(event, context, responder)
    raise EventError(
        "an event of a form that is not taken; expected stage, review, redrive or Records; cure: correct it"
    )


def _decided(event: Event) -> Event:
    """What a person asks for, or decides."""
    try:
        if "review" in event:
            desk = ReviewDesk(STORE, LOG, SETTINGS.quarantine_uri, RUNS)
            return desk.answer(ReviewRequest.model_validate(event))
        return REDRIVES.answer(RedriveRequest.model_validate(event))
    except ValidationError as error:
        wrong = ", ".join(sorted({str(found["loc"][0]) for found in error.errors() if found["loc"]}))
        raise EventError(f"a request with wrong fields; expected otherwise: {wrong}; cure: docs/lambdas.md") from None


def _heard(event: Event, context: "LambdaContext", responder: Responder) -> Event:
    def hear(record: SQSRecord) -> None:
        try:
            if run := given_up_run_in(record.body):
                REDRIVES.hear(run)
                return
            raw = record.raw_event
            responder.hear(outside_failure(record.body, raw.get("messageAttributes", {}), record.event_source_arn))
        except Exception as error:
            known = told(error)
            LOG.problem("message_failed", error_type=type(known).__name__)
            raise known from None

    processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
    return dict(process_partial_response(event=event, record_handler=hear, processor=processor, context=context))
