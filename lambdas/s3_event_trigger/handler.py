"""Edge of the function that takes files as they land; see docs/lambdas.md for its events and answers."""

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import boto3
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from pydantic import Field

from expectations.errors import ClaimsError
from expectations.run_size import DPU_HOURS_PER_GIGABYTE
from lambdas.common.edge import CLIENT_CONFIG, Event, run_call
from lambdas.common.event_log import EventLog
from lambdas.common.failures import told
from lambdas.common.messages import instant_text
from lambdas.common.object_store import ObjectStore
from lambdas.common.pipeline_metrics import PipelineMetrics
from lambdas.common.settings import S3Uri, TopicSettings
from lambdas.common.state_machine import StateMachine
from lambdas.common.topics import Topics
from lambdas.s3_event_trigger.batches import BatchLimits, RunSizing
from lambdas.s3_event_trigger.landed_objects import ACTIONS, action_in_text, landed_in_text, landed_objects
from lambdas.s3_event_trigger.landing import Landing, Places
from lambdas.s3_event_trigger.ledger import Ledger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


LISTED_HOURS = 48
"""So far back a reconciliation looks, unless it is told otherwise."""


class TriggerSettings(TopicSettings):
    """The function's environment, names in capitals."""

    glue_job_name: str = Field(min_length=1)
    state_machine_arn: str = Field(pattern="^arn:")
    landed_files_table: str = Field(min_length=3)
    manifests_uri: S3Uri
    quarantine_uri: S3Uri
    batch_files: int = Field(500, ge=1, le=1000)
    batch_bytes: int = Field(4 * 10**9, ge=1)
    batch_age_seconds: int = Field(900, ge=0)
    big_file_bytes: int = Field(10**9, ge=1)
    dpu_hours_per_gigabyte: float = Field(DPU_HOURS_PER_GIGABYTE, gt=0)
    max_workers: int = Field(10, ge=2)
    ledger_days: int = Field(400, ge=1)
    lease_seconds: int = Field(360, ge=1, description="Longer than a call may last.")


SETTINGS = TriggerSettings.read(os.environ)
LOG = EventLog("s3_event_trigger", SETTINGS.log_level)
STORE = ObjectStore(boto3.client("s3", config=CLIENT_CONFIG))
LEDGER = Ledger(boto3.client("dynamodb", config=CLIENT_CONFIG), SETTINGS.landed_files_table, SETTINGS.ledger_days)
STARTER = StateMachine(boto3.client("stepfunctions", config=CLIENT_CONFIG), SETTINGS.state_machine_arn)
TOPICS = Topics(
    boto3.client("sns", config=CLIENT_CONFIG),
    SETTINGS.sns_topic_arn,
    SETTINGS.error_topics(),
)


def handle(event: Event, context: "LambdaContext") -> Event:
    """Take files that landed, or gather those that wait or look for files without an event."""
    LOG.begin(context.aws_request_id)
    metrics = PipelineMetrics(SETTINGS.metrics_namespace, SETTINGS.environment)
    return run_call(LOG, metrics, lambda: _answer(event, context, _landing(metrics)))


def _landing(metrics: PipelineMetrics) -> Landing:
    return Landing(
        store=STORE,
        ledger=LEDGER,
        starter=STARTER,
        topics=TOPICS,
        log=LOG,
        metrics=metrics,
        places=Places(SETTINGS.manifests_uri, SETTINGS.quarantine_uri),
        limits=BatchLimits(
            SETTINGS.batch_files, SETTINGS.batch_bytes, SETTINGS.batch_age_seconds, SETTINGS.big_file_bytes
        ),
        sizing=RunSizing(SETTINGS.dpu_hours_per_gigabyte, SETTINGS.max_workers),
        lease_seconds=SETTINGS.lease_seconds,
    )


def _answer(event: Event, context: "LambdaContext", landing: Landing) -> Event:
    extra: Event = {}
    if event.get("action") in ACTIONS:
        _act(event, landing)
        landing.gather()
    elif _is_from_sqs(event):
        extra = dict(_partly(event, context, landing))
        _gather_or_leave(landing)
    else:
        for landed in landed_objects(event):
            landing.receive(landed)
        landing.gather()
    body = {
        "message": f"Successfully processed {landing.received} files",
        "jobs_started": landing.jobs_started,
        "timestamp": instant_text(datetime.now(UTC)),
    }
    return {"statusCode": 200, "body": body, **extra}


def _act(request: Event, landing: Landing) -> None:
    """What a schedule asks for, beside the gathering that every call ends with."""
    if request["action"] == "reconcile":
        hours = float(request.get("hours", LISTED_HOURS))
        landing.reconcile(str(request.get("bucket", "")), datetime.now(UTC) - timedelta(hours=hours))


def _is_from_sqs(event: Event) -> bool:
    records = event.get("Records")
    first = records[0] if isinstance(records, list) and records else None
    return isinstance(first, dict) and first.get("eventSource") == "aws:sqs"


def _partly(event: Event, context: "LambdaContext", landing: Landing) -> Event:
    def receive(record: SQSRecord) -> None:
        try:
            if request := action_in_text(record.body):
                # a schedule's call that failed, moved back from the dead letters
                _act(request, landing)
                return
            for landed in landed_in_text(record.body):
                landing.receive(landed)
        except Exception as error:
            known = told(error)
            LOG.problem("message_failed", error_type=type(known).__name__)
            raise known from None

    processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
    return dict(process_partial_response(event=event, record_handler=receive, processor=processor, context=context))


def _gather_or_leave(landing: Landing) -> None:
    """The files of these messages are noted: what cannot start now is started by the schedule."""
    try:
        landing.gather()
    except ClaimsError as error:
        landing.metrics.add("FailedAttempts", 1)
        LOG.problem("gather_failed", error_type=type(error).__name__)
