from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from chispa import assert_df_equality
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from expectations.contract import Source, load_source, load_table, source_names
from expectations.row_rules import mask_of
from glue_jobs.transforms.complete_rows import WORKING_COLUMNS, complete_rows, unfilled_columns
from glue_jobs.transforms.conform_records import text_columns

RECEIVED = datetime(2024, 5, 1, 12, tzinfo=UTC)
TYPED = (
    "_path string, _block bigint, _position bigint, _skipped boolean, _record_hash binary, _mask bigint, "
    "_broken_columns array<string>, _raw string, _line int, "
    "claim_id string, claim_line_number int, claim_start_date date, header_paid_amount decimal(18,2)"
)
FILES = "_path string, ingest_file_id string, file_name string, file_date date, ingest_datetime timestamp"


def source_of(**declared: object) -> Source:
    usual: dict[str, object] = {
        "name": "sender",
        "description": "A sender made up for this test.",
        "table": "medical_claim",
        "format": {"type": "csv"},
    }
    return Source.model_validate(usual | declared)


def typed_rows(spark: SparkSession, rows: list[tuple[str, int, date | None, str | None]]) -> DataFrame:
    """Rows of one claim from their path, line, day and header amount."""
    tuples = [
        (
            path,
            0,
            1,
            False,
            bytearray(b"\xab\x01"),
            0,
            None,
            None,
            line,
            "c",
            line + 1,
            day,
            amount and Decimal(amount),
        )
        for path, line, day, amount in rows
    ]
    return spark.createDataFrame(tuples, TYPED)


def file_rows(spark: SparkSession, *templates: str) -> DataFrame:
    """Two files, 2008 and 2009; `templates` are columns made of their names."""
    rows = [
        (
            year,
            f"id{year}",
            f"claims_{year}.csv",
            date(int(year), 1, 1),
            RECEIVED,
            *(f"{year}-12-31" for _ in templates),
        )
        for year in ("2008", "2009")
    ]
    return spark.createDataFrame(rows, ", ".join([FILES, *(f"template_{name} string" for name in templates)]))


def test_rows_get_all_columns_of_the_table_in_its_order_and_types(spark: SparkSession) -> None:
    table = load_table("medical_claim_version")
    source = source_of(
        constants={"data_source": "sender", "claim_type": "professional"}, claim_amounts={"paid_amount": "PAID"}
    )
    typed = typed_rows(
        spark,
        [
            ("2008", 0, date(2024, 3, 5), "10.00"),
            ("2008", 1, date(2024, 11, 30), "10.00"),
            ("2009", 0, date(1, 1, 1), None),
            ("2009", 1, None, None),
            ("a file without facts", 0, date(9999, 12, 31), None),
        ],
    )
    rows = complete_rows(typed, file_rows(spark), source, table, "run-1")
    completed = [(f.name, f.dataType.simpleString()) for f in rows.drop(*WORKING_COLUMNS, "_delivery").schema.fields]
    assert completed == [(column.name, column.type) for column in table.columns]
    assert rows.columns[: len(WORKING_COLUMNS) + 1] == [*WORKING_COLUMNS, "_delivery"]
    first, second = (("2008", "id2008", "claims_2008.csv", date(2008, 1, 1), RECEIVED),
                     ("2009", "id2009", "claims_2009.csv", date(2009, 1, 1), RECEIVED))  # fmt: skip
    same = ("professional", "sender", "run-1", "ab01", None, "original", None)
    ten = Decimal("10.00")
    expected = spark.createDataFrame(
        [
            (*first, *same, 0, "2024", "03", ten, ten),
            (*first, *same, 1, "2024", "11", None, ten),
            (*second, *same, 0, "0001", "01", None, None),
            (*second, *same, 1, "0000", "00", None, None),
            ("a file without facts", None, None, None, None, *same, 0, "9999", "12", None, None),
        ],
        f"{FILES}, claim_type string, data_source string, ingest_run_id string, record_hash string, plan string, "
        "claim_record_type string, version_rank int, record_line int, year string, month string, "
        "paid_amount decimal(18,2), header_paid_amount decimal(18,2)",
    )
    assert_df_equality(rows.select(*expected.columns), expected, ignore_row_order=True, ignore_nullable=True)


def null_columns(rows: DataFrame) -> set[str]:
    """Columns that Spark itself finds to be null whatever the input holds."""
    found = rows._jdf.queryExecution().optimizedPlan().projectList()  # noqa: SLF001 - the way to a plan
    expressions = [found.apply(place) for place in range(found.size())]
    return {one.name() for one in expressions if one.toString().startswith("null AS ")}


