"""Keys that pairs tie together, directly or over others, each with the least key that it can be reached from.

Shape. In: pairs with data_source, `_a` and `_b`. Out: data_source, `_key`, `_name`; one row a key of a pair.
"""

from collections.abc import Callable

from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def least_names(ties: DataFrame, keep: Callable[[DataFrame], DataFrame]) -> DataFrame:
    """The same for any order of pairs, and done on circles too; `keep` holds a small frame that is read several times.

    Names only ever become less, so it ends. A chain of 50,000 keys in any order takes some 17 rounds.
    """
    both = keep(ties.union(ties.select("data_source", "_b", "_a")))
    names = keep(
        both.groupBy("data_source", F.col("_a").alias("_key")).agg(F.least(F.col("_key"), F.min("_b")).alias("_name"))
    )
    while True:
        closer = keep(_closer(names, both))
        changed = closer.join(names, on=["data_source", "_key", "_name"], how="left_anti")
        names = closer
        if changed.isEmpty():
            return names


def _closer(names: DataFrame, both: DataFrame) -> DataFrame:
    """Names after one round, in three steps.

    A key learns the least name among its neighbours; the key by which it was named learns it too, without which a chain
    in random order takes nearly as many rounds as it has keys; then each takes the name of the key it is named by.
    """
    neighbours = both.join(names.withColumnRenamed("_key", "_b"), on=["data_source", "_b"], how="inner").select(
        "data_source", F.col("_a").alias("_key"), "_name"
    )
    learnt = _least(neighbours.union(names))
    named_by = names.select("data_source", "_key", F.col("_name").alias("_through"))
    passed_on = named_by.join(learnt, on=["data_source", "_key"], how="inner").select(
        "data_source", F.col("_through").alias("_key"), "_name"
    )
    known = _least(learnt.union(passed_on))
    further = known.select("data_source", F.col("_key").alias("_name"), F.col("_name").alias("_further"))
    jumped = known.join(further, on=["data_source", "_name"], how="inner")
    return jumped.select("data_source", "_key", F.col("_further").alias("_name"))


def _least(names: DataFrame) -> DataFrame:
    return names.groupBy("data_source", "_key").agg(F.min("_name").alias("_name"))
