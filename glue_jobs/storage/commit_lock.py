"""One commit at a time on one machine: a rename on a local disk is no compare-and-swap, so commits take turns."""

import contextlib
import fcntl
import threading
from collections.abc import Iterator
from pathlib import Path

from glue_jobs.storage.objects import is_s3

LOCK_NAME = ".publish.lock"
_HELD = threading.local()


@contextlib.contextmanager
def commit_lock(lake: str) -> Iterator[None]:
    """Hold the lake's lock; waits for whoever holds it. A lake in S3 needs none: its catalog swaps atomically.

    The lock goes with the process, however that ends. Who holds it may take it again.
    """
    held: set[str] = _HELD.__dict__.setdefault("lakes", set())
    if is_s3(lake) or lake in held:
        yield
        return
    path = Path(lake) / LOCK_NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        held.add(lake)
        try:
            yield
        finally:
            held.discard(lake)
