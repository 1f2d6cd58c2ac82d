"""Claims files for the crash tests, made from a seed: originals, replacements and voids over a few months.

Versions of a claim come in any order over the files; files hold broken records, records twice, and records of other
files. What the tables must hold for a set of files is in `oracle`.
"""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

HEADER = "CLAIM_NO,LINE_NO,MEMBER_NO,SERVICE_DT,RECEIVED_DT,FREQ_CD,ORIG_CLAIM_NO,PAID,CHARGE"
ORIGINAL, REPLACEMENT, VOID = "1", "7", "8"

HISTORIES = ("O", "O", "O", "OR", "OR", "Or", "ORR", "OrR", "OV", "Ov", "ORV", "OrV")
"""What happens to a claim: O original, R replacement, V void; small letters keep the id and point to nothing."""

MOST_LINES = 3
NEIGHBOURS = 3
"""Versions of one claim lie in files at most this far apart, some before their original."""


@dataclass(frozen=True)
class Version:
    """One version of a claim with its lines; `family` groups what belongs to one claim."""

    family: int
    claim_id: str
    frequency: str
    original: str
    received: date
    start: date
    member: str
    paid: tuple[Decimal, ...]

    def records(self) -> list[str]:
        """One line of text a claim line."""
        place = f"{self.member},{self.start},{self.received},{self.frequency},{self.original}"
        return [
            f"{self.claim_id},{number},{place},{amount},{amount * 2}"
            for number, amount in enumerate(self.paid, start=1)
        ]


@dataclass(frozen=True)
class ClaimsFile:
    """One file to deliver: the versions in it, and records in it that are no use."""

    name: str
    versions: tuple[Version, ...] = ()
    broken: int = 0
    twice: int = 0

    def text(self) -> str:
        """The file's content."""
        records = [record for version in self.versions for record in version.records()]
        stem = self.name.removesuffix(".csv")
        bad = [f"BAD{number}_{stem},1,M1,not a date,2024-01-01,1,,1.00,2.00" for number in range(self.broken)]
        return "\n".join([HEADER, *records, *bad, *records[: self.twice], ""])

    @property
    def sha256(self) -> str:
        """Hash of the content, by which a file is known."""
        return hashlib.sha256(self.text().encode()).hexdigest()

    def write(self, folder: Path) -> Path:
        """The file, in a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / self.name
        path.write_text(self.text())
        return path


@dataclass(frozen=True)
class Plan:
    """How much to make; months are first days."""

    files: int
    claims_a_file: int = 25
    months: tuple[date, ...] = (date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1))
    first_family: int = 0
    resend: bool = True


def make_files(plan: Plan, seed: int) -> list[ClaimsFile]:
    """The files, in order of delivery; the same plan and seed always give the same."""
    chance = random.Random(seed)  # noqa: S311 - made-up claims, the same every time
    contents: list[list[Version]] = [[] for _ in range(plan.files)]
    for number in range(plan.files * plan.claims_a_file):
        home = number // plan.claims_a_file
        for version in _history(plan.first_family + number, plan.months, chance):
            place = home + chance.randint(-NEIGHBOURS, NEIGHBOURS) if version.frequency != ORIGINAL else home
            contents[min(max(place, 0), plan.files - 1)].append(version)
    files = []
    for number, versions in enumerate(contents):
        again = contents[number - 1][:5] if plan.resend and number and chance.random() < 0.5 else []
        name = f"claims_{plan.first_family}_{number:03d}.csv"
        files.append(ClaimsFile(name, tuple(versions + again), broken=chance.randint(0, 2), twice=chance.randint(0, 2)))
    return files


@dataclass
class _Making:
    """A claim's history while it is being made."""

    versions: list[Version] = field(default_factory=list)

    def correct(self, letter: str, months: Sequence[date], chance: random.Random) -> None:
        last = self.versions[-1]
        keeps_id = letter.islower()
        moved = chance.random() < 0.3
        version = replace(
            last,
            claim_id=last.claim_id if keeps_id else f"{last.claim_id}{letter}",
            original="" if keeps_id else last.claim_id,
            frequency=REPLACEMENT if letter in "rR" else VOID,
            received=last.received + timedelta(days=chance.randint(1, 40)),
            start=_day(months, chance) if moved else last.start,
            member=f"M{chance.randrange(200)}" if moved else last.member,
        )
        self.versions.append(replace(version, paid=_amounts(chance)) if letter in "rR" else version)


def _history(family: int, months: Sequence[date], chance: random.Random) -> list[Version]:
    start = _day(months, chance)
    received = start + timedelta(days=chance.randint(1, 30))
    member = f"M{chance.randrange(200)}"
    making = _Making([Version(family, f"C{family}", ORIGINAL, "", received, start, member, _amounts(chance))])
    for letter in chance.choice(HISTORIES)[1:]:
        making.correct(letter, months, chance)
    return making.versions


def _day(months: Sequence[date], chance: random.Random) -> date:
    return chance.choice(months) + timedelta(days=chance.randrange(28))


def _amounts(chance: random.Random) -> tuple[Decimal, ...]:
    return tuple(Decimal(chance.randint(100, 99_999)) / 100 for _ in range(chance.randint(1, MOST_LINES)))
