"""Each derived table of members is made of declared tables, and has the columns of its own declaration."""

import pytest
from pyspark.sql import SparkSession
from pyspark.sql.types import StructField, StructType, _parse_datatype_string

from expectations.contract import load_table
from glue_jobs.derivations import Derivation
from glue_jobs.members import DERIVED

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.mark.parametrize("derivation", DERIVED, ids=[derivation.table for derivation in DERIVED])
def test_what_is_made_has_the_declared_columns_types_and_order(spark: SparkSession, derivation: Derivation) -> None:
    declared = load_table(derivation.table)
    assert declared.derived
    given = {name: spark.createDataFrame([], _schema(name)) for name in derivation.inputs}
    made = derivation.make(given)
    assert made.dtypes == [(column.name, column.type) for column in declared.columns]


def _schema(name: str) -> StructType:
    return StructType(
        [StructField(column.name, _parse_datatype_string(column.type)) for column in load_table(name).columns]
    )
