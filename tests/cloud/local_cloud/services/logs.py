"""CloudWatch Logs: saved queries."""

import time
import uuid

from moto.core.responses import ActionResult
from moto.logs.responses import LogsResponse

from tests.cloud.local_cloud.memory import kept_on
from tests.cloud.local_cloud.registry import adds

KIND = "query_definitions"


@adds(LogsResponse, expected="a query is saved under an identifier that AWS gives")
def put_query_definition(self: LogsResponse) -> ActionResult:
    identifier = self._get_param("queryDefinitionId") or str(uuid.uuid4())
    given = {name: self._get_param(name) for name in ("name", "queryString", "logGroupNames", "queryLanguage")}
    kept_on(self.logs_backend, KIND)[identifier] = {
        "queryDefinitionId": identifier,
        "lastModified": int(time.time() * 1000),
        **{name: value for name, value in given.items() if value is not None},
    }
    return ActionResult({"queryDefinitionId": identifier})


@adds(LogsResponse, expected="saved queries are listed by the beginning of their names")
def describe_query_definitions(self: LogsResponse) -> ActionResult:
    prefix = self._get_param("queryDefinitionNamePrefix") or ""
    queries = kept_on(self.logs_backend, KIND).values()
    return ActionResult({"queryDefinitions": [query for query in queries if query["name"].startswith(prefix)]})


@adds(LogsResponse, expected="a saved query is deleted by its identifier")
def delete_query_definition(self: LogsResponse) -> ActionResult:
    removed = kept_on(self.logs_backend, KIND).pop(self._get_param("queryDefinitionId"), None)
    return ActionResult({"success": removed is not None})
