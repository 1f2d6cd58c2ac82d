"""Claim lines with what they mean: every enrichment in its order, then the columns of `medical_claim_enriched`."""

from collections.abc import Mapping
from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from expectations.contract import load_table
from expectations.payer_rules import load_payer_rules
from glue_jobs.derivations import Derivation
from glue_jobs.enrichments.add_age import ADD_AGE
from glue_jobs.enrichments.add_amounts import ADD_AMOUNTS
from glue_jobs.enrichments.add_diagnosis import ADD_DIAGNOSIS
from glue_jobs.enrichments.add_enrollment import ADD_ENROLLMENT
from glue_jobs.enrichments.add_length_of_stay import ADD_LENGTH_OF_STAY
from glue_jobs.enrichments.add_provider import ADD_PROVIDER
from glue_jobs.enrichments.add_risk_tier import ADD_RISK_TIER
from glue_jobs.enrichments.add_service_category import ADD_SERVICE_CATEGORY
from glue_jobs.enrichments.enrichment import Enrichment, References
from glue_jobs.enrichments.flag_costs import FLAG_COSTS
from glue_jobs.enrichments.flag_denied import FLAG_DENIED
from glue_jobs.enrichments.flag_duplicates import FLAG_DUPLICATES
from glue_jobs.enrichments.flag_timely_filing import FLAG_TIMELY_FILING
from glue_jobs.enrichments.gather_members import GATHER_MEMBERS
from glue_jobs.enrichments.mark_claims import MARK_CLAIMS

TABLE = "medical_claim_enriched"

ENRICHMENTS: tuple[Enrichment, ...] = (
    ADD_DIAGNOSIS,
    ADD_PROVIDER,
    # Lines lie by member from here on; a join by anything else belongs above it.
    GATHER_MEMBERS,
    ADD_ENROLLMENT,
    MARK_CLAIMS,
    FLAG_DUPLICATES,
    ADD_AGE,
    ADD_SERVICE_CATEGORY,
    ADD_LENGTH_OF_STAY,
    FLAG_TIMELY_FILING,
    ADD_AMOUNTS,
    FLAG_COSTS,
    FLAG_DENIED,
    ADD_RISK_TIER,
)


def enrich_lines(lines: DataFrame, references: References) -> DataFrame:
    """Rows of `medical_claim_enriched`, one for each row of `medical_claim`."""
    table = load_table(TABLE)
    added = {name for enrichment in ENRICHMENTS for name in enrichment.adds}
    read = {name for enrichment in ENRICHMENTS for name in enrichment.needs} | set(table.column_names)
    kept = lines.select(*(name for name in lines.columns if name in read - added))
    enriched = reduce(lambda frame, enrichment: enrichment.add(frame, references), ENRICHMENTS, kept)
    return enriched.select(*(F.col(column.name).cast(column.type) for column in table.columns))


def _make(inputs: Mapping[str, DataFrame]) -> DataFrame:
    references = References(inputs["code_set"], inputs["provider"], inputs["eligibility"], load_payer_rules())
    return enrich_lines(inputs["medical_claim"], references)


DERIVED: tuple[Derivation, ...] = (
    Derivation(TABLE, ("medical_claim", "eligibility", "provider", "code_set"), "months", _make),
)
"""A month is made of its claims, and of the whole of the other tables: when these change, of every month."""
