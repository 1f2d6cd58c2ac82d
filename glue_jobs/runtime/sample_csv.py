"""The two CSV senders of the generated sample, in the layouts of `sample_professional` and `sample_institutional`."""

from collections.abc import Iterator
from random import Random

from glue_jobs.runtime.sample_claims import SampleClaim, SampleLine
from glue_jobs.runtime.sample_dirt import (
    blank,
    code,
    code_at,
    grouped_money,
    money,
    styled_money,
    trailing_money,
    unpadded,
)
from glue_jobs.runtime.sample_layouts import BreakableNames, Record, Written, delimited_layout

ELECTIVE, EMERGENCY = "3", "1"
PLANNED_GROUP = "470"
"""New hips and knees."""


def _write_professional(random: Random, claim: SampleClaim) -> Iterator[Written]:
    date_format = random.choice(("%Y-%m-%d", "%m/%d/%Y"))
    for line in claim.lines:
        yield Written(_professional_record(random, claim, line, date_format), 1, line.paid)


def _professional_record(random: Random, claim: SampleClaim, line: SampleLine, date_format: str) -> Record:
    start, end = claim.start.strftime(date_format), claim.end.strftime(date_format)
    return {
        "CLAIM_NO": claim.claim_id,
        "LINE_NO": str(line.number),
        "FREQ_CD": claim.frequency,
        "ORIG_CLAIM_NO": claim.original_id or blank(random),
        "MEMBER_NO": claim.member_id,
        "PLAN_NAME": claim.plan,
        "CLAIM_FROM": start,
        "CLAIM_THRU": end,
        "SVC_FROM": start,
        "SVC_THRU": end,
        "POS": unpadded(random, random.choice(("11", "02", "22"))),
        "PROC_CD": code(random, line.procedure),
        "MOD_1": random.choice(("25", "gt", "")),
        "MOD_2": blank(random),
        "UNITS": str(line.units),
        "REND_NPI": claim.rendering_npi + random.choice(("", "", "", ".0")),
        "BILL_NPI": claim.billing_npi,
        "BILL_TIN": f"77{random.randint(0, 9_999_999):07d}",
        "PAID_DT": claim.paid_date.strftime(date_format),
        "CHARGE": styled_money(random, line.charge),
        "ALLOWED": styled_money(random, line.allowed),
        "PAID": styled_money(random, line.paid),
        "COINS": money(line.coinsurance),
        "COPAY": money(line.copayment),
        "DEDUCT": money(line.deductible),
        **{f"DX_{n}": code_at(random, claim.diagnoses, n - 1) for n in range(1, 5)},
        "NETWORK": "Y" if claim.in_network else "N",
        "REMARK": random.choice(("", "", "", "paid, as agreed", 'said "call back"', "late")),
    }


def _write_institutional(random: Random, claim: SampleClaim) -> Iterator[Written]:
    date_format = random.choice(("%Y%m%d", "%d-%b-%Y"))
    for line in claim.lines:
        record = (
            _bill_fields(random, claim, line.number)
            | _stay_fields(random, claim, date_format)
            | _service_fields(random, claim, line, date_format)
            | _coded_fields(random, claim, date_format)
        )
        yield Written(record, 1, line.paid)


def _bill_fields(random: Random, claim: SampleClaim, number: int) -> Record:
    bill_type = f"{'11' if claim.kind == 'inpatient' else '13'}{claim.frequency}"
    return {
        "CLM_ID": claim.claim_id,
        "LN": str(number),
        "TOB": random.choice((bill_type, f"0{bill_type}")),
        "FREQ": claim.frequency,
        "ORIG_CLM_ID": claim.original_id or blank(random),
        "MBR_ID": claim.member_id,
        "PLAN": claim.plan,
    }


def _stay_fields(random: Random, claim: SampleClaim, date_format: str) -> Record:
    start, end = claim.start.strftime(date_format), claim.end.strftime(date_format)
    stay = {
        "ADMIT_DT": start,
        "DISCH_DT": end,
        "ADMIT_TYPE": ELECTIVE if claim.drg == PLANNED_GROUP else EMERGENCY,
        "ADMIT_SRC": "1",
        "DISCH_STATUS": unpadded(random, "01"),
        "DRG": unpadded(random, claim.drg),
    }
    if claim.kind != "inpatient":
        stay = dict.fromkeys(stay, blank(random))
    return {"FROM_DT": start, "THRU_DT": end} | stay


def _service_fields(random: Random, claim: SampleClaim, line: SampleLine, date_format: str) -> Record:
    return {
        "REV_CD": unpadded(random, line.revenue_code),
        "HCPCS": blank(random) if claim.kind == "inpatient" else code(random, line.procedure),
        "UNITS": str(line.units),
        "ATT_NPI": claim.rendering_npi,
        "BILL_NPI": claim.billing_npi,
        "FAC_NPI": claim.billing_npi,
        "PAID_DT": claim.paid_date.strftime(date_format),
        "CHG_AMT": grouped_money(random, line.charge),
        "ALLOWED_AMT": trailing_money(line.allowed),
        "PAID_AMT": trailing_money(line.paid),
        "COINS_AMT": trailing_money(line.coinsurance),
        "DED_AMT": trailing_money(line.deductible + line.copayment),
    }


def _coded_fields(random: Random, claim: SampleClaim, date_format: str) -> Record:
    is_stay = claim.kind == "inpatient"
    diagnoses = {}
    for n in range(1, 4):
        diagnoses[f"DX{n}"] = code_at(random, claim.diagnoses, n - 1)
        diagnoses[f"POA{n}"] = "Y" if is_stay and n <= len(claim.diagnoses) else blank(random)
    return {
        **diagnoses,
        "PX1": "3E03317" if is_stay else blank(random),
        "PX1_DT": claim.start.strftime(date_format) if is_stay else "",
        "NETWORK": "1" if claim.in_network else "0",
    }


PROFESSIONAL = delimited_layout(
    "sample_professional", ",", _write_professional, BreakableNames("CLAIM_NO", "CLAIM_FROM", "PAID", "PROC_CD")
)
INSTITUTIONAL = delimited_layout(
    "sample_institutional", "|", _write_institutional, BreakableNames("CLM_ID", "FROM_DT", "PAID_AMT", "REV_CD")
)
