from datetime import date

from pyspark.sql import SparkSession

from glue_jobs.enrichments.add_age import ADD_AGE
from tests.unit.glue_jobs.enrichments.claim_lines import added


def test_age_counts_birthdays_until_the_day_of_service(spark: SparkSession) -> None:
    cases = [
        # birth, line's day, claim's day, age, band
        (date(1950, 6, 15), date(2024, 6, 14), None, 73, "65-74"),
        (date(1950, 6, 15), date(2024, 6, 15), None, 74, "65-74"),
        (date(1950, 6, 15), None, date(2025, 6, 15), 75, "75-84"),
        (date(2004, 2, 29), date(2022, 2, 28), None, 17, "0-17"),
        (date(2004, 2, 29), date(2022, 3, 1), None, 18, "18-34"),
        (date(2004, 2, 29), date(2024, 2, 29), None, 20, "18-34"),
        (date(2024, 1, 1), date(2024, 1, 1), None, 0, "0-17"),
        (date(2024, 1, 2), date(2024, 1, 1), None, None, "unknown"),
        (date(1989, 1, 1), date(2024, 1, 1), None, 35, "35-44"),
        (date(1979, 1, 1), date(2024, 1, 1), None, 45, "45-54"),
        (date(1969, 1, 1), date(2024, 1, 1), None, 55, "55-64"),
        (date(1959, 1, 2), date(2024, 1, 1), None, 64, "55-64"),
        (date(1959, 1, 1), date(2024, 1, 1), None, 65, "65-74"),
        (date(1939, 1, 1), date(2024, 1, 1), None, 85, "85+"),
        (date(1900, 1, 1), date(2024, 1, 1), None, 124, "85+"),
        (None, date(2024, 1, 1), None, None, "unknown"),
        (date(1950, 1, 1), None, None, None, "unknown"),
    ]
    lines = [
        {"_birth_date": birth, "claim_line_start_date": line, "claim_start_date": claim}
        for birth, line, claim, _, _ in cases
    ]
    found = added(spark, ADD_AGE, lines)
    assert found == [{"age_at_service_years": age, "age_band": band} for *_, age, band in cases]
