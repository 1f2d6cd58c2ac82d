"""Records that continue a claim take from its first segment what they leave blank, and line numbers that go on.

Shape. In: typed rows of one source with `_segment`. Out: the same rows without `_segment`; rows of a later segment
keep their blanks and break rule RC018 (a warning) where no first segment can be read.
"""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from expectations.contract import Continuation
from expectations.row_rules import CRITICAL_MASK, mask_of


def continue_claims(rows: DataFrame, continuation: Continuation) -> DataFrame:
    """Rows completed from the first segment of their claim; see the module for both shapes."""
    later = F.coalesce(F.col("_segment") > 1, F.lit(False))
    continued = rows.where(later).select("claim_id").distinct()
    # a record is read as a whole: none of its lines breaks a critical rule
    unread = rows.where(F.col("_mask").bitwiseAND(F.lit(CRITICAL_MASK)) != 0).select("_position").distinct()
    inherited = {name: f"_first_{name}" for name in continuation.inherit}
    firsts = (
        rows.where((F.col("_segment") == 1) & (F.col("_line") == 0) & ~F.col("_skipped"))
        .join(unread, on="_position", how="left_anti")
        .join(continued, on="claim_id", how="left_semi")
        .groupBy("claim_id")
        .agg(F.lit(True).alias("_found"), *(F.min(name).alias(first) for name, first in inherited.items()))
    )
    orphan = later & F.col("_found").isNull() & ~F.col("_skipped")
    moved_up = F.col("claim_line_number") + (F.col("_segment") - 1) * continuation.lines_per_segment
    return (
        rows.join(F.broadcast(firsts), on="claim_id", how="left")
        .withColumns(
            {
                "_mask": F.when(orphan, F.col("_mask").bitwiseOR(F.lit(mask_of("RC018")))).otherwise(F.col("_mask")),
                "claim_line_number": F.when(later, moved_up).otherwise(F.col("claim_line_number")),
                **{
                    name: F.when(later, F.coalesce(name, first)).otherwise(F.col(name))
                    for name, first in inherited.items()
                },
            }
        )
        .drop("_segment", "_found", *inherited.values())
    )
