"""Which person ids are one person: ids that pairs link, directly or over others, share the least of them.

Pairs come from a sender's cross-reference, or from what eligibility itself says: one member number of a payer, or one
social security number, under two person ids.
"""

from collections.abc import Callable

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from glue_jobs.transforms.least_names import least_names

SSN = r"^(?!000|666|9)[0-9]{3}(?!00)[0-9]{2}(?!0000)[0-9]{4}$"
"""Areas 000, 666 and 9xx, group 00 and serial 0000 were never given to anyone."""
NEVER_ONE_PERSON = ("123456789", "078051120", "219099999", *(str(digit) * 9 for digit in range(1, 9)))
"""Numbers from advertisements and keyboards, which senders use to fill the field."""


def link_persons(pairs: DataFrame, keep: Callable[[DataFrame], DataFrame]) -> DataFrame:
    """Rows of `member_crosswalk` (grain: data_source, person_id) from pairs: data_source, person_id, other_person_id.

    Transitive, whatever the order of pairs, and it ends on circles: see `least_names`. Who is linked to nobody has no
    row. `keep` holds a small frame that is read several times.
    """
    a, b = F.col("person_id").alias("_a"), F.col("other_person_id").alias("_b")
    ties = pairs.where(F.col("person_id") != F.col("other_person_id")).select("data_source", a, b).distinct()
    return least_names(keep(ties), keep).select(
        "data_source", F.col("_key").alias("person_id"), F.col("_name").alias("linked_person_id")
    )


def person_pairs(eligibility: DataFrame) -> DataFrame:
    """Pairs that rows of eligibility show, each id with the least that shares its number."""
    number = F.regexp_replace("social_security_number", "[- ]", "")
    valid = number.rlike(SSN) & ~number.isin(*NEVER_ONE_PERSON)
    told = eligibility.withColumn("_ssn", F.when(valid, number))
    by_member = _sharing(told, F.struct("payer", "member_id"), "member_id")
    return by_member.unionByName(_sharing(told, F.col("_ssn"), "_ssn"))


def _sharing(told: DataFrame, number: Column, needed: str) -> DataFrame:
    rows = told.where(F.col(needed).isNotNull()).select("data_source", "person_id", number.alias("_number")).distinct()
    least = rows.groupBy("data_source", "_number").agg(F.min("person_id").alias("other_person_id"))
    return (
        rows.join(least, on=["data_source", "_number"], how="inner")
        .where(F.col("person_id") != F.col("other_person_id"))
        .select("data_source", "person_id", "other_person_id")
    )
