"""Named queries: plain SQL in glue_jobs/queries, one file each; parameters are columns of the one-row view `asked`.

A value that a person asks for (a claim's id) so never becomes text of a query, which plans and logs show.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import resources

from pyspark.sql import DataFrame, SparkSession

from expectations.contract import load_table
from expectations.errors import ArgumentError
from expectations.object_keys import CATALOG, NAMESPACE
from glue_jobs.transforms.summarize_headers import summarize_headers

ENDING = ".sql"
OTHER_DIALECT = ".athena.sql"
_PARAMETER = re.compile(r"^-- asked\.(\w+):", re.MULTILINE)


def query_names() -> tuple[str, ...]:
    """Names of all named queries."""
    files = (entry.name for entry in resources.files("glue_jobs.queries").iterdir())
    return tuple(
        sorted(
            name.removesuffix(ENDING) for name in files if name.endswith(ENDING) and not name.endswith(OTHER_DIALECT)
        )
    )


def query_text(name: str) -> str:
    """The SQL of a named query; ArgumentError lists the names there are."""
    if name not in query_names():
        raise ArgumentError(f"no query of that name; cure: one of {', '.join(query_names())}")
    return resources.files("glue_jobs.queries").joinpath(f"{name}{ENDING}").read_text(encoding="utf-8")


def parameters_of(name: str) -> tuple[str, ...]:
    """Names of what a query must be asked with: `day`, `claim_id`."""
    return tuple(_PARAMETER.findall(query_text(name)))


def answer_named(spark: SparkSession, name: str, asked: Mapping[str, str]) -> DataFrame:
    """The answer of a named query; parameters that it does not have are passed over.

    Raises:
        ArgumentError: there is no query of that name, a parameter is missing, or the day is none.
    """
    needed = parameters_of(name)
    missing = [parameter for parameter in needed if not asked.get(parameter)]
    if missing:
        option = missing[0].replace("_", "-")
        raise ArgumentError(f"query {name} needs a parameter; cure: --{option} VALUE")
    if "day" in needed:
        _check_day(asked["day"])
    if needed:
        schema = ", ".join(f"{parameter} string" for parameter in needed)
        values = tuple(asked[parameter] for parameter in needed)
        spark.createDataFrame([values], schema).createOrReplaceTempView("asked")
    spark.sql(f"USE {CATALOG}.{NAMESPACE}")
    return spark.sql(query_text(name))


def show_as_of(spark: SparkSession, day: str) -> None:
    """Let `medical_claim` and `medical_claim_header` in this session's SQL mean what survived as of the day.

    Other tables, and these by their full names, stay as they are today.

    Raises:
        ArgumentError: the day is none.
    """
    lines = answer_named(spark, "medical_claim_version_as_of", {"day": day})
    lines.select(*load_table("medical_claim").column_names).createOrReplaceTempView("medical_claim")
    summarize_headers(lines, load_table("medical_claim_header")).createOrReplaceTempView("medical_claim_header")


def show_today(spark: SparkSession) -> None:
    """Take back `show_as_of`."""
    for name in ("medical_claim", "medical_claim_header"):
        spark.catalog.dropTempView(name)


def _check_day(text: str) -> None:
    try:
        # the query compares texts, so only the full form will do
        is_day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date().isoformat() == text
    except ValueError:
        is_day = False
    if not is_day:
        raise ArgumentError("the day is none of the calendar; cure: for instance 2024-03-01")
