"""What docs/versions.md says, in plain Python: lines of versions in, the rows that must stand in the tables out.

It shares no code with the job and works another way: it takes each family of versions in hand and walks through it
version by version, once for every day on which something was received. Slow, and easy to follow.

A line is a mapping from column names of `medical_claim` to typed values (dates, whole numbers, Decimals, texts, None),
with `file_date` and, where the test knows them, `record_hash` and `claim_version_id`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tests.oracle.claim_versions import Declaration, Line, Version, families, record_hash, versions_of
from tests.oracle.version_walk import walk

__all__ = ["Declaration", "Expected", "ExpectedHeader", "ExpectedLine", "Line", "Version", "expected_tables"]

RECORD_TYPES = {"replacement": "replacement", "void": "void"}


@dataclass(frozen=True)
class ExpectedLine:
    """One row of `medical_claim_version`: the record, and what must be said of it."""

    line: Line
    version: Version
    record_hash: str
    version_action: str
    claim_record_type: str
    version_rank: int
    is_final_action: bool
    superseded_by: str | None
    superseded_by_version: Version | None
    original_missing_flag: int
    final_periods: str


@dataclass(frozen=True)
class ExpectedHeader:
    """What `medical_claim_header` must say of one surviving claim."""

    line_count: int
    paid_amount: Decimal


@dataclass(frozen=True)
class Expected:
    """The rows of the three tables; headers by data source and claim id."""

    versions: tuple[ExpectedLine, ...]
    headers: Mapping[tuple[str, str], ExpectedHeader]

    @property
    def survivors(self) -> tuple[ExpectedLine, ...]:
        """The rows of `medical_claim`."""
        return tuple(row for row in self.versions if row.is_final_action)


def expected_tables(lines: Iterable[Line], declaration: Declaration) -> Expected:
    """Everything that the tables must say once all these lines have come, in whatever order and however often."""
    by_data_source: dict[object, list[Line]] = defaultdict(list)
    for line in lines:
        by_data_source[line["data_source"]].append(line)
    rows: list[ExpectedLine] = []
    for own in by_data_source.values():
        versions = versions_of(own, declaration)
        periods = final_periods(versions, declaration)
        for family in families(versions):
            rows += _rows_of_family(family, declaration, periods)
    return Expected(tuple(rows), _headers(rows))


def survivors(versions: Sequence[Version], declaration: Declaration) -> set[Version]:
    """The versions that survive if these are all that there are."""
    live = {version for family in families(versions) for version in walk(family, declaration).live}
    return {version for version in live if not version.is_not_final(declaration.final_flag)}


def final_periods(versions: Sequence[Version], declaration: Declaration) -> dict[Version, str]:
    """The days during which each version survived by what had been received; empty: never."""
    periods: dict[Version, list[str]] = defaultdict(list)
    before: set[Version] = set()
    for day in sorted({version.received for version in versions}):
        now = survivors([version for version in versions if version.received <= day], declaration)
        for version in now - before:
            periods[version].append(f"{day}/")
        for version in before - now:
            periods[version][-1] += f"{day}"
        before = now
    return {version: ",".join(periods[version]) for version in versions}


def _rows_of_family(
    family: Sequence[Version], declaration: Declaration, periods: Mapping[Version, str]
) -> Iterable[ExpectedLine]:
    state = walk(family, declaration)
    for rank, version in enumerate(state.placed, start=1):
        taker = state.superseded_by.get(version)
        survives = version in state.live and not version.is_not_final(declaration.final_flag)
        holding = {record_hash(line) for line in version.holding_lines()}
        for line in version.lines:
            holds = record_hash(line) in holding
            by = taker if holds else version
            yield ExpectedLine(
                line=line,
                version=version,
                record_hash=record_hash(line),
                version_action=version.action,
                claim_record_type=RECORD_TYPES.get(version.action, "original"),
                version_rank=rank,
                is_final_action=survives and holds,
                superseded_by=by.claim_id if by else None,
                superseded_by_version=by,
                original_missing_flag=_original_missing(version, family),
                final_periods=periods[version] if holds else "",
            )


def _original_missing(version: Version, family: Sequence[Version]) -> int:
    refers = version.action in {"replacement", "void", "addition"}
    own = version.target == version.key
    found = any(
        other.key == version.target and (not own or other.action in {"original", "interim"}) for other in family
    )
    return int(refers and not found)


def _headers(rows: Iterable[ExpectedLine]) -> dict[tuple[str, str], ExpectedHeader]:
    lines: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for row in rows:
        if row.is_final_action:
            lines[str(row.line["data_source"]), str(row.line["claim_id"])].append(row.line)
    return {claim: ExpectedHeader(len(own), _paid(own)) for claim, own in lines.items()}


def _paid(lines: Iterable[Line]) -> Decimal:
    amounts = (line.get("paid_amount") for line in lines)
    return sum((amount for amount in amounts if isinstance(amount, Decimal)), Decimal(0))
