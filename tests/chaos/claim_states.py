"""What the three claim tables hold, as plain values, and what differs between what they hold and what they should."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tests.chaos.iceberg_files import LakeReader, Row, Table
from tests.chaos.iceberg_metadata import Snapshot

VERSION_SNAPSHOT = "claims-etl.version-snapshot"
"""In the summary of a snapshot of medical_claim and medical_claim_header: the version table's snapshot it shows."""

LINE_COLUMNS = ("claim_id", "claim_line_number", "claim_start_date", "member_id", "paid_amount", "year", "month")
VERSION_COLUMNS = ("received_date", *LINE_COLUMNS, "is_final_action", "superseded_by")
HEADER_COLUMNS = ("claim_id", "line_count", "paid_amount")
FINAL = VERSION_COLUMNS.index("is_final_action")

BITS = 1 << 64

Rows = Counter[Row]
"""Rows of a table, each with how often it is there."""


@dataclass(frozen=True)
class State:
    """What the claim tables hold once a set of files is published: grain and columns as named above."""

    versions: Rows = field(default_factory=Counter)
    lines: Rows = field(default_factory=Counter)
    headers: Rows = field(default_factory=Counter)


@dataclass(frozen=True)
class Prints:
    """A state in three numbers; those of states without a common row add up."""

    versions: int = 0
    lines: int = 0
    headers: int = 0

    def __add__(self, other: "Prints") -> "Prints":
        return Prints(
            (self.versions + other.versions) % BITS,
            (self.lines + other.lines) % BITS,
            (self.headers + other.headers) % BITS,
        )


@dataclass(frozen=True)
class View:
    """What a reader saw at one moment: each table as it stood, and which version snapshot two of them show."""

    state: State
    version_sequence: int
    lines_of: str | None
    headers_of: str | None
    versions_then: Rows | None
    """The version table as it was at `lines_of`; None where nothing says so, or that snapshot has expired."""

    lines_sequence: int
    """How far the version table was at `lines_of`; 0 where that is unknown."""


@dataclass(frozen=True)
class Faults:
    """What is wrong with a table, each a number of rows or claims."""

    lost: int = 0
    duplicated: int = 0
    phantom: int = 0
    different: int = 0

    def __bool__(self) -> bool:
        return any((self.lost, self.duplicated, self.phantom, self.different))

    def __add__(self, other: "Faults") -> "Faults":
        return Faults(
            self.lost + other.lost,
            self.duplicated + other.duplicated,
            self.phantom + other.phantom,
            self.different + other.different,
        )


def view(reader: LakeReader) -> View:
    """The three tables as a reader finds them now, one after the other as a query would; no table is an empty one."""
    headers, lines, versions = (
        reader.table(name) for name in ("medical_claim_header", "medical_claim", "medical_claim_version")
    )
    lines_of = lines.summary_property(VERSION_SNAPSHOT) if lines else None
    then = _snapshot(versions, lines_of)
    current = versions.current if versions else None
    return View(
        State(
            _rows(versions, current, VERSION_COLUMNS),
            _rows(lines, lines.current if lines else None, LINE_COLUMNS),
            _rows(headers, headers.current if headers else None, HEADER_COLUMNS),
        ),
        current.sequence_number if current else 0,
        lines_of,
        headers.summary_property(VERSION_SNAPSHOT) if headers else None,
        _rows(versions, then, VERSION_COLUMNS) if then else None,
        then.sequence_number if then else 0,
    )


def prints(state: State) -> Prints:
    """Equal for equal states, in this process."""
    return Prints(*(_print(rows) for rows in (state.versions, state.lines, state.headers)))


def _print(rows: Rows) -> int:
    return sum(hash(row) * times for row, times in rows.items()) % BITS


def final_lines(versions: Rows) -> Rows:
    """The surviving lines, as medical_claim should hold them."""
    finals: Rows = Counter()
    for row, times in versions.items():
        if row[FINAL]:
            finals[row[1:FINAL]] += times
    return finals


def summed(lines: Rows) -> Rows:
    """The headers that belong to these lines."""
    counts: Counter[object] = Counter()
    paid: defaultdict[object, Decimal] = defaultdict(Decimal)
    for row, times in lines.items():
        counts[row[0]] += times
        amount = row[LINE_COLUMNS.index("paid_amount")]
        assert isinstance(amount, Decimal)
        paid[row[0]] += amount * times
    return Counter((claim, count, paid[claim]) for claim, count in counts.items())


def line_row(claim: str, number: int, start: date, member: str, paid: Decimal) -> Row:
    """A row of LINE_COLUMNS."""
    return (claim, number, start, member, paid, f"{start:%Y}", f"{start:%m}")


def version_row(received: date, line: Row, *, final: bool, superseded_by: str | None) -> Row:
    """A row of VERSION_COLUMNS."""
    return (received, *line, final, superseded_by)


def faults(found: State, expected: State) -> Faults:
    """Every way in which the tables differ from what they should hold."""
    return (
        _faults(found.versions, expected.versions, 3)
        + _faults(found.lines, expected.lines, 2)
        + _faults(found.headers, expected.headers, 1)
    )


def _faults(found: Rows, expected: Rows, key_width: int) -> Faults:
    """The first columns are the key of a row."""
    have, want = _by_key(found, key_width), _by_key(expected, key_width)
    both = have.keys() & want.keys()
    return Faults(
        lost=len(want.keys() - have.keys()),
        duplicated=sum(have[key].total() - 1 for key in both),
        phantom=sum(have[key].total() for key in have.keys() - want.keys()),
        different=sum(1 for key in both if have[key].total() == 1 and have[key] != want[key]),
    )


def _by_key(rows: Rows, width: int) -> Mapping[Row, Rows]:
    grouped: defaultdict[Row, Rows] = defaultdict(Counter)
    for row, times in rows.items():
        grouped[row[:width]][row] += times
    return grouped


def _rows(table: Table | None, snapshot: Snapshot | None, columns: Iterable[str]) -> Rows:
    return Counter(table.rows(snapshot, tuple(columns))) if table and snapshot else Counter()


def _snapshot(table: Table | None, snapshot_id: str | None) -> Snapshot | None:
    return table.snapshots.get(int(snapshot_id)) if table and snapshot_id else None
