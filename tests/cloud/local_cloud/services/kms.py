"""KMS: how often a key is rotated."""

import json
from collections.abc import Callable

from moto.kms.responses import KmsResponse

from tests.cloud.local_cloud.memory import kept_on
from tests.cloud.local_cloud.registry import changes

KIND = "rotation_periods"
DEFAULT_DAYS = 365


@changes(
    KmsResponse,
    "enable_key_rotation",
    expected="the days between rotations are kept with the key",
    moto="forgets them",
)
def enable_key_rotation(original: Callable[[KmsResponse], str], self: KmsResponse) -> str:
    days = self._get_param("RotationPeriodInDays") or DEFAULT_DAYS
    kept_on(self.kms_backend, KIND)[_key(self)] = {"RotationPeriodInDays": days}
    return original(self)


@changes(
    KmsResponse,
    "get_key_rotation_status",
    expected="the days between rotations are read back",
    moto="leaves them out",
)
def get_key_rotation_status(original: Callable[[KmsResponse], str], self: KmsResponse) -> str:
    status = json.loads(original(self))
    period = kept_on(self.kms_backend, KIND).get(_key(self), {}) if status["KeyRotationEnabled"] else {}
    return json.dumps({**status, **period})


def _key(response: KmsResponse) -> str:
    return str(response.kms_backend.get_key_id(response._get_param("KeyId")))  # noqa: SLF001 - how moto reads it
