"""The Spark session, the same on one machine and on Glue but for the catalog and the file system."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from pyspark.sql import SparkSession

from expectations.object_keys import CATALOG, LAKE_SETTING, Lake
from glue_jobs.runtime.class_archive import archive_options
from glue_jobs.runtime.iceberg import iceberg_runtime
from glue_jobs.runtime.java import use_java

LARGEST_COMPILED_METHOD = 8000
"""Bytes of code above which the JVM never compiles a method: beyond it Spark's one big method a stage runs interpreted,
and operator by operator is twice as fast on our wide rows."""

MOST_ANALYSES = 1000
"""Rounds in which Spark may find out what the parts of a query are; lambdas within lambdas take one each."""

MOST_BROADCAST = "32m"
"""What is told of few lines, of replaced versions for one, is joined up to this size without moving all lines."""

SETTINGS = {
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.adaptive.coalescePartitions.enabled": "true",
    "spark.sql.adaptive.skewJoin.enabled": "true",
    "spark.sql.codegen.hugeMethodLimit": str(LARGEST_COMPILED_METHOD),
    "spark.sql.analyzer.maxIterations": str(MOST_ANALYSES),
    "spark.sql.autoBroadcastJoinThreshold": MOST_BROADCAST,
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.datetime.java8API.enabled": "true",
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    "spark.sql.parquet.compression.codec": "snappy",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
    f"spark.sql.catalog.{CATALOG}": "org.apache.iceberg.spark.SparkCatalog",
    f"spark.sql.catalog.{CATALOG}.cache-enabled": "false",
    "spark.sql.defaultCatalog": CATALOG,
}
ONE_MACHINE = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.eventLog.enabled": "false",
    # the text of every plan is for a page that nobody sees; of our wide plans it takes as long as making them
    "spark.sql.ui.explainMode": "simple",
    "spark.sql.maxPlanStringLength": "1000",
}
MANY_CLASSES = "-XX:MetaspaceSize=512m"
"""Without it Java looks for garbage each time that it has loaded so many classes more."""

LATE_COMPILER = " ".join(
    f"-XX:Tier4{name}={count}"
    for name, count in {
        "InvocationThreshold": 50_000,
        "MinInvocationThreshold": 6_000,
        "CompileThreshold": 150_000,
        "BackEdgeThreshold": 400_000,
    }.items()
)
"""Ten times Java's usual: its second compiler is for what is done for every row, not for planning, which is never done
often enough to pay (docs/performance.md)."""

FEW_ROWS = "-XX:TieredStopAtLevel=1"
"""Java's quick compiler alone: the other one takes half of a short run and is not done when that ends
(docs/performance.md)."""

EXPRESSIONS = "org.apache.spark.sql.catalyst.expressions"
LOOKED_UP = (
    *(
        "functions",
        "PythonSQLUtils",
        "PythonUtils",
        "PythonRDD",
        "SerDeUtil",
        "Column",
        "SparkSession",
        "SparkSession$",
    ),
    *(f"{EXPRESSIONS}.{name}" for name in ("UnresolvedNamedLambdaVariable", "LambdaFunction")),
    *(f"{EXPRESSIONS}.Array{name}" for name in ("Aggregate", "Exists", "Filter", "ForAll", "Transform")),
    "org.apache.spark.sql.expressions.Window",
    "org.apache.iceberg.spark.Spark3Util",
)
"""Java classes behind pyspark's functions and ours: py4j searches every JAR for each part of such a name at each call,
unless it is kept."""

STARTED: list[SparkSession] = []
"""Sessions of this process, the latest last, for who looks on from another thread."""


@dataclass(frozen=True)
class SessionOptions:
    """What differs between runs: where the lake is, and how much of the machine Spark may take."""

    lake: str
    on_glue: bool = False
    region: str = ""
    driver_memory_gigabytes: int = 4
    cores: str = "*"
    few_rows: bool = False


def start_session(options: SessionOptions) -> SparkSession:
    """A Spark session with the claims catalog; on one machine it brings its own Java and Iceberg."""
    builder = SparkSession.builder.appName("claims-etl")
    settings = SETTINGS | (_glue_settings(options) if options.on_glue else _one_machine_settings(options))
    settings[LAKE_SETTING] = options.lake
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    _keep_classes(session)
    STARTED.append(session)
    return session


def _keep_classes(session: SparkSession) -> None:
    for name in LOOKED_UP:
        found = session._jvm  # noqa: SLF001 - where pyspark itself looks
        for part in name.split("."):
            if part not in vars(found):
                setattr(found, part, getattr(found, part))
            found = vars(found)[part]


def _glue_settings(options: SessionOptions) -> dict[str, str]:
    return {
        f"spark.sql.catalog.{CATALOG}.catalog-impl": "org.apache.iceberg.aws.glue.GlueCatalog",
        f"spark.sql.catalog.{CATALOG}.io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
        f"spark.sql.catalog.{CATALOG}.warehouse": Lake(options.lake).warehouse,
        "spark.hadoop.fs.s3a.endpoint.region": options.region,
    }


def _one_machine_settings(options: SessionOptions) -> dict[str, str]:
    java_home = use_java()
    # Spark's Python workers are this Python: another of the machine has none of our packages
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    quiet = f"-Dlog4j2.configurationFile=file:{Path(__file__).with_name('log4j2.properties')}"
    java = [quiet, MANY_CLASSES, *archive_options(java_home), FEW_ROWS if options.few_rows else LATE_COMPILER]
    return ONE_MACHINE | {
        "spark.master": f"local[{options.cores}]",
        "spark.driver.memory": f"{options.driver_memory_gigabytes}g",
        "spark.driver.extraJavaOptions": " ".join(java),
        "spark.jars": str(iceberg_runtime()),
        "spark.local.dir": f"{options.lake}/temp/spark",
        f"spark.sql.catalog.{CATALOG}.type": "hadoop",
        f"spark.sql.catalog.{CATALOG}.warehouse": options.lake,
    }
