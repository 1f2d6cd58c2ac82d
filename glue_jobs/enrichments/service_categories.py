"""The rules by which a line gets its service category: the first that holds counts. docs/enrichments.md has them.

Categories are Tuva's. Where Tuva looks at the provider's taxonomy or at AHRQ's groups of procedure codes, these look at
the codes themselves: bill type, revenue code, place of service, DRG, HCPCS. Names in conditions are those of NAMES.
"""

from typing import NamedTuple

NAMES = {
    "is_institutional": "coalesce(claim_type, '') = 'institutional' OR (coalesce(claim_type, '') <> 'professional' "
    "AND (bill_type_code IS NOT NULL OR revenue_center_code IS NOT NULL))",
    "bill": "substr(bill_type_code, 1, 2)",
    "revenue": "substr(revenue_center_code, 1, 3)",
    "place": "place_of_service_code",
    "drg": "CASE WHEN drg_code RLIKE '^[0-9]{3}$' AND coalesce(drg_code_type, 'ms-drg') = 'ms-drg' "
    "THEN int(drg_code) END",
    "cpt": "CASE WHEN hcpcs_code RLIKE '^[0-9]{5}$' THEN int(hcpcs_code) END",
    # Without a type of bill, a DRG says that it was a stay.
    "is_stay": "CASE WHEN bill IS NULL THEN drg IS NOT NULL ELSE bill IN ('11', '12', '15', '16', '17', '25', '26', "
    "'27', '41', '42', '45', '46', '47', '48', '51', '52', '61', '62', '65', '66', '67', '68', '86') END",
    "modifiers": "array(hcpcs_modifier_1, hcpcs_modifier_2, hcpcs_modifier_3, hcpcs_modifier_4, hcpcs_modifier_5)",
}
"""Names that conditions use, each made of columns of the line and of the names before it."""


class Rule(NamedTuple):
    """Three levels of a category, and the condition for it, which is asked only where no earlier one holds."""

    level_1: str
    level_2: str
    level_3: str
    condition: str


INPATIENT, OUTPATIENT, OFFICE, ANCILLARY, DRUG = "inpatient", "outpatient", "office based", "ancillary", "drug"
ACUTE, OTHER = "acute inpatient", "other"

SURGERY = "cpt BETWEEN 10004 AND 69990 AND NOT cpt BETWEEN 36400 AND 36425 AND cpt NOT IN (36591, 36592)"
RADIOLOGY = "cpt BETWEEN 70010 AND 79999"
THERAPY = "cpt BETWEEN 97010 AND 97799 OR arrays_overlap(modifiers, array('GN', 'GO', 'GP'))"
LABORATORY = "cpt BETWEEN 80047 AND 89398 OR hcpcs_code RLIKE '^([0-9]{4}[UM]|P[0-9]{4}|U000[1-5])$'"
EQUIPMENT = "hcpcs_code RLIKE '^([EKLB][0-9]{4}|A[4-8][0-9]{3})$'"
AMBULANCE = "hcpcs_code BETWEEN 'A0021' AND 'A0999'"
DRUGS = "hcpcs_code RLIKE '^(J[0-9]{4}|Q51[0-9]{2})$' OR cpt BETWEEN 90281 AND 90399 OR cpt BETWEEN 90476 AND 90759"
VISIT = (
    "cpt BETWEEN 99201 AND 99215 OR cpt BETWEEN 99241 AND 99245 OR cpt BETWEEN 99381 AND 99429 "
    "OR hcpcs_code IN ('G0402', 'G0438', 'G0439')"
)
CLINIC = "('15', '17', '19', '22', '49', '50', '60', '71', '72')"
TELEHEALTH = "place IN ('02', '10') OR arrays_overlap(modifiers, array('95', 'GT', 'GQ'))"

