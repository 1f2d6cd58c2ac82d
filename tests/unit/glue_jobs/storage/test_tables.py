import pytest
from chispa import assert_df_equality
from pyspark.sql import DataFrame, SparkSession

from expectations.contract import Table, load_table, table_names
from expectations.errors import AccountingError
from expectations.object_keys import CATALOG
from glue_jobs.storage.tables import (
    Batch,
    append_rows,
    create_statement,
    create_table,
    is_published,
    publish,
    spark_schema,
    table_name,
)

ODD = "It's \"quoted\", `ticked`, a path C:\\new\\'t, a line\nbreak; -- and a Ünicode comment /* or two */"


def small_table(name: str) -> Table:
    columns = [
        {"name": "claim_id", "type": "string", "description": ODD, "phi": "identifier"},
        {"name": "claim_line_number", "type": "int", "description": "Number of the line.", "phi": "none"},
    ]
    return Table.model_validate({"name": name, "description": ODD, "grain": ["claim_id"], "columns": columns})


def rows_of(spark: SparkSession, *claim_ids: str) -> DataFrame:
    return spark.createDataFrame([(claim_id, 1) for claim_id in claim_ids], spark_schema(small_table("any")))


def branches(spark: SparkSession, table: Table) -> list[str]:
    return [row["name"] for row in spark.table(f"{table_name(table)}.refs").where("type = 'BRANCH'").collect()]


class Publication:
    """Publishes rows and remembers what the audit saw; an audit that is told to fail raises."""

    def __init__(self, spark: SparkSession, table: Table) -> None:
        self.spark, self.table = spark, table
        self.audited: list[list[str]] = []
        self.main_meanwhile: list[list[str]] = []

    def run(self, batch: Batch, *claim_ids: str, fails: bool = False) -> None:
        def audit(staged: DataFrame) -> None:
            self.audited.append(sorted(row["claim_id"] for row in staged.collect()))
            self.main_meanwhile.append(self.main())
            if fails:
                raise AccountingError("the audit found a fault")

        rows = rows_of(self.spark, *claim_ids)
        publish(self.spark, self.table, batch, lambda branch: append_rows(rows, branch, batch), audit)

    def main(self) -> list[str]:
        return sorted(row["claim_id"] for row in self.spark.table(table_name(self.table)).collect())


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


def test_rows_are_audited_on_a_branch_and_then_stand_in_the_table(spark: SparkSession) -> None:
    publication = Publication(spark, small_table("published_rows"))
    publication.run(Batch("monday", "run-1"), "a", "b")
    publication.run(Batch("tuesday", "run.2 with odd-characters"), "c")
    assert publication.audited == [["a", "b"], ["a", "b", "c"]]
    assert publication.main_meanwhile == [[], ["a", "b"]]
    assert_df_equality(
        spark.table(table_name(publication.table)),
        rows_of(spark, "a", "b", "c"),
        ignore_row_order=True,
        ignore_metadata=True,
    )
    assert branches(spark, publication.table) == ["main"]


def test_the_same_batch_is_published_once(spark: SparkSession) -> None:
    publication = Publication(spark, small_table("batches_sent_twice"))
    publication.run(Batch("monday", "run-1"), "a")
    publication.run(Batch("tuesday", "run-2"), "b")
    publication.run(Batch("monday", "run-3"), "a")
    assert publication.main() == ["a", "b"]
    assert len(publication.audited) == 2
    name = table_name(publication.table)
    assert [is_published(spark, name, Batch(key, "run-4")) for key in ("monday", "wednesday")] == [True, False]


def test_a_failed_audit_leaves_the_table_as_it_was_and_its_batch_can_come_again(spark: SparkSession) -> None:
    publication = Publication(spark, small_table("failed_audits"))
    monday, tuesday = Batch("monday", "run-1"), Batch("tuesday", "run-2")
    with pytest.raises(AccountingError, match="found a fault"):
        publication.run(monday, "a", fails=True)
    assert publication.main() == []
    publication.run(monday, "a")
    with pytest.raises(AccountingError, match="found a fault"):
        publication.run(tuesday, "b", fails=True)
    assert publication.main() == ["a"]
    assert branches(spark, publication.table) == ["main"]
    publication.run(tuesday, "b")
    assert publication.main() == ["a", "b"]
    assert publication.audited == [["a"], ["a"], ["a", "b"], ["a", "b"]]
