"""The edge that all functions share: clients that wait as AWS asks, and a call that ends without another's text."""

from collections.abc import Callable
from typing import Any, TypeVar

from botocore.config import Config

from lambdas.common.event_log import EventLog
from lambdas.common.failures import told
from lambdas.common.pipeline_metrics import PipelineMetrics

CLIENT_CONFIG = Config(
    retries={"mode": "adaptive", "total_max_attempts": 5},
    connect_timeout=3,
    read_timeout=20,
    tcp_keepalive=True,
)
"""Adaptive retries are the circuit breaker of AWS calls: they slow a function down when a service throttles."""

Event = dict[str, Any]
Answer = TypeVar("Answer")


def run_call(log: EventLog, metrics: PipelineMetrics, call: Callable[[], Answer]) -> Answer:
    """What a handler does with one call: count it, log how it failed, write the metrics.

    Raises:
        ClaimsError: whatever went wrong, its class kept or told, without the text of its cause: Lambda writes the text
            of an exception into the log, and Step Functions hands it on.
    """
    metrics.add("Attempts", 1)
    try:
        answer = call()
    except Exception as error:
        known = told(error)
        metrics.add("FailedAttempts", 1)
        log.problem("call_failed", error_type=type(known).__name__)
        raise known from None
    else:
        metrics.add("FailedAttempts", 0)
        return answer
    finally:
        metrics.flush()