SURGICAL_DRGS = (
    (1, 42), (113, 117), (129, 145), (163, 168), (173, 173), (212, 213), (215, 279), (317, 317), (319, 358), (397, 399),
    (402, 402), (405, 430), (447, 451), (453, 522), (570, 585), (614, 630), (650, 675), (707, 718), (734, 750),
    (799, 804), (820, 830), (853, 858), (901, 909), (927, 929), (939, 941), (955, 959), (969, 970), (981, 989),
)  # fmt: skip
"""MS-DRGs for which an operation was grouped (CMS, public), obstetrics and psychiatry left out."""
IS_SURGICAL = " OR ".join(f"drg BETWEEN {first} AND {last}" for first, last in SURGICAL_DRGS)

INPATIENT_RULES = (
    Rule(INPATIENT, "inpatient hospice", "inpatient hospice", "bill = '82'"),
    Rule(OUTPATIENT, "outpatient hospice", "outpatient hospice", "bill = '81'"),
    Rule(INPATIENT, "skilled nursing", "inpatient part A", "bill = '21'"),
    Rule(INPATIENT, "skilled nursing", "inpatient part B", "bill = '22'"),
    Rule(INPATIENT, "skilled nursing", "swing bed", "bill IN ('18', '28')"),
    Rule(OUTPATIENT, "skilled nursing", "skilled nursing", "bill IN ('23', '24')"),
    Rule(INPATIENT, "inpatient hospice", "inpatient hospice", "is_stay AND _has_hospice_bed"),
    Rule(INPATIENT, "inpatient psychiatric", "inpatient psychiatric",
         "is_stay AND (drg = 876 OR drg BETWEEN 880 AND 887)"),
    Rule(INPATIENT, "inpatient substance use", "inpatient substance use", "is_stay AND drg BETWEEN 894 AND 897"),
    Rule(INPATIENT, "inpatient rehabilitation", "inpatient rehabilitation", "is_stay AND drg IN (945, 946)"),
    Rule(INPATIENT, "inpatient psychiatric", "inpatient psychiatric", "is_stay AND _has_psychiatric_bed"),
    Rule(INPATIENT, "inpatient substance use", "inpatient substance use", "is_stay AND _has_detoxification_bed"),
    Rule(INPATIENT, "inpatient rehabilitation", "inpatient rehabilitation", "is_stay AND _has_rehabilitation_bed"),
    Rule(INPATIENT, ACUTE, "l/d - vaginal delivery",
         "is_stay AND drg IN (767, 768, 774, 775, 796, 797, 798, 805, 806, 807)"),
    Rule(INPATIENT, ACUTE, "l/d - cesarean delivery", "is_stay AND (drg IN (765, 766) OR drg BETWEEN 783 AND 788)"),
    Rule(INPATIENT, ACUTE, "l/d - newborn nicu",
         "is_stay AND (drg BETWEEN 789 AND 794 OR (drg = 795 AND _has_intensive_nursery))"),
    Rule(INPATIENT, ACUTE, "l/d - newborn", "is_stay AND drg = 795"),
    Rule(INPATIENT, ACUTE, "l/d - other",
         "is_stay AND (drg BETWEEN 769 AND 782 OR drg BETWEEN 817 AND 819 OR drg BETWEEN 831 AND 833)"),
    Rule(INPATIENT, ACUTE, "surgical", f"is_stay AND ({IS_SURGICAL})"),
    Rule(INPATIENT, ACUTE, "medical", "is_stay AND drg BETWEEN 1 AND 977"),
    Rule(INPATIENT, ACUTE, "acute inpatient - other", "is_stay"),
)  # fmt: skip
"""Institutional claims by type of bill; a stay by its DRG, then by the beds on its lines."""

