"""Which version of each claim survives: docs/versions.md, carried out on one row a version.

Shape. In: rows (grain: data_source, claim_version_id) with claim_id, claim_key, target_key, version_action,
version_order, `_received` (date), `claim_family_id`. Out: the same grain with RESULT_COLUMNS. A family of one version,
as nearly all are, is settled by its own columns; the others are collected into one array a family and walked in order.
"""

from collections.abc import Callable

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from glue_jobs.transforms.version_keys import ACTIONS, ADDITION, INTERIM, NOT_FINAL, ORIGINAL, REPLACEMENT, VOID

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

# short names: they stand in every element of every array
VERSION = "struct<o:string,s:int,c:string,i:string,k:string,t:string,d:string,a:int>"
"""order, action by which it sorts, claim id, version id, key, target, day received, action."""
LIVE = "struct<i:string,k:string,a:int,keys:array<string>,base:string>"
TAKEN = "struct<i:string,c:string,by:string>"
WALK = f"struct<live:array<{LIVE}>,taken:array<{TAKEN}>>"


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
    walked = placed.withColumn("_days", F.transform("_days", _with_cancelled)).withColumn(
        "_days", F.transform("_days", _with_state)
    )
    settled = walked.select("data_source", "claim_family_id", F.inline(_results(F.col("_days"))))
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
    return F.struct(day["d"].alias("d"), _placed(day["known"]).alias("placed"))


def _with_cancelled(day: Column) -> Column:
    return F.struct(day["d"].alias("d"), day["placed"].alias("placed"), _cancelled(day["placed"]).alias("cancelled"))


def _with_state(day: Column) -> Column:
    """`live`: ids of the versions that survive by what was known that day; `taken`: what took whose place."""
    final = F.transform(F.filter(day["placed"], lambda v: ~v["o"].startswith(NOT_FINAL)), lambda v: v["i"])
    return _let(
        _walked(day["placed"], day["cancelled"]),
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
            lambda v: (v["k"] == version["t"]) & ((version["t"] != version["k"]) | _is(v, ORIGINAL) | _is(v, INTERIM)),
        )
        needs = _is(version, REPLACEMENT) | _is(version, VOID) | _is(version, ADDITION)
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


def _placed(versions: Column) -> Column:
    """The versions in order: none before the one that it refers to."""
    start_type = f"array<{VERSION}>"

    def place(state: Column, _: Column) -> Column:
        free = F.filter(
            state["left"],
            lambda v: (v["t"] == v["k"]) | ~_has_key(state["left"], v["t"]) | _has_key(state["placed"], v["t"]),
        )
        return _let(
            F.coalesce(F.get(free, F.lit(0)), F.get(state["left"], F.lit(0))),
            lambda chosen: F.struct(
                F.concat(state["placed"], F.array(chosen)).alias("placed"),
                F.filter(state["left"], lambda v: v["i"] != chosen["i"]).alias("left"),
            ),
        )

    def one_by_one(family: Column) -> Column:
        start = F.struct(F.array().cast(start_type).alias("placed"), family.alias("left"))
        walked = F.aggregate(F.sequence(F.lit(1), F.size(family)), start, place, lambda state: state["placed"])
        refers = F.exists(family, lambda v: (v["t"] != v["k"]) & _has_key(family, v["t"]))
        return F.when(refers, walked).otherwise(family)

    return _let(F.array_sort(F.transform(versions, lambda v: _sorting(v, versions))), one_by_one)


def _sorting(version: Column, versions: Column) -> Column:
    """The version with the action by which it sorts: an original of a claim that came before is a claim billed anew."""
    again = F.exists(versions, lambda v: (v["k"] == version["k"]) & (v["o"] < version["o"]))
    anew = F.when(_is(version, ORIGINAL) & again, _number(REPLACEMENT)).otherwise(version["a"])
    return version.withField("s", anew.cast("int"))


def _walked(placed: Column, cancelled: Column) -> Column:
    """State after the walk through versions in order: what lives, and what took whose place."""
    start = F.struct(F.array().cast(f"array<{LIVE}>").alias("live"), F.array().cast(f"array<{TAKEN}>").alias("taken"))
    doing = F.filter(placed, lambda v: ~_is_cancelled(v, cancelled) & ~_cancels(v, placed))
    return F.aggregate(doing, start.cast(WALK), _step)


