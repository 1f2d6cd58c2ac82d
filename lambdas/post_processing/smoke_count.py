"""Can readers see what was published? Athena counts a run's rows, by the accounts in ingest_audit and in the table."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from expectations.contract import table_names
from lambdas.common.failures import TransientError, told

STORED_AS = {"medical_claim": "medical_claim_version"}
"""Where the rows of a table are told apart by run; `medical_claim` shows only those that survive."""

COUNT = (
    "SELECT (SELECT coalesce(sum(lines_published), 0) FROM ingest_audit WHERE run_id = ? AND target_table = ? "
    "AND status = 'published'), (SELECT count(*) FROM {table} WHERE ingest_run_id = ?)"
)
_RUNNING = ("QUEUED", "RUNNING")


class AthenaClient(Protocol):
    """What of an Athena client is used."""

    def start_query_execution(self, **arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401 - boto3's own
        """Start a query; the same token starts it once."""

    def get_query_execution(self, **arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401
        """Its state."""

    def get_query_results(self, **arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401
        """Its rows, the header first."""


@dataclass(frozen=True)
class Counted:
    """Rows of one table by the audit, and as a reader finds them."""

    table: str
    by_audit: int
    found: int

    @property
    def agrees(self) -> bool:
        """Whether readers see what was published."""
        return self.by_audit == self.found


@dataclass(frozen=True)
class SmokeCount:
    """The check; `wait` sleeps so many seconds."""

    client: AthenaClient
    workgroup: str
    database: str
    most_waits: int
    wait: Callable[[float], None]

    def counts(self, run_id: str, tables: Iterable[str]) -> tuple[Counted, ...]:
        """One count a table of the contract; TransientError where Athena does not answer with counts in time."""
        known = set(table_names())
        return tuple(self._count(run_id, table) for table in tables if table in known)

    def _count(self, run_id: str, table: str) -> Counted:
        sql = COUNT.format(table=STORED_AS.get(table, table))
        token = hashlib.sha256(f"{run_id} {sql}".encode()).hexdigest()
        try:
            query = self.client.start_query_execution(
                QueryString=sql,
                ExecutionParameters=[f"'{run_id}'", f"'{table}'", f"'{run_id}'"],
                ClientRequestToken=token,
                QueryExecutionContext={"Database": self.database},
                WorkGroup=self.workgroup,
            )["QueryExecutionId"]
            self._await(query)
            rows = self.client.get_query_results(QueryExecutionId=query)["ResultSet"]["Rows"]
        except Exception as error:
            raise told(error) from None
        try:
            by_audit, found = (int(cell["VarCharValue"]) for cell in rows[1]["Data"])
        except (IndexError, KeyError, ValueError):
            # what was published stays published, whatever Athena says of it
            raise TransientError("Athena's answer has no counts; expected a row of two; cure: none") from None
        return Counted(table, by_audit, found)

    def _await(self, query: str) -> None:
        for _ in range(self.most_waits):
            state = self.client.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]["State"]
            if state == "SUCCEEDED":
                return
            if state not in _RUNNING:
                break
            self.wait(1.0)
        raise TransientError("Athena did not count; expected an answer in time; cure: none, the count is left out")
