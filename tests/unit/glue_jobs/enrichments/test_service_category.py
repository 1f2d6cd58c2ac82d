import re
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from glue_jobs.enrichments.add_service_category import ADD_SERVICE_CATEGORY
from glue_jobs.enrichments.mark_claims import MARK_CLAIMS, MARKS
from glue_jobs.enrichments.service_categories import (
    INPATIENT_RULES,
    NAMES,
    OUTPATIENT_RULES,
    PROFESSIONAL_RULES,
    RULES,
    WITHOUT_PLACE_RULES,
)
from tests.unit.glue_jobs.enrichments.claim_lines import added

PARTS = (INPATIENT_RULES, OUTPATIENT_RULES, PROFESSIONAL_RULES, WITHOUT_PLACE_RULES)

INSTITUTIONAL: dict[str, tuple[dict[str, object], str]] = {
    "hospice in a hospital": ({"bill_type_code": "821"}, "inpatient/inpatient hospice/inpatient hospice"),
    "hospice at home": (
        {"bill_type_code": "811", "_has_hospice_bed": True},
        "outpatient/outpatient hospice/outpatient hospice",
    ),
    "nursing facility": ({"bill_type_code": "211"}, "inpatient/skilled nursing/inpatient part A"),
    "nursing facility, part B": ({"bill_type_code": "221"}, "inpatient/skilled nursing/inpatient part B"),
    "swing bed": ({"bill_type_code": "181"}, "inpatient/skilled nursing/swing bed"),
    "nursing facility, outpatient": ({"bill_type_code": "231"}, "outpatient/skilled nursing/skilled nursing"),
    "hospice bed of a hospital": (
        {"bill_type_code": "111", "_has_hospice_bed": True},
        "inpatient/inpatient hospice/inpatient hospice",
    ),
    "psychosis": (
        {"bill_type_code": "111", "drg_code": "885"},
        "inpatient/inpatient psychiatric/inpatient psychiatric",
    ),
    "psychiatric bed": (
        {"bill_type_code": "111", "_has_psychiatric_bed": True},
        "inpatient/inpatient psychiatric/inpatient psychiatric",
    ),
    "alcohol": (
        {"bill_type_code": "111", "drg_code": "897"},
        "inpatient/inpatient substance use/inpatient substance use",
    ),
    "the DRG before the bed": (
        {"bill_type_code": "111", "drg_code": "945", "_has_psychiatric_bed": True},
        "inpatient/inpatient rehabilitation/inpatient rehabilitation",
    ),
    "rehabilitation bed": (
        {"bill_type_code": "112", "_has_rehabilitation_bed": True},
        "inpatient/inpatient rehabilitation/inpatient rehabilitation",
    ),
    "delivery": ({"bill_type_code": "111", "drg_code": "807"}, "inpatient/acute inpatient/l/d - vaginal delivery"),
    "section": ({"bill_type_code": "111", "drg_code": "788"}, "inpatient/acute inpatient/l/d - cesarean delivery"),
    "newborn": ({"bill_type_code": "111", "drg_code": "795"}, "inpatient/acute inpatient/l/d - newborn"),
    "newborn in intensive care": (
        {"bill_type_code": "111", "drg_code": "795", "_has_intensive_nursery": True},
        "inpatient/acute inpatient/l/d - newborn nicu",
    ),
    "premature": ({"bill_type_code": "111", "drg_code": "791"}, "inpatient/acute inpatient/l/d - newborn nicu"),
    "other obstetrics": ({"bill_type_code": "111", "drg_code": "776"}, "inpatient/acute inpatient/l/d - other"),
    "hip": ({"bill_type_code": "111", "drg_code": "470"}, "inpatient/acute inpatient/surgical"),
    "sepsis": ({"bill_type_code": "111", "drg_code": "871"}, "inpatient/acute inpatient/medical"),
    "heart failure without bill type": ({"drg_code": "291"}, "inpatient/acute inpatient/medical"),
    "ungroupable": ({"bill_type_code": "111", "drg_code": "999"}, "inpatient/acute inpatient/acute inpatient - other"),
    "APR-DRG": (
        {"bill_type_code": "111", "drg_code": "470", "drg_code_type": "apr-drg"},
        "inpatient/acute inpatient/acute inpatient - other",
    ),
    "DRG of four characters": (
        {"bill_type_code": "111", "drg_code": "0470"},
        "inpatient/acute inpatient/acute inpatient - other",
    ),
    "a stay that began in the emergency department": (
        {"bill_type_code": "111", "revenue_center_code": "0450", "_has_emergency": True},
        "inpatient/acute inpatient/acute inpatient - other",
    ),
    "home health": ({"bill_type_code": "329"}, "outpatient/home health/home health"),
    "dialysis": ({"bill_type_code": "721"}, "outpatient/dialysis/dialysis"),
    "dialysis in a hospital": ({"bill_type_code": "131", "_has_dialysis": True}, "outpatient/dialysis/dialysis"),
    "emergency": (
        {"bill_type_code": "131", "revenue_center_code": "0301", "_has_emergency": True, "_has_surgery": True},
        "outpatient/emergency department/emergency department",
    ),
    "urgent care": ({"bill_type_code": "131", "_has_urgent_care": True}, "outpatient/urgent care/urgent care"),
    "observation": ({"bill_type_code": "131", "_has_observation": True}, "outpatient/observation/observation"),
    "surgery center": (
        {"bill_type_code": "831"},
        "outpatient/ambulatory surgery center/ambulatory surgery center",
    ),
    "surgery": (
        {"bill_type_code": "131", "revenue_center_code": "0250", "_has_surgery": True},
        "outpatient/outpatient surgery/outpatient surgery",
    ),
    "ambulance": ({"bill_type_code": "131", "revenue_center_code": "0540"}, "ancillary/ambulance/ambulance"),
    "equipment": (
        {"bill_type_code": "131", "hcpcs_code": "E0601"},
        "ancillary/durable medical equipment/durable medical equipment",
    ),
    "laboratory": ({"bill_type_code": "131", "revenue_center_code": "0301"}, "ancillary/lab/lab"),
    "laboratory for others": ({"bill_type_code": "141"}, "ancillary/lab/lab"),
    "blood drawn": (
        {"bill_type_code": "131", "hcpcs_code": "36415"},
        "outpatient/outpatient hospital or clinic/outpatient hospital or clinic",
    ),
    "drug": ({"bill_type_code": "131", "revenue_center_code": "0636"}, "drug/pharmacy/pharmacy"),
    "mri": ({"bill_type_code": "131", "revenue_center_code": "0610"}, "outpatient/outpatient radiology/mri"),
    "ct": ({"bill_type_code": "131", "revenue_center_code": "0350"}, "outpatient/outpatient radiology/ct"),
    "pet": ({"bill_type_code": "131", "revenue_center_code": "0404"}, "outpatient/outpatient radiology/pet"),
    "x-ray": ({"bill_type_code": "131", "hcpcs_code": "71046"}, "outpatient/outpatient radiology/general"),
    "detoxification": (
        {"bill_type_code": "131", "revenue_center_code": "0906"},
        "outpatient/outpatient substance use/outpatient substance use",
    ),
    "psychiatry": (
        {"bill_type_code": "131", "revenue_center_code": "0905"},
        "outpatient/outpatient psychiatric/outpatient psychiatric",
    ),
    "rehabilitation facility": (
        {"bill_type_code": "741", "revenue_center_code": "0420"},
        "outpatient/outpatient rehabilitation/outpatient rehabilitation",
    ),
    "therapy": (
        {"bill_type_code": "131", "hcpcs_modifier_2": "GP"},
        "outpatient/outpatient pt/ot/st/outpatient pt/ot/st",
    ),
    "clinic": (
        {"bill_type_code": "711"},
        "outpatient/outpatient hospital or clinic/outpatient hospital or clinic",
    ),
    "neither bill nor code": ({}, "other/other/other"),
}

