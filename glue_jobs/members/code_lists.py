"""Declared lists of conditions (condition_lists/*.json): which diagnosis codes show each, and what it weighs.

Codes are prefixes without dots, as in the papers that the lists cite. `C00-C26` is every prefix from the first to the
last.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "condition_lists"
SCHEMES = ("charlson", "elixhauser", "chronic")
SYSTEMS = ("icd-10-cm", "icd-9-cm")


@dataclass(frozen=True)
class Condition:
    """One condition of a list; `codes` has the prefixes by code system, `replaced_by` graver conditions of the list."""

    scheme: str
    condition: str
    description: str
    weight: Decimal | None
    replaced_by: tuple[str, ...]
    codes: dict[str, tuple[str, ...]]


@cache
def condition_list(name: str) -> tuple[Condition, ...]:
    """The conditions of one declared list."""
    declared = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return tuple(_condition(declared["scheme"], entry) for entry in declared["conditions"])


def _condition(scheme: str, entry: dict[str, Any]) -> Condition:
    written = {system: entry[system.replace("-", "_")] for system in SYSTEMS}
    return Condition(
        scheme=scheme,
        condition=entry["condition"],
        description=entry["description"],
        weight=Decimal(entry["weight"]) if "weight" in entry else None,
        replaced_by=tuple(entry.get("replaced_by", ())),
        codes={system: tuple(code for text in texts for code in _prefixes(text)) for system, texts in written.items()},
    )


def _prefixes(text: str) -> Iterator[str]:
    """`I425-I429` is I425, I426 ... I429; a code without a dash is itself."""
    first, _, last = text.partition("-")
    if not last:
        yield first
        return
    letter = first[:1] if first[:1].isalpha() else ""
    digits = len(first) - len(letter)
    for number in range(int(first.removeprefix(letter)), int(last.removeprefix(letter)) + 1):
        yield f"{letter}{number:0{digits}d}"
