"""How many partitions and workers a run starts with, from the bytes it reads and whether they can be split.

The tiers are starting points: adaptive execution merges partitions that turn out small and splits those that turn out
large. benchmarks/README.md says what they cost or save against adaptive execution alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass

MEGABYTE, GIGABYTE = 10**6, 10**9
PARTITION_TIERS = ((GIGABYTE, 200), (100 * MEGABYTE, 50), (0, 10))
"""(more than so many bytes, initial partitions), largest first."""

FEW_ROWS_BYTES = 8 * MEGABYTE
"""Bytes of text up to which a run is short: starting, planning and compiling are most of it."""

GZIP_RATIO = 6
"""Bytes of claims text in one byte of its gzip, about."""

DPU_HOURS_PER_GIGABYTE = 0.02 * 3
"""Measured at full efficiency, times three for what practice adds (design: aws_facts)."""

WORKER_RANGE = (2, 100)
TARGET_RUN_HOURS = 0.25


@dataclass(frozen=True)
class InputSize:
    """Bytes of one file as stored, and whether they are compressed."""

    size_bytes: int
    compressed: bool = False

    @property
    def text_bytes(self) -> int:
        """Bytes of text that will be read."""
        return self.size_bytes * (GZIP_RATIO if self.compressed else 1)


def initial_partitions(files: Iterable[InputSize], override: int = 0) -> int:
    """Partitions to shuffle into at first: over 1 GB of text 200, over 100 MB 50, else 10; or `override`, if not 0."""
    if override:
        return override
    total = sum(file.text_bytes for file in files)
    return next(partitions for more_than, partitions in PARTITION_TIERS if total > more_than or more_than == 0)


def has_few_rows(files: Iterable[InputSize]) -> bool:
    """Whether all these files hold so little text that Java's second compiler would cost more than it gains."""
    return sum(file.text_bytes for file in files) <= FEW_ROWS_BYTES


def glue_workers(
    files: Iterable[InputSize],
    override: int = 0,
    *,
    dpu_hours_per_gigabyte: float = DPU_HOURS_PER_GIGABYTE,
    most: int = WORKER_RANGE[1],
) -> int:
    """G.1X workers (one DPU each) with which the run is expected to take a quarter of an hour."""
    if override:
        return override
    gigabytes = sum(file.text_bytes for file in files) / GIGABYTE
    wanted = round(gigabytes * dpu_hours_per_gigabyte / TARGET_RUN_HOURS) + 1
    return max(WORKER_RANGE[0], min(most, wanted))
