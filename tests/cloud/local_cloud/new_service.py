"""What a service, or a part of one, that moto does not have is written on.

A request is read, and an answer written, by botocore's model of the service, as moto itself does it: fields that the
model does not know are left out of the answer. A service keeps records by kind and name.
"""

import re
from collections import defaultdict
from typing import ClassVar

from moto.core.exceptions import ServiceException
from moto.core.responses import BaseResponse

from tests.cloud.local_cloud.memory import Record


class RecordNotFoundError(ServiceException):
    """Raised when no record of that name is kept."""

    code = "ResourceNotFoundException"
    message = "No such resource."


class NewService(BaseResponse):
    """A service, or a part of one, that moto does not have; its operations are methods of their names.

    Attributes:
        boto_name: The service's name in boto3.
        signing_name: Its name in a signed request, by which the dispatcher finds it.
        paths: The paths of the requests that it answers, where moto has the rest of the service.
    """

    boto_name: ClassVar[str]
    signing_name: ClassVar[str]
    paths: ClassVar[re.Pattern[str]] = re.compile("")
    kept: ClassVar[defaultdict[tuple[str, ...], dict[str, Record]]]

    def __init_subclass__(cls) -> None:
        """Give every service a memory of its own."""
        cls.kept = defaultdict(dict)

    def __init__(self) -> None:
        super().__init__(service_name=self.boto_name)
        self.automated_parameter_parsing = True

    def records(self, kind: str) -> dict[str, Record]:
        """The records of that kind in the request's account and region, by name."""
        return self.kept[self.current_account, self.region, kind]

    def arn(self, resource: str) -> str:
        """The ARN of a resource of this service."""
        return f"arn:{self.partition}:{self.signing_name}:{self.region}:{self.current_account}:{resource}"

    def given(self, *left_out: str) -> Record:
        """The fields of the request but for those left out."""
        return {name: value for name, value in self.params.items() if name not in left_out and value is not None}


def find(records: dict[str, Record], name: str) -> Record:
    """The record of that name.

    Raises:
        RecordNotFoundError: No such record is kept.
    """
    if name not in records:
        raise RecordNotFoundError
    return records[name]


def remove(records: dict[str, Record], name: str) -> Record:
    """Forget the record of that name, and give it back."""
    record = find(records, name)
    del records[name]
    return record
