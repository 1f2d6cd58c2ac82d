"""A control of a law or a standard, and what of it the estate meets."""

from dataclasses import dataclass

from terraform.estate.checks import Check


@dataclass(frozen=True)
class Control:
    """A control.

    Attributes:
        number: Its number: `164.312(b)`.
        name: Its name.
        asks: What it asks for, in a sentence of ours.
        checks: What of the plan meets it; none where infrastructure can do nothing for it.
        yours: What no plan can meet: what an organisation must do itself.
        lacks: What the estate could do for it and does not.
    """

    number: str
    name: str
    asks: str
    checks: tuple[Check, ...] = ()
    yours: str = ""
    lacks: str = ""


@dataclass(frozen=True)
class Framework:
    """A law or a standard: its title, and its controls in the order of their numbers."""

    title: str
    controls: tuple[Control, ...]
