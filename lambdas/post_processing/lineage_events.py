"""OpenLineage events of one run: START, then COMPLETE or FAIL. Pure; facets hold counts and names of tables only."""

import uuid
from datetime import datetime
from typing import Any, Literal

from expectations.report import RunReport
from lambdas.common.messages import instant_text

EventType = Literal["START", "COMPLETE", "FAIL"]

PRODUCER = "https://github.com/claims-etl/claims-etl"
RUN_EVENT = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
_FACETS = "https://openlineage.io/spec/facets"
_NAMESPACE = uuid.UUID("6f1c2b1e-5d0a-5c55-9d52-0b7f3ad2c0aa")


def run_uuid(job_id: str) -> str:
    """The run's id, as OpenLineage wants it: the same for the same job id."""
    return str(uuid.uuid5(_NAMESPACE, job_id))


def lineage_event(  # noqa: PLR0913 - what an event is made of
    event_type: EventType,
    *,
    job_id: str,
    environment: str,
    happened_at: datetime,
    report: RunReport | None = None,
    error_type: str | None = None,
) -> dict[str, Any]:
    """One event; inputs are sources and outputs tables, so that no object key is in it."""
    facets = {"errorMessage": _error(error_type)} if event_type == "FAIL" else {}
    return {
        "eventType": event_type,
        "eventTime": instant_text(happened_at),
        "producer": PRODUCER,
        "schemaURL": RUN_EVENT,
        "run": {"runId": run_uuid(job_id), "facets": facets},
        "job": {"namespace": f"claims-etl.{environment}", "name": "process_medical_claims", "facets": {}},
        "inputs": _inputs(report, environment) if report else [],
        "outputs": _outputs(report, environment) if report else [],
    }


def _inputs(report: RunReport, environment: str) -> list[dict[str, Any]]:
    sources = sorted({file.source for file in report.files if file.source})
    found = []
    for source in sources:
        files = [file for file in report.files if file.source == source]
        statistics = _facet("InputStatisticsInputDatasetFacet", "1-0-0") | {
            "rowCount": sum(file.records_read for file in files),
            "size": sum(file.size_bytes for file in files),
            "fileCount": len(files),
        }
        found.append(
            {
                "namespace": f"claims-etl.{environment}.raw",
                "name": source,
                "inputFacets": {"inputStatistics": statistics},
            }
        )
    return found


def _outputs(report: RunReport, environment: str) -> list[dict[str, Any]]:
    return [
        {
            "namespace": f"claims-etl.{environment}.processed",
            "name": table.table,
            "outputFacets": {
                "outputStatistics": _facet("OutputStatisticsOutputDatasetFacet", "1-0-2")
                | {"rowCount": table.rows_published}
            },
        }
        for table in report.tables
    ]


def _error(error_type: str | None) -> dict[str, Any]:
    return _facet("ErrorMessageRunFacet", "1-0-1") | {
        "message": error_type or "UnknownError",
        "programmingLanguage": "python",
    }


def _facet(name: str, version: str) -> dict[str, Any]:
    return {"_producer": PRODUCER, "_schemaURL": f"{_FACETS}/{version}/{name}.json#/$defs/{name}"}
