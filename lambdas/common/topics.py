"""SNS topics, by what is published to them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lambdas.common.failures import told
from lambdas.common.messages import ErrorMessage, Severity, StatusMessage

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sns.type_defs import MessageAttributeValueTypeDef


class Topics:
    """Publishes messages with attributes by which subscriptions filter."""

    def __init__(self, client: "SNSClient", status_arn: str, error_arns: Mapping[Severity, str]) -> None:
        self._client, self._status_arn, self._error_arns = client, status_arn, error_arns

    def tell(self, message: StatusMessage) -> None:
        """What became of a run."""
        attributes = {"event_type": message.event_type, "status": message.status}
        self._publish(self._status_arn, message.to_json(), f"Claims run {message.status.lower()}", attributes)

    def alert(self, message: ErrorMessage) -> None:
        """What failed, to those who wait for this severity."""
        attributes = {
            "event_type": message.event_type,
            "severity": message.severity.value,
            "category": message.category.value,
        }
        subject = f"Claims pipeline: {message.severity.value} {message.category.value} error"
        self._publish(self._error_arns[message.severity], message.to_json(), subject, attributes)

    def _publish(self, arn: str, text: str, subject: str, attributes: Mapping[str, str]) -> None:
        typed: dict[str, MessageAttributeValueTypeDef] = {
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
        }
        try:
            self._client.publish(TopicArn=arn, Message=text, Subject=subject, MessageAttributes=typed)
        except Exception as error:
            raise told(error) from None