OUTPATIENT_RULES = (
    Rule(OUTPATIENT, "home health", "home health", "substr(bill, 1, 1) = '3'"),
    Rule(OUTPATIENT, "dialysis", "dialysis", "bill = '72' OR _has_dialysis"),
    Rule(OUTPATIENT, "emergency department", "emergency department", "bill = '78' OR _has_emergency"),
    Rule(OUTPATIENT, "urgent care", "urgent care", "_has_urgent_care"),
    Rule(OUTPATIENT, "observation", "observation", "_has_observation"),
    Rule(OUTPATIENT, "ambulatory surgery center", "ambulatory surgery center",
         "bill = '83' OR _has_ambulatory_surgery"),
    Rule(OUTPATIENT, "outpatient surgery", "outpatient surgery", "_has_surgery"),
    Rule(ANCILLARY, "ambulance", "ambulance", f"revenue = '054' OR {AMBULANCE}"),
    Rule(ANCILLARY, "durable medical equipment", "durable medical equipment", f"revenue = '029' OR {EQUIPMENT}"),
    Rule(ANCILLARY, "lab", "lab", f"bill = '14' OR revenue IN ('030', '031') OR {LABORATORY}"),
    Rule(DRUG, "pharmacy", "pharmacy", f"revenue IN ('025', '026', '063', '089') OR {DRUGS}"),
    Rule(OUTPATIENT, "outpatient radiology", "mri", "revenue = '061'"),
    Rule(OUTPATIENT, "outpatient radiology", "ct", "revenue = '035'"),
    Rule(OUTPATIENT, "outpatient radiology", "pet", "revenue = '034' OR revenue_center_code = '0404'"),
    Rule(OUTPATIENT, "outpatient radiology", "general", f"revenue IN ('032', '033', '040') OR {RADIOLOGY}"),
    Rule(OUTPATIENT, "outpatient substance use", "outpatient substance use",
         "bill = '87' OR revenue_center_code IN ('0906', '0944', '0945')"),
    Rule(OUTPATIENT, "outpatient psychiatric", "outpatient psychiatric",
         "bill = '76' OR revenue IN ('090', '091') OR revenue_center_code = '0513' OR cpt BETWEEN 90785 AND 90899"),
    Rule(OUTPATIENT, "outpatient rehabilitation", "outpatient rehabilitation", "bill IN ('74', '75')"),
    Rule(OUTPATIENT, "outpatient pt/ot/st", "outpatient pt/ot/st", f"revenue IN ('042', '043', '044') OR {THERAPY}"),
    Rule(OUTPATIENT, "outpatient hospital or clinic", "outpatient hospital or clinic",
         "bill IN ('13', '14', '43', '44', '71', '73', '77', '79', '84', '85', '89')"),
)  # fmt: skip
"""Other institutional claims: first what the whole claim is, by bill and by any of its lines, then what the line is."""

