"""What is published is all of it or nothing, once, and on top of what others published meanwhile."""

from collections.abc import Iterator

import pytest
from pyspark.sql import DataFrame, SparkSession

from expectations.contract import Table
from expectations.errors import AccountingError, PublicationError
from glue_jobs.storage.publication import (
    MOST_ATTEMPTS,
    PART_SIZE,
    Branch,
    head,
    history,
    parts_of_a_file,
    publish,
    publish_together,
    unfilled_columns,
)
from glue_jobs.storage.steps import LISTENERS
from glue_jobs.storage.tables import create_table, spark_schema, table_name


def small_table(name: str) -> Table:
    columns = [
        {"name": "claim_id", "type": "string", "description": "Id of the claim.", "phi": "identifier"},
        {"name": "claim_line_number", "type": "int", "description": "Number of the line.", "phi": "none"},
    ]
    described = {"name": name, "description": "A table made for this test.", "grain": ["claim_id"], "columns": columns}
    return Table.model_validate(described)


def rows_of(spark: SparkSession, *claim_ids: str) -> DataFrame:
    return spark.createDataFrame([(claim_id, 1) for claim_id in claim_ids], spark_schema(small_table("any")))


def claims_in(rows: DataFrame) -> list[str]:
    return sorted(row["claim_id"] for row in rows.collect())


def branches(spark: SparkSession, table: Table) -> list[str]:
    return [row["name"] for row in spark.table(f"{table_name(table)}.refs").where("type = 'BRANCH'").collect()]


def publish_claims(spark: SparkSession, table: Table, run_id: str, *claim_ids: str) -> None:
    def write(branch: Branch) -> bool:
        branch.append(rows_of(spark, *claim_ids), {"claims-etl.run-id": run_id})
        return True

    publish(spark, table, run_id, write)


@pytest.fixture
def steps() -> Iterator[list[str]]:
    seen: list[str] = []
    LISTENERS.append(seen.append)
    yield seen
    LISTENERS.remove(seen.append)


def test_what_is_staged_is_seen_on_its_branch_and_by_readers_only_once_it_is_published(spark: SparkSession) -> None:
    table = small_table("published_once")
    publish_claims(spark, table, "run-1", "a", "b")

    def write(branch: Branch) -> bool:
        branch.append(rows_of(spark, "c"), {})
        assert claims_in(branch.read()) == ["a", "b", "c"]
        assert claims_in(branch.read_base()) == claims_in(spark.table(branch.table_name)) == ["a", "b"]
        return True

    publish(spark, table, "run.2 with odd-characters", write)
    assert claims_in(spark.table(table_name(table))) == ["a", "b", "c"]
    assert branches(spark, table) == ["main"]


def test_the_snapshot_tells_which_run_made_it(spark: SparkSession) -> None:
    table = small_table("labelled")
    publish_claims(spark, table, "run-1", "a")
    publish_claims(spark, table, "run-2", "b")
    found = list(history(spark, table_name(table)))
    assert [snapshot.label("claims-etl.run-id") for snapshot in found][:2] == ["run-2", "run-1"]
    assert found[0].snapshot_id == head(spark, table_name(table))


def test_a_failed_audit_leaves_the_table_as_it_was_and_no_branch(spark: SparkSession) -> None:
    table = small_table("audited")
    publish_claims(spark, table, "run-1", "a")

    def write(branch: Branch) -> bool:
        branch.append(rows_of(spark, "b"), {})
        raise AccountingError("the audit found a fault")

    with pytest.raises(AccountingError, match="found a fault"):
        publish(spark, table, "run-2", write)
    assert claims_in(spark.table(table_name(table))) == ["a"]
    assert branches(spark, table) == ["main"]


