"""The settings that `benchmarks.levers` tries, by name: one change each, for Spark, tables, Java or the job itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from glue_jobs.runtime.iceberg import CACHE, Jar, kept_jar

AS_IT_IS = "as it is"
MEGABYTE = 1024 * 1024
COMET = Jar(
    "org.apache.datafusion:comet-spark-spark3.5_2.12:0.12.0",
    "4ef25ed0da6816e18b0b7711b82e9807d62a0330a1e89aa3f09a1bbb005c9424",
)
"""The newest on Maven Central for Spark 3.5 and Scala 2.12 in November 2026; for measurements only."""


@dataclass(frozen=True)
class Lever:
    """One change. `needs` has what is not there fetched first, and its settings are given to Spark too."""

    spark: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)
    java: str = ""
    options: Sequence[str] = ()
    needs: Callable[[], Mapping[str, str]] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """Java reads its options here, whoever starts it."""
        return {"JDK_JAVA_OPTIONS": self.java} if self.java else {}


def comet() -> Mapping[str, str]:
    """Comet's jar on the class path; ToolMissingError where it cannot be had."""
    return {"spark.driver.extraClassPath": str(kept_jar(COMET, CACHE))}


LEVERS: Mapping[str, Lever] = {
    AS_IT_IS: Lever(),
    **{
        f"{partitions} shuffle partitions": Lever(options=("--partitions", str(partitions)))
        for partitions in (4, 10, 50, 200)
    },
    "adaptive execution off": Lever({"spark.sql.adaptive.enabled": "false"}),
    "zstandard": Lever(tables={"write.parquet.compression-codec": "zstd"}),
    "zstandard, level 1": Lever(
        tables={"write.parquet.compression-codec": "zstd", "write.parquet.compression-level": "1"}
    ),
    "temp files in zstandard": Lever({"spark.sql.parquet.compression.codec": "zstd"}),
    "temp files in lz4": Lever({"spark.sql.parquet.compression.codec": "lz4raw"}),
    "files of 64 MB": Lever(
        tables={
            "write.target-file-size-bytes": str(64 * MEGABYTE),
            "write.spark.advisory-partition-size-bytes": str(256 * MEGABYTE),
        }
    ),
    "files of 512 MB": Lever(tables={"write.target-file-size-bytes": str(512 * MEGABYTE)}),
    "dictionaries of 64 kB": Lever(tables={"write.parquet.dict-size-bytes": str(64 * 1024)}),
    "bloom filter of claim ids": Lever(tables={"write.parquet.bloom-filter-enabled.column.claim_id": "true"}),
    "parallel garbage collector": Lever(java="-XX:+UseParallelGC"),
    "g1 garbage collector": Lever(java="-XX:+UseG1GC"),
    "one compiler": Lever(java="-XX:TieredStopAtLevel=1"),
    "off-heap memory": Lever({"spark.memory.offHeap.enabled": "true", "spark.memory.offHeap.size": "1g"}),
    "object aggregates sorted": Lever({"spark.sql.execution.useObjectHashAggregateExec": "false"}),
    "sorted input aggregated by sort": Lever({"spark.sql.execution.replaceHashWithSortAgg": "true"}),
    "hash joins first": Lever({"spark.sql.join.preferSortMergeJoin": "false"}),
    "comet 0.12.0": Lever(
        {
            "spark.plugins": "org.apache.spark.CometPlugin",
            "spark.comet.enabled": "true",
            "spark.comet.exec.enabled": "true",
            "spark.comet.exec.shuffle.enabled": "true",
            "spark.shuffle.manager": "org.apache.spark.sql.comet.execution.shuffle.CometShuffleManager",
            "spark.memory.offHeap.enabled": "true",
            "spark.memory.offHeap.size": "2g",
        },
        needs=comet,
    ),
}
