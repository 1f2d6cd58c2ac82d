"""One claims file, validated without Spark: what the job would say of the file, of its records and of their lines.

The front door first (encoding, header, control totals), then every record rule, then the rules of the table's suite
that are given. Rules are judged on the lines of the records that break no critical record rule.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import BinaryIO, NamedTuple, Protocol

from expectations import raw_bytes
from expectations.contract import Source
from expectations.control_files import check_control_file
from expectations.dimension_counts import dimension_counts
from expectations.errors import ClaimsError, FileRefusedError
from expectations.file_names import file_name_groups
from expectations.file_records import FileRecords
from expectations.headers import HeaderMatch, match_header, shown_names
from expectations.object_keys import safe_name
from expectations.quality_score import DimensionCount
from expectations.raw_files import RawFileFacts, scan
from expectations.record_reader import MOST_REMEMBERED, ReadRecord
from expectations.row_rules import RECORD_RULES, RowRule, Severity
from expectations.schema_changes import SchemaPolicy
from expectations.validation import FileValidation, FoundRule

EXAMPLES = 5
"""Row numbers that are kept of each rule."""


class Rule(Protocol):
    """A rule of a table's suite, as `expectations.rules` has it."""

    @property
    def rule_id(self) -> str:
        """Its stable id, MC001."""

    @property
    def severity(self) -> Severity:
        """What it does to a record that breaks it."""

    @property
    def dimension(self) -> str:
        """The kind of quality that it is about."""

    @property
    def sentence(self) -> str:
        """What is wrong."""

    @property
    def cure(self) -> str:
        """What to do about it."""

    @property
    def scope(self) -> str:
        """`row` where one line tells, `table` where it takes them all."""

    def broken(self, row: Mapping[str, object], today: date, /) -> bool:
        """Whether the line breaks it; false where the rule is not about the line."""


@dataclass(frozen=True)
class ValidationOptions:
    """How a file is validated; `max_error_share` of None: as the source declares."""

    max_error_share: float | None = None
    examples: int = EXAMPLES
    schema_policy: SchemaPolicy = SchemaPolicy.EVOLVE
    chunk_bytes: int = raw_bytes.CHUNK_BYTES


def validate_file(  # noqa: PLR0913 - the file takes two, its source one
    open_stream: Callable[[], BinaryIO],
    name: str,
    source: Source,
    rules: Sequence[Rule] = (),
    *,
    control_file: bytes | None = None,
    options: ValidationOptions | None = None,
) -> FileValidation:
    """Read a whole file, whatever its size, and tell what is wrong with it; a refused file is an answer, no error."""
    chosen = options or ValidationOptions()
    shown = FileValidation(file=safe_name(name), source=source.name, validation_status="failed")
    try:
        file_name_groups(source, name)
        facts = scan(open_stream, name, source.format, chunk_bytes=chosen.chunk_bytes)
        shown = _with_facts(shown, facts)
        match = header_match(facts, source, chosen.schema_policy)
        if control_file is not None:
            check_control_file(control_file, facts, facts.record_count)
        records = FileRecords(open_stream, facts, source, chunk_bytes=chosen.chunk_bytes)
        tally = Tally(rules, chosen.examples)
        for record in records:
            tally.add(record)
    except ClaimsError as error:
        reason = error.reason if isinstance(error, FileRefusedError) else type(error).__name__
        refused = {"reason": reason, "message": str(error).replace(name, safe_name(name))}
        return FileValidation.model_validate({**shown.model_dump(), **refused})
    warnings = [warning.sentence for warning in facts.warnings]
    if match.missing_optional:
        warnings.append(f"The header lacks columns that are optional: {shown_names(match.missing_optional)}.")
    if not records.remembers_all:
        warnings.append(f"Records sent twice were looked for among the first {MOST_REMEMBERED:,} only.")
    share = source.max_error_share if chosen.max_error_share is None else chosen.max_error_share
    found = {"extra_columns": match.extra_columns, "warnings": tuple(warnings)}
    return tally.outcome(shown.model_copy(update=found), share)


def header_match(facts: RawFileFacts, source: Source, policy: SchemaPolicy = SchemaPolicy.EVOLVE) -> HeaderMatch:
    """How the header of a scanned file fits its source; FileRefusedError where it does not."""
    if source.format.type != "csv":
        return HeaderMatch({}, (), ())
    fields = facts.header_fields if source.format.header == "required" else source.format.column_names
    return match_header(fields, source, facts.name, policy)


