"""How fast time goes where the local cloud waits: between retries, for a batch to fill, for a message to come back.

Time-outs are not scaled: what runs takes the time that it takes.
"""

import time
from dataclasses import dataclass


@dataclass
class Clock:
    """`scale` seconds are waited for one second of AWS."""

    scale: float = 1.0

    def scaled(self, seconds: float) -> float:
        """How long a wait of AWS is here."""
        return seconds * self.scale

    def wait(self, seconds: float) -> None:
        """Wait as AWS would wait so many seconds."""
        time.sleep(self.scaled(seconds))


CLOCK = Clock()
