"""Name, type, specialty and state of the provider who gave the service, by NPI."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from glue_jobs.enrichments.enrichment import SERVICE_DAY, Enrichment, References, service_day

TAXONOMY = "nucc-taxonomy"
"""Code system of taxonomy codes in `code_set`; its text is there only if the user loaded the list."""
ENTITY_TYPES = {"1": "individual", "2": "organization"}
KEPT = (
    "entity_type_code",
    "entity_type_description",
    "provider_last_name",
    "provider_first_name",
    "organization_name",
    "primary_taxonomy_code",
    "primary_specialty_description",
    "practice_state",
    "deactivation_date",
    "reactivation_date",
    "deactivation_flag",
)


def add_provider(lines: DataFrame, references: References) -> DataFrame:
    """Add what is known of the provider: rendering, billing, facility of a professional line, else the other way."""
    is_facility = F.col("claim_type") == "institutional"
    npi = F.when(is_facility, F.coalesce("facility_npi", "billing_npi", "rendering_npi")).otherwise(
        F.coalesce("rendering_npi", "billing_npi", "facility_npi")
    )
    found = latest_providers(references)
    return (
        lines.withColumn("_provider_npi", npi)
        .join(found, on="_provider_npi", how="left")
        .select(
            *lines.columns,
            "_provider_npi",
            *(F.col(f"_{name}").alias(name) for name in NAMES),
            _is_deactivated(service_day()).cast("int").alias("provider_deactivated_flag"),
        )
    )


NAMES = ("provider_name", "provider_type", "provider_specialty", "provider_state")


def latest_providers(references: References) -> DataFrame:
    """One row an NPI: its record with the latest update, then file date, then record hash, whatever source sent it."""
    newest = F.struct("last_updated", "file_date", "record_hash")
    latest = (
        references.providers.where("npi IS NOT NULL")
        .groupBy(F.col("npi").alias("_provider_npi"))
        .agg(F.max_by(F.struct(*KEPT), newest).alias("_latest"))
        .select("_provider_npi", "_latest.*")
    )
    taxonomies = (
        references.code_sets.where(F.col("code_system") == TAXONOMY)
        .groupBy(F.col("code").alias("primary_taxonomy_code"))
        .agg(F.max("description").alias("_taxonomy"))
    )
    person = F.concat_ws(" ", "provider_first_name", "provider_last_name")
    kind = F.coalesce(F.lower("entity_type_description"), _in_words("entity_type_code"))
    return latest.join(F.broadcast(taxonomies), on="primary_taxonomy_code", how="left").select(
        "_provider_npi",
        F.coalesce("organization_name", F.when(person != "", person)).alias("_provider_name"),
        kind.alias("_provider_type"),
        F.coalesce("primary_specialty_description", "_taxonomy", "primary_taxonomy_code").alias("_provider_specialty"),
        F.col("practice_state").alias("_provider_state"),
        F.struct("deactivation_date", "reactivation_date", "deactivation_flag").alias("_deactivation"),
    )


def _in_words(name: str) -> Column:
    words = F.lit(None).cast("string")
    for code, word in ENTITY_TYPES.items():
        words = F.when(F.col(name) == code, word).otherwise(words)
    return words


def _is_deactivated(day: Column) -> Column:
    """By the days of deactivation and reactivation where there are any, else what the record says of now."""
    ended, began_again = F.col("_deactivation.deactivation_date"), F.col("_deactivation.reactivation_date")
    is_back = F.coalesce((began_again >= ended) & (day >= began_again), F.lit(False))
    on_day = F.when(ended.isNotNull() & day.isNotNull(), (day >= ended) & ~is_back)
    return F.coalesce(on_day, F.col("_deactivation.deactivation_flag") == 1)


ADD_PROVIDER = Enrichment(
    "provider",
    ("claim_type", "rendering_npi", "billing_npi", "facility_npi", *SERVICE_DAY),
    ("_provider_npi", *NAMES, "provider_deactivated_flag"),
    add_provider,
)
