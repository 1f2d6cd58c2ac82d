"""From events to the objects that landed: S3's notification, EventBridge's form, and both inside SQS or SNS."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote_plus

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from lambdas.common.failures import EventError

UNKNOWN_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)
ACTIONS = ("flush", "reconcile")
"""What schedules ask for."""

_MOST_ENVELOPES = 4


class _Model(BaseModel):
    """AWS adds fields as it likes: what is not declared is not looked at."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class _Bucket(_Model):
    name: str = Field(min_length=1)


class _Object(_Model):
    key: str = Field(min_length=1)
    size: int = 0


class _S3(_Model):
    bucket: _Bucket
    object: _Object


class _Notified(_Model):
    """One record of an S3 notification; its key is encoded as in a URL."""

    s3: _S3
    event_name: str = Field("ObjectCreated:Put", alias="eventName")
    event_time: AwareDatetime = Field(UNKNOWN_MOMENT, alias="eventTime")


class _Told(_Model):
    """An event of EventBridge; its key is plain."""

    detail: _S3
    detail_type: str = Field("Object Created", alias="detail-type")
    time: AwareDatetime = UNKNOWN_MOMENT


class Landed(_Model):
    """An object of which an event says that it was made; the moment is 1970 where the event has none."""

    bucket: str
    key: str
    happened_at: AwareDatetime = UNKNOWN_MOMENT

    @property
    def uri(self) -> str:
        """As other programs name it; a key can hold a person's name."""
        return f"s3://{self.bucket}/{self.key}"


def action_in_text(text: str) -> dict[str, Any] | None:
    """The request of a schedule that is the body of a message, `{"action": "flush"}`; None where it is none."""
    try:
        request = json.loads(text)
    except (ValueError, RecursionError):
        return None
    is_request = isinstance(request, dict) and request.get("action") in ACTIONS
    return request if is_request else None


def landed_in_text(text: str) -> tuple[Landed, ...]:
    """The objects that landed by the body of a message; EventError where it is no event."""
    try:
        event = json.loads(text)
    except (ValueError, RecursionError):
        raise EventError("a message that is no JSON; expected an event of S3; cure: look at the sender") from None
    return landed_objects(event)


def landed_objects(event: Any, depth: int = 0) -> tuple[Landed, ...]:  # noqa: ANN401 - whatever was sent
    """The objects that landed by an event; none for other events of S3, EventError where it is no event of S3."""
    if not isinstance(event, dict) or depth > _MOST_ENVELOPES:
        raise _no_event()
    if event.get("Event") == "s3:TestEvent":
        return ()
    try:
        if "detail" in event:
            return _from_event_bridge(_Told.model_validate(event))
        if isinstance(event.get("Message"), str):
            return landed_objects(json.loads(event["Message"]), depth + 1)
        if isinstance(records := event.get("Records"), list):
            return tuple(landed for record in records for landed in _of_record(record, depth))
    except (ValidationError, ValueError, RecursionError):
        raise _no_event() from None
    raise _no_event()


def _from_event_bridge(event: _Told) -> tuple[Landed, ...]:
    if event.detail_type != "Object Created":
        return ()
    found = event.detail
    return (Landed(bucket=found.bucket.name, key=found.object.key, happened_at=event.time),)


def _of_record(record: Any, depth: int) -> tuple[Landed, ...]:  # noqa: ANN401 - whatever was sent
    if isinstance(record, dict) and "s3" not in record:
        envelope = record.get("body") or record.get("Sns")
        inner = json.loads(envelope) if isinstance(envelope, str) else envelope
        return landed_objects(inner, depth + 1)
    notified = _Notified.model_validate(record)
    if not notified.event_name.removeprefix("s3:").startswith("ObjectCreated:"):
        return ()
    found = notified.s3
    key = unquote_plus(found.object.key)
    return (Landed(bucket=found.bucket.name, key=key, happened_at=notified.event_time),)


def _no_event() -> EventError:
    return EventError(
        "an event of a form that is not taken; expected S3's notification or EventBridge's Object Created, direct or "
        "in SQS or SNS; cure: look at the sender"
    )
