"""Glue: the optimizers that compact Iceberg tables and expire what they no longer need."""

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.glue.exceptions import EntityNotFoundException
from moto.glue.responses import GlueResponse

from tests.cloud.local_cloud.memory import kept_on
from tests.cloud.local_cloud.registry import adds

KIND = "table_optimizers"
NAMING = ("CatalogId", "DatabaseName", "TableName", "Type")


def _name(response: GlueResponse) -> str:
    return "/".join(str(response.parameters.get(part)) for part in NAMING)


def _put(response: GlueResponse) -> EmptyResult:
    given: dict[str, Any] = response.parameters
    response.glue_backend.get_table(given["DatabaseName"], given["TableName"])  # refused where there is no such table
    kept_on(response.glue_backend, KIND)[_name(response)] = {
        **{part: given.get(part) for part in NAMING if part != "Type"},
        "TableOptimizer": {"type": given["Type"], "configuration": given["TableOptimizerConfiguration"]},
    }
    return EmptyResult()


@adds(GlueResponse, expected="an optimizer of a table, one of each type")
def create_table_optimizer(self: GlueResponse) -> EmptyResult:
    return _put(self)


@adds(GlueResponse, expected="the settings of an optimizer are replaced")
def update_table_optimizer(self: GlueResponse) -> EmptyResult:
    return _put(self)


@adds(GlueResponse, expected="an optimizer is read back with its settings")
def get_table_optimizer(self: GlueResponse) -> ActionResult:
    optimizer = kept_on(self.glue_backend, KIND).get(_name(self))
    if optimizer is None:
        raise EntityNotFoundException("No such table optimizer.")
    return ActionResult(optimizer)


@adds(GlueResponse, expected="an optimizer is deleted")
def delete_table_optimizer(self: GlueResponse) -> EmptyResult:
    kept_on(self.glue_backend, KIND).pop(_name(self), None)
    return EmptyResult()