PROFESSIONAL: dict[str, tuple[dict[str, object], str]] = {
    "ambulance": ({"place_of_service_code": "41"}, "ancillary/ambulance/ambulance"),
    "ambulance by code": (
        {"place_of_service_code": "21", "hcpcs_code": "A0429"},
        "ancillary/ambulance/ambulance",
    ),
    "hospital": (
        {"place_of_service_code": "21", "hcpcs_code": "88305"},
        "inpatient/acute inpatient/acute inpatient - other",
    ),
    "delivery": (
        {"place_of_service_code": "21", "hcpcs_code": "59400"},
        "inpatient/acute inpatient/l/d - vaginal delivery",
    ),
    "psychiatric hospital": ({"place_of_service_code": "51"}, "inpatient/inpatient psychiatric/inpatient psychiatric"),
    "equipment at home": (
        {"place_of_service_code": "12", "hcpcs_code": "E1390"},
        "ancillary/durable medical equipment/durable medical equipment",
    ),
    "dialysis": ({"place_of_service_code": "11", "hcpcs_code": "90960"}, "outpatient/dialysis/dialysis"),
    "emergency": (
        {"place_of_service_code": "23", "hcpcs_code": "71046"},
        "outpatient/emergency department/emergency department",
    ),
    "emergency without place": ({"hcpcs_code": "99284"}, "outpatient/emergency department/emergency department"),
    "urgent care": ({"place_of_service_code": "20"}, "outpatient/urgent care/urgent care"),
    "observation": (
        {"place_of_service_code": "22", "hcpcs_code": "99219"},
        "outpatient/observation/observation",
    ),
    "nursing facility": ({"place_of_service_code": "31"}, "inpatient/skilled nursing/skilled nursing"),
    "laboratory": ({"place_of_service_code": "81"}, "ancillary/lab/lab"),
    "laboratory in an office": ({"place_of_service_code": "11", "hcpcs_code": "80053"}, "ancillary/lab/lab"),
    "proprietary test": ({"hcpcs_code": "0001U"}, "ancillary/lab/lab"),
    "surgery center": (
        {"place_of_service_code": "24", "hcpcs_code": "66984"},
        "outpatient/ambulatory surgery center/ambulatory surgery center",
    ),
    "drug": ({"place_of_service_code": "11", "hcpcs_code": "J9271"}, "drug/pharmacy/pharmacy"),
    "vaccine": ({"place_of_service_code": "11", "hcpcs_code": "90662"}, "drug/pharmacy/pharmacy"),
    "telehealth": (
        {"place_of_service_code": "10", "hcpcs_code": "99213"},
        "office based/telehealth visit/telehealth visit",
    ),
    "telehealth by modifier": (
        {"place_of_service_code": "11", "hcpcs_code": "99213", "hcpcs_modifier_1": "25", "hcpcs_modifier_2": "95"},
        "office based/telehealth visit/telehealth visit",
    ),
    "home": ({"place_of_service_code": "12", "hcpcs_code": "99347"}, "outpatient/home health/home health"),
    "office visit": (
        {"place_of_service_code": "11", "hcpcs_code": "99213", "hcpcs_modifier_1": "25"},
        "office based/office visit/office visit",
    ),
    "office surgery": (
        {"place_of_service_code": "11", "hcpcs_code": "11042"},
        "office based/office based surgery/office based surgery",
    ),
    "office x-ray": (
        {"place_of_service_code": "11", "hcpcs_code": "73030"},
        "office based/office based radiology/general",
    ),
    "office therapy": (
        {"place_of_service_code": "11", "hcpcs_code": "97110"},
        "office based/office based pt/ot/st/office based pt/ot/st",
    ),
    "office, blood drawn": (
        {"place_of_service_code": "11", "hcpcs_code": "36415"},
        "office based/office based other/office based other",
    ),
    "hospital's clinic": (
        {"place_of_service_code": "22", "hcpcs_code": "99213"},
        "outpatient/outpatient hospital or clinic/outpatient hospital or clinic",
    ),
    "surgery in a hospital's clinic": (
        {"place_of_service_code": "19", "hcpcs_code": "45378"},
        "outpatient/outpatient surgery/outpatient surgery",
    ),
    "visit without place": ({"hcpcs_code": "99213"}, "office based/office visit/office visit"),
    "hospital visit without place": (
        {"hcpcs_code": "99232"},
        "inpatient/acute inpatient/acute inpatient - other",
    ),
    "other place": ({"place_of_service_code": "99", "hcpcs_code": "99213"}, "other/other/other"),
    "no known form of code": ({"hcpcs_code": "zz"}, "other/other/other"),
    "no kind of claim": ({"claim_type": None}, "other/other/other"),
    "no kind, but a bill": (
        {"claim_type": None, "bill_type_code": "111", "drg_code": "871"},
        "inpatient/acute inpatient/medical",
    ),
}


