"""The pipeline's own metrics, in CloudWatch's embedded form by Powertools; their one dimension is the environment."""

from typing import Literal

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import AmazonCloudWatchEMFProvider

Name = Literal[
    "RecordsProcessed",
    "FilesReceived",
    "FilesIgnored",
    "FilesQuarantined",
    "RecordsQuarantined",
    "FailedAttempts",
    "Attempts",
    "MinutesToReadable",
    "QualityScore",
    "CostUsd",
    "CostUsdPerMillionLines",
]
_UNITS = {
    "MinutesToReadable": MetricUnit.NoUnit,
    "QualityScore": MetricUnit.NoUnit,
    "CostUsd": MetricUnit.NoUnit,
    "CostUsdPerMillionLines": MetricUnit.NoUnit,
}
"""All others are counts."""


class PipelineMetrics:
    """Collects the values of one call and writes them at its end."""

    def __init__(self, namespace: str, environment: str) -> None:
        self._metrics = AmazonCloudWatchEMFProvider(namespace=namespace)
        # Powertools would add the service as a second dimension, and graphs by environment would find nothing
        self._metrics.service = ""
        self._environment = environment
        self._has_values = False

    def add(self, name: Name, value: float) -> None:
        """One value; zeros are values too."""
        self._metrics.add_metric(name=name, unit=_UNITS.get(name, MetricUnit.Count), value=value)
        self._has_values = True

    def flush(self) -> None:
        """Write what was added, if anything was."""
        if self._has_values:
            self._metrics.add_dimension(name="environment", value=self._environment)
            self._metrics.flush_metrics()
        self._has_values = False
