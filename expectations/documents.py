"""What is made from the contract to be read elsewhere: data dictionary, rules, JSON Schemas, the warehouse's procedure.

`python -m expectations.documents` writes them; with `--check` it changes nothing and fails where one is out of date.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import BaseModel

from expectations.code_sets import CodeSet
from expectations.contract import CONTRACT_FOLDER, Column, Source, Table, load_table, table_names
from expectations.errors import ContractError
from expectations.payer_rules import PayerRules
from expectations.rule_pages import rules_document
from expectations.warehouse_sql import warehouse_sql

PROJECT_FOLDER = CONTRACT_FOLDER.parent
DICTIONARY = PurePosixPath("docs/data_dictionary.md")
RULES = PurePosixPath("docs/rules.md")
SCHEMAS = PurePosixPath("expectations/schemas")
SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"
CURE = "make docs"

INTRODUCTION = f"""# Data dictionary

Made from `expectations/tables/*.json` by `{CURE}`; change those files, not this one.

- **Amounts** are US dollars with two decimal places, **quantities** have four; neither goes through floating point.
- **Dates** are calendar dates without time zone; **timestamps** are UTC.
- **Codes and ids** are text, leading zeros included.
- **Required** columns have a value in every published row; a record without one is quarantined.
- Names in [brackets] are those of CMS files.

PHI class, by the Safe Harbor rule of HIPAA (45 CFR 164.514(b)(2)):

| class | what it holds |
|---|---|
| identifier | one of the 18 identifiers, or made from one: names, numbers and dates of a person, claim ids, ZIP codes |
| quasi_identifier | allowed alone, but narrows down who it is together with others: sex, race, state, year |
| clinical | what was wrong and what was done: diagnoses, procedures, drugs, places and kinds of care |
| financial | money |
| none | says nothing about a person |
"""

CHARACTER_NAMES = {".": "dots", " ": "blanks", "-": "hyphens"}


def json_schemas() -> dict[str, str]:
    """JSON Schemas (draft 2020-12) of the declarations: file name to text, one for each kind of declaration."""
    models: dict[str, type[BaseModel]] = {
        "table.schema.json": Table,
        "source.schema.json": Source,
        "code_set.schema.json": CodeSet,
        "payer_rules.schema.json": PayerRules,
    }
    return {name: _schema_text(model) for name, model in models.items()}


def data_dictionary() -> str:
    """The data dictionary as Markdown: a table of contents, then every table with all that is declared about it.

    Raises ContractError where a declaration is malformed.
    """
    tables = [load_table(name) for name in table_names()]
    contents = [f"- [{table.name}](#{table.name}): {_cell(table.description)}" for table in tables]
    sections = ["\n".join(_table_section(table)) for table in tables]
    return "\n".join([INTRODUCTION, "## Tables", "", *contents, "", *sections])


def documents() -> dict[PurePosixPath, str]:
    """All generated files: path inside the project to text."""
    schemas = {SCHEMAS / name: text for name, text in json_schemas().items()}
    return {DICTIONARY: data_dictionary(), RULES: rules_document(), **schemas, **warehouse_sql()}


def stale_documents(project: Path) -> tuple[PurePosixPath, ...]:
    """Paths of the generated files that are missing below `project` or differ from what the contract says now."""
    return tuple(path for path, text in documents().items() if _text_on_disk(project / path) != text)


def write_documents(project: Path) -> None:
    """Write all generated files below `project`."""
    for path, text in documents().items():
        target = project / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")


def main(arguments: Sequence[str] | None = None, project: Path = PROJECT_FOLDER) -> int:
    """Write the files, or with `--check` name the stale ones; 1 where there are any or the contract is wrong."""
    parser = argparse.ArgumentParser(prog="python -m expectations.documents", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail where a file is out of date")
    check = parser.parse_args(arguments).check
    try:
        if not check:
            write_documents(project)
            return 0
        stale = stale_documents(project)
    except ContractError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for path in stale:
        sys.stdout.write(f"{path} is not what the contract says now; cure: {CURE}\n")
    return 1 if stale else 0


def cleaning_in_words(column: Column) -> str:
    """What is done to the text of a column and asked of it, in the order of doing; empty where nothing is."""
    cleaning = column.cleaning
    removed = " and ".join(CHARACTER_NAMES.get(character, f"`{character}`") for character in cleaning.remove)
    steps = (
        (cleaning.remove, f"{removed} taken out"),
        (cleaning.remove_suffix, f"ending `{cleaning.remove_suffix}` taken off"),
        (cleaning.case != "as_is", f"{cleaning.case} case"),
        (cleaning.pad_to, f"padded on the left with zeros to {cleaning.pad_to} characters"),
        (
            cleaning.cut_leading_zero_at,
            f"a leading zero taken off at {cleaning.cut_leading_zero_at} characters long",
        ),
        (cleaning.ndc_segments, "hyphenated drug codes padded by segment to 11 digits"),
        (column.identifier, "must be a plain identifier"),
    )
    return "; ".join(words for applies, words in steps if applies)


def _table_section(table: Table) -> Iterator[str]:
    yield f"## {table.name}"
    yield ""
    yield table.description
    yield ""
    yield f"- **Grain:** {', '.join(f'`{name}`' for name in table.grain)}"
    partitioning = f"`year`, `month` of `{table.partition_date}`" if table.partition_date else "none"
    yield f"- **Partitioned by:** {partitioning}"
    if table.derived:
        place = f"; its data files lie in `processed/{table.folder}/{table.name}`" if table.folder else ""
        yield f"- **Made of other tables** by `make summarize` ([how](derived-tables.md)){place}"
    own = table.columns
    if table.like:
        inherited = set(load_table(table.like).columns)
        own = tuple(column for column in table.columns if column not in inherited)
        count = len(table.columns) - len(own)
        yield f"- **Columns:** {len(table.columns)}: the {count} of [{table.like}](#{table.like}), and those below"
    else:
        yield f"- **Columns:** {len(table.columns)}"
    yield ""
    yield "| column | type | PHI class | required | description | cleaning and form |"
    yield "|---|---|---|---|---|---|"
    for column in own:
        required = "yes" if column.required else ""
        cells = (f"`{column.name}`", column.type, column.phi, required, column.description, cleaning_in_words(column))
        yield f"| {' | '.join(_cell(cell) for cell in cells)} |"
    yield ""


def _cell(text: str) -> str:
    return text.replace("|", r"\|").replace("\n", " ")


def _schema_text(model: type[BaseModel]) -> str:
    schema = {"$schema": SCHEMA_DIALECT, **model.model_json_schema(by_alias=True)}
    definitions = schema.get("$defs", {})
    if "SourceColumn" in definitions:
        definitions["SourceColumn"] = _with_short_forms(definitions["SourceColumn"])
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _with_short_forms(full: dict[str, Any]) -> dict[str, Any]:
    """The schema of a source column with what pydantic cannot see of its validator: one name as plain text."""
    names = full["properties"]["from"]
    one_name = {"type": "string", "description": "Short form: the one name in the file."}
    kept = {key: names.pop(key) for key in ("default", "description", "title") if key in names}
    properties = full["properties"] | {"from": {**kept, "anyOf": [one_name, names]}}
    return {"anyOf": [one_name, full | {"properties": properties}]}


def _text_on_disk(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
