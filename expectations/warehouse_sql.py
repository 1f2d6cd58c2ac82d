"""The procedure that loads the warehouse, made from the contract: `warehouse/load_run.sql.j2` with tables and columns.

It is Redshift's and PostgreSQL's at once: loads are tried on the one, and run on the other. What is loaded is read from
the schema `lake`, which in Redshift is the published tables themselves, over the Glue catalog.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from expectations.contract import Table, load_table

PROCEDURE = PurePosixPath("expectations/warehouse/load_run.sql")
LINES = "medical_claim"
"""What runs publish medical claims under: rows of earlier runs change with it."""

LOADED = {
    LINES: (LINES, "medical_claim_header"),
    **{name: (name,) for name in ("pharmacy_claim", "eligibility", "provider")},
}
"""Names that runs publish under, each with the tables that are loaded for it."""

_FOLDER = Path(__file__).parent / "warehouse"
_TYPES = {"string": "VARCHAR(1024)", "int": "INTEGER", "timestamp": "TIMESTAMPTZ"}
"""Texts of the contract have no length. Redshift sizes rows by what is declared, and a row has to fit into a block of
1 MB: the widest VARCHAR would not, a hundred times. A longer text fails the load, and is never cut."""

_NOTE = "-- Made from expectations/tables/*.json and load_run.sql.j2 by 'make docs'. Change these.\n"


@dataclass(frozen=True)
class LoadedColumn:
    """A column, with its type in the warehouse."""

    name: str
    type: str


@dataclass(frozen=True)
class LoadedTable:
    """A table of the warehouse."""

    name: str
    columns: tuple[LoadedColumn, ...]

    @classmethod
    def of(cls, table: Table) -> "LoadedTable":
        """The warehouse's form of a table of the contract."""
        return cls(table.name, tuple(LoadedColumn(column.name, _type(column.type)) for column in table.columns))

    @property
    def signature(self) -> str:
        """Changes with names, order or types of the columns."""
        told = ", ".join(f"{column.name} {column.type}" for column in self.columns)
        return hashlib.sha256(told.encode()).hexdigest()


def warehouse_sql() -> dict[PurePosixPath, str]:
    """The generated statement by its file; the others beside it name no column, and are written by hand."""
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - SQL; all that goes in is the contract's names, checked when they are read
    )
    tables = {name: [LoadedTable.of(load_table(one)) for one in made] for name, made in LOADED.items()}
    return {PROCEDURE: _NOTE + environment.get_template("load_run.sql.j2").render(tables=tables, lines=LINES)}


def _type(name: str) -> str:
    return _TYPES.get(name, name.upper().replace(",", ", "))
