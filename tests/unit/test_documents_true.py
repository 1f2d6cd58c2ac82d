"""The documents name what the code has, all of it and nothing else, and their links lead somewhere."""

import ast
import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from expectations.contract import (
    Cleaning,
    Continuation,
    Declared,
    FileFormat,
    Lines,
    Source,
    SourceColumn,
    load_source,
)
from expectations.headers import match_header
from expectations.raw_bytes import RefusalReason
from expectations.raw_files import FileWarning, scan
from expectations.row_rules import RECORD_RULES

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
ERRORS, SOURCES = DOCS / "errors.md", DOCS / "sources.md"
PACKAGES = ("expectations", "glue_jobs", "lambdas")
WRITTEN = sorted([*DOCS.rglob("*.md"), *ROOT.glob("README.md")])

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def section(document: Path, heading: str) -> str:
    """The text between a heading and the next one."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", document.read_text(), re.DOTALL | re.MULTILINE)
    assert found, f"{document.name} has no section {heading!r}"
    return found[1]


def table(text: str) -> dict[str, list[str]]:
    """The rows of the tables in a text: first cell, without backticks, to the other cells."""
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in row] for row in rows]
    headings = {number for number, row in enumerate(cells[1:]) if set(row[0]) == {"-"}}
    return {
        row[0].strip("`"): row[1:]
        for number, row in enumerate(cells)
        if number not in headings and set(row[0]) != {"-"}
    }


def syntax_nodes() -> Iterator[ast.AST]:
    for path in (path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        yield from ast.walk(ast.parse(path.read_text()))


def error_classes() -> set[str]:
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for node in syntax_nodes()
        if isinstance(node, ast.ClassDef)
    }
    ours = {"ClaimsError"}
    while more := {name for name, parents in bases.items() if parents & ours} - ours:
        ours |= more
    return ours


def reasons_given_as_text() -> set[str]:
    return {
        node.args[0].value
        for node in syntax_nodes()
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "FileRefusedError"
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def anchors(document: Path) -> set[str]:
    """What the headings of a document are linked by."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", document.read_text(), flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def declarations() -> list[str]:
    """The whole declarations among the examples."""
    examples = re.findall(r"```json\n(.*?)```", SOURCES.read_text(), re.DOTALL)
    return [example for example in examples if "format" in json.loads(example)]


def test_every_error_class_is_explained_and_no_other() -> None:
    assert set(table(section(ERRORS, "Error classes"))) == error_classes()
    assert set(re.findall(r"`([A-Z]\w+Error)`", ERRORS.read_text())) <= error_classes()


def test_every_refusal_reason_is_explained_and_no_other() -> None:
    explained = set(table(section(ERRORS, "Refused files")))
    assert explained == {reason.value for reason in RefusalReason} | reasons_given_as_text()


def test_every_file_warning_is_explained_in_its_own_words_and_no_other() -> None:
    explained = {code: cells[0] for code, cells in table(section(ERRORS, "File warnings")).items()}
    assert explained == {warning.value: warning.sentence for warning in FileWarning}


def test_every_record_rule_is_explained_in_its_own_words_and_no_other() -> None:
    explained = table(section(ERRORS, "Record rules"))
    assert explained == {rule.rule_id: [rule.severity, rule.sentence, rule.cure] for rule in RECORD_RULES}
    ids = {rule.rule_id for rule in RECORD_RULES}
    for document in WRITTEN:
        assert set(re.findall(r"\bRC\d{3}\b", document.read_text())) <= ids, document.name


@pytest.mark.parametrize(
    ("heading", "model"),
    [
        ("The source (`Source`)", Source),
        ("The format (`FileFormat`)", FileFormat),
        ("A column (`SourceColumn`)", SourceColumn),
        ("Cleaning (`Cleaning`)", Cleaning),
        ("Lines (`Lines`)", Lines),
        ("Continued claims (`Continuation`)", Continuation),
    ],
)
def test_every_option_of_a_source_is_explained_and_no_other(heading: str, model: type[Declared]) -> None:
    explained = table(section(SOURCES, heading))
    assert set(explained) == {field.alias or name for name, field in model.model_fields.items()}
    required = {field.alias or name for name, field in model.model_fields.items() if field.is_required()}
    assert {name for name, cells in explained.items() if cells[0] == "must be given"} == required


@pytest.mark.parametrize("declaration", declarations(), ids=lambda text: json.loads(text)["name"])
def test_a_declaration_shown_is_one_that_the_contract_accepts(declaration: str, tmp_path: Path) -> None:
    name = json.loads(declaration)["name"]
    (tmp_path / f"{name}.json").write_text(declaration)
    assert load_source(name, tmp_path).name == name


def test_the_sample_shown_has_the_header_that_its_source_declares_and_the_records_expected_of_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "lakeshore_tpa.json").write_text(declarations()[0])
    source = load_source("lakeshore_tpa", tmp_path)
    first = section(SOURCES, "First example: CSV")
    sample, expected = (
        re.findall(r"```text\n(.*?)```", first, re.DOTALL)[0],
        re.findall(r"```json\n(.*?)```", first, re.DOTALL)[1],
    )
    facts = scan(lambda: BytesIO(sample.encode()), "lakeshore_gold_202401.txt", source.format)
    assert match_header(facts.header_fields, source, facts.name).extra_columns == ("BATCH",)
    assert facts.record_count == json.loads(expected)["records"]["read"]
    assert f'"bytes": {facts.size_bytes},' in section(SOURCES, "Control files")


@pytest.mark.parametrize("document", WRITTEN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_to_a_file_and_to_a_heading_in_it(document: Path) -> None:
    links = [link for link in _LINK.findall(_CODE.sub("", document.read_text())) if "://" not in link]
    lost = []
    for link in links:
        place, _, anchor = link.partition("#")
        target = (document.parent / place).resolve() if place else document
        is_lost = not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target))
        if is_lost:
            lost.append(link)
    assert lost == []
