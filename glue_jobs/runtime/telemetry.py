"""What a run tells while it runs: stages with their times, as log lines of allowed fields only."""

import contextlib
import json
import logging
import time
from collections.abc import Callable, Iterator

ALLOWED_FIELDS = frozenset(
    {
        "event",
        "run_id",
        "stage",
        "seconds",
        "source",
        "table",
        "file_id",
        "status",
        "reason",
        "records",
        "lines",
        "files",
        "error_type",
    }
)
"""Fields that a log line may have; none of them can hold a value of a claim."""

LOGGER = logging.getLogger("claims_etl")


class Telemetry:
    """Times the stages of one run and tells whoever listens."""

    def __init__(self, run_id: str, on_stage: Callable[[str], None] = lambda stage: None) -> None:
        self.run_id = run_id
        self.stages: list[tuple[str, float]] = []
        self._on_stage = on_stage

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what happens inside, whether or not it succeeds; stages of the same name add up."""
        self._on_stage(name)
        started = time.perf_counter()
        try:
            yield
        finally:
            seconds = round(time.perf_counter() - started, 3)
            self._add(name, seconds)
            self.log("stage_ended", stage=name, seconds=seconds)

    def log(self, event: str, **fields: object) -> None:
        """Write one structured log line.

        Raises:
            ValueError: a field is not in the allow-list (a fault of the caller, found by tests).
        """
        unknown = set(fields) - ALLOWED_FIELDS
        if unknown:
            raise ValueError(f"log fields not allowed: {', '.join(sorted(unknown))}")
        LOGGER.info(json.dumps({**fields, "event": event, "run_id": self.run_id}, sort_keys=True))

    def _add(self, name: str, seconds: float) -> None:
        for place, (stage, earlier) in enumerate(self.stages):
            if stage == name:
                self.stages[place] = (name, round(earlier + seconds, 3))
                return
        self.stages.append((name, seconds))
