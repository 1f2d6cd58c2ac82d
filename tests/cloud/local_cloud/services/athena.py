"""Athena: named queries."""

from moto.athena.responses import AthenaResponse
from moto.core.responses import ActionResult, EmptyResult

from tests.cloud.local_cloud.registry import adds


@adds(AthenaResponse, expected="a named query is deleted")
def delete_named_query(self: AthenaResponse) -> EmptyResult:
    self.athena_backend.named_queries.pop(self._get_param("NamedQueryId"), None)
    return EmptyResult()


@adds(AthenaResponse, expected="a named query is changed in its place")
def update_named_query(self: AthenaResponse) -> ActionResult:
    query = self.athena_backend.named_queries[self._get_param("NamedQueryId")]
    query.name = self._get_param("Name")
    query.description = self._get_param("Description")
    query.query_string = self._get_param("QueryString")
    return EmptyResult()
