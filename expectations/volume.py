"""Whether a file is as large as files of its source usually are: one with half the usual records is told."""

from collections.abc import Sequence
from statistics import median

MOST_LOOKED_AT = 10
"""Of the files of a source, the latest."""
LEAST_KNOWN = 3
"""With fewer there is no usual."""
LEAST_USUAL = 10
"""Records below which half of the usual is no sign of anything."""
UNUSUAL_SHARE = 0.5


def volume_warnings(records: int, earlier: Sequence[int]) -> tuple[str, ...]:
    """A sentence where the file has at most half as many records as the source's latest files (`earlier`) have."""
    latest = earlier[-MOST_LOOKED_AT:]
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
