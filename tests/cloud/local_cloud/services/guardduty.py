"""GuardDuty: features of a detector."""

from collections.abc import Callable
from typing import Any

from moto.guardduty.models import Detector

from tests.cloud.local_cloud.registry import changes


@changes(
    Detector,
    "update",
    expected="an update that names one feature leaves the others as they are",
    moto="forgets the others",
)
def update(original: Callable[..., None], self: Detector, *settings: Any) -> None:  # noqa: ANN401 - what moto takes
    *others, features = settings
    merged = {feature["name"]: feature for feature in [*self.features, *(features or [])]}
    original(self, *others, list(merged.values()))
