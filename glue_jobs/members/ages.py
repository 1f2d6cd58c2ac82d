"""Age in whole years on a day, and the band of ages that reports group by."""

from pyspark.sql import Column
from pyspark.sql import functions as F

BANDS = ((18, "0-17"), (35, "18-34"), (45, "35-44"), (55, "45-54"), (65, "55-64"), (75, "65-74"), (85, "75-84"))
"""Each with the age at which it is over."""
OLDEST_BAND = "85+"
UNKNOWN_BAND = "unknown"


def age_years(birth_date: Column, day: Column) -> Column:
    """Birthdays up to and on the day; null before birth. One of 29 February is on 1 March in other years."""
    before_birthday = (F.month(day) * 100 + F.dayofmonth(day)) < (F.month(birth_date) * 100 + F.dayofmonth(birth_date))
    years = F.year(day) - F.year(birth_date) - before_birthday.cast("int")
    return F.when(birth_date <= day, years)


def age_band(age: Column) -> Column:
    """The band of an age; `unknown` where there is none."""
    band = F.when(age.isNull(), UNKNOWN_BAND)
    for over_at, name in BANDS:
        band = band.when(age < over_at, name)
    return band.otherwise(OLDEST_BAND)
