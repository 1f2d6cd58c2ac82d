"""Cost Explorer: monitors of unusual cost and who is told."""

import uuid
from typing import Any

from moto.ce.responses import CostExplorerResponse
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, EmptyResult

from tests.cloud.local_cloud.memory import Record, kept_on
from tests.cloud.local_cloud.registry import adds

MONITORS = "anomaly_monitors"
SUBSCRIPTIONS = "anomaly_subscriptions"


class UnknownMonitorError(ServiceException):
    """Raised when there is no such monitor."""

    code = "UnknownMonitorException"
    message = "No such monitor."


class UnknownSubscriptionError(ServiceException):
    """Raised when there is no such subscription."""

    code = "UnknownSubscriptionException"
    message = "No such subscription."


def _create(response: CostExplorerResponse, kind: str, given: Record, arn_field: str, path: str) -> ActionResult:
    arn = f"arn:{response.partition}:ce::{response.current_account}:{path}/{uuid.uuid4()}"
    kept_on(response.ce_backend, kind)[arn] = {**given, arn_field: arn, "AccountId": response.current_account}
    response.ce_backend.tag_resource(arn, response._get_param("ResourceTags") or [])  # noqa: SLF001 - how moto reads it
    return ActionResult({arn_field: arn})


def _listed(response: CostExplorerResponse, kind: str, wanted: list[str] | None) -> list[Any]:
    return [record for arn, record in kept_on(response.ce_backend, kind).items() if not wanted or arn in wanted]


@adds(CostExplorerResponse, expected="a monitor of unusual cost")
def create_anomaly_monitor(self: CostExplorerResponse) -> ActionResult:
    return _create(self, MONITORS, self._get_param("AnomalyMonitor"), "MonitorArn", "anomalymonitor")


@adds(CostExplorerResponse, expected="monitors are read back by ARN; an unknown one is an error")
def get_anomaly_monitors(self: CostExplorerResponse) -> ActionResult:
    wanted = self._get_param("MonitorArnList")
    monitors = _listed(self, MONITORS, wanted)
    if wanted and not monitors:
        raise UnknownMonitorError
    return ActionResult({"AnomalyMonitors": monitors})


@adds(CostExplorerResponse, expected="a monitor is deleted")
def delete_anomaly_monitor(self: CostExplorerResponse) -> EmptyResult:
    kept_on(self.ce_backend, MONITORS).pop(self._get_param("MonitorArn"), None)
    return EmptyResult()


@adds(CostExplorerResponse, expected="a subscription to monitors")
def create_anomaly_subscription(self: CostExplorerResponse) -> ActionResult:
    given = self._get_param("AnomalySubscription")
    return _create(self, SUBSCRIPTIONS, given, "SubscriptionArn", "anomalysubscription")


@adds(CostExplorerResponse, expected="subscriptions are read back by ARN; an unknown one is an error")
def get_anomaly_subscriptions(self: CostExplorerResponse) -> ActionResult:
    wanted = self._get_param("SubscriptionArnList")
    subscriptions = _listed(self, SUBSCRIPTIONS, wanted)
    if wanted and not subscriptions:
        raise UnknownSubscriptionError
    return ActionResult({"AnomalySubscriptions": subscriptions})


@adds(CostExplorerResponse, expected="a subscription is deleted")
def delete_anomaly_subscription(self: CostExplorerResponse) -> EmptyResult:
    kept_on(self.ce_backend, SUBSCRIPTIONS).pop(self._get_param("SubscriptionArn"), None)
    return EmptyResult()
