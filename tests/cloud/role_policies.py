"""What a role may do, by the policies that it really has in the cloud: a plain reader of IAM's allow and deny.

Conditions are not judged: a statement with one counts as if it held, so that what is refused here is refused anyhow.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any


@dataclass(frozen=True)
class RolePolicies:
    """The statements of one role."""

    statements: tuple[Mapping[str, Any], ...]

    @classmethod
    def of(cls, iam: Any, role_name: str) -> "RolePolicies":  # noqa: ANN401 - boto3 makes clients at run time
        """Read the role's inline policies; the product attaches no others."""
        assert not iam.list_attached_role_policies(RoleName=role_name)["AttachedPolicies"]
        names = iam.list_role_policies(RoleName=role_name)["PolicyNames"]
        documents = [iam.get_role_policy(RoleName=role_name, PolicyName=name)["PolicyDocument"] for name in names]
        return cls(tuple(statement for document in documents for statement in listed(document["Statement"])))

    def allows(self, action: str, resource: str) -> bool:
        """Whether an action on a resource is allowed, by some statement and against none without a condition."""
        found = [one for one in self.statements if _concerns(one, action, resource)]
        denied = any(one["Effect"] == "Deny" and "Condition" not in one for one in found)
        return not denied and any(one["Effect"] == "Allow" for one in found)

    def wide(self) -> Iterator[tuple[str, ...]]:
        """The actions of every allowing statement whose resource is everything."""
        for one in self.statements:
            if one["Effect"] == "Allow" and "*" in listed(one["Resource"]):
                yield tuple(sorted(listed(one["Action"])))


def listed(value: Any) -> list[Any]:  # noqa: ANN401 - IAM writes one of something without a list
    """A list, also where IAM leaves it out."""
    return value if isinstance(value, list) else [value]


def _concerns(statement: Mapping[str, Any], action: str, resource: str) -> bool:
    actions = (one.lower() for one in listed(statement["Action"]))
    return any(fnmatchcase(action.lower(), one) for one in actions) and any(
        fnmatchcase(resource, one) for one in listed(statement["Resource"])
    )
