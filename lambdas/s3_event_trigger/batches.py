"""Which waiting files make one run, and what that run is told. Pure: the same files give the same manifest and names.

Runs are the bill, not bytes: a big file starts at once, small ones wait for each other until they are enough by
bytes or number, or the oldest has waited long enough.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from expectations.run_size import InputSize, glue_workers, initial_partitions
from lambdas.common.messages import instant_text

MANIFEST_VERSION = "1"
STATE_BYTES = 200_000
"""Step Functions holds 256 kB; while it reads a manifest it holds the files' places three times."""

_BYTES_OF_A_FILE = 80
_COPIES_IN_STATE = 3
_LAST_NUMBERS = 10_000


@dataclass(frozen=True)
class WaitingFile:
    """A file that was accepted and is not in a run yet."""

    file_id: str
    bucket: str
    key: str
    size: int
    source: str
    landed_at: datetime

    @property
    def uri(self) -> str:
        """Where it lies."""
        return f"s3://{self.bucket}/{self.key}"

    @property
    def input_size(self) -> InputSize:
        """Its bytes, as runs are sized by."""
        return InputSize(self.size, compressed=self.key.lower().endswith(".gz"))

    @property
    def state_bytes(self) -> int:
        """What it takes of the state machine's state, about."""
        return _COPIES_IN_STATE * len(self.uri.encode("utf-8", "surrogatepass")) + _BYTES_OF_A_FILE


@dataclass(frozen=True)
class BatchLimits:
    """When waiting files are enough for a run; bytes are those of text, unpacked."""

    files: int = 500
    text_bytes: int = 4 * 10**9
    age_seconds: int = 900
    big_file_bytes: int = 10**9

    def is_big(self, file: WaitingFile) -> bool:
        """Whether the file is worth a run of its own, at once."""
        return file.input_size.text_bytes >= self.big_file_bytes


def due_batches(waiting: Iterable[WaitingFile], limits: BatchLimits, now: datetime) -> list[tuple[WaitingFile, ...]]:
    """The batches that are to start now, the oldest files first; what is left waits for more."""
    ordered = sorted(waiting, key=lambda file: (file.landed_at, file.file_id))
    *full, rest = [*_cut(ordered, limits)] or [()]
    # a rest that is full by itself has no file behind it that would have closed it
    is_due = bool(rest) and (_is_old(rest, limits, now) or not _has_room(rest, limits))
    return [*full, rest] if is_due else full


def _cut(files: Sequence[WaitingFile], limits: BatchLimits) -> Iterator[tuple[WaitingFile, ...]]:
    batch: list[WaitingFile] = []
    text_bytes = state_bytes = 0
    for file in files:
        text_bytes += file.input_size.text_bytes
        state_bytes += file.state_bytes
        is_over = len(batch) >= limits.files or text_bytes > limits.text_bytes or state_bytes > STATE_BYTES
        if batch and is_over:
            yield tuple(batch)
            batch, text_bytes, state_bytes = [], file.input_size.text_bytes, file.state_bytes
        batch.append(file)
    yield tuple(batch)


def _is_old(batch: Sequence[WaitingFile], limits: BatchLimits, now: datetime) -> bool:
    return (now - batch[0].landed_at).total_seconds() >= limits.age_seconds


def _has_room(batch: Sequence[WaitingFile], limits: BatchLimits) -> bool:
    text_bytes = sum(file.input_size.text_bytes for file in batch)
    return len(batch) < limits.files and text_bytes < limits.text_bytes


@dataclass(frozen=True)
class Manifest:
    """What one run takes: its names, all from its files, and its text, which the job's --manifest reads as it is."""

    job_id: str
    execution_name: str
    content: bytes


def manifest_of(files: Iterable[WaitingFile], tie: int = 0) -> Manifest:
    """The manifest of a run; `tie` gives another number where two runs of one second have the same."""
    ordered = sorted(files, key=lambda file: (file.uri, file.file_id))
    told = "\n".join(f"{file.file_id} {file.uri}" for file in ordered)
    digest = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
    latest, oldest = max(file.landed_at for file in ordered), min(file.landed_at for file in ordered)
    number = (int(digest, 16) + tie) % _LAST_NUMBERS
    job_id = f"claims-etl-{latest:%Y%m%d-%H%M%S}-{number:04d}"
    content = {
        "version": MANIFEST_VERSION,
        "job_id": job_id,
        "landed_at": instant_text(oldest),
        "files": [file.uri for file in ordered],
        "objects": [{"bucket": file.bucket, "key": file.key, "size": file.size} for file in ordered],
    }
    return Manifest(job_id, f"{job_id}-{digest[:16]}", json.dumps(content).encode())


@dataclass(frozen=True)
class RunSizing:
    """How bytes become workers: measured DPU-hours a gigabyte, and how many workers there may be."""

    dpu_hours_per_gigabyte: float
    most_workers: int


def execution_input(
    job_id: str, manifest_uri: str, files: Sequence[WaitingFile], sizing: RunSizing
) -> dict[str, object]:
    """What the state machine is started with: a pointer and sizes."""
    sizes = [file.input_size for file in files]
    workers = glue_workers(sizes, dpu_hours_per_gigabyte=sizing.dpu_hours_per_gigabyte, most=sizing.most_workers)
    return {
        "job_id": job_id,
        "correlation_id": job_id,
        "manifest": manifest_uri,
        "workers": workers,
        "partitions": initial_partitions(sizes),
    }
