"""What one run did to every file it was given: the facts behind the report page, and their JSON form.

Every field is a count, a sum, a name or a time: there is no field that a value of a claim could be put into. Money is
US dollars to the cent, times are UTC, and one `RunReport` describes one run.
"""

import json
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, Self

from pydantic import Field, ValidationError

from expectations.errors import ContractError
from expectations.quality_score import sum_counts, total_score
from expectations.report_fields import Instant, OneLine, Reported
from expectations.report_parts import (
    BrokenRule,
    ErrorInfo,
    FileOutcome,
    FileStatus,
    MoneyByOutcome,
    MonthMoney,
    ScorePoint,
    SourceQuality,
    StageTime,
    TableOutcome,
    VersionCounts,
)

RunStatus = Literal["SUCCEEDED", "FAILED", "PARTIAL", "NOTHING_NEW"]

TOTALS = (
    "records_read",
    "records_accepted",
    "records_quarantined",
    "records_resent",
    "records_held",
    "lines_published",
    "duration_seconds",
    "rows_a_second",
    "balanced",
    "imbalances",
    "score",
)
"""The computed facts that stand in the JSON under `totals`, for readers without this module."""


class RunReport(Reported):
    """Everything that is known about one run."""

    run_id: str
    job_id: str
    status: RunStatus
    started_at: Instant
    finished_at: Instant
    code_version: str
    contract_version: str
    files: tuple[FileOutcome, ...] = ()
    broken_rules: tuple[BrokenRule, ...] = ()
    months: tuple[MonthMoney, ...] = ()
    stages: tuple[StageTime, ...] = ()
    tables: tuple[TableOutcome, ...] = ()
    table_changes: tuple[OneLine, ...] = Field(
        (), description="How tables that held data were made as the contract says, a sentence each."
    )
    money: MoneyByOutcome = MoneyByOutcome()
    versions: VersionCounts = VersionCounts()
    history: tuple[ScorePoint, ...] = Field((), description="Scores of earlier runs by source, the oldest first.")
    quarantine_location: str = ""
    error: ErrorInfo | None = None

    @property
    def records_read(self) -> int:
        """Records in all files that were read."""
        return sum(file.records_read for file in self.files)

    @property
    def records_accepted(self) -> int:
        """Records of which lines were made."""
        return sum(file.records_accepted for file in self.files)

    @property
    def records_quarantined(self) -> int:
        """Records kept out of the tables for a broken rule."""
        return sum(file.records_quarantined for file in self.files)

    @property
    def records_resent(self) -> int:
        """Records that are in already, the same to the last byte."""
        return sum(file.records_resent for file in self.files)

    @property
    def records_held(self) -> int:
        """Records of files that are held as a whole, of which nothing is published."""
        return sum(file.records_held for file in self.files)

    @property
    def lines_published(self) -> int:
        """Lines in the published tables that came from these files."""
        return sum(file.lines_published for file in self.files)

    @property
    def duration_seconds(self) -> float:
        """Seconds from start to finish; 0 where the clock was set back in between."""
        return max(0.0, (self.finished_at - self.started_at).total_seconds())

    @property
    def rows_a_second(self) -> float:
        """Records read for each second of the run, to one decimal; 0 for a run that took no time."""
        return round(self.records_read / self.duration_seconds, 1) if self.duration_seconds else 0.0

    @property
    def file_counts(self) -> Mapping[FileStatus, int]:
        """Number of files by status; 0 for a status that no file has."""
        return Counter(file.status for file in self.files)

    @property
    def quality(self) -> tuple[SourceQuality, ...]:
        """The quality of each source of which a record was judged, by the source's name."""
        judged = [file for file in self.files if file.quality]
        return tuple(
            SourceQuality(
                source=name,
                dimensions=sum_counts(count for file in judged if file.source == name for count in file.quality),
            )
            for name in sorted({file.source for file in judged})
        )

    @property
    def score(self) -> Decimal | None:
        """The score over all files of all sources, 0 to 100; None where no record was judged."""
        counts = sum_counts(count for file in self.files for count in file.quality)
        return total_score(counts) if counts else None

    @property
    def nothing_published(self) -> bool:
        """Whether the run failed before its first line was published."""
        return self.status == "FAILED" and not self.lines_published

    @property
    def balanced(self) -> bool:
        """Whether records, lines and money all add up; see `imbalances`."""
        return not self.imbalances

    @property
    def imbalances(self) -> tuple[str, ...]:
        """What does not add up, a sentence each; of a failed run it is also right that nothing was published."""
        return (
            *self._record_imbalances(),
            *self._held_imbalances(),
            *self._line_imbalances(),
            *self._money_imbalances(),
        )

    def _record_imbalances(self) -> tuple[str, ...]:
        return tuple(
            f"{file.file}: {file.records_read:,} records read, "
            f"but {file.records_accounted_for:,} accepted, quarantined, held or sent twice."
            for file in self.files
            if file.records_read != file.records_accounted_for
        )

    def _held_imbalances(self) -> tuple[str, ...]:
        return tuple(
            f"{file.file}: {file.status}, with {file.records_held:,} of {file.records_read:,} records held "
            f"and {file.lines_published:,} lines published."
            for file in self.files
            if file.records_held != (file.records_read if file.status == "held" else 0)
            or (file.status == "held" and file.lines_published)
        )

    def _line_imbalances(self) -> tuple[str, ...]:
        return tuple(
            f"{file.file}: {file.lines_accepted:,} lines made, but {file.lines_published:,} published."
            for file in self.files
            if file.lines_accepted not in {None, file.lines_published} and not self.nothing_published
        )

    def _money_imbalances(self) -> tuple[str, ...]:
        money, found = self.money, []
        if money.accepted != money.published and (money.published or not self.nothing_published):
            found.append(f"Paid amounts accepted are {money.accepted:,}, but {money.published:,} was published.")
        accounted_for = money.accepted + money.quarantined + money.resent + money.held
        if money.read is not None and money.read != accounted_for:
            found.append(
                f"Paid amounts read are {money.read:,}, "
                f"but {accounted_for:,} was accepted, quarantined, held or sent twice."
            )
        return tuple(found)

    def to_json(self) -> str:
        """The report as JSON text, the same for the same report: money as text with two places, times ISO 8601 UTC."""
        facts = self.model_dump(mode="json")
        for shown, file in zip(facts["files"], self.files, strict=True):
            shown["quality_score"] = file.quality_score
        facts["quality"] = [_with_scores(quality) for quality in self.quality]
        facts["totals"] = {name: getattr(self, name) for name in TOTALS}
        return json.dumps(facts, indent=2, ensure_ascii=False, default=str) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The report that `to_json` wrote, its totals computed anew; ContractError names the field that is wrong."""
        try:
            return cls.model_validate_json(json.dumps(_without_computed(json.loads(text))))
        except json.JSONDecodeError as error:
            raise ContractError(f"run report line {error.lineno}: not JSON: {error.msg}") from None
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "file"
            cure = "read it with the version that wrote it"
            raise ContractError(f"run report: {where}: {first['msg']}; cure: {cure}") from None


def _with_scores(quality: SourceQuality) -> dict[str, Any]:
    facts = quality.model_dump(mode="json")
    for shown, count in zip(facts["dimensions"], quality.dimensions, strict=True):
        shown["score"] = count.score
    return facts | {"records": quality.records, "score": quality.score}


def _without_computed(facts: Any) -> Any:  # noqa: ANN401 - whatever stands in the JSON; the model judges it
    if not isinstance(facts, dict):
        return facts
    kept = {name: value for name, value in facts.items() if name not in {"totals", "quality"}}
    if isinstance(files := kept.get("files"), list):
        computed = {"quality_score"}
        kept["files"] = [
            {name: value for name, value in file.items() if name not in computed} if isinstance(file, dict) else file
            for file in files
        ]
    return kept
