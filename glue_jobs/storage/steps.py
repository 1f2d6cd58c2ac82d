"""Named steps of a run at which something durable has just happened or is about to: what crash tests stop at."""

from collections.abc import Callable

LISTENERS: list[Callable[[str], None]] = []
"""Told the name of each step as it is reached; empty but in tests and `make chaos`."""


def reached(step: str) -> None:
    """Tell the listeners; the names are in docs/architecture.md."""
    for listener in LISTENERS:
        listener(step)