def case_lines() -> list[tuple[str, dict[str, object], str]]:
    usual: dict[str, object] = dict.fromkeys(MARKS, False)
    kinds = (("institutional", INSTITUTIONAL), ("professional", PROFESSIONAL))
    return [
        (f"{kind}: {name}", {**usual, "claim_type": kind, **line}, expected)
        for kind, cases in kinds
        for name, (line, expected) in cases.items()
    ]


def test_each_case_gets_the_first_rule_that_holds(spark: SparkSession) -> None:
    cases = case_lines()
    found = added(spark, ADD_SERVICE_CATEGORY, [line for _, line, _ in cases])
    wrong = {
        name: "/".join(row.values())
        for (name, _, expected), row in zip(cases, found, strict=True)
        if "/".join(row.values()) != expected
    }
    assert wrong == {}


def test_every_category_that_a_rule_can_give_has_a_case() -> None:
    tried = {expected for _, _, expected in case_lines()}
    assert {"/".join(rule[:3]) for rule in RULES} <= tried


@pytest.mark.parametrize("shown", [1, 2, 3])
def test_what_one_line_of_a_claim_says_marks_all_its_lines_and_no_other_claim(spark: SparkSession, shown: int) -> None:
    claims: list[dict[str, Any]] = [
        {"claim_id": claim, "claim_version_id": "v", "data_source": "a", "_member": "m", "revenue_center_code": revenue}
        for claim, revenue in (("er", "0301"), ("er", "0450"), ("er", None), ("lab", "0301"), ("lab", "0300"))
    ]
    emergency = claims[1]
    if shown == 2:
        emergency |= {"revenue_center_code": None, "hcpcs_code": "99283"}
    if shown == 3:
        emergency |= {"revenue_center_code": "0762", "hcpcs_code": "G0384"}
    found = added(spark, MARK_CLAIMS, claims)
    assert [row["_has_emergency"] for row in found] == [True, True, True, False, False]
    assert [row["_has_observation"] for row in found] == [shown == 3] * 3 + [False, False]
    assert not any(row["_has_surgery"] for row in found)


def test_the_document_lists_the_rules_in_their_order() -> None:
    text = (Path(__file__).parents[4] / "docs" / "enrichments.md").read_text(encoding="utf-8")
    written = re.findall(r"^\| (\d+) \| (.*) \| (.*) \| (.*) \| `(.*)` \|$", text, re.MULTILINE)
    rules = [rule for part in PARTS for rule in part]
    assert [(*rule[1:4], rule[4].replace(r"\|", "|")) for rule in written] == [tuple(rule) for rule in rules]
    assert [int(rule[0]) for rule in written] == list(range(1, len(RULES) + 1))
    for name, condition in (NAMES | MARKS).items():
        assert f"| `{name}` | `{condition.replace('|', chr(92) + '|')}` |" in text
