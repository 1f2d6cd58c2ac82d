"""Every declared source: does it fit its table, and has it a sample and expected rows? The job is run elsewhere."""

import csv
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from expectations.contract import (
    JOB_COLUMNS,
    LINEAGE_COLUMNS,
    Source,
    load_source,
    load_table,
    source_names,
    source_of_key,
)
from expectations.row_rules import RULE_BITS

PROJECT = Path(__file__).parents[3]
SAMPLES = PROJECT / "tests" / "data" / "sources"
SHARED = PROJECT.parent / "shared"
SOURCES = source_names()
TEXT_FORM = {
    "date": r"\d{4}-\d{2}-\d{2}",
    "decimal(18,2)": r"-?\d+\.\d{2}",
    "decimal(18,4)": r"-?\d+\.\d{4}",
    "int": r"-?\d+",
}
SHARED_FILES = {
    "tuva_medical_claim": "data/tuva_input_layer/medical_claim.csv",
    "tuva_eligibility": "data/tuva_input_layer/eligibility.csv",
    "tuva_pharmacy_claim": "data/tuva_input_layer/pharmacy_claim.csv",
    "cms_synpuf_carrier": "data/cms_synpuf/DE1_0_2008_to_2010_Carrier_Claims_Sample_TestAA.csv",
    "cms_synpuf_inpatient": "data/cms_synpuf/DE1_0_2008_to_2010_Inpatient_Claims_Sample_TestA.csv",
    "cms_synpuf_outpatient": "data/cms_synpuf/DE1_0_2008_to_2010_Outpatient_Claims_Sample_TestA.csv",
    "cms_synpuf_prescription": "data/cms_synpuf/DE1_0_2008_to_2010_Prescription_Drug_Events_Sample_TestA.csv",
    "cms_synpuf_beneficiary": "data/cms_synpuf/DE1_0_2008_Beneficiary_Summary_File_Sample_TestA.csv",
    "nppes_provider": "codesets/provider_data__provider.csv",
}

every_source = pytest.mark.parametrize("name", SOURCES)


def sample_of(name: str) -> Path:
    """The one file beside expected.json."""
    folder = SAMPLES / name
    files = [path for path in folder.iterdir() if path.name != "expected.json"] if folder.is_dir() else []
    if len(files) != 1:
        pytest.fail(f"source {name} needs exactly one sample file and expected.json in tests/data/sources/{name}/")
    return files[0]


def expected_of(name: str) -> dict[str, Any]:
    path = SAMPLES / name / "expected.json"
    if not path.is_file():
        pytest.fail(f"source {name} needs tests/data/sources/{name}/expected.json")
    expected: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return expected


