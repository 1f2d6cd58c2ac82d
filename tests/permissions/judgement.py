"""Holds a role against what is needed of it: nothing missing, nothing more, and no zone that it has no business in."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from tests.cloud.local_cloud.conditions import conditions_hold
from tests.permissions.estate import Estate, Need

EVERYTHING = "*"
VERBS = {
    "read": ("s3:GetObject", "s3:GetObjectVersion"),
    "list": ("s3:ListBucket", "s3:ListBucketVersions"),
    "write": ("s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectTagging"),
    "delete": ("s3:DeleteObject", "s3:DeleteObjectVersion"),
}


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

    def missing(self, needs: Iterable[Need]) -> list[str]:
        """Needs that the role does not allow, or denies."""
        return sorted({f"{one.action} on {one.resource}: {one.why}" for one in needs if not self._allows(one)})

    def unneeded(self, needs: Iterable[Need]) -> list[str]:
        """What the role allows and nothing needs: action by action, resource by resource, condition by condition."""
        known = list(needs)
        return sorted(
            f"{action} on {resource} ({statement.get('Sid')})"
            for statement, action, resource in self.allowed()
            if not any(_is_for(one, statement, action, resource) for one in known)
        )

    def loose(self, account: str) -> list[str]:
        """Actions with a wildcard, and resources that name neither a bucket nor a kind of thing of this account."""
        return sorted(
            f"{action} on {resource}"
            for _, action, resource in self.allowed()
            if EVERYTHING in action or (resource != EVERYTHING and not _is_bounded(resource, account))
        )

    def trespasses(self, needs: Iterable[Need], estate: Estate) -> list[str]:
        """Zones that the role may read, list, write or delete in, without a need to."""
        used = {(one.action, _bucket(one.resource)) for one in needs}
        return sorted(
            f"may {verb} in {zone}"
            for zone, bucket in estate.outputs["bucket_names"].items()
            for verb, actions in VERBS.items()
            if not any((action, bucket) in used for action in actions)
            and any(self._touches(action, bucket) for action in actions)
        )

    def allowed(self) -> Iterator[tuple[Mapping[str, Any], str, str]]:
        """Each action and resource of each statement that allows something."""
        for one in self.statements:
            if one["Effect"] == "Allow":
                for action in listed(one["Action"]):
                    yield from ((one, action, resource) for resource in listed(one["Resource"]))

    def _allows(self, need: Need) -> bool:
        found = {one["Effect"] for one in self.statements if _concerns(one, need)}
        return found == {"Allow"}

    def _touches(self, action: str, bucket: str) -> bool:
        return any(
            fnmatchcase(action, allowed) and fnmatchcase(bucket, _bucket(resource) or EVERYTHING)
            for _, allowed, resource in self.allowed()
            if resource == EVERYTHING or resource.startswith("arn:aws:s3:::")
        )


def listed(value: Any) -> list[Any]:  # noqa: ANN401 - IAM writes one of something without a list
    """A list, also where IAM leaves it out."""
    return value if isinstance(value, list) else [value]


def _concerns(statement: Mapping[str, Any], need: Need) -> bool:
    return any(
        fnmatchcase(need.action, action) and fnmatchcase(need.resource, resource)
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    ) and conditions_hold(statement.get("Condition", {}), dict(need.context))


def _is_for(need: Need, statement: Mapping[str, Any], action: str, resource: str) -> bool:
    is_everything = resource == EVERYTHING
    return (
        need.action == action
        and is_everything == (need.resource == EVERYTHING)
        and fnmatchcase(need.resource, resource)
        and conditions_hold(statement.get("Condition", {}), dict(need.context))
    )


def _is_bounded(resource: str, account: str) -> bool:
    fixed = resource.partition(EVERYTHING)[0]
    return (
        "/" in fixed
        if resource.startswith("arn:aws:s3:::") and fixed != resource
        else account in fixed or fixed == resource
    )


def _bucket(resource: str) -> str:
    return resource.removeprefix("arn:aws:s3:::").partition("/")[0] if resource.startswith("arn:aws:s3:::") else ""
