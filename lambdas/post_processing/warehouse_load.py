"""The optional load of Redshift: one statement a table and run, which is never started twice."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from lambdas.common.failures import told

_DONE_OR_GOING = frozenset({"SUBMITTED", "PICKED", "STARTED", "FINISHED"})


class RedshiftData(Protocol):
    """What of a redshift-data client is used."""

    def list_statements(self, **arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401 - boto3's own
        """Statements of a name."""

    def execute_statement(self, **arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401
        """Start a statement; the same token starts it once."""


@dataclass(frozen=True)
class WarehouseLoad:
    """Calls a procedure, which loads what of a table is not loaded yet, so that it may be called again."""

    client: RedshiftData
    workgroup: str
    database: str
    procedure: str

    def load(self, run_id: str, tables: Iterable[str]) -> tuple[str, ...]:
        """Names of the statements that were started now; those that run or have run are left alone."""
        return tuple(name for table in tables if (name := self._load(run_id, table)))

    def _load(self, run_id: str, table: str) -> str:
        name = statement_name(run_id, table)
        where = {"Database": self.database, "WorkgroupName": self.workgroup}
        try:
            earlier = self.client.list_statements(StatementName=name, RoleLevel=True, **where)["Statements"]
            if any(one.get("Status") in _DONE_OR_GOING for one in earlier):
                return ""
            self.client.execute_statement(
                Sql=f"CALL {self.procedure}(:table_name, :run_id)",
                Parameters=[{"name": "table_name", "value": table}, {"name": "run_id", "value": run_id}],
                StatementName=name,
                # another try after a failure is another statement
                ClientToken=hashlib.sha256(f"{name} {len(earlier)}".encode()).hexdigest(),
                WithEvent=True,
                **where,
            )
        except Exception as error:
            raise told(error) from None
        return name


def statement_name(run_id: str, table: str) -> str:
    """The statement's name: of run and table alone."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", f"{run_id}-load-{table}")
