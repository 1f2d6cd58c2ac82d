"""The walk through the versions of one family: in what order they stand, and what takes the place of what.

Works on arrays of VERSION in Spark SQL, so that no row leaves the JVM; the rules are in docs/versions.md.
"""

from collections.abc import Callable

from pyspark.sql import Column
from pyspark.sql import functions as F

from glue_jobs.transforms.version_keys import ACTIONS, ADDITION, ORIGINAL, REPLACEMENT, VOID

# short names: they stand in every element of every array
VERSION = "struct<o:string,s:int,c:string,i:string,k:string,t:string,d:string,a:int>"
"""order, action by which it sorts, claim id, version id, key, target, day received, action."""
LIVE = "struct<i:string,k:string,a:int,keys:array<string>,base:string>"
TAKEN = "struct<i:string,c:string,by:string>"
WALK = f"struct<live:array<{LIVE}>,taken:array<{TAKEN}>>"


def placed_in_order(versions: Column) -> Column:
    """The versions in order: none before the one that it refers to."""
    start_type = f"array<{VERSION}>"

    def place(state: Column, _: Column) -> Column:
        free = F.filter(
            state["left"],
            lambda v: (v["t"] == v["k"]) | ~_has_key(state["left"], v["t"]) | _has_key(state["placed"], v["t"]),
        )
        return let(
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

    return let(F.array_sort(F.transform(versions, lambda v: _sorting(v, versions))), one_by_one)


def _sorting(version: Column, versions: Column) -> Column:
    """The version with the action by which it sorts: an original of a claim that came before is a claim billed anew."""
    again = F.exists(versions, lambda v: (v["k"] == version["k"]) & (v["o"] < version["o"]))
    anew = F.when(is_action(version, ORIGINAL) & again, _number(REPLACEMENT)).otherwise(version["a"])
    return version.withField("s", anew.cast("int"))


def walked(placed: Column, cancelled: Column) -> Column:
    """State after the walk through versions in order: what lives, and what took whose place."""
    start = F.struct(F.array().cast(f"array<{LIVE}>").alias("live"), F.array().cast(f"array<{TAKEN}>").alias("taken"))
    doing = F.filter(placed, lambda v: ~_is_cancelled(v, cancelled) & ~_cancels(v, placed))
    return F.aggregate(doing, start.cast(WALK), _step)


def cancelled_voids(placed: Column) -> Column:
    """Voids that another void cancels, with what cancels each; looked at from the last version to the first."""

    def look(taken: Column, version: Column) -> Column:
        hit = F.filter(
            placed,
            lambda v: (
                is_action(v, VOID)
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
        is_action(version, VOID)
        & (version["t"] != version["k"])
        & (F.size(earlier) > 0)
        & F.forall(earlier, lambda v: is_action(v, VOID))
    )


def _is_cancelled(version: Column, taken: Column) -> Column:
    return F.exists(taken, lambda other: other["i"] == version["i"])


def _step(state: Column, version: Column) -> Column:
    """The state after one version."""
    live = state["live"]
    return let(
        _gone(live, version),
        lambda gone: F.struct(
            F.concat(
                F.filter(live, lambda e: ~F.exists(gone, lambda g: g["i"] == e["i"])),
                F.when(is_action(version, VOID), F.array().cast(f"array<{LIVE}>")).otherwise(
                    F.array(_entry(version, gone).cast(LIVE))
                ),
            ).alias("live"),
            F.concat(state["taken"], F.transform(gone, lambda g: _taken(g["i"], version))).alias("taken"),
        ).cast(WALK),
    )


def _gone(live: Column, version: Column) -> Column:
    """Live versions whose place it takes."""
    same = F.filter(
        live, lambda e: F.array_contains(e["keys"], version["k"]) & (is_action(e, ORIGINAL) | is_action(e, REPLACEMENT))
    )
    standing = F.filter(live, lambda e: F.array_contains(e["keys"], version["t"]) & ~is_action(e, ADDITION))
    bases = F.concat(F.array(version["t"]), F.flatten(F.transform(standing, lambda e: e["keys"])))
    hit = F.filter(
        live,
        lambda e: (
            F.array_contains(e["keys"], version["t"])
            | (is_action(e, ADDITION) & F.coalesce(F.array_contains(bases, e["base"]), F.lit(False)))
        ),
    )
    return (
        F.when(is_action(version, ORIGINAL), same)
        .when(is_action(version, REPLACEMENT) | is_action(version, VOID), hit)
        .otherwise(F.array().cast(f"array<{LIVE}>"))
    )


def _entry(version: Column, gone: Column) -> Column:
    corrects = is_action(version, REPLACEMENT) & (F.size(gone) > 0) & F.forall(gone, lambda e: is_action(e, ADDITION))
    adds = is_action(version, ADDITION) | corrects
    own = F.when(is_action(version, REPLACEMENT), F.array(version["k"], version["t"])).otherwise(F.array(version["k"]))
    return F.struct(
        version["i"].alias("i"),
        version["k"].alias("k"),
        F.when(adds, _number(ADDITION)).otherwise(version["a"]).alias("a"),
        F.array_distinct(F.concat(own, F.flatten(F.transform(gone, lambda e: e["keys"])))).alias("keys"),
        F.when(corrects, F.get(gone, F.lit(0))["base"]).when(is_action(version, ADDITION), version["t"]).alias("base"),
    )


def _taken(taken_id: Column, by: Column) -> Column:
    return F.struct(taken_id.alias("i"), by["c"].alias("c"), by["i"].alias("by"))


def is_action(version: Column, action: str) -> Column:
    """Whether a VERSION does this."""
    return version["a"] == _number(action)


def _number(action: str) -> Column:
    return F.lit(ACTIONS.index(action) + 1)


def _has_key(versions: Column, key: Column) -> Column:
    return F.exists(versions, lambda v: v["k"] == key)


def let(value: Column, use: Callable[[Column], Column]) -> Column:
    """`use(value)` with `value` worked out once: Spark would work it out again wherever it stands."""
    return F.get(F.transform(F.array(value), use), F.lit(0))