def _with_facts(shown: FileValidation, facts: RawFileFacts) -> FileValidation:
    known = {name: getattr(facts, name) for name in ("size_bytes", "sha256", "compression", "encoding")}
    return shown.model_copy(update=known)


class _Finding(NamedTuple):
    """So many records break exactly these rules."""

    broken: tuple[RowRule | Rule, ...]
    is_read: bool
    records: int


@dataclass
class _Found:
    """How many records break one rule, by which columns, and where the first are."""

    records: int = 0
    columns: set[str] = field(default_factory=set)
    examples: list[int] = field(default_factory=list)


class Tally:
    """Counts records as they are read, by the rules they break; for a file, or for parts of one."""

    def __init__(self, rules: Iterable[Rule] = (), examples: int = EXAMPLES) -> None:
        given = list(rules)
        self._row_rules = [rule for rule in given if rule.scope == "row"]
        self._not_judged = tuple(rule.rule_id for rule in given if rule.scope != "row")
        self._about: dict[str, RowRule | Rule] = {rule.rule_id: rule for rule in RECORD_RULES}
        self._about.update((rule.rule_id, rule) for rule in self._row_rules)
        self._examples = examples
        self._found: dict[str, _Found] = {}
        self._broken: Counter[tuple[tuple[str, ...], bool]] = Counter()
        self._total = self._errors = self._resent = self._lines = 0
        self._today = datetime.now(UTC).date()

    def add(self, record: ReadRecord, *, is_place_known: bool = True) -> None:
        """Count one record; one like a record before it is counted as that alone, as the job does.

        Where the number of its line is not known, as in the middle of a file, it is no example.
        """
        self._total += 1
        if record.is_resent:
            self._resent += 1
            return
        row_number = record.row_number if is_place_known else 0
        for rule_id, columns in record.broken.items():
            self._note(rule_id, row_number, columns)
        by_suite = () if record.is_critical else self._broken_by(record)
        for rule in by_suite:
            self._note(rule.rule_id, row_number, ())
        is_error = record.is_critical or any(rule.severity is Severity.CRITICAL for rule in by_suite)
        broken = (*record.broken, *(rule.rule_id for rule in by_suite))
        if broken:
            self._broken[broken, not record.is_critical] += 1
        self._errors += is_error
        self._lines += 0 if is_error else len(record.lines)

    def outcome(self, shown: FileValidation, max_error_share: float) -> FileValidation:
        """The validation with the counts, and with its verdict by the share of records in error."""
        is_failed = self._errors > max_error_share * self._total
        counted = {
            "validation_status": "failed" if is_failed else "success",
            "total_records": self._total,
            "valid_records": self._total - self._errors - self._resent,
            "error_records": self._errors,
            "resent_records": self._resent,
            "total_lines": self._lines,
            "max_error_share": max_error_share,
            "rules": tuple(self._rule(rule_id) for rule_id in sorted(self._found)),
            "rules_not_judged": self._not_judged,
            "quality": self._quality(),
        }
        return FileValidation.model_validate({**shown.model_dump(), **counted})

    def _broken_by(self, record: ReadRecord) -> tuple[Rule, ...]:
        today = self._today
        if len(record.lines) == 1:  # most records; without a generator a rule the whole file takes a fifth less
            (line,) = record.lines
            return tuple([rule for rule in self._row_rules if rule.broken(line, today)])
        return tuple([rule for rule in self._row_rules if any(rule.broken(line, today) for line in record.lines)])

    def _quality(self) -> tuple[DimensionCount, ...]:
        if not self._total:
            return ()
        findings = [
            _Finding(tuple(self._about[rule_id] for rule_id in broken), is_read, records)
            for (broken, is_read), records in self._broken.items()
        ]
        return dimension_counts(findings, self._row_rules, self._total - self._resent, self._resent)

    def _note(self, rule_id: str, row_number: int, columns: Iterable[str]) -> None:
        found = self._found.setdefault(rule_id, _Found())
        found.records += 1
        found.columns.update(columns)
        if row_number and len(found.examples) < self._examples:
            found.examples.append(row_number)

    def _rule(self, rule_id: str) -> FoundRule:
        rule, found = self._about[rule_id], self._found[rule_id]
        return FoundRule(
            rule_id=rule_id,
            severity=rule.severity,
            dimension=getattr(rule, "dimension", ""),
            sentence=rule.sentence,
            cure=rule.cure,
            records=found.records,
            columns=tuple(sorted(found.columns)),
            examples=tuple(found.examples),
        )
