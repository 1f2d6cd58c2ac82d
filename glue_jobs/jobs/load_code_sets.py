"""Lists of codes into the table `code_set`, by which the codes on claims are judged.

The job that AWS Glue runs, when somebody starts it, and that `make codesets` calls.
"""

import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from expectations.code_sets import CodeSetFound, read_code_sets
from expectations.contract import load_table
from expectations.errors import ArgumentError
from glue_jobs.runtime.failures import as_claims_error
from glue_jobs.runtime.job_values import read_values
from glue_jobs.runtime.session import SessionOptions, start_session
from glue_jobs.runtime.telemetry import LOGGER, Telemetry
from glue_jobs.storage.objects import is_s3, list_objects, open_object
from glue_jobs.storage.publication import RUN_PROPERTY, Branch, publish
from glue_jobs.storage.tables import spark_schema

DEFAULTS = {"lake": "", "input": "", "region": "", "job_id": ""}


def load_code_sets(spark: SparkSession, folder: str, job_id: str) -> tuple[CodeSetFound, ...]:
    """Replace the code systems of which the folder has lists, in one commit; others stay. The same lists: no commit.

    Raises:
        ArgumentError: no folder is given, it has no list, or one is not what its name says.
    """
    if not folder:
        raise ArgumentError("no folder with lists of codes is given; cure: INPUT=/folder of make, --input of the job")
    with _on_this_machine(folder) as path:
        found = read_code_sets(path)
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


@contextmanager
def _on_this_machine(folder: str) -> Iterator[Path]:
    """The folder, or a copy of one in S3: the lists are a few megabytes."""
    if not is_s3(folder):
        yield Path(folder).resolve()
        return
    with TemporaryDirectory() as place:
        for number, stored in enumerate(list_objects(f"{folder.rstrip('/')}/")):
            copy = Path(place) / str(number) / stored.name
            copy.parent.mkdir()
            with open_object(stored.uri) as stream:
                copy.write_bytes(stream.read())
        yield Path(place)


def main(argv: Sequence[str]) -> int:
    """Run with the arguments of the command line; 0 where the lists are in the table."""
    logging.basicConfig(stream=sys.stdout, level=logging.WARNING, format="%(message)s")
    logging.getLogger(LOGGER.name).setLevel(logging.INFO)
    try:
        values, on_glue = read_values(argv, DEFAULTS)
        telemetry = Telemetry(values["job_id"])
        with telemetry.stage("load code sets"):
            spark = start_session(SessionOptions(values["lake"], on_glue, values["region"]))
            found = load_code_sets(spark, values["input"], values["job_id"])
        files = sum(len(one.releases) for one in found)
        telemetry.log("code_sets_loaded", files=files, records=sum(len(one.spans) for one in found))
    except Exception as error:  # an exception's own text can hold a claim, and Glue keeps what a job prints
        known = as_claims_error(error)
        sys.stderr.write(f"{type(known).__name__}: {known}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
