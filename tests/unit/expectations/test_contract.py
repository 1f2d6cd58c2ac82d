"""The declared tables are whole, in Tuva's names and order; a mistake in a declaration is named by file and field."""

import csv
import json
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from expectations.contract import CONTRACT_FOLDER, LINEAGE_COLUMNS, Cleaning, Column, Table, load_table, table_names
from expectations.errors import ContractError

TUVA = Path(__file__).parents[4] / "shared" / "data" / "tuva_input_layer"
TUVA_TABLES = ("eligibility", "medical_claim", "pharmacy_claim")
# What each type of Tuva becomes here: never binary floating point, flags stay 0 and 1. Some types it leaves open.
TYPES_FOR_TUVA: dict[str, set[str]] = {
    "varchar": {"string"},
    "date": {"date"},
    "timestamp": {"timestamp"},
    "integer": {"int", "decimal(18,4)"},
    "number": {"decimal(18,4)"},
    "float": {"decimal(18,2)"},
    "boolean": {"int"},
    "": {"int", "string"},
}
IDENTIFIERS = ("claim_id", "person_id", "member_id", "subscriber_id", "original_claim_id", "npi")
REQUIRED = {
    "eligibility": {"person_id"},
    "ingest_audit": set(),
    "medical_claim": {"claim_id", "claim_line_number"},
    "medical_claim_header": {"claim_id"},
    "medical_claim_version": {"claim_id", "claim_line_number"},
    "pharmacy_claim": {"claim_id", "claim_line_number"},
    "provider": {"npi"},
    "quality_scorecard": set(),
}
TABLES = tuple(REQUIRED)
CLEANING = {
    "diagnosis_code_[0-9]*": Cleaning(remove=". ", case="upper"),
    "procedure_code_[0-9]*": Cleaning(remove=".", case="upper"),
    "hcpcs_*": Cleaning(case="upper"),
    "place_of_service_code": Cleaning(pad_to=2),
    "revenue_center_code": Cleaning(pad_to=4),
    "bill_type_code": Cleaning(case="upper", cut_leading_zero_at=4),
    "drg_code": Cleaning(pad_to=3),
    "discharge_disposition_code": Cleaning(pad_to=2),
    "ndc_code": Cleaning(ndc_segments=True),
    "claim_frequency_code": Cleaning(case="upper"),
    "claim_adjustment_type_code": Cleaning(case="upper"),
    "line_processing_indicator_code": Cleaning(case="upper"),
    "adjustment_*_code": Cleaning(case="upper"),
    "claim_type": Cleaning(case="lower"),
    "gender": Cleaning(case="lower"),
    "*_code_type": Cleaning(case="lower"),
    "payer_type": Cleaning(case="lower"),
    "*zip_code": Cleaning(remove="-"),
}
PHI = {
    "identifier": ("claim_id", "member_id", "*_date", "*zip_code"),
    "quasi_identifier": ("gender", "race", "state"),
    "clinical": ("diagnosis_code_[0-9]*", "procedure_code_[0-9]*", "ndc_code"),
    "financial": ("*_amount", "amount_*"),
}


def columns_of(*tables: str) -> list[tuple[str, Column]]:
    return [(name, column) for name in tables for column in load_table(name).columns]


def declaration(**changes: object) -> dict[str, Any]:
    """A small valid table, with changes."""
    column = {"name": "claim_id", "type": "string", "phi": "identifier", "description": "Number of the claim."}
    table = {"name": "broken", "description": "A table made for this test.", "grain": ["claim_id"], "columns": [column]}
    return table | changes


