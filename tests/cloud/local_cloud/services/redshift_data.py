"""Redshift's data interface: statements for a workgroup."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.redshiftdata.responses import RedshiftDataAPIServiceResponse as RedshiftData

from tests.cloud.local_cloud.memory import kept_on
from tests.cloud.local_cloud.registry import changes

KIND = "workgroups"
Answer = tuple[int, dict[str, str], str]


@changes(
    RedshiftData,
    "execute_statement",
    expected="the workgroup is read back, and times are numbers",
    moto="forgets the workgroup, and writes times as text",
)
def execute_statement(original: Callable[[RedshiftData], Answer], self: RedshiftData) -> ActionResult:
    statement = _timed(original(self))
    workgroup = self._get_param("WorkgroupName")
    kept_on(self.redshiftdata_backend, KIND)[statement["Id"]] = {"WorkgroupName": workgroup}
    return ActionResult({**statement, "WorkgroupName": workgroup})


@changes(
    RedshiftData,
    "describe_statement",
    expected="a statement is finished some time",
    moto="leaves it started for ever",
)
def describe_statement(original: Callable[[RedshiftData], Answer], self: RedshiftData) -> ActionResult:
    statement = _timed(original(self))
    workgroup = kept_on(self.redshiftdata_backend, KIND).get(statement["Id"], {})
    return ActionResult({**statement, **workgroup, "Status": "FINISHED"})


def _timed(answer: Answer) -> dict[str, Any]:
    """The fields of an answer of moto, with its times as times."""
    fields: dict[str, Any] = json.loads(answer[2])
    times = {name: datetime.now(UTC) for name in ("CreatedAt", "UpdatedAt") if name in fields}
    return {name: value for name, value in (fields | times).items() if value is not None}
