"""Athena's client as the product uses it, answered by Trino: a statement ends when it is started."""

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tests.cloud.query_engine.engine import Engine

if TYPE_CHECKING:
    from tests.cloud.query_engine.answers import Answer


class AthenaOnTrino:
    """Starts, tells and answers queries as boto3's client of Athena does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._answers: dict[str, Answer] = {}

    def start_query_execution(self, **arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as boto3 has it
        """Run a statement; its parameters are literals of SQL."""
        sql, given = arguments["QueryString"], arguments.get("ExecutionParameters", [])
        quoted = sql.replace("'", "''")
        query = str(uuid.uuid4())
        self._answers[query] = self._engine.answer(
            f"EXECUTE IMMEDIATE '{quoted}' USING {', '.join(given)}" if given else sql
        )
        return {"QueryExecutionId": query}

    def get_query_execution(self, **arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401
        """The state of a statement: its answer is there."""
        assert arguments["QueryExecutionId"] in self._answers
        return {"QueryExecution": {"Status": {"State": "SUCCEEDED"}}}

    def get_query_results(self, **arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401
        """The rows of a statement's answer, the header first; a cell without a value has no text."""
        answer = self._answers[arguments["QueryExecutionId"]]
        rows: list[Sequence[object]] = [list(answer.columns), *answer.rows]
        cells = [[{} if cell is None else {"VarCharValue": str(cell)} for cell in row] for row in rows]
        return {"ResultSet": {"Rows": [{"Data": row} for row in cells]}}
