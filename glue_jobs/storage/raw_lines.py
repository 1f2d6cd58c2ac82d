"""Lines of raw files as Spark reads them: text split on the line feed only, each with its place."""

from collections.abc import Iterable

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from glue_jobs.storage.objects import spark_path

MOST_GROUPS = 1 << 10
_POSITIONS_IN_A_GROUP = 1 << 53


def read_lines(spark: SparkSession, uris: Iterable[str], group: int) -> DataFrame:
    r"""One row a physical line: `_path`, `_block` (start of its split), `_position` (orders lines within it), `line`.

    A "\r" before the line feed is taken off. The position must be taken before any filter: it counts lines. It is
    unique over all reads with different `group`; Spark's own number starts anew in every part of a union.
    """
    return spark.read.text([spark_path(uri) for uri in uris], lineSep="\n").select(
        F.col("_metadata.file_path").alias("_path"),
        F.col("_metadata.file_block_start").alias("_block"),
        (F.monotonically_increasing_id() + F.lit(group * _POSITIONS_IN_A_GROUP)).alias("_position"),
        F.expr(r"trim(TRAILING '\r' FROM value)").alias("line"),
    )
