"""Volume and money by month, and by what was done, decided or found: four tables that count in the same way.

Each is one row a data source, payer, month of service and the columns named in it.
"""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from glue_jobs.summaries.claims_by_month import claims_by_month
from glue_jobs.summaries.table_rows import table_rows


def monthly_claims(lines: DataFrame, headers: DataFrame) -> DataFrame:
    """Rows of `monthly_claims`: by plan, state of the member, and service category."""
    by = ("payer", "plan", "member_state", "service_category_1", "service_category_2")
    return table_rows(claims_by_month(lines, headers, by), "monthly_claims")


def top_procedure(lines: DataFrame, headers: DataFrame) -> DataFrame:
    """Rows of `top_procedure`: by HCPCS code of the line."""
    return table_rows(claims_by_month(lines, headers, ("payer", "hcpcs_code")), "top_procedure")


def top_diagnosis(lines: DataFrame, headers: DataFrame) -> DataFrame:
    """Rows of `top_diagnosis`: by principal diagnosis of the claim."""
    by = ("payer", "diagnosis_code_type", "diagnosis_code_1")
    described = ("diagnosis_chapter", "ccsr_category_code", "ccsr_category_description")
    return table_rows(claims_by_month(lines, headers, by, described), "top_diagnosis")


def top_provider(lines: DataFrame, headers: DataFrame) -> DataFrame:
    """Rows of `top_provider`: by the provider that the enrichment describes: of institutional claims the facility."""
    is_facility = F.col("claim_type") == "institutional"
    npi = F.when(is_facility, F.coalesce("facility_npi", "billing_npi", "rendering_npi")).otherwise(
        F.coalesce("rendering_npi", "billing_npi", "facility_npi")
    )
    described = ("provider_name", "provider_specialty", "provider_state")
    rows = claims_by_month(lines.withColumn("provider_npi", npi), headers, ("payer", "provider_npi"), described)
    return table_rows(rows, "top_provider")


def denial(lines: DataFrame, headers: DataFrame) -> DataFrame:
    """Rows of `denial`: by what the payer said of the line; paid lines too, so that shares can be made."""
    by = (
        "payer",
        "adjustment_group_code",
        "adjustment_reason_code",
        "line_processing_indicator_code",
        "denied_flag",
    )
    return table_rows(claims_by_month(lines, headers, by), "denial")
