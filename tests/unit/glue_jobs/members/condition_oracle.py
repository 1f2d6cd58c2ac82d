"""Conditions and indices of lines in plain Python: the lists are read again, and codes matched one by one."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from tests.unit.glue_jobs.members.claim_lines import Line

FOLDER = Path(__file__).parents[4] / "glue_jobs/members/condition_lists"
LISTS = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))]
Found = dict[tuple[str, int, str, str], tuple[int, int, date, date, int]]


def shows(code: str, written: str) -> bool:
    """Whether the code begins with the prefix, or with one between the two that a dash ties."""
    first, _, last = written.partition("-")
    return first <= code[: len(first)] <= (last or first)


def conditions(lines: Iterable[Line]) -> Found:
    """By person, year, scheme and condition: counted, confirmed, first and last day, number of claims."""
    seen: dict[tuple[str, int, str, str], set[tuple[str, date, bool]]] = defaultdict(set)
    for line in lines:
        old = line.system == "icd-9-cm" or (line.system is None and line.day < date(2015, 10, 1))
        inpatient = line.bill[:2] in {"11", "41"} if line.bill else bool(line.admitted) and line.kind == "institutional"
        for declared in LISTS:
            for entry in declared["conditions"]:
                prefixes = entry["icd_9_cm" if old else "icd_10_cm"]
                if line.person and any(shows(code, prefix) for code in line.codes for prefix in prefixes):
                    key = (line.person, line.day.year, declared["scheme"], entry["condition"])
                    seen[key].add((line.claim, line.day, inpatient))
    return {key: _facts(key, claims, seen) for key, claims in seen.items()}


def _facts(key: tuple[str, int, str, str], claims: set[tuple[str, date, bool]], seen: Any) -> Any:  # noqa: ANN401
    graver = _entry(key[2], key[3]).get("replaced_by", [])
    days = [day for _, day, _ in claims]
    confirmed = any(inpatient for _, _, inpatient in claims) or len(set(days)) > 1
    counted = not any((*key[:3], name) in seen for name in graver)
    return int(counted), int(confirmed), min(days), max(days), len({claim for claim, _, _ in claims})


def index(found: Found, person: str, year: int, scheme: str) -> int:
    """Sum of the weights of what counts."""
    return sum(
        _entry(scheme, key[3])["weight"]
        for key, facts in found.items()
        if key[:3] == (person, year, scheme) and facts[0]
    )


def _entry(scheme: str, condition: str) -> dict[str, Any]:
    (declared,) = [entry for entry in LISTS if entry["scheme"] == scheme]
    (entry,) = [entry for entry in declared["conditions"] if entry["condition"] == condition]
    return dict(entry)
