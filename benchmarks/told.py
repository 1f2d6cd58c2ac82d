"""What a measurement tells while it goes on."""

import sys


def say(text: str) -> None:
    """Tell a step as it ends, even where the output is a file."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
