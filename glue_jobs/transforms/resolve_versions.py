"""Which version of each claim survives: docs/versions.md, carried out on one row a version.

Shape. In: rows (grain: data_source, claim_version_id) with claim_id, claim_key, target_key, version_action,
version_order, `_received` (date), `claim_family_id`. Out: the same grain with RESULT_COLUMNS. A family of one version,
as nearly all are, is settled by its own columns; the others are collected into one array a family and walked in order.
"""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from glue_jobs.transforms.version_keys import ACTIONS, ADDITION, INTERIM, NOT_FINAL, ORIGINAL, REPLACEMENT, VOID
from glue_jobs.transforms.walk_versions import VERSION, cancelled_voids, is_action, let, placed_in_order, walked

VERSION_KEY = ("data_source", "claim_version_id")
RESULT_COLUMNS = (
    "claim_family_id",
    "version_rank",
    "is_final_action",
    "superseded_by",
    "superseded_by_version_id",
    "original_missing_flag",
    "final_periods",
)


def resolve_versions(versions: DataFrame) -> DataFrame:
    """Each version with its RESULT_COLUMNS; see the module for both shapes."""
    action = F.call_function("array_position", F.array(*map(F.lit, ACTIONS)), F.col("version_action")).cast("int")
    version = F.struct(
        F.coalesce("version_order", F.lit("")).alias("o"),
        action.alias("s"),
        F.col("claim_id").alias("c"),
        F.col("claim_version_id").alias("i"),
        F.col("claim_key").alias("k"),
        F.col("target_key").alias("t"),
        F.coalesce(F.col("_received").cast("string"), F.lit("")).alias("d"),
        action.alias("a"),
    )
    families = versions.groupBy("data_source", "claim_family_id").agg(
        F.collect_list(version.cast(VERSION)).alias("_family")
    )
    # one step after the other: Spark works long on lambdas within lambdas
    by_day = families.withColumn("_days", _known_by_day(F.col("_family")))
    placed = by_day.withColumn("_days", F.transform("_days", _with_order))
    lived = placed.withColumn("_days", F.transform("_days", _with_cancelled)).withColumn(
        "_days", F.transform("_days", _with_state)
    )
    settled = lived.select("data_source", "claim_family_id", F.inline(_results(F.col("_days"))))
    return settled.select("data_source", "claim_version_id", *RESULT_COLUMNS)


def alone(version_action: Column, version_order: Column, received: Column) -> dict[str, Column]:
    """Result of a version that is its family's only one, by column; without the family's id."""
    final = _lives(version_action, F.coalesce(version_order, F.lit("")))
    missing = version_action.isin(REPLACEMENT, VOID, ADDITION).cast("int")
    return {
        "version_rank": F.lit(1),
        "is_final_action": final,
        "superseded_by": F.lit(None).cast("string"),
        "superseded_by_version_id": F.lit(None).cast("string"),
        "original_missing_flag": missing,
        "final_periods": F.when(final, F.concat(F.coalesce(received.cast("string"), F.lit("")), F.lit("/"))),
    }


def _lives(version_action: Column, version_order: Column) -> Column:
    return (version_action != VOID) & ~version_order.startswith(NOT_FINAL)


def _known_by_day(family: Column) -> Column:
    """One struct a day on which a version was received: `d`, and `known`, the versions that had come by then."""
    days = F.array_sort(F.array_distinct(F.transform(family, lambda v: v["d"])))
    return F.transform(
        days,
        lambda day: F.struct(day.alias("d"), F.filter(family, lambda v: v["d"] <= day).alias("known")),
    )


def _with_order(day: Column) -> Column:
    return F.struct(day["d"].alias("d"), placed_in_order(day["known"]).alias("placed"))


def _with_cancelled(day: Column) -> Column:
    return F.struct(
        day["d"].alias("d"), day["placed"].alias("placed"), cancelled_voids(day["placed"]).alias("cancelled")
    )


def _with_state(day: Column) -> Column:
    """`live`: ids of the versions that survive by what was known that day; `taken`: what took whose place."""
    final = F.transform(F.filter(day["placed"], lambda v: ~v["o"].startswith(NOT_FINAL)), lambda v: v["i"])
    return let(
        walked(day["placed"], day["cancelled"]),
        lambda state: F.struct(
            day["d"].alias("d"),
            day["placed"].alias("placed"),
            F.array_intersect(F.transform(state["live"], lambda e: e["i"]), final).alias("live"),
            F.concat(state["taken"], day["cancelled"]).alias("taken"),
        ),
    )


def _results(days: Column) -> Column:
    """Array of results, one a version, in order; on the last day all versions were known."""
    last = F.element_at(days, -1)
    placed = last["placed"]

    def result(version: Column, place: Column) -> Column:
        took = F.get(F.filter(last["taken"], lambda taken: taken["i"] == version["i"]), F.lit(0))
        came = F.exists(
            placed,
            lambda v: (
                (v["k"] == version["t"])
                & ((version["t"] != version["k"]) | is_action(v, ORIGINAL) | is_action(v, INTERIM))
            ),
        )
        needs = is_action(version, REPLACEMENT) | is_action(version, VOID) | is_action(version, ADDITION)
        return F.struct(
            version["i"].alias("claim_version_id"),
            (place + 1).cast("int").alias("version_rank"),
            F.array_contains(last["live"], version["i"]).alias("is_final_action"),
            took["c"].alias("superseded_by"),
            took["by"].alias("superseded_by_version_id"),
            F.when(needs & ~came, 1).otherwise(0).alias("original_missing_flag"),
            _periods(version["i"], days).alias("final_periods"),
        )

    return F.transform(placed, result)


def _periods(version_id: Column, days: Column) -> Column:
    """`2024-02-01/2024-03-10,2024-04-01/` of the days on which the version begins and ceases to live; null: never."""

    def step(state: Column, day: Column) -> Column:
        lives = F.array_contains(day["live"], version_id)
        begins, ends = lives & ~state["open"], ~lives & state["open"]
        comma = F.when(state["text"] == "", F.lit("")).otherwise(F.lit(","))
        text = F.when(begins, F.concat(state["text"], comma, day["d"], F.lit("/"))).when(
            ends, F.concat(state["text"], day["d"])
        )
        return F.struct(F.coalesce(text, state["text"]).alias("text"), lives.alias("open"))

    start = F.struct(F.lit("").alias("text"), F.lit(False).alias("open"))
    text = F.aggregate(days, start, step, lambda state: state["text"])
    return F.when(text != "", text)
