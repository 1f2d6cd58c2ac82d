"""Whether a stay was planned: after CMS's planned readmission algorithm, in a simple form.

CMS names procedures and diagnoses that are always planned, and procedures that are so unless the diagnosis is acute;
the lists are of AHRQ's categories (CCS), which are not among ours. Here a stay is planned that the hospital calls
elective, or whose group or diagnosis is one of those that are always planned.
"""

from pyspark.sql import Column
from pyspark.sql import functions as F

ELECTIVE = "3"
"""Priority of the admission: the patient's state permits to wait for it (NUBC)."""

TRANSPLANTS = ("001", "002", "005", "006", "007", "008", "010", "014", "016", "017", "018", "019", "650", "651", "652")
CHEMOTHERAPY = ("837", "838", "839", "846", "847", "848")
REHABILITATION = ("945", "946")
DELIVERIES = (
    *("765", "766", "767", "768", "774", "775", "783", "784", "785", "786", "787", "788"),
    *("796", "797", "798", "805", "806", "807"),
)
PLANNED_GROUPS = (*TRANSPLANTS, *CHEMOTHERAPY, *REHABILITATION, *DELIVERIES)
"""MS-DRGs."""

PLANNED_DIAGNOSES = {
    "icd-10-cm": "^(Z510|Z511[12]|O8[02])",
    "icd-9-cm": "^(V57|V58[01]|650)",
}
"""Beginnings of principal diagnoses: radiation and chemotherapy, rehabilitation, normal delivery."""


def is_planned() -> Column:
    """Whether the stay was planned, from its priority, group and principal diagnosis; never empty."""
    is_own_group = F.col("drg_code_type").isNull() | (F.lower("drg_code_type") == "ms-drg")
    by_diagnosis = [
        (F.coalesce(F.lower("diagnosis_code_type"), F.lit(system)) == system) & F.col("diagnosis_code_1").rlike(codes)
        for system, codes in PLANNED_DIAGNOSES.items()
    ]
    by_group = is_own_group & F.col("drg_code").isin(*PLANNED_GROUPS)
    signs = (F.col("admit_type_code") == ELECTIVE, by_group, *by_diagnosis)
    return F.greatest(*(F.coalesce(sign, F.lit(False)) for sign in signs))
