"""Claim lines put together to versions, and versions to families, as docs/versions.md says."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

Line = Mapping[str, object]
Key = tuple[str, ...]
Order = tuple[tuple[object, ...], ...]

BY_FREQUENCY = dict.fromkeys("7FGHIJKMPQY", "replacement") | dict.fromkeys("8DX", "void")
BY_FREQUENCY |= {"5": "addition"} | dict.fromkeys("234", "interim")
BY_ADJUSTMENT = {"1": "void", "2": "replacement", "3": "addition", "4": "addition"}


@dataclass(frozen=True)
class Declaration:
    """The `versions` object of a source."""

    claim: tuple[str, ...] = ("claim_id",)
    claim_id_suffix: str = ""
    original: str = ""
    actions: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    order_else: str = ""
    negative_is_void: bool = False
    final_flag: str = ""

    @classmethod
    def of(cls, versions: Mapping[str, Any]) -> "Declaration":
        """The declaration as it stands in JSON."""
        texts: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in versions.items()
        }
        return cls(**texts)


@dataclass(eq=False)
class Version:
    """Lines that are one version of a claim; compared by identity, as objects are."""

    key: Key
    target: Key
    claim_id: str
    action: str
    order: Order
    lines: list[Line] = field(default_factory=list)

    @property
    def version_id(self) -> str:
        """The id that the table gave it, or, where the test knows none, what tells it from others."""
        known = self.lines[0].get("claim_version_id")
        return str(known) if known else repr((self.key, self.target))

    def is_not_final(self, flag: str) -> bool:
        """Whether a line of it bears a 0 in the declared column."""
        return bool(flag) and any(line.get(flag) == 0 for line in self.lines)

    @property
    def received(self) -> date:
        """The day on which it came."""
        days = [line.get("received_date") or line.get("file_date") for line in self.lines]
        return min(day for day in days if isinstance(day, date))

    def holding_lines(self) -> list[Line]:
        """Its lines, and of two records for one line number the one that holds."""
        holding: dict[object, Line] = {}
        for line in self.lines:
            rival = holding.get(line["claim_line_number"])
            if rival is None or record_hash(line) > record_hash(rival):
                holding[line["claim_line_number"]] = line
        return list(holding.values())


def record_hash(line: Line) -> str:
    """The hash that the test took of the record; a stand-in where the test took none."""
    content = sorted((name, str(value)) for name, value in line.items() if name != "file_date")
    return str(line.get("record_hash") or sha256(repr(content).encode()).hexdigest())


def versions_of(lines: Iterable[Line], declaration: Declaration) -> list[Version]:
    """Versions of one data source: repeated records are dropped, lines equal in what makes a version go together."""
    known: set[tuple[object, ...]] = set()
    versions: dict[tuple[object, ...], Version] = {}
    for line in lines:
        order = _order(line, declaration)
        if (record_hash(line), order) in known:
            continue
        known.add((record_hash(line), order))
        key, target = _key_and_target(line, declaration)
        same = (key, target, str(line["claim_id"]), action_of(line, declaration), order)
        versions.setdefault(same, Version(*same)).lines.append(line)
    return list(versions.values())


def action_of(line: Line, declaration: Declaration) -> str:
    """What the line's version does to others."""
    action = "original"
    for column in declaration.actions:
        code = str(line.get(column) or "")
        code = code[2:3] if column == "bill_type_code" else code
        if code:
            action = (BY_ADJUSTMENT if column == "claim_adjustment_type_code" else BY_FREQUENCY).get(code, "original")
            break
    charge = line.get("charge_amount")
    money = line.get("paid_amount") if charge is None else charge
    is_negative = isinstance(money, Decimal) and money < 0
    return "void" if declaration.negative_is_void and action == "original" and is_negative else action


def families(versions: Sequence[Version]) -> list[list[Version]]:
    """Versions that have to do with each other, by union-find; a claim that is only referred to joins families too.

    A claim id under two claim keys ties them as well.
    """
    leader: dict[Key, Key] = {}

    def find(key: Key) -> Key:
        while leader.setdefault(key, key) != key:
            key = leader[key]
        return key

    for version in versions:
        leader[find(version.key)] = find(version.target)
        leader[find(version.key)] = find(("claim id", version.claim_id))
    members: dict[Key, list[Version]] = defaultdict(list)
    for version in versions:
        members[find(version.key)].append(version)
    return list(members.values())


def _key_and_target(line: Line, declaration: Declaration) -> tuple[Key, Key]:
    values = tuple(str(line.get(column) or "") for column in declaration.claim)
    if not all(values):
        values = (str(line["claim_id"]),)
    if len(declaration.claim) > 1:
        return values, values
    key = (_without_suffix(values[0], declaration),)
    reference = str(line.get(declaration.original) or "")
    return key, (_without_suffix(reference, declaration),) if reference else key


def _without_suffix(claim_id: str, declaration: Declaration) -> str:
    suffix = declaration.claim_id_suffix
    return re.sub(f"(?:{suffix})$", "", claim_id, count=1) if suffix else claim_id


def _order(line: Line, declaration: Declaration) -> Order:
    values = [line.get(column) for column in declaration.order]
    if declaration.order_else:
        values.append(line.get("file_date") if all(value is None for value in values) else None)
    return tuple(() if value is None else (value,) for value in values)
