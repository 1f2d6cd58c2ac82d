"""Policies: their conditions, by what the request says."""

from collections.abc import Callable
from typing import Any

from flask import has_request_context, request
from moto.iam.access_control import IAMPolicyStatement, PermissionResult

from tests.cloud.local_cloud.conditions import conditions_hold
from tests.cloud.local_cloud.registry import changes

ACCOUNT_ID = "123456789012"


@changes(
    IAMPolicyStatement,
    "is_action_permitted",
    expected="a statement whose conditions do not hold says nothing about the request",
    moto="takes every operator but StringEquals for fulfilled, and denies where a Deny is not",
)
def with_conditions(
    original: Callable[..., PermissionResult],
    self: IAMPolicyStatement,
    *request: Any,  # noqa: ANN401 - action, resource, principal, and values of the request
) -> PermissionResult:
    context = {**_request_values(), **(request[3] or {})}
    if not conditions_hold(self._statement.get("Condition") or {}, context):
        return PermissionResult.NEUTRAL
    without = IAMPolicyStatement({name: part for name, part in self._statement.items() if name != "Condition"})
    return original(without, *request)


def _request_values() -> dict[str, str]:
    """What a condition can ask of the request under way: its `x-amz-` headers are the keys of S3.

    The server speaks plain HTTP; a request counts as one over TLS unless it says `X-Forwarded-Proto: http`.
    """
    if not has_request_context():
        return {}
    headers = {name.lower(): value for name, value in request.headers.items()}
    of_s3 = {f"s3:{name}": value for name, value in headers.items() if name.startswith("x-amz-")}
    plain = headers.get("x-forwarded-proto") == "http"
    return of_s3 | {
        "aws:SecureTransport": "false" if plain else "true",
        "aws:PrincipalAccount": ACCOUNT_ID,
        "s3:TlsVersion": "1.3",
    }