def _cancelled(placed: Column) -> Column:
    """Voids that another void cancels, with what cancels each; looked at from the last version to the first."""

    def look(taken: Column, version: Column) -> Column:
        hit = F.filter(
            placed,
            lambda v: (
                _is(v, VOID)
                & (v["k"] == version["t"])
                & (F.call_function("array_position", placed, v) < F.call_function("array_position", placed, version))
                & ~_is_cancelled(v, taken)
            ),
        )
        new = F.transform(hit, lambda v: _taken(v["i"], version))
        acts = _cancels(version, placed) & ~_is_cancelled(version, taken)
        return F.when(acts, F.concat(taken, new)).otherwise(taken)

    nothing = F.array().cast(f"array<{TAKEN}>")
    some = F.exists(placed, lambda v: _cancels(v, placed))
    return F.when(some, F.aggregate(F.reverse(placed), nothing, look)).otherwise(nothing)


def _cancels(version: Column, placed: Column) -> Column:
    """Whether it is a void whose target is the key of earlier voids only, and not its own."""
    earlier = F.filter(
        placed,
        lambda v: (
            (v["k"] == version["t"])
            & (F.call_function("array_position", placed, v) < F.call_function("array_position", placed, version))
        ),
    )
    return (
        _is(version, VOID)
        & (version["t"] != version["k"])
        & (F.size(earlier) > 0)
        & F.forall(earlier, lambda v: _is(v, VOID))
    )


def _is_cancelled(version: Column, taken: Column) -> Column:
    return F.exists(taken, lambda other: other["i"] == version["i"])


def _step(state: Column, version: Column) -> Column:
    """The state after one version."""
    live = state["live"]
    return _let(
        _gone(live, version),
        lambda gone: F.struct(
            F.concat(
                F.filter(live, lambda e: ~F.exists(gone, lambda g: g["i"] == e["i"])),
                F.when(_is(version, VOID), F.array().cast(f"array<{LIVE}>")).otherwise(
                    F.array(_entry(version, gone).cast(LIVE))
                ),
            ).alias("live"),
            F.concat(state["taken"], F.transform(gone, lambda g: _taken(g["i"], version))).alias("taken"),
        ).cast(WALK),
    )


def _gone(live: Column, version: Column) -> Column:
    """Live versions whose place it takes."""
    same = F.filter(
        live, lambda e: F.array_contains(e["keys"], version["k"]) & (_is(e, ORIGINAL) | _is(e, REPLACEMENT))
    )
    standing = F.filter(live, lambda e: F.array_contains(e["keys"], version["t"]) & ~_is(e, ADDITION))
    bases = F.concat(F.array(version["t"]), F.flatten(F.transform(standing, lambda e: e["keys"])))
    hit = F.filter(
        live,
        lambda e: (
            F.array_contains(e["keys"], version["t"])
            | (_is(e, ADDITION) & F.coalesce(F.array_contains(bases, e["base"]), F.lit(False)))
        ),
    )
    return (
        F.when(_is(version, ORIGINAL), same)
        .when(_is(version, REPLACEMENT) | _is(version, VOID), hit)
        .otherwise(F.array().cast(f"array<{LIVE}>"))
    )


def _entry(version: Column, gone: Column) -> Column:
    corrects = _is(version, REPLACEMENT) & (F.size(gone) > 0) & F.forall(gone, lambda e: _is(e, ADDITION))
    adds = _is(version, ADDITION) | corrects
    own = F.when(_is(version, REPLACEMENT), F.array(version["k"], version["t"])).otherwise(F.array(version["k"]))
    return F.struct(
        version["i"].alias("i"),
        version["k"].alias("k"),
        F.when(adds, _number(ADDITION)).otherwise(version["a"]).alias("a"),
        F.array_distinct(F.concat(own, F.flatten(F.transform(gone, lambda e: e["keys"])))).alias("keys"),
        F.when(corrects, F.get(gone, F.lit(0))["base"]).when(_is(version, ADDITION), version["t"]).alias("base"),
    )


def _taken(taken_id: Column, by: Column) -> Column:
    return F.struct(taken_id.alias("i"), by["c"].alias("c"), by["i"].alias("by"))


def _is(version: Column, action: str) -> Column:
    return version["a"] == _number(action)


def _number(action: str) -> Column:
    return F.lit(ACTIONS.index(action) + 1)


def _has_key(versions: Column, key: Column) -> Column:
    return F.exists(versions, lambda v: v["k"] == key)


def _let(value: Column, use: Callable[[Column], Column]) -> Column:
    """`use(value)` with `value` worked out once: Spark would work it out again wherever it stands."""
    return F.get(F.transform(F.array(value), use), F.lit(0))