@pytest.mark.parametrize("name", [name for name in source_names() if load_source(name).table == "medical_claim"])
def test_unfilled_columns_are_those_that_depend_on_nothing_that_was_sent(spark: SparkSession, name: str) -> None:
    source, table = load_source(name), load_table("medical_claim_version")
    own = [column for column in text_columns(source) if column != "_segment"]
    types = {column: table.column(column).type for column in own}
    segment = ["_segment int"] if source.continuation else []
    working = TYPED.partition(", claim_id ")[0]
    typed = spark.createDataFrame([], ", ".join([working, *segment, *(f"{n} {kind}" for n, kind in types.items())]))
    files = file_rows(spark, *sorted(column for column, declared in source.columns.items() if declared.template))
    rows = complete_rows(typed, files, source, table, "run-1").select(*table.column_names)
    unfilled = set(unfilled_columns(typed, files, source, table))
    assert unfilled <= null_columns(rows)
    # these two hold nothing where the source says nothing of versions or amounts
    assert null_columns(rows) - unfilled <= {"version_order", *source.claim_amounts}


def test_claim_amounts_that_every_record_repeats_stand_on_no_line_and_the_lines_own_amounts_stay(
    spark: SparkSession,
) -> None:
    ten, two = Decimal("10.00"), Decimal("2.00")
    typed = typed_rows(spark, [("2008", 0, None, "10.00"), ("2008", 0, None, None)]).withColumns(
        {"charge_amount": F.lit(two), "header_charge_amount": F.lit(ten)}
    )
    amounts = {"paid_amount": "CLM_PAID", "charge_amount": "CLM_CHARGE"}
    repeated = source_of(columns={"charge_amount": "CHARGE"}, claim_amounts=amounts, claim_amounts_repeat=True)
    once = source_of(claim_amounts={"paid_amount": "CLM_PAID"})
    names = ["paid_amount", "header_paid_amount", "charge_amount", "header_charge_amount"]
    kinds = ", ".join(f"{name} decimal(18,2)" for name in names) + ", header_amounts_repeat_flag int"
    files, table = file_rows(spark), load_table("medical_claim_version")
    for source, lines in (
        (repeated, [(None, ten, two, ten, 1), (None, None, two, ten, 1)]),
        (once, [(ten, ten, two, ten, 0), (None, None, two, ten, 0)]),
    ):
        rows = complete_rows(typed, files, source, table, "run-1")
        expected = spark.createDataFrame(lines, kinds)
        assert_df_equality(rows.select(*expected.columns), expected, ignore_row_order=True, ignore_nullable=True)


def test_a_template_makes_a_typed_value_from_the_files_name_and_the_partition_follows_it(spark: SparkSession) -> None:
    template = {"template": "{year}-12-31"}
    pattern = r"_(?P<year>\d{4})\."
    source = source_of(file_name_pattern=pattern, columns={"claim_start_date": template, "plan": template})
    typed = typed_rows(spark, [("2008", 0, None, None), ("2009", 0, None, None)]).drop("claim_start_date")
    files = file_rows(spark, "claim_start_date", "plan")
    rows = complete_rows(typed, files, source, load_table("medical_claim"), "run-1")
    expected = spark.createDataFrame(
        [(date(int(year), 12, 31), f"{year}-12-31", year, "12") for year in ("2008", "2009")],
        "claim_start_date date, plan string, year string, month string",
    )
    assert_df_equality(rows.select(*expected.columns), expected, ignore_row_order=True, ignore_nullable=True)


def test_a_record_type_that_the_source_sends_is_kept_and_else_made_of_its_frequency_code(spark: SparkSession) -> None:
    typed = typed_rows(spark, [("2008", 0, None, None)]).withColumn("claim_frequency_code", F.lit("8"))
    sent = typed.withColumn("claim_record_type", F.lit("original"))
    files, table = file_rows(spark), load_table("medical_claim_version")
    found = [complete_rows(rows, files, source_of(), table, "run-1") for rows in (typed, sent)]
    assert_df_equality(
        found[0].unionByName(found[1]).select("claim_record_type"),
        spark.createDataFrame([("void",), ("original",)], "claim_record_type string"),
        ignore_nullable=True,
    )


def test_records_that_continue_a_claim_are_continued_on_the_way(spark: SparkSession) -> None:
    source = source_of(continuation={"segment": "SEG", "lines_per_segment": 45, "inherit": ["claim_start_date"]})
    typed = typed_rows(spark, [("2008", 0, None, None)]).withColumn("_segment", F.lit(2))
    rows = complete_rows(typed, file_rows(spark), source, load_table("medical_claim"), "run-1")
    expected = spark.createDataFrame(
        [(46, mask_of("RC018"), "0000")], "claim_line_number int, _mask bigint, year string"
    )
    assert_df_equality(rows.select(*expected.columns), expected, ignore_nullable=True)


def test_a_table_without_a_partition_date_gets_no_year_and_month(spark: SparkSession) -> None:
    table = load_table("provider")
    source = source_of(table="provider", zone="providers")
    rows = complete_rows(typed_rows(spark, []), file_rows(spark), source, table, "run-1")
    assert rows.columns == [*WORKING_COLUMNS, "_delivery", *table.column_names]


def test_rows_of_a_source_that_names_no_data_source_bear_its_own_name(spark: SparkSession) -> None:
    rows = complete_rows(
        typed_rows(spark, [("2008", 0, None, None)]),
        file_rows(spark),
        source_of(),
        load_table("medical_claim_version"),
        "run-1",
    )
    assert [row["data_source"] for row in rows.select("data_source").collect()] == ["sender"]
