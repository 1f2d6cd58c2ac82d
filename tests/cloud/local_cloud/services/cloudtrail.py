"""CloudTrail: the end of a trail."""

from collections.abc import Callable

from moto.cloudtrail.models import CloudTrailBackend

from tests.cloud.local_cloud.registry import changes


@changes(
    CloudTrailBackend,
    "delete_trail",
    expected="a trail is deleted by its name or its ARN, which is what Terraform gives",
    moto="knows the name only, and says nothing of a trail that it does not find",
)
def delete_trail(original: Callable[[CloudTrailBackend, str], None], self: CloudTrailBackend, name: str) -> None:
    original(self, name.rpartition("/")[2])
