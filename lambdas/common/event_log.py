"""Log lines of functions: JSON by Powertools, fields from an allow-list only, never an exception's text."""

from datetime import datetime
from decimal import Decimal
from enum import Enum

from aws_lambda_powertools import Logger

ALLOWED_FIELDS = frozenset(
    {
        "action",
        "attempt",
        "bytes",
        "category",
        "correlation_id",
        "decision",
        "error_type",
        "event",
        "execution_name",
        "file",
        "file_id",
        "files",
        "function",
        "job_id",
        "lines",
        "messages",
        "MinutesToReadable",
        "outcome",
        "partitions",
        "quality_score",
        "queue",
        "reason",
        "records",
        "report_location",
        "rule_id",
        "run_id",
        "seconds",
        "severity",
        "source",
        "stage",
        "status",
        "target",
        "wait_seconds",
        "workers",
    }
)
"""Fields that a log line may have. `file` and `report_location` are given by `safe_uri`; none holds a claim's value."""


class EventLog:
    """Writes what happened, one line an event; a logger of its own, so that libraries' lines do not get in."""

    def __init__(self, function: str, level: str = "INFO") -> None:
        self._logger = Logger(service=function, level=level, log_uncaught_exceptions=False, log_record_order=["level"])

    def begin(self, correlation_id: str) -> None:
        """All lines from now on carry this id."""
        self._logger.set_correlation_id(correlation_id)

    def info(self, event: str, **fields: object) -> None:
        """Something that was expected happened."""
        self._logger.info(event, extra=_checked(event, fields))

    def problem(self, event: str, **fields: object) -> None:
        """Something happened that a person may have to look at."""
        self._logger.error(event, extra=_checked(event, fields))


def _checked(event: str, fields: dict[str, object]) -> dict[str, object]:
    unknown = set(fields) - ALLOWED_FIELDS
    if unknown:
        raise ValueError(f"log fields not allowed: {', '.join(sorted(unknown))}")
    return {"event": event, **{name: _plain(value) for name, value in fields.items()}}


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, Decimal | datetime) else value
