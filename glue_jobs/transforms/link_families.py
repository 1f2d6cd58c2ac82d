"""Families: claim keys that versions tie together, directly or over others, each named by its least key.

Shape. In: rows (one a version) with data_source, claim_id, claim_key, target_key. Out: the same with
`claim_family_id`.
"""

from collections.abc import Callable

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from glue_jobs.transforms.least_names import least_names


def link_families(versions: DataFrame, keep: Callable[[DataFrame], DataFrame]) -> DataFrame:
    """Each version with the least key that it is tied to; `keep` holds a frame that is read several times."""
    ties = keep(_ties(versions).distinct())
    if ties.isEmpty():
        return versions.withColumn("claim_family_id", F.col("claim_key"))
    names = least_names(ties, keep).withColumnRenamed("_key", "claim_key")
    named = versions.join(names, on=["data_source", "claim_key"], how="left")
    return keep(named.withColumn("claim_family_id", F.coalesce("_name", "claim_key")).drop("_name"))


def _ties(versions: DataFrame) -> DataFrame:
    """Pairs of keys, `_a` and `_b`: of a version and its target, and of two keys under which a claim id stands."""
    key = F.col("claim_key")
    targets = versions.where(F.col("target_key") != key).select(
        "data_source", key.alias("_a"), F.col("target_key").alias("_b")
    )
    ids = ["data_source", "claim_id"]
    other = versions.where(F.col("claim_id") != key).select(*ids).distinct()
    several = versions.join(other, on=ids, how="left_semi")
    least = several.groupBy(*ids).agg(F.min(key).alias("_b"))
    shared = several.join(least, on=ids, how="inner").where(key != F.col("_b"))
    return targets.union(shared.select("data_source", key.alias("_a"), "_b"))
