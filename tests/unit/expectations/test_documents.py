"""The dictionary and the schemas say what the contract says, and a check fails where they no longer do."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from expectations import documents
from expectations.contract import (
    CONTRACT_FOLDER,
    Cleaning,
    Column,
    Source,
    Table,
    load_table,
    source_names,
    table_names,
)
from expectations.documents import cleaning_in_words, data_dictionary, json_schemas, main, stale_documents
from expectations.errors import ContractError

SOURCE = {
    "$schema": "../schemas/source.schema.json",
    "name": "some_payer",
    "description": "A source made for this test.",
    "table": "medical_claim",
    "format": {"type": "csv"},
}


def validator(kind: str) -> Draft202012Validator:
    schema: dict[str, Any] = json.loads(json_schemas()[f"{kind}.schema.json"])
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def column(**fields: object) -> Column:
    text = {"name": "some_code", "type": "string", "description": "A code made up here.", "phi": "none"}
    return Column.model_validate(text | fields)


def test_the_files_in_the_repository_are_what_the_contract_says_now() -> None:
    assert stale_documents(documents.PROJECT_FOLDER) == ()


def test_writing_makes_every_file_and_a_check_then_passes_silently(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([], tmp_path) == 0
    assert main(["--check"], tmp_path) == 0
    assert capsys.readouterr().out == ""
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert written == {
        "docs/data_dictionary.md",
        "docs/rules.md",
        "expectations/schemas/code_set.schema.json",
        "expectations/schemas/payer_rules.schema.json",
        "expectations/schemas/source.schema.json",
        "expectations/schemas/table.schema.json",
        "expectations/warehouse/load_run.sql",
    }


@pytest.mark.parametrize("name", ["docs/data_dictionary.md", "expectations/schemas/table.schema.json"])
def test_a_planted_change_makes_the_check_fail_and_names_file_and_cure(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([], tmp_path)
    with (tmp_path / name).open("a", encoding="utf-8") as file:
        file.write("planted\n")
    assert main(["--check"], tmp_path) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines == [f"{name} is not what the contract says now; cure: make docs"]
    assert (tmp_path / name).read_text(encoding="utf-8").endswith("planted\n"), "a check must change nothing"


def test_a_missing_file_makes_the_check_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([], tmp_path)
    (tmp_path / "docs" / "data_dictionary.md").unlink()
    assert main(["--check"], tmp_path) == 1
    assert "docs/data_dictionary.md" in capsys.readouterr().out


def test_a_change_in_the_contract_makes_the_dictionary_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    main([], tmp_path)

    def changed(name: str) -> Table:
        return load_table(name).model_copy(update={"description": "Something else than before."})

    monkeypatch.setattr(documents, "load_table", changed)
    assert [str(path) for path in stale_documents(tmp_path)] == ["docs/data_dictionary.md"]


def test_a_malformed_contract_is_one_line_and_exit_code_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(name: str) -> Table:
        raise ContractError(f"tables/{name}.json: file: broken")

    monkeypatch.setattr(documents, "load_table", broken)
    assert main(["--check"], tmp_path) == 1
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)
    assert "broken" in captured.err


@pytest.mark.parametrize("name", table_names())
def test_the_dictionary_lists_every_table_with_grain_partitioning_and_own_columns(name: str) -> None:
    table = load_table(name)
    text = data_dictionary()
    assert f"- [{name}](#{name}): " in text
    section = text.split(f"\n## {name}\n")[1].split("\n## ")[0]
    assert table.description in section
    assert f"- **Grain:** {', '.join(f'`{key}`' for key in table.grain)}" in section
    assert "- **Partitioned by:** " in section
    rows = [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("| `")]
    first = load_table(table.like).column_names if table.like else ()
    assert [*(f"`{inherited}`" for inherited in first), *rows] == [f"`{own}`" for own in table.column_names]


def test_a_row_of_the_dictionary_says_everything_about_its_column() -> None:
    row = next(line for line in data_dictionary().splitlines() if line.startswith("| `diagnosis_code_2` "))
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[1:4] == ["string", "clinical", ""]
    assert cells[5] == "dots and blanks taken out; upper case"


def test_the_dictionary_says_of_a_derived_table_what_makes_it_and_where_its_data_lies(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    described = {"name": "small", "description": "A table made for this test.", "grain": ["some_code"]}
    table = Table.model_validate(described | {"columns": [column()], "derived": True, "folder": "aggregations"})
    monkeypatch.setattr(documents, "table_names", lambda: ("small",))
    monkeypatch.setattr(documents, "load_table", lambda _: table)
    assert "- **Made of other tables** by `make summarize`" in data_dictionary()
    assert "lie in `processed/aggregations/small`" in data_dictionary()
    plain = table.model_copy(update={"derived": False, "folder": ""})
    monkeypatch.setattr(documents, "load_table", lambda _: plain)
    assert "make summarize" not in data_dictionary()


def test_a_bar_in_a_description_does_not_break_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    table = Table.model_validate(
        {
            "name": "small",
            "description": "A table made for this test.",
            "grain": ["some_code"],
            "columns": [column(description="Either this | or that.")],
        }
    )
    monkeypatch.setattr(documents, "table_names", lambda: ("small",))
    monkeypatch.setattr(documents, "load_table", lambda _: table)
    assert r"Either this \| or that." in data_dictionary()


@pytest.mark.parametrize(
    ("cleaning", "words"),
    [
        pytest.param({}, "", id="nothing"),
        pytest.param({"remove": "."}, "dots taken out", id="remove"),
        pytest.param({"remove": "-#"}, "hyphens and `#` taken out", id="remove an unnamed character"),
        pytest.param({"remove_suffix": ".0"}, "ending `.0` taken off", id="remove_suffix"),
        pytest.param({"case": "lower"}, "lower case", id="case"),
        pytest.param({"pad_to": 4}, "padded on the left with zeros to 4 characters", id="pad_to"),
        pytest.param(
            {"case": "upper", "cut_leading_zero_at": 4},
            "upper case; a leading zero taken off at 4 characters long",
            id="cut_leading_zero_at",
        ),
        pytest.param({"ndc_segments": True}, "hyphenated drug codes padded by segment to 11 digits", id="ndc_segments"),
    ],
)
def test_cleaning_is_told_in_words_in_the_order_in_which_it_is_done(cleaning: dict[str, object], words: str) -> None:
    assert cleaning_in_words(column(cleaning=cleaning)) == words


def test_no_step_of_cleaning_is_left_untold() -> None:
    changes: dict[str, object] = {
        "remove": "x",
        "remove_suffix": ".0",
        "case": "upper",
        "pad_to": 2,
        "cut_leading_zero_at": 4,
        "ndc_segments": True,
    }
    assert set(changes) == set(Cleaning.model_fields)
    assert cleaning_in_words(column(cleaning=changes, identifier=True)).count(";") == len(changes)


@pytest.mark.parametrize("name", table_names())
def test_every_declared_table_is_valid_by_its_schema(name: str) -> None:
    declared = json.loads((CONTRACT_FOLDER / "tables" / f"{name}.json").read_text(encoding="utf-8"))
    assert [error.message for error in validator("table").iter_errors(declared)] == []


def test_every_declared_source_is_valid_by_its_schema() -> None:
    for name in source_names():
        declared = json.loads((CONTRACT_FOLDER / "sources" / f"{name}.json").read_text(encoding="utf-8"))
        invalid = [f"{name}: {list(error.path)}" for error in validator("source").iter_errors(declared)]
        assert invalid == []


@pytest.mark.parametrize(
    "origin",
    [
        pytest.param("CLM_ID", id="one name as text"),
        pytest.param({"from": "CLM_ID"}, id="from as text"),
        pytest.param({"from": ["CLM_ID", "CLAIM_ID"], "required": True}, id="from as a list"),
        pytest.param({"template": "{year}-01-01"}, id="template"),
    ],
)
@pytest.mark.parametrize("place", ["columns", "claim_amounts", "lines"])
def test_short_and_long_forms_of_a_source_column_suit_schema_and_model_alike(place: str, origin: object) -> None:
    mapped: dict[str, object] = {"paid_amount": origin}
    where = {"lines": {"nested": "items", "columns": mapped}} if place == "lines" else {place: mapped}
    declared = SOURCE | where
    assert [error.message for error in validator("source").iter_errors(declared)] == []
    Source.model_validate(declared)


@pytest.mark.parametrize(
    "columns",
    [
        pytest.param({"claim_id": 5}, id="number"),
        pytest.param({"claim_id": {"form": "CLM_ID"}}, id="misspelt key"),
        pytest.param({"claim_id": {"from": 5}}, id="from a number"),
        pytest.param({"claim_id": ["CLM_ID"]}, id="bare list"),
    ],
)
def test_what_the_model_refuses_in_a_source_column_the_schema_refuses_too(columns: dict[str, object]) -> None:
    declared = SOURCE | {"columns": columns}
    assert not validator("source").is_valid(declared)
    with pytest.raises(ValueError, match="claim_id"):
        Source.model_validate(declared)


def test_the_schema_of_tables_refuses_a_misspelt_key_and_an_unknown_type() -> None:
    good = {"name": "some_code", "type": "string", "phi": "none", "description": "A code made up here."}
    table = {"name": "small", "description": "A table made for this test.", "grain": ["some_code"], "columns": [good]}
    assert validator("table").is_valid(table)
    assert not validator("table").is_valid(table | {"columns": [good | {"phy": "none"}]})
    assert not validator("table").is_valid(table | {"columns": [good | {"type": "float"}]})
