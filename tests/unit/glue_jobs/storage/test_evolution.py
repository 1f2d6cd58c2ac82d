"""Tables that hold rows follow a changed contract, or refuse to, and what they held before is read as before."""

from collections.abc import Mapping
from decimal import Decimal
from threading import Barrier, Thread
from typing import cast

import pytest
from pyspark.sql import DataFrame, SparkSession

from expectations.contract import Column, ColumnType, Table, load_table
from expectations.errors import SchemaError
from expectations.schema_changes import SchemaPolicy
from glue_jobs.storage import evolution
from glue_jobs.storage.evolution import evolve_table, fill_unused_columns
from glue_jobs.storage.tables import create_table, spark_schema

EVOLVE, STRICT = SchemaPolicy.EVOLVE, SchemaPolicy.STRICT
OLD = {"claim_id": "string", "units": "int", "paid_amount": "decimal(18,2)"}
ODD = "It's \"quoted\", `ticked`, a path C:\\new\\'t; -- and /* more */"


def contract(name: str, columns: Mapping[str, str]) -> Table:
    declared = tuple(
        Column.model_construct(name=column, type=cast("ColumnType", type_), description=ODD, phi="none")
        for column, type_ in columns.items()
    )
    return Table.model_construct(
        name=name, description="A table of a test.", grain=("claim_id",), partition_date="", columns=declared
    )


@pytest.fixture
def old(spark: SparkSession, request: pytest.FixtureRequest) -> str:
    """Name in SQL of a table made by the contract `OLD` that holds the rows a and b."""
    name = create_table(spark, contract(f"evolving_{abs(hash(request.node.name))}", OLD))
    insert(spark, name, OLD, ("a", 1, Decimal("1.50")), ("b", None, Decimal("-2.25")))
    return name


def insert(spark: SparkSession, name: str, columns: Mapping[str, str], *values: tuple[object, ...]) -> None:
    frame(spark, columns, *values).writeTo(name).append()


def frame(spark: SparkSession, columns: Mapping[str, str], *values: tuple[object, ...]) -> DataFrame:
    return spark.createDataFrame(values, ", ".join(f"{column} {type_}" for column, type_ in columns.items()))


def evolve(
    spark: SparkSession, name: str, columns: Mapping[str, str], policy: SchemaPolicy = EVOLVE
) -> tuple[str, ...]:
    return evolve_table(spark, contract(name.rpartition(".")[2], columns), name, policy)


def types(spark: SparkSession, name: str) -> dict[str, str]:
    return {field.name: field.dataType.simpleString() for field in spark.table(name).schema}


