"""The deployed error handler, asked from a person's machine; what goes wrong comes as one sentence with its cure."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    TokenRetrievalError,
)

from expectations.errors import ArgumentError, ClaimsError
from lambdas.common.failures import (
    AccessError,
    EventError,
    FunctionError,
    MissingObjectError,
    ServiceError,
    TransientError,
    code_of,
    plain_name,
    told,
)

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

ALIAS = "live"
LONGEST_CALL_SECONDS = 310
"""The function's own time-out, and a little."""

_OURS: dict[str, type[ClaimsError]] = {
    kind.__name__: kind
    for kind in (AccessError, ArgumentError, EventError, MissingObjectError, ServiceError, TransientError)
}
_NO_CREDENTIALS = (
    CredentialRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    TokenRetrievalError,
)
_REFUSED_CREDENTIALS = frozenset({"ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException"})


def function_name(project: str, environment: str) -> str:
    """The handler's name, as Terraform gives it."""
    return f"{project}-{environment}-error-handler"


class DeployedHandler:
    """One deployed function; `name` is its name without an alias."""

    def __init__(self, name: str, region: str = "") -> None:
        self._name = name
        # one try: a second one, after a lost answer, would be told what the first one did
        config = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=LONGEST_CALL_SECONDS)
        try:
            self._client: LambdaClient = boto3.client("lambda", region_name=region or None, config=config)
        except Exception as error:
            raise self._said(error) from None

    def ask(self, request: Mapping[str, object]) -> dict[str, Any]:
        """The answer to a request; an error of the function comes as the class that it has there.

        Raises:
            ClaimsError: AWS does not let the caller in, there is no such function, or it refused the request.
        """
        try:
            answer = self._client.invoke(FunctionName=self._name, Qualifier=ALIAS, Payload=json.dumps(request).encode())
            content: dict[str, Any] = json.loads(answer["Payload"].read())
        except Exception as error:
            raise self._said(error) from None
        if not answer.get("FunctionError"):
            return content
        kind = _OURS.get(str(content.get("errorType")))
        if kind:
            raise kind(str(content.get("errorMessage", "")))
        # what is none of ours can say anything
        raise FunctionError(
            f"{plain_name(str(content.get('errorType', '')))} stopped the function; expected an answer; "
            f"cure: look at the log of {self._name}"
        )

    def _said(self, error: Exception) -> ClaimsError:
        if isinstance(error, _NO_CREDENTIALS) or code_of(error) in _REFUSED_CREDENTIALS:
            return AccessError("AWS does not know you; expected valid credentials; cure: aws sso login, AWS_PROFILE=")
        if isinstance(error, NoRegionError):
            return ArgumentError("no region; expected one; cure: REGION=us-east-1, or AWS_REGION")
        if isinstance(error, ClientError) and code_of(error) == "ResourceNotFoundException":
            return MissingObjectError(
                f"no function {self._name}:{ALIAS} in this account and region; expected it deployed; "
                "cure: make deploy, or correct ENV, PROJECT, REGION"
            )
        if isinstance(error, BotoCoreError):
            return TransientError(f"{type(error).__name__}: AWS did not answer; cure: try again, nothing is done twice")
        known = told(error)
        if isinstance(known, AccessError):
            return AccessError(f"you may not call {self._name}; expected lambda:InvokeFunction; cure: ask for it")
        return known
