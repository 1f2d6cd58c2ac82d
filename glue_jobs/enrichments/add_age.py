"""The person's age on the day of service, and its band."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from glue_jobs.enrichments.enrichment import SERVICE_DAY, Enrichment, References, service_day

BANDS = ((18, "0-17"), (35, "18-34"), (45, "35-44"), (55, "45-54"), (65, "55-64"), (75, "65-74"), (85, "75-84"))
"""The first age above a band, and the band. 18 and 65 are where coverage changes (child, Medicare)."""
LAST_BAND, NO_BAND = "85+", "unknown"


def add_age(lines: DataFrame, _: References) -> DataFrame:
    """Add age in whole years; empty where a date is missing or the person was not born yet."""
    return lines.withColumn("age_at_service_years", age_in_years(F.col("_birth_date"), service_day())).withColumn(
        "age_band", age_band(F.col("age_at_service_years"))
    )


def age_in_years(birth_date: Column, day: Column) -> Column:
    """Birthdays until that day; who is born on 29 February has it on 1 March in other years."""
    is_before_birthday = F.month(day) * 100 + F.dayofmonth(day) < F.month(birth_date) * 100 + F.dayofmonth(birth_date)
    years = F.year(day) - F.year(birth_date) - is_before_birthday.cast("int")
    return F.when(years >= 0, years)


def age_band(years: Column) -> Column:
    """The band of an age; `unknown` where there is none."""
    band = F.when(years.isNull(), NO_BAND)
    for above, name in BANDS:
        band = band.when(years < above, name)
    return band.otherwise(LAST_BAND)


ADD_AGE = Enrichment("age", ("_birth_date", *SERVICE_DAY), ("age_at_service_years", "age_band"), add_age)
