"""Edge of the function that finishes runs and announces them; see docs/lambdas.md."""

import json
import os
import time
from typing import TYPE_CHECKING, Any

import boto3
from pydantic import Field

from lambdas.common.edge import CLIENT_CONFIG, Event, run_call
from lambdas.common.event_log import EventLog
from lambdas.common.failures import TransientError, told
from lambdas.common.object_store import ObjectStore
from lambdas.common.pipeline_metrics import PipelineMetrics
from lambdas.common.settings import S3Uri, TopicSettings
from lambdas.common.topics import Topics
from lambdas.post_processing.finish import Finisher, RunSettings
from lambdas.post_processing.finished_run import finished_run
from lambdas.post_processing.smoke_count import SmokeCount
from lambdas.post_processing.warehouse_load import WarehouseLoad

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from mypy_boto3_events import EventBridgeClient

_SQL_NAME = r"^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$"


class FinishSettings(TopicSettings):
    """The function's environment, names in capitals; without a workgroup a step is left out."""

    reports_uri: S3Uri
    temp_uri: S3Uri
    event_bus_name: str = "default"
    athena_workgroup: str = ""
    athena_database: str = Field("processed", pattern=r"^[a-z0-9_]+$")
    athena_wait_seconds: int = Field(60, ge=1, le=240)
    redshift_workgroup: str = ""
    redshift_database: str = Field("claims", min_length=1)
    redshift_procedure: str = Field("claims.load_run", pattern=_SQL_NAME)
    dollars_per_dpu_hour: float = Field(0.44, ge=0)
    flex_dollars_per_dpu_hour: float = Field(0.29, ge=0)


class EventBus:
    """EventBridge, which answers success for events that it did not take."""

    def __init__(self, client: "EventBridgeClient", name: str) -> None:
        self._client, self._name = client, name

    def put(self, detail_type: str, detail: dict[str, Any]) -> None:
        """Send one event; TransientError where it was not taken."""
        try:
            answer = self._client.put_events(
                Entries=[
                    {
                        "Source": "claims-etl",
                        "DetailType": detail_type,
                        "Detail": json.dumps(detail),
                        "EventBusName": self._name,
                    }
                ]
            )
        except Exception as error:
            raise told(error) from None
        if answer["FailedEntryCount"]:
            raise TransientError("EventBridge did not take an event; expected it taken; cure: it is tried again")


SETTINGS = FinishSettings.read(os.environ)
LOG = EventLog("post_processing", SETTINGS.log_level)
STORE = ObjectStore(boto3.client("s3", config=CLIENT_CONFIG))
TOPICS = Topics(boto3.client("sns", config=CLIENT_CONFIG), SETTINGS.sns_topic_arn, SETTINGS.error_topics())
BUS = EventBus(boto3.client("events", config=CLIENT_CONFIG), SETTINGS.event_bus_name)
SMOKE_COUNT = (
    SmokeCount(
        boto3.client("athena", config=CLIENT_CONFIG),
        SETTINGS.athena_workgroup,
        SETTINGS.athena_database,
        SETTINGS.athena_wait_seconds,
        time.sleep,
    )
    if SETTINGS.athena_workgroup
    else None
)
WAREHOUSE = (
    WarehouseLoad(
        boto3.client("redshift-data", config=CLIENT_CONFIG),
        SETTINGS.redshift_workgroup,
        SETTINGS.redshift_database,
        SETTINGS.redshift_procedure,
    )
    if SETTINGS.redshift_workgroup
    else None
)


def handle(event: Event, context: "LambdaContext") -> Event:
    """Finish a run: `{"outcome": ..., "job_id": ...}` and what the state machine knows beside."""
    LOG.begin(str(event.get("correlation_id") or context.aws_request_id))
    metrics = PipelineMetrics(SETTINGS.metrics_namespace, SETTINGS.environment)
    return run_call(LOG, metrics, lambda: _finisher(metrics).finish(finished_run(event)))


def _finisher(metrics: PipelineMetrics) -> Finisher:
    return Finisher(
        store=STORE,
        topics=TOPICS,
        bus=BUS,
        log=LOG,
        metrics=metrics,
        settings=RunSettings(
            reports=SETTINGS.reports_uri,
            temp=SETTINGS.temp_uri,
            environment=SETTINGS.environment,
            dollars_per_dpu_hour=SETTINGS.dollars_per_dpu_hour,
            flex_dollars_per_dpu_hour=SETTINGS.flex_dollars_per_dpu_hour,
        ),
        smoke_count=SMOKE_COUNT,
        warehouse=WAREHOUSE,
    )
