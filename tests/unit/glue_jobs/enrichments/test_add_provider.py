from datetime import date

from pyspark.sql import SparkSession

from glue_jobs.enrichments.add_provider import ADD_PROVIDER
from tests.unit.glue_jobs.enrichments.claim_lines import added, column, references

DAY = date(2024, 6, 15)
DOCTOR = {
    "npi": "1",
    "entity_type_code": "1",
    "provider_first_name": "Ann",
    "provider_last_name": "Lee",
    "primary_taxonomy_code": "207R00000X",
    "practice_state": "WI",
    "last_updated": date(2024, 1, 1),
    "record_hash": "b",
}
HOSPITAL = {
    "npi": "2",
    "entity_type_description": "Organization",
    "organization_name": "General Hospital",
    "primary_specialty_description": "Acute Care",
    "deactivation_flag": 0,
}
NUCC = {"code_system": "nucc-taxonomy", "code": "207R00000X", "description": "Internal Medicine Physician"}


def test_a_line_is_of_the_rendering_provider_and_an_institutional_one_of_the_facility(spark: SparkSession) -> None:
    lines = [
        {"claim_type": "professional", "rendering_npi": "1", "billing_npi": "2", "facility_npi": "2"},
        {"claim_type": "institutional", "rendering_npi": "1", "billing_npi": "3", "facility_npi": "2"},
        {"claim_type": "institutional", "rendering_npi": "1", "billing_npi": "2"},
        {"billing_npi": "1"},
        {"claim_type": "professional", "rendering_npi": "unknown", "billing_npi": "1"},
        {},
    ]
    found = added(spark, ADD_PROVIDER, lines, references(spark, [NUCC], [DOCTOR, HOSPITAL]))
    assert column(found, "provider_name") == [
        "Ann Lee",
        "General Hospital",
        "General Hospital",
        "Ann Lee",
        None,
        None,
    ]
    assert found[0] == {
        "_provider_npi": "1",
        "provider_name": "Ann Lee",
        "provider_type": "individual",
        "provider_specialty": "Internal Medicine Physician",
        "provider_state": "WI",
        "provider_deactivated_flag": None,
    }
    assert (found[1]["provider_type"], found[1]["provider_specialty"]) == ("organization", "Acute Care")
    assert found[1]["provider_deactivated_flag"] == 0


def test_the_specialty_is_the_taxonomy_code_where_the_user_loaded_no_text(spark: SparkSession) -> None:
    (found,) = added(spark, ADD_PROVIDER, [{"rendering_npi": "1"}], references(spark, providers=[DOCTOR]))
    assert found["provider_specialty"] == "207R00000X"


def test_of_several_records_of_an_npi_the_one_updated_last_counts_in_whatever_order_they_came(
    spark: SparkSession,
) -> None:
    records = [
        DOCTOR,
        DOCTOR | {"last_updated": date(2023, 1, 1), "provider_last_name": "Old", "record_hash": "z"},
        DOCTOR | {"last_updated": None, "provider_last_name": "Undated", "record_hash": "zz"},
        DOCTOR | {"provider_last_name": "Same day", "record_hash": "a", "data_source": "other"},
    ]
    for given in (records, records[::-1]):
        (found,) = added(spark, ADD_PROVIDER, [{"rendering_npi": "1"}], references(spark, providers=given))
        assert found["provider_name"] == "Ann Lee"


def test_a_provider_is_deactivated_by_the_days_or_else_by_what_its_record_says(spark: SparkSession) -> None:
    cases: list[tuple[dict[str, object], date | None, int | None]] = [
        ({"deactivation_date": date(2024, 6, 15)}, DAY, 1),
        ({"deactivation_date": date(2024, 6, 16)}, DAY, 0),
        ({"deactivation_date": date(2024, 1, 1), "reactivation_date": date(2024, 6, 15)}, DAY, 0),
        ({"deactivation_date": date(2024, 1, 1), "reactivation_date": date(2024, 6, 16)}, DAY, 1),
        ({"deactivation_date": date(2024, 6, 1), "reactivation_date": date(2023, 1, 1)}, DAY, 1),
        ({"deactivation_date": date(2024, 1, 1), "deactivation_flag": 1}, None, 1),
        ({"deactivation_flag": 1}, DAY, 1),
        ({"deactivation_flag": 0}, DAY, 0),
        ({}, DAY, None),
    ]
    providers = [{"npi": str(number), **record} for number, (record, _, _) in enumerate(cases)]
    lines = [{"rendering_npi": str(number), "claim_start_date": day} for number, (_, day, _) in enumerate(cases)]
    found = added(spark, ADD_PROVIDER, lines, references(spark, providers=providers))
    assert column(found, "provider_deactivated_flag") == [flag for *_, flag in cases]
