"""The job as it is run on one machine, with the row rules of its suites or without them, and what it cost.

`python -m benchmarks.measured_quality FILE with|without [the job's arguments]` writes the figures to FILE as JSON. With
the rules, the audit before publication is in it, uniqueness included; the uniqueness of the grain is judged once more
after the job, on what it published, and measured by itself. No page of Data Docs is made: it costs the same whatever
the size of the file.
"""

import json
import sys
from pathlib import Path
from unittest.mock import patch

from benchmarks.processor_time import jobs_of, measured, used_by
from expectations.contract import load_table
from expectations.rules import Rule, suite_rules
from glue_jobs.jobs import audit_branch
from glue_jobs.jobs.process_medical_claims import main
from glue_jobs.quality.table_rules import judge_table
from glue_jobs.runtime.session import STARTED
from glue_jobs.storage import staging
from glue_jobs.storage.tables import create_table

TABLE = "medical_claim"


def no_rules(table: str) -> tuple[Rule, ...]:
    """What a table without a suite has."""
    return ()


def measure(target: Path, rules: str, arguments: list[str]) -> int:
    """Run the job, write what it cost, and give its exit code."""
    chosen = no_rules if rules == "without" else suite_rules
    with patch.object(staging, "suite_rules", chosen), patch.object(audit_branch, "suite_rules", chosen):
        code = main(["measured", *arguments, "--data_docs", "false"])
    session = STARTED[-1]
    found = {"seconds": used_by(session), "jobs": jobs_of(session)}
    if rules == "with":
        grain = [rule for rule in suite_rules(TABLE) if rule.type == "expect_compound_columns_to_be_unique"]
        with measured(session) as spent:
            judge_table(session.table(create_table(session, load_table(TABLE))), grain)
        found |= {"uniqueness_seconds": spent.seconds, "uniqueness_jobs": spent.jobs}
    target.write_text(json.dumps(found))
    session.stop()
    return code


if __name__ == "__main__":
    file, chosen, *rest = sys.argv[1:]
    sys.exit(measure(Path(file), chosen, rest))
