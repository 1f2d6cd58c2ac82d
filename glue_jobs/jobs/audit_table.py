"""One published table against its suite of rules: what `make audit` calls.

The suite is judged in one pass (compiled), or by Great Expectations' own engine, slower and to the same counts. Either
way the facts are counts, and the page is Great Expectations' own. The report is written before anything is said of it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from pyspark.sql import DataFrame

from expectations.contract import load_table
from expectations.errors import InputNotFoundError
from expectations.object_keys import Lake
from expectations.rules import load_rules
from expectations.suite_outcome import Engine, SuiteOutcome
from glue_jobs.quality.compiled_suite import Findings, judge_suite
from glue_jobs.runtime.session import SessionOptions, start_session
from glue_jobs.runtime.telemetry import Telemetry
from glue_jobs.storage.objects import write_object
from glue_jobs.storage.publication import at_snapshot, head
from glue_jobs.storage.tables import table_name


@dataclass(frozen=True)
class AuditArguments:
    """Which table of which lake to audit, and which engine counts."""

    lake: str
    table: str
    audit_id: str
    engine: Engine = "compiled"

    @property
    def report_name(self) -> str:
        """What its files in validation-reports/ are called."""
        return f"audit-{self.audit_id}-{self.table}"


def audit_table(arguments: AuditArguments, telemetry: Telemetry) -> SuiteOutcome:
    """Judge the table as readers see it now, and write the outcome as JSON and as a page of Data Docs.

    Raises:
        InputNotFoundError: nothing was published to the table yet.
        ContractError: the table has no suite, or a rule of it cannot be read.
    """
    started_at, rules = datetime.now(UTC), load_rules(arguments.table)
    with telemetry.stage("start Spark"):
        spark = start_session(SessionOptions(arguments.lake))
    name = table_name(load_table(arguments.table))
    snapshot = head(spark, name) if spark.catalog.tableExists(name) else None
    if snapshot is None:
        raise InputNotFoundError(
            f"table {arguments.table} holds nothing yet; cure: publish files first (make run), or name another table"
        )
    rows = at_snapshot(spark, name, snapshot)
    with telemetry.stage("judge"):
        found = _judge(rows, arguments)
    outcome = SuiteOutcome(
        audit_id=arguments.audit_id,
        table=arguments.table,
        snapshot_id=snapshot,
        engine=arguments.engine,
        started_at=started_at,
        finished_at=datetime.now(UTC),
        rows=found.rows,
        dimensions=found.dimensions,
        outcomes=found.outcomes,
    )
    with telemetry.stage("report"):
        from glue_jobs.quality.data_docs import data_docs_page  # noqa: PLC0415 - seconds that only this needs

        lake = Lake(arguments.lake)
        write_object(lake.report(arguments.report_name, "json"), outcome.to_json().encode())
        write_object(lake.report(arguments.report_name, "html"), data_docs_page(outcome, rules).encode())
    return outcome


def _judge(rows: DataFrame, arguments: AuditArguments) -> Findings:
    rules = load_rules(arguments.table)
    if arguments.engine == "compiled":
        return judge_suite(rows, rules)
    from glue_jobs.quality.expectation_engine import judge_by_expectations  # noqa: PLC0415 - as above

    return Findings(judge_by_expectations(rows, rules), (), rows.count())
