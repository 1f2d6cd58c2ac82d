"""S3: settings of a bucket as they are read back."""

import json
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from moto.core.responses import ActionResult
from moto.s3.models import FakeBucket, FakeDeleteMarker
from moto.s3.responses import S3Response

from tests.cloud.local_cloud.memory import note, noted
from tests.cloud.local_cloud.registry import adds, changes

NEWER = "NewerNoncurrentVersions"
LOG_DELIVERY = "logging.s3.amazonaws.com"
Answer = tuple[int, dict[str, Any], str | bytes]
Original = Callable[[S3Response], Answer]


@changes(
    S3Response,
    "get_bucket_notification",
    expected="a bucket whose events go to EventBridge says so",
    moto="sends the events, but leaves the setting out",
)
def get_bucket_notification(original: Original, self: S3Response) -> Answer:
    kept = self.backend.get_bucket_notification_configuration(self.bucket_name)
    if not kept or kept.event_bridge is None:
        return original(self)
    return _answer_with(original, self, lambda result: {**result, "EventBridgeConfiguration": {}})


@changes(
    S3Response,
    "get_bucket_logging",
    expected="the form of the keys of access logs is read back",
    moto="leaves it out",
)
def get_bucket_logging(original: Original, self: S3Response) -> Answer:
    form = (self.backend.get_bucket_logging(self.bucket_name) or {}).get("TargetObjectKeyFormat")
    if form is None:
        return original(self)
    filled = {name: value or {} for name, value in form.items()}
    return _answer_with(
        original,
        self,
        lambda result: {"LoggingEnabled": {**result["LoggingEnabled"], "TargetObjectKeyFormat": filled}},
    )


@changes(
    FakeBucket,
    "_log_permissions_enabled_policy",
    expected="a bucket takes access logs when a statement of its policy lets their delivery write below the prefix",
    moto="fails at a statement for everyone, and knows one resource a statement, written in three ways",
)
def lets_logs_in(original: Callable[..., bool], target_bucket: FakeBucket, target_prefix: str | None) -> bool:
    del original
    statements = json.loads(target_bucket.policy or b'{"Statement": []}')["Statement"]
    key = f"arn:{target_bucket.partition}:s3:::{target_bucket.name}/{target_prefix or ''}log"
    return any(
        statement["Effect"] == "Allow"
        and _names_log_delivery(statement.get("Principal"))
        and "s3:PutObject" in _listed(statement["Action"])
        and any(fnmatchcase(key, resource) for resource in _listed(statement["Resource"]))
        for statement in statements
    )


@changes(
    S3Response,
    "get_bucket_replication",
    expected="a replication rule reads as it was written",
    moto="leaves the choice of encrypted objects out, and says that delete markers are not replicated",
)
def get_bucket_replication(original: Original, self: S3Response) -> Answer:
    written = (self.backend.get_bucket_replication(self.bucket_name) or {}).get("Rule", [])

    def as_written(result: dict[str, Any]) -> dict[str, Any]:
        read = result["ReplicationConfiguration"]
        rules = [{**of_moto, **_filled(rule)} for of_moto, rule in zip(read["Rules"], written, strict=True)]
        return {"ReplicationConfiguration": {**read, "Rules": rules}}

    return _answer_with(original, self, as_written)


@changes(
    FakeBucket,
    "set_lifecycle",
    expected="a rule may keep a number of former versions",
    moto="forgets the number",
)
def set_lifecycle(original: Callable[..., None], self: FakeBucket, rules: list[dict[str, Any]]) -> None:
    original(self, rules)
    note(self, NEWER, [rule.get("NoncurrentVersionExpiration", {}).get(NEWER) for rule in rules])


@changes(
    S3Response,
    "get_bucket_lifecycle",
    expected="Terraform waits until a rule reads as it was written",
    moto="leaves out how many former versions are kept",
)
def get_bucket_lifecycle(original: Original, self: S3Response) -> Answer:
    kept = noted(self.backend.get_bucket(self.bucket_name), NEWER, [])

    def with_number(result: dict[str, Any]) -> dict[str, Any]:
        for rule, number in zip(result["Rules"], kept, strict=True):
            if number is not None:
                rule["NoncurrentVersionExpiration"][NEWER] = number
        return result

    return _answer_with(original, self, with_number)


@adds(FakeDeleteMarker, expected="a delete marker can be deleted like any version: so a bucket is emptied")
def dispose(self: FakeDeleteMarker, garbage: bool = False) -> None:
    del self, garbage  # it holds no file that would have to be closed


def _names_log_delivery(principal: Any) -> bool:  # noqa: ANN401 - a policy is JSON
    return isinstance(principal, dict) and LOG_DELIVERY in _listed(principal.get("Service", []))


def _listed(value: Any) -> list[str]:  # noqa: ANN401 - a policy is JSON: one value or a list of them
    return value if isinstance(value, list) else [value]


def _filled(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule as moto keeps it, without an empty filter, which moto answers itself; empty texts are texts again."""
    return {name: _texts(value) for name, value in rule.items() if value is not None}


def _texts(value: Any) -> Any:  # noqa: ANN401 - XML as moto takes it apart
    if isinstance(value, dict):
        return {name: _texts(part) for name, part in value.items()}
    return "" if value is None else value


def _answer_with(original: Original, self: S3Response, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Answer:
    """The answer of moto, changed before it becomes XML, if it is no error; there is one response object a request."""
    serialized = self.serialized

    def changed(answer: ActionResult) -> Answer:
        result = answer.result
        return serialized(ActionResult(change(result)) if isinstance(result, dict) else answer)

    vars(self)["serialized"] = changed
    return original(self)
