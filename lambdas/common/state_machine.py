"""Executions of the state machine: started once a name, and looked at."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from lambdas.common.failures import code_of, told

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


@dataclass(frozen=True)
class Execution:
    """What Step Functions knows of an execution; it forgets it after 90 days."""

    status: str
    request: str


class StateMachine:
    """One state machine; errors of AWS come as those of `lambdas.common.failures`."""

    def __init__(self, client: "SFNClient", arn: str) -> None:
        self._client, self._arn = client, arn

    def start(self, name: str, request: str) -> bool:
        """Whether it was started; False where there is, or was in the last 90 days, an execution of this name."""
        try:
            self._client.start_execution(stateMachineArn=self._arn, name=name, input=request)
        except ClientError as error:
            if code_of(error) == "ExecutionAlreadyExists":
                return False
            raise told(error) from None
        except Exception as error:
            raise told(error) from None
        return True

    def find(self, name: str) -> Execution | None:
        """The execution of this name; None where there is none any more."""
        arn = f"{self._arn.replace(':stateMachine:', ':execution:')}:{name}"
        try:
            found = self._client.describe_execution(executionArn=arn)
        except ClientError as error:
            if code_of(error) == "ExecutionDoesNotExist":
                return None
            raise told(error) from None
        except Exception as error:
            raise told(error) from None
        return Execution(found["status"], found.get("input", ""))
