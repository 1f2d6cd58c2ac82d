"""SNS: attributes of a topic as they are read back, and no message to the world outside."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores
from moto.sns.models import Subscription
from moto.sns.responses import SNSResponse

from tests.cloud.local_cloud.registry import changes

THIS_MACHINE = {"127.0.0.1", "localhost"}
LEFT_OUT = ("SignatureVersion", "TracingConfig")


@changes(
    SNSResponse,
    "get_topic_attributes",
    expected="a topic says how it signs and traces messages",
    moto="keeps both, but leaves them out",
)
def get_topic_attributes(original: Callable[[SNSResponse], ActionResult], self: SNSResponse) -> ActionResult:
    read: Any = original(self).result
    topic = self.backend.get_topic(self._get_param("TopicArn"))
    kept = {name: getattr(topic, camelcase_to_underscores(name), None) for name in LEFT_OUT}
    return ActionResult(
        {"Attributes": read["Attributes"] | {name: value for name, value in kept.items() if value is not None}}
    )


@changes(
    Subscription,
    "publish",
    expected="what is tried on one machine reaches nobody: PagerDuty least of all",
    moto="posts every message to the addresses of http and https subscriptions, wherever they are",
)
def publish(
    original: Callable[..., None],
    self: Subscription,
    *message: object,
    **options: object,
) -> None:
    if self.protocol in {"http", "https"} and urlsplit(self.endpoint).hostname not in THIS_MACHINE:
        return
    original(self, *message, **options)
