"""The jars with which Spark on this machine speaks to S3 and to Glue's catalog; on Glue they are there."""

from functools import cache
from pathlib import Path

from glue_jobs.runtime.iceberg import CACHE, Jar, iceberg_runtime, kept_jar

JARS = (
    Jar(
        "org.apache.hadoop:hadoop-aws:3.3.4",
        "53f9ae03c681a30a50aa17524bd9790ab596b28481858e54efd989a826ed3a4a",
    ),
    Jar(
        "com.amazonaws:aws-java-sdk-bundle:1.12.262",
        "873fe7cf495126619997bec21c44de5d992544aea7e632fdc77adb1a0915bae5",
    ),
    Jar(
        "org.apache.iceberg:iceberg-aws-bundle:1.10.0",
        "172370cfc32a5f1ae5399b210e86fc04a366dc29a112d97ac8ffc74df7525596",
    ),
)


@cache
def spark_jars(cache: Path = CACHE) -> list[Path]:
    """All of them in the cache, Iceberg's runtime first; fetched from Maven Central where they are missing."""
    return [iceberg_runtime(cache), *(kept_jar(jar, cache) for jar in JARS)]