PROFESSIONAL_RULES = (
    Rule(ANCILLARY, "ambulance", "ambulance", f"place IN ('41', '42') OR {AMBULANCE}"),
    Rule(INPATIENT, ACUTE, "l/d - vaginal delivery",
         "place = '21' AND cpt IN (59400, 59409, 59410, 59610, 59612, 59614)"),
    Rule(INPATIENT, ACUTE, "l/d - cesarean delivery",
         "place = '21' AND cpt IN (59510, 59514, 59515, 59618, 59620, 59622)"),
    Rule(INPATIENT, ACUTE, "acute inpatient - other", "place = '21'"),
    Rule(INPATIENT, "inpatient psychiatric", "inpatient psychiatric", "place IN ('51', '56')"),
    Rule(INPATIENT, "inpatient substance use", "inpatient substance use", "place = '55'"),
    Rule(INPATIENT, "inpatient rehabilitation", "inpatient rehabilitation", "place = '61'"),
    Rule(INPATIENT, "inpatient hospice", "inpatient hospice", "place = '34'"),
    Rule(ANCILLARY, "durable medical equipment", "durable medical equipment", EQUIPMENT),
    Rule(OUTPATIENT, "dialysis", "dialysis", "place = '65' OR cpt BETWEEN 90935 AND 90999"),
    Rule(OUTPATIENT, "emergency department", "emergency department",
         "place = '23' OR cpt BETWEEN 99281 AND 99285 OR hcpcs_code BETWEEN 'G0380' AND 'G0384'"),
    Rule(OUTPATIENT, "urgent care", "urgent care", "place = '20' OR hcpcs_code IN ('S9083', 'S9088')"),
    Rule(OUTPATIENT, "observation", "observation",
         "hcpcs_code IN ('G0378', 'G0379') OR cpt BETWEEN 99217 AND 99220 OR cpt BETWEEN 99224 AND 99226"),
    Rule(INPATIENT, "skilled nursing", "skilled nursing", "place IN ('31', '32')"),
    Rule(ANCILLARY, "lab", "lab", f"place = '81' OR {LABORATORY}"),
    Rule(OUTPATIENT, "ambulatory surgery center", "ambulatory surgery center", "place = '24'"),
    Rule(DRUG, "pharmacy", "pharmacy", f"place = '01' OR {DRUGS}"),
    Rule(OFFICE, "telehealth visit", "telehealth visit", TELEHEALTH),
    Rule(OUTPATIENT, "home health", "home health", "place = '12'"),
    Rule(OUTPATIENT, "outpatient psychiatric", "outpatient psychiatric", "place IN ('52', '53')"),
    Rule(OUTPATIENT, "outpatient substance use", "outpatient substance use", "place IN ('57', '58')"),
    Rule(OUTPATIENT, "outpatient rehabilitation", "outpatient rehabilitation", "place = '62'"),
    Rule(OFFICE, "office based surgery", "office based surgery", f"place = '11' AND {SURGERY}"),
    Rule(OFFICE, "office based radiology", "general", f"place = '11' AND {RADIOLOGY}"),
    Rule(OFFICE, "office based pt/ot/st", "office based pt/ot/st", f"place = '11' AND ({THERAPY})"),
    Rule(OFFICE, "office visit", "office visit", f"place = '11' AND ({VISIT})"),
    Rule(OFFICE, "office based other", "office based other", "place = '11'"),
    Rule(OUTPATIENT, "outpatient surgery", "outpatient surgery", f"place IN {CLINIC} AND {SURGERY}"),
    Rule(OUTPATIENT, "outpatient radiology", "general", f"place IN {CLINIC} AND {RADIOLOGY}"),
    Rule(OUTPATIENT, "outpatient pt/ot/st", "outpatient pt/ot/st", f"place IN {CLINIC} AND ({THERAPY})"),
    Rule(OUTPATIENT, "outpatient hospital or clinic", "outpatient hospital or clinic", f"place IN {CLINIC}"),
)  # fmt: skip
"""Professional lines: by place of service, but what is ancillary or a drug wherever it is given comes first."""

WITHOUT_PLACE_RULES = (
    Rule(OFFICE, "office visit", "office visit", VISIT),
    Rule(INPATIENT, ACUTE, "acute inpatient - other",
         "cpt BETWEEN 99221 AND 99223 OR cpt BETWEEN 99231 AND 99239 OR cpt BETWEEN 99251 AND 99255"),
    Rule(INPATIENT, "skilled nursing", "skilled nursing", "cpt BETWEEN 99304 AND 99318"),
    Rule(OUTPATIENT, "home health", "home health", "cpt BETWEEN 99341 AND 99350"),
    Rule(OUTPATIENT, "outpatient psychiatric", "outpatient psychiatric", "cpt BETWEEN 90785 AND 90899"),
    Rule(OUTPATIENT, "outpatient surgery", "outpatient surgery", SURGERY),
    Rule(OUTPATIENT, "outpatient radiology", "general", RADIOLOGY),
    Rule(OUTPATIENT, "outpatient pt/ot/st", "outpatient pt/ot/st", THERAPY),
)  # fmt: skip
"""Professional lines without a place of service (SynPUF has none): by what the procedure code says of the place."""


_PARTS = (
    ("is_institutional", INPATIENT_RULES),
    ("is_institutional", OUTPATIENT_RULES),
    ("NOT is_institutional", PROFESSIONAL_RULES),
    ("NOT is_institutional AND place IS NULL", WITHOUT_PLACE_RULES),
)

RULES = tuple(rule._replace(condition=f"{part} AND ({rule.condition})") for part, rules in _PARTS for rule in rules)
"""All rules in their order."""
