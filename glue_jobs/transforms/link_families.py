"""Families: claim keys that versions tie together, directly or over others, each named by its least key.

Shape. In: rows (one a version) with data_source, claim_id, claim_key, target_key. Out: the same with
`claim_family_id`.
"""

from collections.abc import Callable

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

MOST_ROUNDS = 64
"""The way to the least key is halved in each round: enough for chains of any length that can exist."""


def link_families(versions: DataFrame, keep: Callable[[DataFrame], DataFrame]) -> DataFrame:
    """Each version with the least key that it is tied to; `keep` holds a frame that is read several times."""
    ties = keep(_ties(versions).distinct())
    if ties.isEmpty():
        return versions.withColumn("claim_family_id", F.col("claim_key"))
    names = _least_names(ties, keep).withColumnRenamed("_key", "claim_key")
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


def _least_names(ties: DataFrame, keep: Callable[[DataFrame], DataFrame]) -> DataFrame:
    """One row a tied key: data_source, `_key`, and `_name`, the least key of all that it is tied to."""
    both = keep(ties.union(ties.select("data_source", "_b", "_a")))
    names = keep(
        both.groupBy("data_source", F.col("_a").alias("_key")).agg(F.least(F.col("_key"), F.min("_b")).alias("_name"))
    )
    for _ in range(MOST_ROUNDS):
        closer = keep(_closer(names, both))
        changed = closer.join(names, on=["data_source", "_key", "_name"], how="left_anti")
        names = closer
        if changed.isEmpty():
            break
    return names


def _closer(names: DataFrame, both: DataFrame) -> DataFrame:
    """Names after one round: the least name among a key, its neighbours, and the key by which each is named."""
    neighbours = both.join(names.withColumnRenamed("_key", "_b"), on=["data_source", "_b"], how="inner").select(
        "data_source", F.col("_a").alias("_key"), "_name"
    )
    named_by = names.select("data_source", F.col("_key").alias("_through"), F.col("_name").alias("_further"))
    least = neighbours.union(names).groupBy("data_source", "_key").agg(F.min("_name").alias("_name"))
    jumped = least.join(
        named_by,
        on=[least["data_source"] == named_by["data_source"], least["_name"] == named_by["_through"]],
        how="left",
    )
    return jumped.select(least["data_source"], "_key", F.coalesce("_further", "_name").alias("_name"))
