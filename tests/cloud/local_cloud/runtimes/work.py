"""What is going on in threads of the server, counted by kind, so that a test can wait until nothing is."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Thread

LOGGER = logging.getLogger(__name__)

_COUNTED: Counter[str] = Counter()
_LOCK = Lock()


@contextmanager
def counted(kind: str) -> Iterator[None]:
    """What is done in the block is going on."""
    with _LOCK:
        _COUNTED[kind] += 1
    try:
        yield
    finally:
        with _LOCK:
            _COUNTED[kind] -= 1


def going_on() -> dict[str, int]:
    """How much is going on, by kind."""
    with _LOCK:
        return {kind: count for kind, count in _COUNTED.items() if count}


def in_background(kind: str, work: Callable[[], None]) -> None:
    """Do it in a thread; what it raises is written to the server's log. It counts from now on."""
    with _LOCK:
        _COUNTED[kind] += 1

    def run() -> None:
        try:
            work()
        except Exception:
            LOGGER.exception("%s failed", kind)
        finally:
            with _LOCK:
                _COUNTED[kind] -= 1

    Thread(target=run, daemon=True, name=kind).start()