def rows(found: DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return sorted((tuple(row) for row in found.select(*columns).collect()), key=str)


def metadata_files(spark: SparkSession, name: str) -> int:
    return spark.table(f"{name}.metadata_log_entries").count()


def test_a_table_that_is_as_its_contract_says_is_looked_at_once_and_left_alone(
    spark: SparkSession, old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, looks = metadata_files(spark, old), []
    look = evolution._found_types  # noqa: SLF001 - counted

    def counted(spark: SparkSession, name: str) -> dict[str, str]:
        looks.append(name)
        return look(spark, name)

    monkeypatch.setattr(evolution, "_found_types", counted)
    for policy in SchemaPolicy:
        assert evolve(spark, old, OLD, policy) == ()
    assert looks == [old, old]
    assert metadata_files(spark, old) == before


def test_a_new_column_is_empty_in_old_rows_and_filled_in_new_ones(spark: SparkSession, old: str) -> None:
    new = {"plan": "string", **OLD, "received_date": "date"}
    assert evolve(spark, old, new) == ("column plan was added", "column received_date was added")
    fields = spark.table(old).schema
    assert fields["plan"].metadata["comment"] == fields["received_date"].metadata["comment"] == ODD
    insert(spark, old, new, ("gold", "c", 3, None, None))
    assert rows(spark.table(old), "claim_id", "plan") == [("a", None), ("b", None), ("c", "gold")]
    assert rows(spark.table(old).where("plan IS NULL"), "claim_id", "units") == [("a", 1), ("b", None)]
    assert evolve(spark, old, new) == ()


def test_the_table_as_of_before_the_change_is_read_with_the_columns_of_then(spark: SparkSession, old: str) -> None:
    snapshot = spark.table(f"{old}.snapshots").collect()[0]["snapshot_id"]
    new = {**OLD, "plan": "string", "units": "bigint"}
    evolve(spark, old, new)
    insert(spark, old, new, ("c", 5_000_000_000, None, "gold"))
    then = spark.table(f"{old}.snapshot_id_{snapshot}")
    assert then.columns == list(OLD)
    assert rows(then, "claim_id", "units") == [("a", 1), ("b", None)]


def test_a_wider_type_holds_the_old_values_and_larger_ones(spark: SparkSession, old: str) -> None:
    new = {**OLD, "units": "bigint", "paid_amount": "decimal(20,2)"}
    said = evolve(spark, old, new)
    assert said == ("column units was widened from int", "column paid_amount was widened from decimal(18,2)")
    assert types(spark, old) == new
    insert(spark, old, new, ("c", 5_000_000_000, Decimal("123456789012345678.25")))
    assert rows(spark.table(old).selectExpr("claim_id", "units", "CAST(paid_amount AS STRING)"), "*") == [
        ("a", 1, "1.50"),
        ("b", None, "-2.25"),
        ("c", 5000000000, "123456789012345678.25"),
    ]
    assert rows(spark.table(old).where("units < 2 OR paid_amount < 0"), "claim_id") == [("a",), ("b",)]


@pytest.mark.parametrize("policy", SchemaPolicy)
@pytest.mark.parametrize(
    "change",
    [{"paid_amount": "decimal(18,4)"}, {"units": "string"}, {"claim_id": "int"}, {"paid_amount": "decimal(10,2)"}],
    ids=str,
)
def test_a_type_that_would_lose_values_changes_nothing_not_even_other_columns(
    spark: SparkSession, old: str, change: Mapping[str, str], policy: SchemaPolicy
) -> None:
    with pytest.raises(SchemaError, match=rf"table evolving_\d+: column {next(iter(change))} is .+; cure: "):
        evolve(spark, old, {**OLD, "plan": "string", **change}, policy)
    assert types(spark, old) == OLD


@pytest.mark.parametrize("change", [{"plan": "string"}, {"units": "bigint"}], ids=str)
def test_a_strict_table_is_left_as_it_is_and_the_cure_is_named(
    spark: SparkSession, old: str, change: Mapping[str, str]
) -> None:
    with pytest.raises(SchemaError, match=rf"table evolving_\d+ has .*{next(iter(change))}.+; cure: .*evolve"):
        evolve(spark, old, {**OLD, **change}, STRICT)
    assert types(spark, old) == OLD
    assert rows(spark.table(old), "claim_id", "units") == [("a", 1), ("b", None)]
    evolve(spark, old, {**OLD, **change}, EVOLVE)
    assert evolve(spark, old, {**OLD, **change}, STRICT) == ()


@pytest.mark.parametrize("policy", SchemaPolicy)
def test_a_column_that_left_the_contract_stays_readable_and_is_empty_in_new_rows(
    spark: SparkSession, old: str, policy: SchemaPolicy
) -> None:
    new = {"claim_id": "string", "paid_amount": "decimal(18,2)"}
    for _ in range(2):
        assert evolve(spark, old, new, policy) == (
            "column units is not in the contract any more: kept, empty in new rows",
        )
    full = fill_unused_columns(frame(spark, new, ("c", None)), spark.table(old))
    full.writeTo(old).append()
    full.createOrReplaceTempView("came_again")
    spark.sql(
        f"MERGE INTO {old} AS old USING came_again AS new ON old.claim_id = new.claim_id AND old.claim_id <> 'a' "
        "WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
    )
    assert rows(spark.table(old), "claim_id", "units") == [("a", 1), ("b", None), ("c", None)]


def test_rows_that_lack_no_column_stay_as_they_are(spark: SparkSession, old: str) -> None:
    assert fill_unused_columns(spark.table(old), spark.table(old)).columns == list(OLD)


def test_a_table_that_another_session_changed_meanwhile_is_looked_at_again(spark: SparkSession, old: str) -> None:
    new, other = {**OLD, "plan": "string", "units": "bigint"}, spark.newSession()
    assert types(spark, old) == types(other, old) == OLD
    evolve(other, old, new)
    evolve(spark, old, new)
    assert evolve(spark, old, new) == evolve(other, old, new) == ()
    assert types(spark, old) == new


def test_two_runs_that_change_a_table_at_once_both_succeed_and_change_it_once(spark: SparkSession, old: str) -> None:
    wide = {**OLD, "units": "bigint"}
    first, second = {**wide, "plan": "string"}, {**wide, "payer": "string", "plan": "string"}
    sessions, together, failed = (spark.newSession(), spark.newSession()), Barrier(2), []

    def change(session: SparkSession, columns: Mapping[str, str]) -> None:
        together.wait()
        try:
            evolve(session, old, columns)
        except Exception as error:
            failed.append(error)

    threads = [
        Thread(target=change, args=(session, columns))
        for session, columns in zip(sessions, (first, second), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    spark.catalog.refreshTable(old)
    assert types(spark, old) == {**wide, "plan": "string", "payer": "string"}
    assert rows(spark.table(old), "claim_id", "units") == [("a", 1), ("b", None)]


def test_a_failure_that_is_nobody_elses_change_is_raised_as_it_is(
    spark: SparkSession, old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(evolution, "_change", fail)
    with pytest.raises(OSError, match="No space left"):
        evolve(spark, old, {**OLD, "plan": "string"})


def test_a_change_that_never_lasts_is_told(spark: SparkSession, old: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evolution, "_change", lambda *_: None)
    with pytest.raises(SchemaError, match=r"differs from its contract again after 5 changes; .+; cure: run again"):
        evolve(spark, old, {**OLD, "plan": "string"})


def test_the_claim_table_of_an_older_contract_follows_the_one_of_today(spark: SparkSession) -> None:
    today = load_table("medical_claim")
    kept = tuple(column for column in today.columns if column.name not in {"plan", "paid_amount", "ingest_run_id"})
    older = today.model_copy(update={"name": "medical_claim_of_old", "columns": kept})
    name = create_table(spark, older)
    values = {"claim_id": "a", "year": "2024", "month": "01"}
    spark.createDataFrame([tuple(values.get(column.name) for column in kept)], spark_schema(older)).writeTo(
        name
    ).append()
    renamed = today.model_copy(update={"name": "medical_claim_of_old"})
    assert len(evolve_table(spark, renamed, name, EVOLVE)) == 3
    spark.createDataFrame([], spark_schema(renamed)).writeTo(name).append()
    read = spark.table(name).where("year = '2024' AND month = '01' AND plan IS NULL AND paid_amount IS NULL")
    assert rows(read, "claim_id") == [("a",)]
