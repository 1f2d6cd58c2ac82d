"""CloudWatch: alarms."""

from collections.abc import Callable
from typing import Any

from moto.cloudwatch.models import Alarm, CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from tests.cloud.local_cloud.registry import adds, changes


@adds(CloudWatchResponse, expected="an alarm over other alarms; moto keeps and lists one, but does not take it")
def put_composite_alarm(self: CloudWatchResponse) -> ActionResult:
    return self.put_metric_alarm()


@changes(
    CloudWatchBackend,
    "put_metric_alarm",
    expected="an alarm may watch trimmed means and percentile ranks (TM, PR and others)",
    moto="knows percentiles only",
)
def put_metric_alarm(
    original: Callable[..., Alarm],
    self: CloudWatchBackend,
    extended_statistic: str | None = None,
    **settings: Any,  # noqa: ANN401 - what moto's own takes
) -> Alarm:
    alarm = original(self, **settings)
    alarm.extended_statistic = extended_statistic
    return alarm
