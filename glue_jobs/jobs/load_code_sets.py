"""Lists of codes into the table `code_set`, by which the codes on claims are judged: what `make codesets` calls."""

from pathlib import Path

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from expectations.code_sets import CodeSetFound, read_code_sets
from expectations.contract import load_table
from glue_jobs.storage.publication import RUN_PROPERTY, Branch, publish
from glue_jobs.storage.tables import spark_schema


def load_code_sets(spark: SparkSession, folder: Path, job_id: str) -> tuple[CodeSetFound, ...]:
    """Replace the code systems of which the folder has lists, in one commit; others stay. The same lists: no commit.

    Raises:
        ArgumentError: the folder has no list, or one is not what its name says.
    """
    found = read_code_sets(folder)
    table = load_table("code_set")
    systems = [one.code_system for one in found]
    spans = [span for one in found for span in one.spans]
    rows = spark.createDataFrame(spans, spark_schema(table))

    def write(branch: Branch) -> bool:
        there = branch.read_base()
        is_new = F.col("code_system").isin(systems)
        same = there.where(is_new)
        if same.count() == len(spans) and same.exceptAll(rows).isEmpty():
            return False
        together = there.where(~is_new).unionByName(rows)
        branch.replace(together.coalesce(1).sort("code_system", "code", "valid_from"), {RUN_PROPERTY: job_id})
        return True

    publish(spark, table, job_id, write)
    return found
