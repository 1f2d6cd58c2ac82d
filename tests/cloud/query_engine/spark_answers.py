"""What Spark answers to the named queries on the tables of the local cloud, written as JSON.

In a process of its own: the session of the tests knows neither Glue's catalog nor S3. It makes the tables
that queries read and nobody has published yet, and fills them with made-up rows, so that there is something to find.
"""

import json
import sys
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from expectations.contract import load_table, table_names
from expectations.object_keys import CATALOG, NAMESPACE
from glue_jobs.runtime.named_queries import answer_named, query_names
from glue_jobs.runtime.session import SessionOptions, start_session
from glue_jobs.storage.tables import create_table, spark_schema
from tests.cloud.query_engine.answers import Answer
from tests.cloud.query_engine.made_up_rows import made_up_rows
from tests.cloud.query_engine.statements import for_athena, tables_of

PARAMETERS = {
    "day": "SELECT max(substr(final_periods, 1, 10)) FROM medical_claim_version",
    "claim_id": "SELECT max(claim_id) FROM medical_claim_version WHERE superseded_by IS NOT NULL",
}
"""Of what the named queries are asked with: the query for a value that finds something."""


def main(lake: str, region: str, to: Path) -> None:
    """Make the tables that are missing; write what was asked, what was made, and all answers as JSON."""
    spark = start_session(SessionOptions(lake, on_glue=True, region=region))
    spark.sql(f"USE {CATALOG}.{NAMESPACE}")
    needed = {table for name in query_names() for table in tables_of(for_athena(name))} & set(table_names())
    made = [name for name in sorted(needed) if not spark.catalog.tableExists(f"{CATALOG}.{NAMESPACE}.{name}")]
    for name in made:
        table = load_table(name)
        rows = spark.createDataFrame(made_up_rows(table), spark_schema(table))
        rows.coalesce(1).writeTo(create_table(spark, table)).append()
    asked = {name: str(spark.sql(sql).collect()[0][0]) for name, sql in PARAMETERS.items()}
    answers = {name: _answer(spark, name, asked) for name in query_names()}
    to.write_text(json.dumps({"asked": asked, "made": made, "answers": answers}))
    spark.stop()


def _answer(spark: SparkSession, name: str, asked: dict[str, str]) -> dict[str, Any]:
    try:
        frame = answer_named(spark, name, asked)
        answer = Answer.of(frame.columns, frame.collect())
    except Exception as error:  # whatever it is, the test of this query tells it
        return {"error": str(error)[:2000]}
    return {"columns": answer.columns, "rows": answer.rows}


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
