"""The warehouse's SQL names the contract's columns, fits Redshift's grammar and the interface that runs it."""

import re
import subprocess
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from expectations.contract import load_table
from expectations.warehouse_sql import LOADED, PROCEDURE, LoadedTable, warehouse_sql
from tests.installed_tools import ToolError, installed

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "expectations" / "warehouse"
FILES = sorted(FOLDER.glob("*.sql"))
MOST_BYTES = 100_000
"""Of one statement, by Redshift's data interface."""

_CONTROL = re.compile(r"^\s*((IF|ELSIF) .* THEN|ELSE|END IF;|RAISE .*;)$")
"""Lines of the procedure's own language."""


def statements() -> Iterator[str]:
    """The SQL in the procedure, one statement each, as if it stood alone."""
    body = warehouse_sql()[PROCEDURE].split("$$")[1].split("BEGIN\n", 1)[1].rsplit("END;", 1)[0]
    lines = "\n".join(line for line in body.split("\n") if not _CONTROL.match(line))
    yield from (textwrap.dedent(found.strip("\n")) for found in re.split(r"(?<=;)\n", lines) if found.strip())


def columns_of(kind: type[exp.Expression]) -> dict[str, list[list[str]]]:
    """Column names of every statement of a kind, by table."""
    found: dict[str, list[list[str]]] = {}
    for tree in (sqlglot.parse_one(statement, dialect="redshift") for statement in statements()):
        if isinstance(tree, kind) and isinstance(schema := tree.this, exp.Schema):
            found.setdefault(schema.this.name, []).append([column.name for column in schema.expressions])
    return found


@pytest.mark.parametrize("name", [name for names in LOADED.values() for name in names])
def test_a_table_is_made_and_filled_with_all_columns_of_the_contract_in_their_order(name: str) -> None:
    declared = list(load_table(name).column_names)
    assert columns_of(exp.Create)[name] == [declared]
    assert columns_of(exp.Insert)[name] == [declared]
    (read,) = [
        tree.expression
        for tree in (sqlglot.parse_one(statement, dialect="redshift") for statement in statements())
        if isinstance(tree, exp.Insert) and isinstance(tree.this, exp.Schema) and tree.this.this.name == name
    ]
    assert [column.name for column in read.expressions] == declared


def test_a_table_is_made_anew_when_a_column_or_its_type_changes() -> None:
    table = LoadedTable.of(load_table("provider"))
    first, *others = table.columns
    fewer, other = LoadedTable("provider", tuple(others)), LoadedTable("provider", (*others, first))
    assert len({table.signature, fewer.signature, other.signature}) == 3
    assert table.signature in warehouse_sql()[PROCEDURE]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_statement_can_be_sent_as_it_is(path: Path) -> None:
    text = path.read_text()
    assert len(text.encode()) < MOST_BYTES
    # the data interface would take it for the name of a parameter
    assert not re.search(r":\w", text)


def test_only_loads_touch_the_warehouse_and_nothing_writes_to_the_lake() -> None:
    for statement in statements():
        tree = sqlglot.parse_one(statement, dialect="redshift")
        if isinstance(tree, exp.Insert | exp.Delete | exp.Create | exp.Drop):
            written = tree.find(exp.Table)
            assert written
            assert written.db == "claims", statement


@pytest.fixture(scope="module")
def sqlfluff() -> Path:
    try:
        return installed("sqlfluff")
    except ToolError as error:
        pytest.skip(f"sqlfluff, which knows Redshift's grammar: {error}")


def test_sqlfluff_takes_every_file_and_what_is_in_the_procedure_for_redshifts(sqlfluff: Path, tmp_path: Path) -> None:
    inside = tmp_path / "inside.sql"
    inside.write_text("\n".join(statements()) + "\n")
    command = [str(sqlfluff), "lint", "--disable-progress-bar", "--config", str(ROOT / "pyproject.toml")]
    answer = subprocess.run(  # noqa: S603 - a tool of ours
        [*command, *map(str, FILES), str(inside)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert answer.returncode == 0, answer.stdout
    inside.write_text("SELECT FROM WHERE;\n")
    broken = subprocess.run([*command, str(inside)], capture_output=True, text=True, check=False, cwd=ROOT)  # noqa: S603
    assert broken.returncode == 1
