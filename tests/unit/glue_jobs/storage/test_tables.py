import pytest
from pyspark.sql import SparkSession

from expectations.contract import Table, load_table, table_names
from expectations.object_keys import CATALOG
from glue_jobs.storage.tables import create_statement, create_table, spark_schema, table_name

ODD = "It's \"quoted\", `ticked`, a path C:\\new\\'t, a line\nbreak; -- and a Ünicode comment /* or two */"


def small_table(name: str) -> Table:
    columns = [
        {"name": "claim_id", "type": "string", "description": ODD, "phi": "identifier"},
        {"name": "claim_line_number", "type": "int", "description": "Number of the line.", "phi": "none"},
    ]
    return Table.model_validate({"name": name, "description": ODD, "grain": ["claim_id"], "columns": columns})


@pytest.mark.parametrize("name", table_names())
def test_schema_and_ddl_of_a_table_are_those_of_its_contract(spark: SparkSession, name: str) -> None:
    table, created = load_table(name), f"{CATALOG}.contract.{name}"
    spark.sql(f"CREATE NAMESPACE IF NOT EXISTS {CATALOG}.contract")
    spark.sql(create_statement(table, created))
    found = spark.table(created).schema
    assert found.names == list(table.column_names) == spark_schema(table).names
    assert [field.dataType.simpleString() for field in found] == [column.type for column in table.columns]
    assert [field.dataType for field in found] == [field.dataType for field in spark_schema(table)]
    assert [field.metadata["comment"] for field in found] == [column.description for column in table.columns]
    rows = spark.sql(f"DESCRIBE TABLE EXTENDED {created}").collect()
    names, described = [row["col_name"] for row in rows], {row["col_name"]: row["data_type"] for row in rows}
    assert described["Comment"] == table.description
    assert "write.parquet.compression-codec=snappy" in described["Table Properties"]
    partitioning = names[names.index("# col_name") + 1 :][:2] if "# col_name" in names else []
    assert partitioning == (["year", "month"] if table.partition_date else [])


def test_a_table_is_created_once_whatever_quotes_stand_in_its_descriptions(spark: SparkSession) -> None:
    table = small_table("odd_descriptions")
    assert create_table(spark, table) == create_table(spark, table) == "claims.processed.odd_descriptions"
    assert spark.table(table_name(table)).schema["claim_id"].metadata["comment"] == ODD
    described = spark.sql(f"DESCRIBE TABLE EXTENDED {table_name(table)}").where("col_name = 'Comment'")
    assert [row["data_type"] for row in described.collect()] == [ODD]
