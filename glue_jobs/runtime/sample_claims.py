"""Invented claims for the generated sample: adjudicated, adjusted and voided as real ones are, of nobody and no payer.

Amounts are whole cents, so that no money goes through binary floating point.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Literal

from glue_jobs.runtime.sample_members import SampleMember
from glue_jobs.runtime.sample_providers import SampleProvider

REPLACEMENT, VOID = "7", "8"
ADJUSTED_SHARE, VOID_SHARE_OF_ADJUSTED = 0.03, 0.4
IN_NETWORK_SHARE = 0.9

DIAGNOSES = ("E11.9", "I10", "J44.9", "M54.50", "R80.9", "U07.1", "Z00.00", "E78.5", "N18.30", "F32.A")
# Level II codes only: CPT is licensed content.
PROCEDURES = ("G0463", "G0438", "G0439", "J1885", "J3420", "Q0091", "A0425", "G0103", "P9603", "E0601")
DIAGNOSIS_GROUPS = ("065", "089", "194", "291", "470", "871")
REVENUE_CODES = ("0120", "0250", "0300", "0450", "0510", "0636")

Kind = Literal["professional", "inpatient", "outpatient"]


@dataclass(frozen=True)
class SampleLine:
    """One claim line; amounts in cents, negative on a void."""

    number: int
    procedure: str
    revenue_code: str
    units: int
    charge: int
    allowed: int
    paid: int
    coinsurance: int
    copayment: int
    deductible: int


@dataclass(frozen=True)
class SampleClaim:
    """One version of a claim; `original_id` names the claim that it replaces or voids."""

    claim_id: str
    kind: Kind
    frequency: str
    original_id: str
    member_id: str
    plan: str
    start: date
    end: date
    paid_date: date
    rendering_npi: str
    billing_npi: str
    in_network: bool
    diagnoses: tuple[str, ...]
    drg: str
    lines: tuple[SampleLine, ...]

    @property
    def paid(self) -> int:
        """Cents paid over all lines."""
        return sum(line.paid for line in self.lines)


@dataclass(frozen=True)
class Roster:
    """Whom the claims of a file are about: members of its sender, who treats them, and who bills."""

    members: Sequence[SampleMember]
    clinicians: Sequence[SampleProvider]
    facilities: Sequence[SampleProvider]


def invent_claims(  # noqa: PLR0913 - what a file of claims is
    random: Random,
    roster: Roster,
    prefix: str,
    *,
    kinds: tuple[Kind, ...],
    months: tuple[int, int],
    line_count: int,
) -> Iterator[SampleClaim]:
    """Claims of 2024 from the first to the last of `months` with exactly `line_count` lines, adjustments among them."""
    left, count = line_count, 0
    while left:
        count += 1
        lines = tuple(_invent_line(random, number) for number in range(1, min(left, random.randint(1, 4)) + 1))
        claim = _invent_claim(random, roster, f"{prefix}{count:06d}", random.choice(kinds), months)
        claim = replace(claim, lines=lines)
        left -= len(claim.lines)
        yield claim
        if random.random() < ADJUSTED_SHARE and len(claim.lines) <= left:
            count += 1
            left -= len(claim.lines)
            yield _adjust_claim(random, claim, f"{prefix}{count:06d}")


def _invent_claim(random: Random, roster: Roster, claim_id: str, kind: Kind, months: tuple[int, int]) -> SampleClaim:
    """A claim that still lacks its lines."""
    start = date(2024, random.randint(*months), random.randint(1, 28))
    nights = random.randint(1, 6) if kind == "inpatient" else 0
    end = start + timedelta(days=nights)
    member = random.choice(roster.members)
    return SampleClaim(
        claim_id=claim_id,
        kind=kind,
        frequency="1",
        original_id="",
        member_id=member.member_id,
        plan=member.plan_on(start),
        start=start,
        end=end,
        paid_date=end + timedelta(days=random.randint(7, 45)),
        rendering_npi=random.choice(roster.clinicians).npi,
        billing_npi=random.choice(roster.facilities).npi,
        in_network=random.random() < IN_NETWORK_SHARE,
        diagnoses=tuple(random.sample(DIAGNOSES, random.randint(1, 3))),
        drg=random.choice(DIAGNOSIS_GROUPS) if kind == "inpatient" else "",
        lines=(),
    )


def _invent_line(random: Random, number: int) -> SampleLine:
    charge = random.randint(2_000, 400_000)
    allowed = charge * random.randint(40, 100) // 100
    coinsurance = allowed * random.choice((0, 10, 20)) // 100
    copayment = min(random.choice((0, 1_500, 4_000)), allowed - coinsurance)
    deductible = (allowed - coinsurance - copayment) * random.choice((0, 0, 0, 100)) // 100
    return SampleLine(
        number=number,
        procedure=random.choice(PROCEDURES),
        revenue_code=random.choice(REVENUE_CODES),
        units=random.randint(1, 5),
        charge=charge,
        allowed=allowed,
        paid=allowed - coinsurance - copayment - deductible,
        coinsurance=coinsurance,
        copayment=copayment,
        deductible=deductible,
    )


def _adjust_claim(random: Random, claim: SampleClaim, claim_id: str) -> SampleClaim:
    is_void = random.random() < VOID_SHARE_OF_ADJUSTED
    lines = tuple(_reverse_line(line) if is_void else _invent_line(random, line.number) for line in claim.lines)
    return replace(
        claim,
        claim_id=claim_id,
        frequency=VOID if is_void else REPLACEMENT,
        original_id=claim.claim_id,
        paid_date=claim.paid_date + timedelta(days=random.randint(10, 60)),
        lines=lines,
    )


def _reverse_line(line: SampleLine) -> SampleLine:
    return replace(
        line,
        charge=-line.charge,
        allowed=-line.allowed,
        paid=-line.paid,
        coinsurance=-line.coinsurance,
        copayment=-line.copayment,
        deductible=-line.deductible,
    )