def test_where_another_run_was_first_the_work_is_done_again_on_what_it_published(spark: SparkSession) -> None:
    table, bases = small_table("contended"), []
    publish_claims(spark, table, "run-1", "a")

    def write(branch: Branch) -> bool:
        bases.append(claims_in(branch.read_base()))
        branch.append(rows_of(spark, f"mine {len(bases)}"), {})
        if len(bases) == 1:
            rows_of(spark, "theirs").writeTo(branch.table_name).append()
        return True

    publish(spark, table, "run-2", write)
    assert bases == [["a"], ["a", "theirs"]]
    assert claims_in(spark.table(table_name(table))) == ["a", "mine 2", "theirs"]


def test_who_never_is_first_gives_up_and_says_so(spark: SparkSession, monkeypatch: pytest.MonkeyPatch) -> None:
    table = small_table("always_late")
    publish_claims(spark, table, "run-1", "a")
    monkeypatch.setattr("glue_jobs.storage.publication.MOST_ATTEMPTS", 2)

    def write(branch: Branch) -> bool:
        branch.append(rows_of(spark, "mine"), {})
        rows_of(spark, "theirs").writeTo(branch.table_name).append()
        return True

    with pytest.raises(PublicationError, match="other runs published first 2 times"):
        publish(spark, table, "run-2", write)
    assert claims_in(spark.table(table_name(table))) == ["a", "theirs", "theirs"]
    assert MOST_ATTEMPTS >= 8


def test_a_branch_that_a_killed_run_left_is_not_built_upon(spark: SparkSession) -> None:
    table = small_table("left_over")
    publish_claims(spark, table, "run-1", "a")
    name = create_table(spark, table)
    spark.sql(f"ALTER TABLE {name} CREATE BRANCH stage_run_2_0")
    rows_of(spark, "half").writeTo(f"{name}.branch_stage_run_2_0").append()
    publish_claims(spark, table, "run-2", "b")
    assert claims_in(spark.table(name)) == ["a", "b"]


def test_several_tables_are_all_staged_before_the_first_is_published(spark: SparkSession, steps: list[str]) -> None:
    first, second = small_table("together_1"), small_table("together_2")

    def write(branch: Branch) -> bool:
        branch.append(rows_of(spark, "a"), {})
        return True

    publish_together(spark, "run-1", [(first, write), (second, write)])
    order = [step for step in steps if step.startswith(("staged", "published"))]
    assert order == ["staged together_1", "staged together_2", "published together_1", "published together_2"]


def test_where_there_is_nothing_to_publish_no_snapshot_is_made(spark: SparkSession) -> None:
    table = small_table("nothing_new")
    publish_claims(spark, table, "run-1", "a")
    before = [snapshot.snapshot_id for snapshot in history(spark, table_name(table))]
    publish(spark, table, "run-2", lambda branch: False)
    assert [snapshot.snapshot_id for snapshot in history(spark, table_name(table))] == before


def monthly_table(name: str) -> Table:
    columns = [
        {"name": "claim_id", "type": "string", "description": "Id of the claim.", "phi": "identifier"},
        {"name": "payer", "type": "string", "description": "Name of who pays.", "phi": "none"},
        {"name": "plan", "type": "string", "description": "Name of the plan.", "phi": "none"},
        {
            "name": "claim_start_date",
            "type": "date",
            "description": "First day of the claim.",
            "phi": "quasi_identifier",
        },
        {"name": "year", "type": "string", "description": "Year of the first day.", "phi": "none"},
        {"name": "month", "type": "string", "description": "Month of the first day.", "phi": "none"},
    ]
    described = {"name": name, "description": "A table made for this test.", "grain": ["claim_id"], "columns": columns}
    return Table.model_validate(described | {"partition_date": "claim_start_date", "sorted_by": ["claim_id"]})


def monthly_rows(spark: SparkSession, table: Table, *values: tuple[str, str, str | None]) -> DataFrame:
    """Rows of a monthly table from claim id, month and plan; scattered over as many parts as there are rows."""
    tuples = [(claim_id, None, plan, None, "2024", month) for claim_id, month, plan in values]
    return spark.createDataFrame(tuples, spark_schema(table)).repartition(len(tuples))


