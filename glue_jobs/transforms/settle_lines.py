"""Lines of versions, new and stored, become what is to be written: the resolution of their versions, line by line.

Shape of lines: one row a line with LINE_COLUMNS, `_received` (date), `_new` (boolean: not stored yet). Grain:
data_source, claim_version_id, record_hash, record_line.
"""

from collections.abc import Callable
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from glue_jobs.transforms.link_families import link_families
from glue_jobs.transforms.resolve_versions import RESULT_COLUMNS, VERSION_KEY, alone, resolve_versions

LINE_KEY = ("data_source", "claim_version_id", "record_hash", "record_line")
VERSION_COLUMNS = ("claim_id", "claim_key", "target_key", "version_action", "version_order")
LINE_COLUMNS = (*LINE_KEY, *VERSION_COLUMNS, "claim_line_number")
OVERRULED = "_overruled"
WORD, PLACES = 64, 128

Keep = Callable[[DataFrame], DataFrame]
"""Holds a small frame that is read several times."""


def received_day(ingest_day: Column) -> Column:
    """The day on which a version is taken to have been received."""
    return F.coalesce(F.col("received_date"), F.col("file_date"), ingest_day)


def settle_versions(lines: DataFrame, keep: Keep, *, only_new: bool) -> DataFrame:
    """RESULT_COLUMNS of each version (VERSION_KEY) that its own columns do not settle (see `alone`), and `_conflict`.

    Versions are left out whose family has no new line, unless `only_new` is false. `_conflict`: two records may claim
    one line of the version, see `overruled_lines`.
    """
    # all that follows looks at versions several times, and lines are many
    versions = keep(
        lines.groupBy(*VERSION_KEY).agg(
            # equal on all lines of a version; of its order the least, which says not final where any line does
            *(F.min(name).alias(name) for name in VERSION_COLUMNS),
            F.min("_received").alias("_received"),
            (F.min("version_order").isNotNull() & (F.count("*") > _places())).alias("_conflict"),
            (F.min("version_order") != F.max("version_order")).alias("_several_orders"),
            (F.min("_received") != F.max("_received")).alias("_several_days"),
            F.bool_or("_new").alias("_new"),
            F.bool_or(~F.col("_new")).alias("_stored"),
        )
    )
    named = link_families(versions, keep)
    differs = F.coalesce(F.col("_several_days"), F.lit(False)) | F.coalesce(F.col("_several_orders"), F.lit(False))
    odd = F.col("_conflict") | differs | (F.col("_new") & F.col("_stored"))
    renamed = F.col("claim_family_id") != F.col("claim_key")
    families = (
        named.groupBy("data_source", "claim_family_id")
        .agg(F.count("*").alias("_versions"), F.bool_or(odd | renamed).alias("_odd"), F.bool_or("_new").alias("_new"))
        .where(F.col("_new") | F.lit(not only_new))
        .where((F.col("_versions") > 1) | F.col("_odd") | F.lit(not only_new))
        .select("data_source", "claim_family_id")
    )
    unsettled = named.join(families, on=["data_source", "claim_family_id"], how="left_semi")
    conflicts = named.select(*VERSION_KEY, "_conflict")
    return resolve_versions(unsettled).join(conflicts, on=list(VERSION_KEY), how="inner")


def _places() -> Column:
    """So many line numbers that differ, at most; more than PLACES apart they may count as one.

    To count them to the last one Spark would sort all lines and move each of them.
    """
    place = F.pmod("claim_line_number", F.lit(PLACES))
    bit = F.call_function("shiftleft", F.lit(1).cast("bigint"), (place % WORD).cast("int"))
    words = [F.bit_or(F.when(F.floor(place / WORD) == word, bit)) for word in range(PLACES // WORD)]
    return reduce(Column.__add__, [F.bit_count(F.coalesce(word, F.lit(0).cast("bigint"))) for word in words])


def overruled_lines(lines: DataFrame, settled: DataFrame) -> DataFrame:
    """LINE_KEY of the lines in conflict that do not survive: of two records for one line the greater hash holds."""
    conflicts = settled.where("_conflict").select(*VERSION_KEY)
    disputed = lines.join(conflicts, on=list(VERSION_KEY), how="left_semi")
    place = [*VERSION_KEY, "claim_line_number"]
    winners = disputed.groupBy(*place).agg(F.max(F.struct("record_hash", "record_line")).alias("_winner"))
    claimed = F.struct("record_hash", "record_line")
    return disputed.join(winners, on=place, how="inner").where(F.col("_winner") != claimed).select(*LINE_KEY)


def add_resolution(lines: DataFrame, settled: DataFrame, overruled: DataFrame | None) -> DataFrame:
    """Lines (any columns, LINE_COLUMNS and `_received` among them) with RESULT_COLUMNS filled."""
    by_itself = alone(F.col("version_action"), F.col("version_order"), F.col("_received"))
    by_itself["claim_family_id"] = F.col("claim_key")
    prefixed = settled.select(
        *VERSION_KEY, *(F.col(name).alias(f"_{name}") for name in RESULT_COLUMNS), F.lit(True).alias("_settled")
    )
    kept = [name for name in lines.columns if name not in RESULT_COLUMNS]
    joined = lines.select(*kept).join(prefixed, on=list(VERSION_KEY), how="left")
    results = {name: F.when(F.col("_settled"), F.col(f"_{name}")).otherwise(by_itself[name]) for name in RESULT_COLUMNS}
    resolved = joined.withColumns(results).drop("_settled", *(f"_{name}" for name in RESULT_COLUMNS))
    return resolved if overruled is None else _overrule(resolved, overruled)


def _overrule(lines: DataFrame, overruled: DataFrame) -> DataFrame:
    marked = lines.join(F.broadcast(overruled.withColumn(OVERRULED, F.lit(True))), on=list(LINE_KEY), how="left")
    loses = F.coalesce(F.col(OVERRULED), F.lit(False))
    return marked.withColumns(
        {
            "is_final_action": F.col("is_final_action") & ~loses,
            "final_periods": F.when(~loses, F.col("final_periods")),
            "superseded_by": F.when(loses, F.col("claim_id")).otherwise(F.col("superseded_by")),
            "superseded_by_version_id": F.when(loses, F.col("claim_version_id")).otherwise(
                F.col("superseded_by_version_id")
            ),
        }
    ).drop(OVERRULED)
