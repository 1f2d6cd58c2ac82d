"""Glue: jobs and connections as they are changed and read back."""

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import camelcase_to_underscores
from moto.glue.models import FakeConnection, FakeJob
from moto.glue.responses import GlueResponse

from tests.cloud.local_cloud.memory import note, noted
from tests.cloud.local_cloud.registry import adds, changes

QUEUING = "JobRunQueuingEnabled"


@adds(GlueResponse, expected="a job is changed in its place: what is given replaces the whole definition")
def update_job(self: GlueResponse) -> ActionResult:
    name, update = self.parameters["JobName"], self.parameters["JobUpdate"]
    job = self.glue_backend.get_job(name)
    for field in FakeJob.as_dict(job):
        if field not in {"Name", "CreatedOn", "LastModifiedOn", "AllocatedCapacity", "MaxCapacity"}:
            setattr(job, camelcase_to_underscores(field), update.get(field))
    _keep_queuing(self, name, update)
    return ActionResult({"JobName": name})


@changes(
    GlueResponse,
    "create_job",
    expected="runs of a job may wait for their turn",
    moto="forgets the setting",
)
def create_job(original: Callable[[GlueResponse], ActionResult], self: GlueResponse) -> ActionResult:
    answer = original(self)
    _keep_queuing(self, self.parameters["Name"], self.parameters)
    return answer


@changes(FakeJob, "as_dict", expected="whether runs wait is read back", moto="leaves the setting out")
def job_with_queuing(original: Callable[[FakeJob], dict[str, Any]], self: FakeJob) -> dict[str, Any]:
    return {**original(self), QUEUING: noted(self, QUEUING, False)}


@changes(FakeConnection, "as_dict", expected="the type of a connection is read back", moto="leaves it out")
def connection_with_type(
    original: Callable[..., dict[str, Any]], self: FakeConnection, hide_password: bool = False
) -> dict[str, Any]:
    return {**original(self, hide_password), "ConnectionType": self.connection_input.get("ConnectionType")}


@adds(GlueResponse, expected="a connection is deleted")
def delete_connection(self: GlueResponse) -> EmptyResult:
    self.glue_backend.connections.pop(self.parameters["ConnectionName"], None)
    return EmptyResult()


def _keep_queuing(response: GlueResponse, name: str, given: dict[str, Any]) -> None:
    note(response.glue_backend.get_job(name), QUEUING, bool(given.get(QUEUING)))
