"""Keys that pairs tie together, directly or over others, each with the least key that it can be reached from.

Shape. In: pairs with data_source, `_a` and `_b`. Out: data_source, `_key`, `_name`; one row a key of a pair.
"""

from collections.abc import Callable

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

MOST_ROUNDS = 64
"""The way to the least key is halved in each round: enough for chains of any length that can exist."""


def least_names(ties: DataFrame, keep: Callable[[DataFrame], DataFrame]) -> DataFrame:
    """The same for any order of pairs, and done after a few rounds on circles too; `keep` holds a small frame."""
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
