"""What a function is told by its environment: read once, checked, frozen."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from expectations.errors import ArgumentError
from lambdas.common.messages import Severity

TopicArn = Annotated[str, StringConstraints(pattern=r"^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+$")]
S3Uri = Annotated[str, StringConstraints(pattern=r"^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[^/]+)*$")]
"""A bucket, or a folder in one, without a slash at its end."""


class Settings(BaseModel):
    """What every function reads; the field `sns_topic_arn` is the variable SNS_TOPIC_ARN."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    environment: str = Field("dev", pattern=r"^[a-z][a-z0-9-]*$")
    metrics_namespace: str = Field("HealthcareClaims", min_length=1)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """The settings of a process; ArgumentError names variables that are missing or wrong, not their values."""
        given = {name: environment[name.upper()] for name in cls.model_fields if environment.get(name.upper())}
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            wrong = sorted({str(found["loc"][0]).upper() for found in error.errors() if found["loc"]})
            raise ArgumentError(
                f"environment variables missing or wrong: {', '.join(wrong)}; "
                "expected as docs/lambdas.md says; cure: correct the function's environment"
            ) from None


class TopicSettings(Settings):
    """Of a function that tells runs and errors; a severity without a topic of its own goes to `error_topic_arn`."""

    sns_topic_arn: TopicArn
    error_topic_arn: TopicArn
    critical_topic_arn: TopicArn | None = None
    high_topic_arn: TopicArn | None = None
    medium_topic_arn: TopicArn | None = None
    low_topic_arn: TopicArn | None = None

    def error_topics(self) -> dict[Severity, str]:
        """The topic of each severity."""
        by_severity = {
            Severity.CRITICAL: self.critical_topic_arn,
            Severity.HIGH: self.high_topic_arn,
            Severity.MEDIUM: self.medium_topic_arn,
            Severity.LOW: self.low_topic_arn,
        }
        return {severity: arn or self.error_topic_arn for severity, arn in by_severity.items()}
