from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from chispa import assert_df_equality
from pyspark.sql import DataFrame, SparkSession

from expectations.contract import Source, load_table
from expectations.row_rules import mask_of
from glue_jobs.transforms.clean_columns import clean_columns
from glue_jobs.transforms.conform_records import text_columns

SOURCE = Source.model_validate(
    {
        "name": "sender",
        "description": "A sender made up for this test.",
        "table": "medical_claim",
        "format": {"type": "csv"},
        "amount_styles": ["thousands"],
        "columns": {
            "claim_id": "a",
            "claim_line_number": "b",
            "person_id": {"from": "c", "required": True, "null_tokens": ["", "UNKNOWN"]},
            "claim_start_date": "d",
            "paid_date": {"from": "e", "date_formats": ["yyyyMMdd"]},
            "place_of_service_code": {"from": "f", "lookup": {"office": "11"}, "lookup_default": "99"},
            "service_unit_quantity": "g",
            "allowed_amount": {"from": "h", "amount_styles": ["currency"]},
            "charge_amount": "i",
            "diagnosis_code_1": "j",
            "discharge_date": {"from": "k", "required": True},
            "in_network_flag": "l",
        },
        "claim_amounts": {"paid_amount": "m"},
        "continuation": {"segment": "n", "lines_per_segment": 45, "inherit": []},
    }
)
TEXTS: dict[str, str | None] = {
    "claim_id": "CLM1",
    "claim_line_number": "2",
    "person_id": "P1",
    "claim_start_date": "2024-02-29",
    "paid_date": "20240301",
    "place_of_service_code": "office",
    "service_unit_quantity": "1.5",
    "allowed_amount": "$7.50",
    "charge_amount": "1,200.00",
    "diagnosis_code_1": "e11.9",
    "discharge_date": "2024-03-01",
    "in_network_flag": "Y",
    "header_paid_amount": "-3",
    "_segment": "1",
}
VALUES: dict[str, object] = {
    "claim_id": "CLM1",
    "claim_line_number": 2,
    "person_id": "P1",
    "claim_start_date": date(2024, 2, 29),
    "paid_date": date(2024, 3, 1),
    "place_of_service_code": "11",
    "service_unit_quantity": Decimal("1.5000"),
    "allowed_amount": Decimal("7.50"),
    "charge_amount": Decimal("1200.00"),
    "diagnosis_code_1": "E119",
    "discharge_date": date(2024, 3, 1),
    "in_network_flag": 1,
    "header_paid_amount": Decimal("-3.00"),
    "_segment": 1,
}
NOTHING: dict[str, None] = dict.fromkeys(TEXTS)
TYPES = {
    name: load_table("medical_claim").column(name.removeprefix("header_")).type for name in TEXTS if name != "_segment"
}


@dataclass
class Case:
    """A row that differs from a good one: other texts in, other values out, and the rules and columns it breaks."""

    shows: str
    texts: dict[str, str | None] = field(default_factory=dict)
    values: dict[str, object] = field(default_factory=dict)
    rules: str = ""
    columns: str = ""
    rules_before: str = ""
    skipped: bool = False


def unreadable(name: str, text: str, rule: str) -> Case:
    return Case(f"{name} {text}", {name: text}, {name: None}, rule, name)


def rows_of(spark: SparkSession, cases: list[Case]) -> DataFrame:
    names = list(text_columns(SOURCE))
    schema = "_path string, _block bigint, _position bigint, _skipped boolean, _record_hash binary, _raw string, "
    schema += ", ".join(["_mask bigint", "_line int", *(f"{name} string" for name in names)])
    rows = [
        (
            case.shows,
            0,
            0,
            case.skipped,
            None,
            "raw",
            mask_of(*case.rules_before.split()),
            0,
            *[(TEXTS | case.texts)[n] for n in names],
        )
        for case in cases
    ]
    return spark.createDataFrame(rows, schema)


