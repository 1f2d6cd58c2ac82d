"""Every summary: its table, what it is made of, what is replaced at once, and the function that makes it."""

from collections.abc import Callable

from pyspark.sql import DataFrame

from glue_jobs.derivations import Derivation, Rebuilt
from glue_jobs.summaries.claim_lag import claim_lag
from glue_jobs.summaries.completion_factor import completion_factor
from glue_jobs.summaries.data_freshness import data_freshness
from glue_jobs.summaries.inpatient_stay import inpatient_stay
from glue_jobs.summaries.monthly_claims import denial, monthly_claims, top_diagnosis, top_procedure, top_provider
from glue_jobs.summaries.pmpm import pmpm
from glue_jobs.summaries.readmission import readmission

CLAIMS = ("medical_claim_enriched", "medical_claim_header")


def _summary(rebuilt: Rebuilt, function: Callable[..., DataFrame], *inputs: str) -> Derivation:
    """The table has the function's name; the function takes the inputs in their order."""
    return Derivation(function.__name__, inputs, rebuilt, lambda frames: function(*(frames[name] for name in inputs)))


DERIVED: tuple[Derivation, ...] = (
    _summary("months", monthly_claims, *CLAIMS),
    _summary("months", pmpm, *CLAIMS, "pharmacy_claim", "member_month"),
    _summary("months", top_provider, *CLAIMS),
    _summary("months", top_procedure, *CLAIMS),
    _summary("months", top_diagnosis, *CLAIMS),
    _summary("months", denial, *CLAIMS),
    _summary("months", claim_lag, *CLAIMS),
    _summary("whole", completion_factor, "claim_lag"),
    _summary("persons", inpatient_stay, *CLAIMS),
    _summary("persons", readmission, "inpatient_stay"),
    _summary("whole", data_freshness, "ingest_audit", "medical_claim", "pharmacy_claim"),
)
"""In an order in which each comes after what it is made of."""
