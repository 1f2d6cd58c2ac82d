"""Runs that were given up: a note on each, and the one decision that stands on it. Both are never changed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from expectations.report_fields import OneLine
from lambdas.common.messages import Instant, SafeUri
from lambdas.common.object_store import ObjectStore

RunName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]
"""Name of an execution."""

NOTE, DECISION = ".json", "/decision.json"


class GivenUpRun(BaseModel):
    """What is known of a run at its end. Its manifest is named, the files in it are not."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    run: RunName
    job_id: str = ""
    manifest: SafeUri = ""
    stage: str = ""
    error_type: str = ""
    category: str = ""
    attempts: int = 1
    execution: str = ""
    given_up_at: Instant | None = None


class RunDecision(BaseModel):
    """What was decided on a run, by whom and why; `started_as` is the execution that takes it up again."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    run: RunName
    decision: Literal["redrive", "reject"]
    decided_by: str = Field(min_length=1, max_length=100)
    explanation: OneLine = Field(min_length=1, max_length=500)
    decided_at: Instant
    started_as: str = ""


@dataclass(frozen=True)
class RunNotes:
    """Notes below `runs/` of the quarantine zone: `<run>.json`, and `<run>/decision.json` once it was decided."""

    store: ObjectStore
    quarantine: str

    def add(self, run: GivenUpRun) -> None:
        """Note a run, unless it is noted."""
        self.store.write_new(self._uri(run.run, NOTE), run.model_dump_json().encode())

    def find(self, run: str) -> GivenUpRun | None:
        """The note on a run."""
        content = self.store.read_if_any(self._uri(run, NOTE))
        return GivenUpRun.model_validate({"run": run, **json.loads(content)}) if content else None

    def decide(self, decided: RunDecision) -> RunDecision:
        """Keep a decision; of two the first stands, and is what comes back."""
        if self.store.write_new(self._uri(decided.run, DECISION), decided.model_dump_json().encode()):
            return decided
        return self.decision(decided.run) or decided

    def decision(self, run: str) -> RunDecision | None:
        """The decision on a run."""
        content = self.store.read_if_any(self._uri(run, DECISION))
        return RunDecision.model_validate_json(content) if content else None

    def names(self, start: str = "") -> Iterator[tuple[str, bool]]:
        """Noted runs whose name begins so, each with whether it was decided."""
        folder = f"{self.quarantine}/runs/"
        found = [uri.removeprefix(folder) for uri in self.store.list_named(folder + start)]
        decided = {name.removesuffix(DECISION) for name in found if name.endswith(DECISION)}
        noted = (name.removesuffix(NOTE) for name in found if "/" not in name)
        yield from ((name, name in decided) for name in noted)

    def _uri(self, run: str, kind: str) -> str:
        return f"{self.quarantine}/runs/{run}{kind}"
