"""The product's job, run as `make run` starts it, in a process and a lake of its own, and measured."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measured_process import run_measured
from benchmarks.peer_ratios import Outcome

SOURCES = Path(__file__).parent / "sources"


@dataclass(frozen=True)
class ProductRun:
    """What the job is given: a file or folder, the source that declares it, and what differs from `make run`."""

    input: Path
    source: str
    options: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    settings: str = ""
    """What `run_with_settings` reads; without it the product's own command line is run."""


def run_product(run: ProductRun, folder: Path) -> Outcome:
    """The whole job: all row rules, quarantine, versions, audit, report. The lake is `folder/lake`."""
    lake = folder / "lake"
    program = ["benchmarks.run_with_settings", run.settings] if run.settings else ["glue_jobs.cli"]
    command = [sys.executable, "-m", *program, "run", "--input", str(run.input), "--lake", str(lake)]
    command += ["--source", run.source, "--sources", str(SOURCES), *run.options]
    environment = {**os.environ, "PYTHONPATH": str(SOURCES.parents[1]), **run.environment}
    cost = run_measured(command, folder, environment)
    return Outcome(cost, rows_in(lake / "processed" / "medical_claim"))


def rows_in(iceberg_table: Path) -> int:
    """Rows of a table of a lake by its newest metadata; each row that was deleted was so once, as the job does."""
    versions = {
        int(path.name.split(".")[0][1:]): path for path in (iceberg_table / "metadata").glob("v*.metadata.json")
    }
    metadata = json.loads(versions[max(versions)].read_text())
    current = next(one for one in metadata["snapshots"] if one["snapshot-id"] == metadata["current-snapshot-id"])
    summary = current["summary"]
    return int(summary["total-records"]) - int(summary.get("total-position-deletes", 0))