def append_monthly(
    spark: SparkSession, table: Table, rows: DataFrame, unfilled: tuple[str, ...], *, as_they_lie: bool = False
) -> None:
    def write(branch: Branch) -> bool:
        branch.append(rows, {}, unfilled, as_they_lie=as_they_lie)
        return True

    publish(spark, table, "run", write)


def test_rows_of_a_month_come_together_in_the_order_of_the_table_whichever_columns_are_left_out(
    spark: SparkSession,
) -> None:
    table = monthly_table("placed")
    values = [(f"c{number:02d}", f"{1 + number % 3:02d}", None) for number in range(30)]
    append_monthly(spark, table, monthly_rows(spark, table, *reversed(values)), ("payer", "plan"))
    files = spark.table(f"{table_name(table)}.files").collect()
    assert sorted(row["record_count"] for row in files) == [10, 10, 10]
    stored = spark.table(table_name(table))
    assert stored.columns == list(table.column_names)
    for file in files:
        ids = [row["claim_id"] for row in spark.read.parquet(file["file_path"]).collect()]
        assert ids == sorted(ids)
    assert claims_in(stored.where("payer is null and plan is null")) == [claim_id for claim_id, *_ in values]


def test_rows_that_lie_month_by_month_are_written_without_moving(spark: SparkSession) -> None:
    table = monthly_table("as_they_lie")
    rows = monthly_rows(spark, table, ("a", "01", None), ("b", "02", "gold"), ("c", "01", None)).coalesce(1)
    append_monthly(spark, table, rows, ("payer",), as_they_lie=True)
    assert sorted((row["claim_id"], row["month"], row["plan"]) for row in spark.table(table_name(table)).collect()) == [
        ("a", "01", None),
        ("b", "02", "gold"),
        ("c", "01", None),
    ]


def test_a_column_is_noted_as_unfilled_only_while_no_run_has_filled_it(spark: SparkSession) -> None:
    table = monthly_table("noted")
    name = create_table(spark, table)
    append_monthly(spark, table, monthly_rows(spark, table, ("a", "01", None)), ("payer", "plan"))
    assert unfilled_columns(spark, name) == {"payer", "plan"}
    append_monthly(spark, table, monthly_rows(spark, table, ("b", "01", "gold")), ("payer",))
    assert unfilled_columns(spark, name) == {"payer"}
    append_monthly(spark, table, monthly_rows(spark, table, ("c", "01", None)), ("payer", "plan"))
    assert unfilled_columns(spark, name) == {"payer"}
    spark.sql(f"DELETE FROM {name} WHERE claim_id = 'a'")  # noqa: S608 - it says nothing of columns
    assert unfilled_columns(spark, name) == {"payer"}
    append_monthly(spark, table, monthly_rows(spark, table, ("d", "01", None)), ())
    assert unfilled_columns(spark, name) == set()


def test_nothing_is_known_of_the_columns_of_a_table_that_an_earlier_release_filled(spark: SparkSession) -> None:
    table = monthly_table("filled_before")
    name = create_table(spark, table)
    monthly_rows(spark, table, ("a", "01", "gold")).writeTo(name).append()
    append_monthly(spark, table, monthly_rows(spark, table, ("b", "01", None)), ("payer", "plan"))
    assert unfilled_columns(spark, name) == set()


def test_the_size_of_parts_is_sparks_own_again_after_a_write_that_fails_too(spark: SparkSession) -> None:
    before = spark.conf.get(PART_SIZE, None)
    for set_before in (None, "1m"):
        if set_before:
            spark.conf.set(PART_SIZE, set_before)
        with pytest.raises(ValueError, match="no rows"), parts_of_a_file(spark):  # noqa: PT012 - both belong to it
            assert spark.conf.get(PART_SIZE) == "512m"
            raise ValueError("no rows")
        assert spark.conf.get(PART_SIZE, None) == (set_before or before)
    spark.conf.unset(PART_SIZE)