def load_declared(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> Table:
    """Load `text` as tables/broken.json of a contract folder of its own."""
    (folder / "tables").mkdir()
    (folder / "tables" / "broken.json").write_text(text, encoding="utf-8")
    monkeypatch.setattr("expectations.contract.CONTRACT_FOLDER", folder)
    load_table.cache_clear()
    try:
        return load_table("broken")
    finally:
        load_table.cache_clear()


def test_the_declared_tables_are_the_ones_of_the_architecture() -> None:
    assert set(TABLES) <= set(table_names())


@pytest.mark.parametrize("name", table_names())
def test_every_table_loads_and_its_grain_and_partition_date_are_columns(name: str) -> None:
    table = load_table(name)
    assert set(table.grain) <= set(table.column_names)
    assert len(set(table.column_names)) == len(table.column_names)
    if table.partition_date:
        assert table.column(table.partition_date).type == "date"


@pytest.mark.parametrize("name", table_names())
def test_exactly_partitioned_tables_have_year_and_month_as_text_and_say_where_undated_rows_are(name: str) -> None:
    table = load_table(name)
    found = [column for column in table.columns if column.name in {"year", "month"}]
    assert [column.name for column in found] == (["year", "month"] if table.partition_date else [])
    assert all(column.type == "string" for column in found)
    assert all("year=0000/month=00" in column.description for column in found)


@pytest.fixture
def tuva_columns() -> list[dict[str, str]]:
    """Rows of Tuva's published schema: table, column, data_type."""
    if not TUVA.is_dir():
        pytest.skip("needs ../shared/data/tuva_input_layer beside the checkout")
    with (TUVA / "schema.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.shared
@pytest.mark.parametrize("name", TUVA_TABLES)
def test_tuvas_columns_come_first_in_tuvas_order_and_then_those_of_its_sample(
    name: str, tuva_columns: list[dict[str, str]]
) -> None:
    expected = [row["column"] for row in tuva_columns if row["table"] == name]
    with (TUVA / f"{name}.csv").open(encoding="utf-8") as file:
        header = next(csv.reader(file))
    expected += [column for column in header if column not in expected]
    assert list(load_table(name).column_names[: len(expected)]) == expected


@pytest.mark.shared
@pytest.mark.parametrize("name", TUVA_TABLES)
def test_types_follow_tuva_without_floating_point(name: str, tuva_columns: list[dict[str, str]]) -> None:
    types = {row["column"]: row["data_type"] for row in tuva_columns if row["table"] == name}
    table = load_table(name)
    assert [column for column, type_ in types.items() if table.column(column).type not in TYPES_FOR_TUVA[type_]] == []


@pytest.mark.parametrize("name", ["medical_claim", "medical_claim_version", "pharmacy_claim"])
def test_claim_tables_carry_all_lineage_columns(name: str) -> None:
    assert set(load_table(name).column_names) >= LINEAGE_COLUMNS


def test_a_version_has_the_columns_of_a_claim_line_in_front() -> None:
    line = load_table("medical_claim").column_names
    version = load_table("medical_claim_version").column_names
    assert version[: len(line)] == line
    assert set(version[len(line) :]) >= {"header_paid_amount", "record_hash", "record_line", "version_rank"}


def test_header_amounts_of_a_version_warn_against_summing_them() -> None:
    amounts = [
        column for _, column in columns_of("medical_claim_version") if fnmatchcase(column.name, "header_*_amount")
    ]
    assert len(amounts) == 6
    assert all("never sum" in column.description for column in amounts)


@pytest.mark.parametrize("name", TABLES)
def test_only_what_makes_a_row_useless_when_missing_is_required(name: str) -> None:
    assert {column.name for column in load_table(name).columns if column.required} == REQUIRED[name]


def test_exactly_the_keys_of_claims_persons_and_providers_must_be_plain_identifiers() -> None:
    for table, column in columns_of(*TABLES):
        expected = any(fnmatchcase(column.name, pattern) for pattern in IDENTIFIERS)
        assert column.identifier == expected, f"{table}.{column.name}"


def test_each_column_is_cleaned_as_the_facts_about_claims_say_and_no_other_is() -> None:
    for table, column in columns_of(*TABLES):
        expected = [cleaning for pattern, cleaning in CLEANING.items() if fnmatchcase(column.name, pattern)]
        assert [column.cleaning] == (expected or [Cleaning()]), f"{table}.{column.name}"


def test_the_identifiers_of_hipaa_and_what_was_wrong_done_and_paid_have_their_phi_class() -> None:
    for table, column in columns_of(*TABLES):
        # Providers and files are not patients: their addresses and dates are public.
        if table == "provider" or column.name == "file_date":
            continue
        expected = {phi for phi, names in PHI.items() if any(fnmatchcase(column.name, name) for name in names)}
        assert expected <= {column.phi}, f"{table}.{column.name}"


def test_every_column_states_its_phi_class_itself() -> None:
    for name in table_names():
        declared = json.loads((CONTRACT_FOLDER / "tables" / f"{name}.json").read_text(encoding="utf-8"))
        assert [column["name"] for column in declared["columns"] if not column.get("phi")] == []


def test_codes_are_text_and_money_is_decimal() -> None:
    for table, column in columns_of(*TABLES):
        if column.name.endswith(("_code", "_id", "_npi", "_tin")):
            assert column.type == "string", f"{table}.{column.name}"
        if column.phi == "financial" or column.name.endswith("_amount") or column.name.startswith("amount_"):
            assert column.type == "decimal(18,2)", f"{table}.{column.name}"


def test_every_description_is_a_sentence_of_its_own() -> None:
    for name in TABLES:
        descriptions = [column.description for column in load_table(name).columns]
        assert len(set(descriptions)) == len(descriptions)
        assert all(text.endswith(".") for text in descriptions)


@pytest.mark.parametrize("name", table_names())
def test_a_declaration_names_its_schema_and_has_one_column_a_line(name: str) -> None:
    path = CONTRACT_FOLDER / "tables" / f"{name}.json"
    text = path.read_text(encoding="utf-8")
    declared = json.loads(text)
    assert declared["$schema"] == "../schemas/table.schema.json"
    assert (path.parent / declared["$schema"]).is_file()
    starts = [line for line in text.splitlines() if line.startswith('    {"name": ')]
    assert len(starts) == len(declared["columns"])


GOOD_COLUMN = declaration()["columns"][0]


def columns(**changes: object) -> dict[str, Any]:
    return {"columns": [GOOD_COLUMN | changes]}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"descripton": "x"}, r"broken\.json: descripton: ", id="misspelt key of the table"),
        pytest.param(columns(phy="none"), r"broken\.json: columns\.0\.phy: ", id="misspelt key of a column"),
        pytest.param({"columns": [GOOD_COLUMN] * 2}, r"broken\.json: .*declared twice: claim_id", id="repeated column"),
        pytest.param(columns(type="float"), r"broken\.json: columns\.0\.type: ", id="unknown type"),
        pytest.param(columns(phi="secret"), r"broken\.json: columns\.0\.phi: ", id="unknown PHI class"),
        pytest.param(columns(cleaning={"case": "title"}), r"columns\.0\.cleaning\.case: ", id="unknown case"),
        pytest.param({"grain": ["claim_no"]}, r"broken\.json: .*no column: claim_no", id="grain without column"),
        pytest.param({"partition_date": "paid"}, r"broken\.json: .*no column: paid", id="date without column"),
        pytest.param({"name": "other"}, r"broken\.json declares the name other", id="other name than the file"),
    ],
)
def test_a_mistake_in_a_declaration_is_named_by_file_and_field(
    changes: dict[str, Any], expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ContractError, match=expected):
        load_declared(tmp_path, json.dumps(declaration(**changes)), monkeypatch)


def test_text_that_is_not_json_is_named_by_file_and_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ContractError, match=r"tables/broken\.json line 2: not JSON"):
        load_declared(tmp_path, '{\n"name": }', monkeypatch)


def test_a_table_or_column_that_is_not_declared_says_so() -> None:
    with pytest.raises(ContractError, match=r"tables/claims\.json does not exist"):
        load_table("claims")
    with pytest.raises(ContractError, match="table provider has no column name"):
        load_table("provider").column("name")
