"""What a person starts again: the dead letters of a queue, or a run that was given up. Who and why is kept first."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from expectations.errors import ArgumentError
from lambdas.common.event_log import EventLog
from lambdas.common.messages import StatusMessage, instant_text
from lambdas.common.object_store import ObjectStore
from lambdas.common.state_machine import Execution, StateMachine
from lambdas.common.topics import Topics
from lambdas.error_handler.dead_letters import DeadLetters
from lambdas.error_handler.run_notes import GivenUpRun, RunDecision, RunNotes

BY_QUEUE = "redrive of the queue failures"
_ENDED_BADLY = frozenset({"FAILED", "TIMED_OUT", "ABORTED"})
_LONGEST_NAME = 80
_AGAIN = "-again"


class RedriveRequest(BaseModel):
    """What a person asks; who and why must be said."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    redrive: Literal["queue", "run"]
    queue: str = Field("", pattern=r"^[a-z0-9-]{0,60}$")
    run: str = Field("", pattern=r"^([A-Za-z0-9][A-Za-z0-9._-]{0,79})?$")
    decided_by: str = Field(min_length=1, max_length=100)
    explanation: str = Field(min_length=1, max_length=500)


@dataclass
class RedriveDesk:
    """The service; `reports` and `quarantine` are folders in S3."""

    store: ObjectStore
    runs: RunNotes
    dead_letters: DeadLetters
    machine: StateMachine
    topics: Topics
    log: EventLog
    reports: str
    quarantine: str
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def answer(self, request: RedriveRequest) -> dict[str, object]:
        """Carry out what was asked; asked twice, it is told what was done before."""
        if request.redrive == "queue":
            return self._move(request)
        return self._run_again(self._latest(request.run), request.decided_by, request.explanation)

    def hear(self, run: str) -> None:
        """A run comes back from the dead letters: it is started again, unless a person has decided on it."""
        decided = self.runs.decision(run)
        if decided and decided.decision == "reject":
            self.log.info("run_rejected_before", execution_name=run)
            return
        self._run_again(run, BY_QUEUE, "The decision on the queue says why.")

    def _move(self, request: RedriveRequest) -> dict[str, object]:
        queue = request.queue
        self.dead_letters.check(queue)
        if self.dead_letters.is_moving(queue):
            raise ArgumentError("a redrive of this queue is going on; expected none; cure: wait until it has ended")
        waiting = self.dead_letters.waiting(queue)
        if not waiting:
            return {"queue": queue, "status": "empty", "moved": 0, "dead_letters_before": 0, "dead_letters_after": 0}
        now = self.clock()
        decision = {
            "queue": queue,
            "decision": "redrive",
            "decided_by": request.decided_by,
            "explanation": " ".join(request.explanation.split()),
            "decided_at": instant_text(now),
            "dead_letters": waiting,
        }
        # written first: what is not audited is not done
        place = f"{self.quarantine}/decisions/queues/{queue}/{now:%Y%m%dT%H%M%S%f}-redrive.json"
        self.store.write_new(place, json.dumps(decision).encode())
        moved = self.dead_letters.move(queue)
        self.log.info("queue_redriven", queue=queue, messages=moved.moved, status=moved.status)
        return asdict(moved)

    def _run_again(self, run: str, decided_by: str, explanation: str) -> dict[str, object]:
        note = self.runs.find(run)
        if not note:
            raise ArgumentError("no run of this name was given up; expected one that review lists; cure: make review")
        earlier = self.runs.decision(run)
        if earlier and earlier.decision != "redrive":
            raise ArgumentError("the run was decided otherwise before; cure: send its files again")
        if earlier and self.machine.find(earlier.started_as):
            return _answer(note, earlier, "known")
        request = self._request(note, self.machine.find(run))
        if not earlier:
            asked = RunDecision(
                run=run,
                decision="redrive",
                decided_by=decided_by,
                explanation=explanation,
                decided_at=self.clock(),
                started_as=next_name(run),
            )
            # written first: what is not audited is not done; and of two at once one name is started
            earlier = self.runs.decide(asked)
        is_new = self.machine.start(earlier.started_as, request)
        if is_new:
            self._tell(note, request)
        self.log.info("run_redriven", job_id=note.job_id, execution_name=earlier.started_as, stage=note.stage)
        return _answer(note, earlier, "started" if is_new else "known")

    def _request(self, note: GivenUpRun, execution: Execution | None) -> str:
        """The input of the first execution, which the new one has as it was, but for where to begin."""
        if not execution:
            raise ArgumentError("Step Functions has forgotten the run, as after 90 days; cure: send its files again")
        if execution.status not in _ENDED_BADLY:
            raise ArgumentError(f"the run is {execution.status}; expected one that ended badly; cure: wait for its end")
        request: dict[str, Any] = json.loads(execution.request)
        manifest = str(request.get("manifest", ""))
        if manifest and self.store.read_if_any(manifest) is None:
            raise ArgumentError("the run's manifest is gone from the temp zone; cure: send its files again")
        if note.stage == "finish":
            request |= {"resume": "finish", "outcome": self._outcome(note)}
        return json.dumps(request, sort_keys=True)

    def _outcome(self, note: GivenUpRun) -> str:
        report = json.loads(self.store.read_if_any(f"{self.reports}/{note.job_id}.json") or b"{}")
        return "PARTIAL" if report.get("status") == "PARTIAL" else "SUCCEEDED"

    def _latest(self, asked: str) -> str:
        """The name of the execution: as it was given, or of a job the one that ended last."""
        if not asked:
            raise ArgumentError("redrive needs a run; expected a job id or a name that review lists; cure: give RUN")
        if self.runs.find(asked):
            return asked
        names = [name for name, _ in self.runs.names(f"{asked}-")]
        return max(names, key=lambda name: (_number(name), name), default=asked)

    def _tell(self, note: GivenUpRun, request: str) -> None:
        manifest = str(json.loads(request).get("manifest", ""))
        self.topics.tell(
            StatusMessage(
                job_id=note.job_id,
                status="STARTED",
                input_file=manifest,
                correlation_id=str(json.loads(request).get("correlation_id", note.job_id)),
                timestamp=self.clock(),
            )
        )


def next_name(run: str) -> str:
    """The name of the next execution: `<run>-again1`, then `-again2`; it depends on nothing else."""
    base, _, number = run.rpartition(_AGAIN)
    first = base if number.isdecimal() else run
    ending = f"{_AGAIN}{_number(run) + 1}"
    return f"{first[: _LONGEST_NAME - len(ending)]}{ending}"


def _number(run: str) -> int:
    _, sign, number = run.rpartition(_AGAIN)
    return int(number) if sign and number.isdecimal() else 0


def _answer(note: GivenUpRun, decision: RunDecision, status: str) -> dict[str, object]:
    return {"run": note.model_dump(mode="json"), "decision": decision.model_dump(mode="json"), "status": status}
