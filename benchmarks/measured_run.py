"""The job as it is run on one machine, and how many data files and bytes Spark read for it.

`python -m benchmarks.measured_run FILE [the job's arguments]` writes both to FILE as JSON.
"""

import json
import sys
from pathlib import Path
from typing import Any

from glue_jobs.jobs.process_medical_claims import main
from glue_jobs.runtime.session import STARTED

FILES_READ = "number of result data files"
"""What Iceberg's scans count, by their name in Spark's metrics."""


def read_by(session: Any) -> dict[str, int]:  # noqa: ANN401 - a reference into the JVM; py4j has no types
    """Data files and bytes read by all queries of a session so far, the same file counted each time it was read."""
    executors = session.sparkContext._jsc.sc().statusStore().executorList(False)  # noqa: SLF001 - no other way
    store, files = session._jsparkSession.sharedState().statusStore(), 0  # noqa: SLF001 - as above
    queries = store.executionsList()
    for query in (queries.apply(n) for n in range(queries.size())):
        found, metrics = store.executionMetrics(query.executionId()), query.metrics()
        for metric in (metrics.apply(n) for n in range(metrics.size())):
            if metric.name() == FILES_READ:
                value = found.get(metric.accumulatorId())
                files += int(value.get().replace(",", "")) if value.isDefined() else 0
    return {"files": files, "bytes": sum(executors.apply(n).totalInputBytes() for n in range(executors.size()))}


if __name__ == "__main__":
    target, *arguments = sys.argv[1:]
    code = main(["measured", *arguments])
    Path(target).write_text(json.dumps(read_by(STARTED[-1])))
    sys.exit(code)
