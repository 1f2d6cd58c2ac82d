"""What a run is about to publish, held against the suite of its table while it stands on the branch."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from expectations.errors import AuditError
from expectations.object_keys import Lake
from expectations.row_rules import Severity
from expectations.rules import Rule, suite_rules
from expectations.suite_outcome import SuiteOutcome
from glue_jobs.jobs.run_record import Load, Run, audit_name
from glue_jobs.quality.compiled_suite import Findings, judge_marked
from glue_jobs.storage.objects import write_object
from glue_jobs.storage.publication import Branch


def audit_branch(run: Run, branch: Branch, loads: Sequence[Load]) -> None:
    """Judge what the run wrote to the branch; row rules by the masks that were staged with the rows.

    Raises:
        AuditError: a critical rule about the table as a whole does not hold; nothing of the table is published.
    """
    table = loads[0].source.table
    rules = suite_rules(table)
    if not rules or run.arguments.audit == "none":
        return
    started_at = datetime.now(UTC)
    found = _judge(run, branch, loads, rules)
    run.audits[table] = SuiteOutcome(
        audit_id=run.run_id,
        table=table,
        engine="great_expectations" if run.arguments.audit == "great_expectations" else "compiled",
        started_at=started_at,
        finished_at=datetime.now(UTC),
        rows=found.rows,
        dimensions=found.dimensions,
        outcomes=found.outcomes,
    )
    # rows that break a critical rule are not on the branch, unless a person has released them
    broken = [one for one in found.outcomes if one.scope == "table" and not one.success]
    critical = ", ".join(one.rule_id for one in broken if one.severity is Severity.CRITICAL)
    if critical:
        raise AuditError(
            f"{table}: critical rules about the whole table do not hold: {critical}; nothing of it was published; "
            f"cure: see {audit_name(run.run_id, table)}.html below validation-reports/, correct the files, run again"
        )


def write_audits(run: Run, lake: Lake) -> None:
    """Write each outcome as JSON, and as a page of Great Expectations' Data Docs."""
    for table, outcome in run.audits.items():
        name = audit_name(run.run_id, table)
        write_object(lake.report(name, "json"), outcome.to_json().encode())
        if run.arguments.data_docs:
            from glue_jobs.quality.data_docs import data_docs_page  # noqa: PLC0415 - seconds that only this needs

            write_object(lake.report(name, "html"), data_docs_page(outcome, suite_rules(table)).encode())


def _judge(run: Run, branch: Branch, loads: Sequence[Load], rules: Sequence[Rule]) -> Findings:
    written = branch.read().where(F.col("ingest_run_id") == run.run_id)
    if run.arguments.audit == "great_expectations":
        from glue_jobs.quality.expectation_engine import judge_by_expectations  # noqa: PLC0415 - as above

        outcomes = judge_by_expectations(written, rules)
        return Findings(outcomes, (), written.count())
    return judge_marked(accepted_rows(loads), written, rules)


def accepted_rows(loads: Sequence[Load]) -> DataFrame:
    """The rows that are to be written, with their masks."""
    rows = [load.rows or load.judged for load in loads]
    return reduce(DataFrame.unionByName, [judged.where(F.col("_verdict") == "accepted") for judged in rows])