def header_of(source: Source, path: Path) -> set[str]:
    """Names that a file offers: its header, or every (dotted) path that an NDJSON record of it has."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if source.format.type == "csv":
        return {name.strip() for name in next(csv.reader([lines[0]], delimiter=source.format.delimiter))}
    names: set[str] = set()
    for line in lines:
        try:
            names |= dotted_paths(json.loads(line))
        except json.JSONDecodeError:
            continue
    return names


def dotted_paths(record: dict[str, Any], prefix: str = "") -> set[str]:
    paths = {prefix + name for name in record}
    for name, value in record.items():
        if isinstance(value, dict):
            paths |= dotted_paths(value, f"{prefix}{name}.")
    return paths


def missing_names(source: Source, header: set[str]) -> list[tuple[str, ...]]:
    known = {name.casefold() for name in header}
    return [
        names
        for names, optional in source.origins()
        if not optional and known.isdisjoint(name.casefold() for name in names)
    ]


def line_columns(source: Source) -> set[str]:
    return set(source.lines.columns) if source.lines else set()


@every_source
def test_the_source_names_its_schema(name: str) -> None:
    assert load_source(name).schema_ == "../schemas/source.schema.json"


@every_source
def test_every_mapped_column_and_constant_is_a_column_of_the_table(name: str) -> None:
    source = load_source(name)
    used = {*source.mapped(), *source.constants, *source.claim_amounts, *line_columns(source)}
    assert used <= set(load_table(source.table).column_names)


@every_source
def test_no_column_comes_from_two_places(name: str) -> None:
    source = load_source(name)
    # amounts that every record repeats stand on no line, whose own amount may have the same name
    amounts = () if source.claim_amounts_repeat else source.claim_amounts
    places = [*source.mapped(), *source.constants, *amounts, *line_columns(source)]
    assert len(places) == len(set(places))


@every_source
def test_every_column_of_the_grain_has_an_origin(name: str) -> None:
    source = load_source(name)
    has_origin = {*source.mapped(), *source.constants, *line_columns(source), *JOB_COLUMNS, "data_source"}
    if source.lines:
        has_origin.add("claim_line_number")
    assert set(load_table(source.table).grain) <= has_origin


@every_source
def test_claim_amounts_are_amounts(name: str) -> None:
    source = load_source(name)
    table = load_table(source.table)
    assert {table.column(column).type for column in source.claim_amounts} <= {"decimal(18,2)"}


@every_source
def test_what_a_continued_record_inherits_is_mapped(name: str) -> None:
    source = load_source(name)
    inherited = source.continuation.inherit if source.continuation else ()
    assert set(inherited) <= set(source.mapped())


@every_source
def test_the_columns_that_the_job_fills_are_not_mapped(name: str) -> None:
    assert LINEAGE_COLUMNS.isdisjoint(load_source(name).mapped())


@every_source
def test_the_sample_has_the_layout_of_the_source(name: str) -> None:
    source = load_source(name)
    assert missing_names(source, header_of(source, sample_of(name))) == []


@every_source
def test_the_key_of_the_sample_belongs_to_this_source_alone(name: str) -> None:
    source = load_source(name)
    assert source_of_key(f"lake/raw/{source.zone}/{name}/{sample_of(name).name}").name == name


@every_source
def test_the_name_of_the_sample_has_the_groups_of_the_source(name: str) -> None:
    assert re.match(load_source(name).file_name_pattern, sample_of(name).name)


@every_source
def test_the_counts_of_the_expected_records_add_up(name: str) -> None:
    expected = expected_of(name)
    records = expected["records"]
    assert records["read"] == records["accepted"] + records["quarantined"] + records["resent"]
    assert records["quarantined"] == len(expected["quarantined"])
    assert min(records.values()) >= 1


@every_source
def test_the_sample_has_as_many_records_as_expected(name: str) -> None:
    text = sample_of(name).read_text(encoding="utf-8")
    # a line break inside quotes stands in one sample only, and there it is one
    joined = len(re.findall(r'"two\nlines', text))
    header = 1 if load_source(name).format.type == "csv" else 0
    assert len(text.splitlines()) - header - joined == expected_of(name)["records"]["read"]


@every_source
def test_as_many_records_are_repeated_as_expected_to_be_resent(name: str) -> None:
    lines = sample_of(name).read_text(encoding="utf-8").splitlines()
    assert len(lines) - len(set(lines)) == expected_of(name)["records"]["resent"]


@every_source
def test_the_expected_quarantine_names_rules_columns_and_lines_that_exist(name: str) -> None:
    source = load_source(name)
    line_count = len(sample_of(name).read_text(encoding="utf-8").splitlines())
    table = load_table(source.table).column_names
    known = {*table, *(f"header_{column}" for column in source.claim_amounts), "_segment"}
    for record in expected_of(name)["quarantined"]:
        assert set(record["rules"]) <= set(RULE_BITS)
        assert set(record["columns"]) <= known
        assert 1 <= record["row"] <= line_count


@every_source
def test_the_expected_rows_have_the_types_of_the_table(name: str) -> None:
    table = load_table(load_source(name).table)
    for row in expected_of(name)["rows"]:
        assert LINEAGE_COLUMNS.isdisjoint(row)
        for column, text in row.items():
            kind = table.column(column).type
            assert isinstance(text, str)
            assert re.fullmatch(TEXT_FORM.get(kind, r"(?s).+"), text), f"{column} is not in the form of {kind}"
            if kind == "date":
                date.fromisoformat(text)


@every_source
def test_the_expected_rows_have_every_constant_and_required_value(name: str) -> None:
    source = load_source(name)
    table = load_table(source.table)
    required = {column.name for column in table.columns if column.required}
    required |= {column for column, origin in source.mapped().items() if origin.required}
    for row in expected_of(name)["rows"]:
        assert source.constants.items() <= row.items()
        assert required <= set(row)


@every_source
def test_the_expected_rows_are_one_a_grain_and_in_order(name: str) -> None:
    source = load_source(name)
    grain = load_table(source.table).grain
    rows = expected_of(name)["rows"]
    keys = [tuple(row.get(column) for column in grain) for row in rows]
    assert len(keys) == len(set(keys))
    if "claim_id" in grain:
        order = [(row.get("data_source", ""), row["claim_id"], int(row["claim_line_number"])) for row in rows]
        assert order == sorted(order)


@pytest.mark.parametrize("column", ["claim_id", "claim_start_date", "paid_amount", "charge_amount", "diagnosis_code_1"])
def test_a_renamed_column_of_a_tuva_file_is_found_missing(column: str) -> None:
    source = load_source("tuva_medical_claim")
    header = header_of(source, sample_of("tuva_medical_claim"))
    assert missing_names(source, header - {column} | {f"{column}_x"}) == [(column,)]


def test_a_carrier_file_without_the_last_line_group_is_found_short() -> None:
    source = load_source("cms_synpuf_carrier")
    header = header_of(source, sample_of("cms_synpuf_carrier"))
    assert missing_names(source, header - {"LINE_NCH_PMT_AMT_13"}) == [("LINE_NCH_PMT_AMT_13",)]


@pytest.mark.shared
@pytest.mark.parametrize(("name", "path"), SHARED_FILES.items())
def test_the_real_files_have_the_layout_of_the_source(name: str, path: str) -> None:
    real_file = SHARED / path
    if not real_file.is_file():
        pytest.skip(f"needs ../shared/{path}")
    source = load_source(name)
    assert missing_names(source, header_of(source, real_file)) == []
