"""Invented drug claims for the generated sample, in the layout of `tuva_pharmacy_claim`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from glue_jobs.runtime.sample_dirt import money
from glue_jobs.runtime.sample_layouts import BreakableNames, Written, delimited_layout
from glue_jobs.runtime.sample_members import SampleMember
from glue_jobs.runtime.sample_providers import SampleProvider

DRUGS = (("99999000101", 12), ("99999000201", 45), ("99999000301", 300), ("99999000401", 1_500))
"""Codes of no labeller that there is, and cents a day."""
SUPPLIES = (30, 30, 90)


@dataclass(frozen=True)
class SampleDrugClaim:
    """One filling of a prescription; amounts in cents."""

    claim_id: str
    member: SampleMember
    prescriber: SampleProvider
    dispensed: date
    ndc_code: str
    days: int
    allowed: int
    copayment: int


def invent_drug_claims(
    random: Random, members: Sequence[SampleMember], providers: Sequence[SampleProvider], count: int
) -> Iterator[SampleDrugClaim]:
    """Drug claims of 2024."""
    clinicians = [provider for provider in providers if not provider.is_facility]
    for number in range(1, count + 1):
        (ndc_code, cents), days = random.choice(DRUGS), random.choice(SUPPLIES)
        yield SampleDrugClaim(
            claim_id=f"R{number:06d}",
            member=random.choice(members),
            prescriber=random.choice(clinicians),
            dispensed=date(2024, random.randint(1, 12), random.randint(1, 28)),
            ndc_code=ndc_code,
            days=days,
            allowed=cents * days,
            copayment=min(random.choice((0, 500, 1_500)), cents * days),
        )


def _write_drug_claim(random: Random, claim: SampleDrugClaim) -> Iterator[Written]:
    paid, member = claim.allowed - claim.copayment, claim.member
    record = {
        "claim_id": claim.claim_id,
        "claim_line_number": "1",
        "person_id": member.member_id,
        "member_id": member.member_id,
        "payer": member.sender.payer,
        "plan": member.plan_on(claim.dispensed),
        "prescribing_provider_npi": claim.prescriber.npi,
        "dispensing_provider_npi": "",
        "dispensing_date": claim.dispensed.isoformat(),
        "ndc_code": random.choice((claim.ndc_code, "-".join((claim.ndc_code[:5], claim.ndc_code[5:9], "01")))),
        "quantity": str(claim.days),
        "days_supply": str(claim.days),
        "refills": str(random.randint(0, 3)),
        "paid_date": (claim.dispensed + timedelta(days=random.randint(1, 20))).isoformat(),
        "paid_amount": money(paid),
        "allowed_amount": money(claim.allowed),
        "charge_amount": money(claim.allowed * 2),
        "coinsurance_amount": "0.00",
        "copayment_amount": money(claim.copayment),
        "deductible_amount": "0.00",
        "in_network_flag": "1",
        "data_source": member.sender.data_source,
    }
    yield Written(record, 1, paid)


DRUG_CLAIMS = delimited_layout(
    "tuva_pharmacy_claim",
    ",",
    _write_drug_claim,
    BreakableNames("claim_id", "dispensing_date", "paid_amount", "quantity"),
)
