"""Manual review: files are listed, shown, released, rejected; runs that were given up are listed, shown, rejected.

Every decision is an object that stays.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from expectations.contract import load_source
from expectations.errors import ArgumentError
from expectations.object_keys import safe_uri
from lambdas.common.event_log import EventLog
from lambdas.common.failures import MissingObjectError
from lambdas.common.object_store import ObjectStore, Place
from lambdas.common.review_notes import Decision, ReviewDecision, ReviewNote, decision_uri, note_uri
from lambdas.error_handler.run_notes import RunDecision, RunNotes

MOST_SHOWN = 200
_NOTE, _DECISIONS = "/note.json", "/decisions/"


class ReviewRequest(BaseModel):
    """What a person asks; who and why must be said for a decision."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    review: Literal["list", "show", "release", "reject"]
    file_id: str = Field("", pattern=r"^([0-9a-f]{32})?$")
    run: str = Field("", pattern=r"^([A-Za-z0-9][A-Za-z0-9._-]{0,79})?$")
    decided_by: str = ""
    explanation: str = ""


@dataclass
class ReviewDesk:
    """The service; `quarantine` is where the notes lie."""

    store: ObjectStore
    log: EventLog
    quarantine: str
    runs: RunNotes
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def answer(self, request: ReviewRequest) -> dict[str, object]:
        """What was asked, safe to show."""
        if request.review == "list":
            return self._waiting()
        if request.run:
            return self._of_run(request)
        if not request.file_id:
            raise ArgumentError("review needs a file_id; expected one that list shows; cure: give it")
        if request.review == "show":
            return {"files": [self._shown(request.file_id)]}
        return self._decide(request, request.review)

    def _waiting(self) -> dict[str, object]:
        """What nobody has decided on yet, and how much else there is."""
        found = list(self.store.list(f"{self.quarantine}/files"))
        decided = {uri.split(_DECISIONS)[0].rsplit("/", 1)[-1] for uri in found if _DECISIONS in uri}
        noted = [uri.split("/")[-2] for uri in found if uri.endswith(_NOTE)]
        files = [file_id for file_id in noted if file_id not in decided]
        runs = list(self.runs.names())
        waiting_runs = [name for name, is_decided in runs if not is_decided]
        return {
            "files": [self._shown(file_id) for file_id in files[:MOST_SHOWN]],
            "files_waiting": len(files),
            "files_decided": len(noted) - len(files),
            "runs": [self._run_shown(name) for name in waiting_runs[-MOST_SHOWN:]],
            "runs_waiting": len(waiting_runs),
            "runs_decided": len(runs) - len(waiting_runs),
        }

    def _of_run(self, request: ReviewRequest) -> dict[str, object]:
        if request.review == "release":
            raise ArgumentError("a run is not released; expected reject or show; cure: make redrive starts it again")
        shown = self._run_shown(request.run)
        if request.review == "reject":
            decided = self.runs.decide(
                RunDecision(
                    run=request.run,
                    decision="reject",
                    decided_by=_said(request.decided_by),
                    explanation=_said(request.explanation),
                    decided_at=self.clock(),
                )
            )
            if decided.decision != "reject":
                raise ArgumentError("the run was decided otherwise before; cure: make review RUN= shows it")
            self.log.info("review_decided", decision="reject", execution_name=request.run)
            shown = self._run_shown(request.run)
        return {"runs": [shown]}

    def _run_shown(self, run: str) -> dict[str, object]:
        note, decision = self.runs.find(run), self.runs.decision(run)
        if not note:
            raise ArgumentError("no run of this name was given up; expected one that list shows; cure: correct it")
        return note.model_dump(mode="json") | {"decisions": [decision.model_dump(mode="json")] if decision else []}

    def _decide(self, request: ReviewRequest, decision: Decision) -> dict[str, object]:
        decided_by, explanation = _said(request.decided_by), _said(request.explanation)
        note, earlier = self._note(request.file_id), self._decisions(request.file_id)
        if any(one.decision != decision for one in earlier):
            raise ArgumentError("the file was decided otherwise before; expected one decision; cure: send it again")
        target = self._target(note) if decision == "release" else ""
        if not earlier:
            decided = ReviewDecision(
                file_id=note.file_id,
                decision=decision,
                decided_by=decided_by,
                explanation=explanation,
                decided_at=self.clock(),
                sent_to=target,
            )
            # written first: what is not audited is not done
            self.store.write_new(decision_uri(self.quarantine, decided), decided.model_dump_json().encode())
        if target and not self._is_there(target):
            self.store.copy(note.original_uri, target)
        self.log.info("review_decided", decision=decision, file_id=note.file_id, source=note.source)
        return {"files": [self._shown(note.file_id)]}

    def _target(self, note: ReviewNote) -> str:
        """Below `requeued/` of the source, under the file's own name, which tells day and source."""
        if not note.source:
            raise ArgumentError("a file of no source cannot be released; expected one; cure: declare it, send it again")
        source, place = load_source(note.source), Place.of(note.original_uri)
        name = place.key.rsplit("/", 1)[-1]
        return f"s3://{place.bucket}/raw/{source.zone}/{source.name}/requeued/{note.file_id}/{name}"

    def _is_there(self, uri: str) -> bool:
        try:
            self.store.facts(uri)
        except MissingObjectError:
            return False
        return True

    def _note(self, file_id: str) -> ReviewNote:
        content = self.store.read_if_any(note_uri(self.quarantine, file_id))
        if content is None:
            raise ArgumentError("no file of this id waits or waited; expected one that list shows; cure: correct it")
        return ReviewNote.model_validate_json(content)

    def _decisions(self, file_id: str) -> list[ReviewDecision]:
        folder = f"{self.quarantine}/files/{file_id}/decisions"
        return [ReviewDecision.model_validate_json(self.store.read(uri)) for uri in self.store.list(folder)]

    def _shown(self, file_id: str) -> dict[str, object]:
        note, decisions = self._note(file_id), self._decisions(file_id)
        shown = note.model_dump(mode="json") | {"original_uri": safe_uri(note.original_uri)}
        return shown | {"decisions": [one.model_dump(mode="json", exclude={"sent_to"}) for one in decisions]}


def _said(text: str) -> str:
    """Who, or why: a decision without it is none."""
    if not text.strip():
        raise ArgumentError("a decision without a person or a reason; expected both; cure: decided_by, explanation")
    return " ".join(text.split())
