"""The NDJSON sender of the generated sample, in the layout of `acme_claims_json`: one object a claim, lines nested."""

import json
from collections.abc import Iterator
from random import Random

from glue_jobs.runtime.sample_claims import SampleClaim, SampleLine
from glue_jobs.runtime.sample_dirt import code, code_at, money, unpadded
from glue_jobs.runtime.sample_layouts import NO_AMOUNT, NO_SUCH_DAY, Layout, Record, Written


def _write_acme(random: Random, claim: SampleClaim) -> Iterator[Written]:
    is_professional = claim.kind == "professional"
    record = {
        "claimId": claim.claim_id,
        "member": {"memberId": claim.member_id, "plan": claim.plan},
        "claimType": "P" if is_professional else "I",
        "frequencyCode": claim.frequency,
        "originalClaimId": claim.original_id or None,
        "serviceFrom": claim.start.isoformat(),
        "serviceTo": claim.end.isoformat(),
        "paidDate": random.choice((claim.paid_date.isoformat(), f"{claim.paid_date.isoformat()}T06:00:00Z")),
        "billType": None if is_professional else f"013{claim.frequency}",
        "billingNpi": claim.billing_npi,
        "facilityNpi": None if is_professional else claim.billing_npi,
        "diagnosisCodeType": "ABK",
        **{f"dx{n}": code_at(random, claim.diagnoses, n - 1) for n in range(1, 5)},
        "inNetwork": "Y" if claim.in_network else "N",
        "totalPaid": money(claim.paid),
        "totalCoinsurance": money(sum(line.coinsurance for line in claim.lines)),
        "totalCopayment": money(sum(line.copayment for line in claim.lines)),
        "totalDeductible": money(sum(line.deductible for line in claim.lines)),
        "lines": [_acme_line(random, claim, line) for line in claim.lines],
    }
    yield Written(record, len(claim.lines), claim.paid)


def _acme_line(random: Random, claim: SampleClaim, line: SampleLine) -> Record:
    is_professional = claim.kind == "professional"
    return {
        "lineNumber": line.number,
        "hcpcs": code(random, line.procedure),
        "modifier1": random.choice((None, "25", "gt")),
        "units": line.units,
        "charge": money(line.charge),
        "allowed": money(line.allowed),
        "paid": money(line.paid),
        "placeOfService": "11" if is_professional else None,
        "revenueCode": None if is_professional else unpadded(random, line.revenue_code),
        "renderingNpi": claim.rendering_npi,
    }


def _json_text(record: Record) -> str:
    return json.dumps(record, separators=(",", ":"))


def _with_bad_amount(record: Record) -> Record:
    first, *others = record["lines"]
    return record | {"lines": [first | {"paid": NO_AMOUNT}, *others]}


ACME = Layout(
    "acme_claims_json",
    "",
    _write_acme,
    _json_text,
    {
        "RC003": lambda record: _json_text(record)[:-1],
        "RC010": lambda record: _json_text(record | {"serviceFrom": NO_SUCH_DAY}),
        "RC011": lambda record: _json_text(_with_bad_amount(record)),
        "RC013": lambda record: _json_text(record | {"claimId": None}),
    },
)
