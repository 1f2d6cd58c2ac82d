"""Whether a file is as files of its source usually are: one with half the usual records, or less payers, is told."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import NamedTuple

MOST_LOOKED_AT = 10
"""Of the files of a source, the latest."""
LEAST_KNOWN = 3
"""With fewer there is no usual."""
LEAST_USUAL = 10
"""Records below which half of the usual is no sign of anything."""
UNUSUAL_SHARE = 0.5


class EarlierFile(NamedTuple):
    """What an earlier file of a source held: its records, and its lines by the number that stands for a payer."""

    records: int
    payer_lines: Mapping[int, int]


def volume_warnings(records: int, earlier: Sequence[EarlierFile]) -> tuple[str, ...]:
    """A sentence where the file has at most half as many records as the source's latest files (`earlier`) have."""
    latest = [file.records for file in earlier[-MOST_LOOKED_AT:]]
    if len(latest) < LEAST_KNOWN:
        return ()
    usual = median(latest)
    if usual < LEAST_USUAL or records > UNUSUAL_SHARE * usual:
        return ()
    has = "1 record" if records == 1 else f"{records:,} records"
    return (
        f"The file has {has}, half or less of what the last {len(latest)} files of its source had "
        f"({usual:,.0f} in the middle): ask the sender whether it is whole.",
    )


def mix_warnings(payer_lines: Mapping[int, int], earlier: Sequence[EarlierFile]) -> tuple[str, ...]:
    """A sentence where payers are missing that each of the source's latest files had, with ten lines in the middle."""
    latest = [file.payer_lines for file in earlier[-MOST_LOOKED_AT:]]
    if len(latest) < LEAST_KNOWN:
        return ()
    in_each = set(latest[0]).intersection(*latest[1:])
    usual = {payer for payer in in_each if median(lines[payer] for lines in latest) >= LEAST_USUAL}
    missing = sorted(usual - payer_lines.keys())
    if not missing:
        return ()
    numbers = ", ".join(str(payer) for payer in missing)
    return (
        f"{len(missing)} of {len(usual)} payers that each of the last {len(latest)} files of its source had "
        f"{'is' if len(missing) == 1 else 'are'} missing: ask the sender whether the file is whole. By number, not by "
        f"name: pmod(xxhash64(payer), 1024) is {numbers}.",
    )
