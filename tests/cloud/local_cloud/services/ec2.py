"""EC2: rules of security groups."""

from collections.abc import Callable
from inspect import signature

from moto.ec2.models.security_groups import SecurityGroupRule

from tests.cloud.local_cloud.memory import note, noted
from tests.cloud.local_cloud.registry import changes


@changes(
    SecurityGroupRule,
    "__init__",
    expected="a rule that names a prefix list has a description",
    moto="forgets it",
)
def keep_description(original: Callable[..., None], self: SecurityGroupRule, *given: object, **options: object) -> None:
    original(self, *given, **options)
    arguments = signature(original).bind(self, *given, **options).arguments
    note(self, "description", (arguments.get("prefix_list_id") or {}).get("Description"))


@changes(
    SecurityGroupRule,
    "description",
    expected="the description of a rule is read back, whatever the rule names",
    moto="reads it only where the rule names addresses",
)
def description(original: Callable[[SecurityGroupRule], str | None], self: SecurityGroupRule) -> str | None:
    return original(self) or self.source_group.get("Description") or noted(self, "description")