def check(spark: SparkSession, cases: list[Case]) -> None:
    actual = clean_columns(rows_of(spark, cases), SOURCE).drop(
        "_block", "_position", "_skipped", "_record_hash", "_line"
    )
    types = ", ".join(f"{name} {TYPES.get(name, 'int')}" for name in text_columns(SOURCE))
    expected = spark.createDataFrame(
        [
            (
                case.shows,
                "raw",
                mask_of(*case.rules_before.split(), *case.rules.split()),
                case.columns.split() or None,
                *[(VALUES | case.values)[name] for name in text_columns(SOURCE)],
            )
            for case in cases
        ],
        f"_path string, _raw string, _mask bigint, _broken_columns array<string>, {types}",
    )
    assert_df_equality(actual, expected, ignore_nullable=True)


def test_a_text_gets_the_type_of_its_column_or_breaks_the_rule_of_its_type(spark: SparkSession) -> None:
    cases = [
        Case("a good row"),
        Case("missing values", {"paid_date": "", "in_network_flag": None, "charge_amount": "~"},
             {"paid_date": None, "in_network_flag": None, "charge_amount": None}),
        Case("lookup default", {"place_of_service_code": "barn"}, {"place_of_service_code": "99"}),
        Case("lookup of nothing", {"place_of_service_code": ""}, {"place_of_service_code": None}),
        Case("cleaned to nothing", {"diagnosis_code_1": "."}, {"diagnosis_code_1": None}),
        unreadable("claim_start_date", "2023-02-29", "RC010"),
        unreadable("claim_start_date", "20240301", "RC010"),
        unreadable("paid_date", "2024-03-01", "RC010"),
        unreadable("discharge_date", "soon", "RC010"),
        unreadable("allowed_amount", "1,200.00", "RC011"),
        unreadable("charge_amount", "$7.50", "RC011"),
        unreadable("charge_amount", "1.005", "RC011"),
        unreadable("service_unit_quantity", "1.23456", "RC011"),
        unreadable("header_paid_amount", "x", "RC011"),
        unreadable("claim_line_number", "1.0", "RC012"),
        unreadable("_segment", "two", "RC012"),
        unreadable("in_network_flag", "2", "RC015"),
        Case("not plain", {"claim_id": "CLM 1"}, {"claim_id": "CLM 1"}, "RC014", "claim_id"),
        Case("spreadsheet", {"person_id": "1.23E+11"}, {"person_id": "1.23E+11"}, "RC014", "person_id"),
        Case("two of one rule and one of another", {"claim_start_date": "x", "paid_date": "x", "charge_amount": "x"},
             {"claim_start_date": None, "paid_date": None, "charge_amount": None},
             "RC010 RC011", "claim_start_date paid_date charge_amount"),
    ]  # fmt: skip
    check(spark, cases)


def test_a_missing_value_breaks_a_rule_only_where_table_or_source_require_it(spark: SparkSession) -> None:
    required = ("claim_id", "claim_line_number", "discharge_date", "_segment")
    cases = [Case(name, {name: "~"}, {name: None}, "RC013", name) for name in required]
    cases += [
        Case("a null token of the column", {"person_id": "UNKNOWN"}, {"person_id": None}, "RC013", "person_id"),
        Case("no null token of the column", {"person_id": "~"}, {"person_id": "~"}),
        Case("a null token of another column", {"diagnosis_code_1": "UNKNOWN"}, {"diagnosis_code_1": "UNKNOWN"}),
    ]
    check(spark, cases)


def test_a_row_is_judged_by_its_columns_only_where_it_could_be_read(spark: SparkSession) -> None:
    late: dict[str, str | None] = {"claim_start_date": "x"}
    cases = [
        Case("header line", dict(NOTHING), dict(NOTHING), skipped=True),
        Case("broken before", dict(NOTHING), dict(NOTHING), rules_before="RC002"),
        Case("broken before, with texts", late, {"claim_start_date": None}, rules_before="RC016"),
        Case("only warned before", rules_before="RC017"),
        Case(
            "warned before, broken now",
            late,
            {"claim_start_date": None},
            "RC010",
            "claim_start_date",
            "RC017",
        ),
    ]
    check(spark, cases)
