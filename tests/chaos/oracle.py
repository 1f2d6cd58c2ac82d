"""What the claim tables must hold for a set of files, in plain Python, by docs/versions.md.

Only for histories of `corpus`: at most one original, then replacements, then perhaps a void, received on rising days.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tests.chaos.claim_states import State, final_lines, line_row, summed, version_row
from tests.chaos.corpus import ORIGINAL, REPLACEMENT, ClaimsFile, Version


@dataclass(frozen=True)
class Counts:
    """Records of a set of files, each content counted once but for `read`."""

    read: int
    valid: int
    broken: int


def expected_state(files: Iterable[ClaimsFile]) -> State:
    """The three tables once these files are published, in whatever order, however often."""
    families: defaultdict[int, set[Version]] = defaultdict(set)
    for file in files:
        for version in file.versions:
            families[version.family].add(version)
    versions = Counter(row for family in families.values() for row in _resolved(family))
    lines = final_lines(versions)
    return State(versions, lines, summed(lines))


def record_counts(files: Iterable[ClaimsFile]) -> Counts:
    """What all files together must account for."""
    chosen = list(files)
    valid = {record for file in chosen for version in file.versions for record in version.records()}
    return Counts(
        read=sum(file.text().count("\n") - 1 for file in chosen),
        valid=len(valid),
        broken=sum(file.broken for file in chosen),
    )


def _resolved(family: set[Version]) -> Iterable[tuple[object, ...]]:
    live: dict[Version, set[str]] = {}
    took_place: dict[Version, str] = {}
    ordered = sorted(family, key=lambda version: version.received)
    for version in ordered:
        target = version.original or version.claim_id
        keys = {version.claim_id, target}
        for hit in [one for one, stands_for in live.items() if version.frequency != ORIGINAL and target in stands_for]:
            keys |= live.pop(hit)
            took_place[hit] = version.claim_id
        if version.frequency in {ORIGINAL, REPLACEMENT}:
            live[version] = keys
    for version in ordered:
        for number, paid in enumerate(version.paid, start=1):
            line = line_row(version.claim_id, number, version.start, version.member, paid)
            yield version_row(version.received, line, final=version in live, superseded_by=took_place.get(version))
