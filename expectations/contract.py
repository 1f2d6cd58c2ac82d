"""The contract: tables and sources as declared in JSON, read once, checked, and frozen.

`load_table(name)` and `load_source(name)` are the only way in. Spark schemas, Iceberg DDL, the data dictionary, the
Lambdas and Terraform all come from these files, so that nothing about a column is said twice.
"""

import json
import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import Field, ValidationError

from expectations.declarations import (
    SAFE_NAME,
    AmountStyle,
    Cleaning,
    Column,
    ColumnType,
    Continuation,
    Declared,
    FileFormat,
    Lines,
    PhiClass,
    SourceColumn,
    Table,
    Versions,
)
from expectations.errors import ContractError, UnknownSourceError
from expectations.package_files import package_folder

__all__ = [
    "CONTRACT_FOLDER",
    "CONTRACT_VERSION",
    "JOB_COLUMNS",
    "LINEAGE_COLUMNS",
    "AmountStyle",
    "Cleaning",
    "Column",
    "ColumnType",
    "Continuation",
    "Declared",
    "FileFormat",
    "Lines",
    "PhiClass",
    "Source",
    "SourceColumn",
    "Table",
    "Versions",
    "load_source",
    "load_table",
    "source_names",
    "source_of_key",
    "table_names",
]

CONTRACT_VERSION = "1"
CONTRACT_FOLDER = package_folder("expectations")


class Source(Declared):
    """One sender's layout, turned into one table."""

    schema_: str = Field("", alias="$schema")
    name: str = Field(pattern=SAFE_NAME)
    description: str = Field(min_length=20)
    table: str = Field(pattern=SAFE_NAME)
    zone: Literal["claims", "providers", "patients"] = Field(
        "claims", description="Folder below raw/ in which its files land."
    )
    key_pattern: str = Field(
        "", description="Regular expression for the object key; empty: everything below raw/<zone>/<name>/."
    )
    file_name_pattern: str = Field(
        "", description="Regular expression with named groups for templates, matched on the file's name."
    )
    format: FileFormat
    trim: bool = Field(
        True, description="Blanks around a value are taken off; false: they break the formats they stand in."
    )
    null_tokens: tuple[str, ...] = Field(("", "~"), description="Texts (after trimming) that mean missing.")
    date_formats: tuple[str, ...] = Field(
        ("yyyy-MM-dd",), description="Accepted in this order; tokens yyyy, MM, M, dd, d, MMM, HH:mm:ss."
    )
    amount_styles: tuple[AmountStyle, ...] = Field(
        (), description="Forms of amounts beyond digits, point and leading sign."
    )
    same_names: bool = Field(
        False, description="Every column of the table not mapped otherwise comes from the file's column of that name."
    )
    optional_columns: tuple[str, ...] = Field(
        (), description="With same_names: name patterns (`diagnosis_*`) that the header may lack."
    )
    left_out: tuple[str, ...] = Field(
        (), description="Name patterns of columns that files have and nothing reads: never unexpected, never reported."
    )
    constants: Mapping[str, str] = Field({}, description="Values that are the same for every row of the source.")
    columns: Mapping[str, SourceColumn] = Field({}, description="Column of the table to its origin in the file.")
    claim_amounts: Mapping[str, SourceColumn] = Field(
        {}, description="Amounts of the whole claim: kept once in the header table, and on the record's first line."
    )
    claim_amounts_repeat: bool = Field(
        False, description="Every record of a claim repeats the claim amounts: they count once a version, on no line."
    )
    lines: Lines | None = None
    continuation: Continuation | None = None
    versions: Versions | None = Field(
        None, description="How versions of a claim are recognised and ordered; without it every line survives."
    )

    max_error_share: float = Field(
        0.5,
        ge=0,
        le=1,
        description="A file of which a greater share of records is in error fails its validation, and a run holds it.",
    )

    def key_regex(self) -> re.Pattern[str]:
        """What an object key of this source looks like."""
        return re.compile(self.key_pattern or rf"(^|.*/)raw/{self.zone}/{self.name}/.+")

    def mapped(self) -> dict[str, SourceColumn]:
        """Record-level columns with their origins, `same_names` written out; in the table's order."""
        table = load_table(self.table)
        line_columns = self.lines.columns if self.lines else {}
        taken = {*self.columns, *self.constants, *self.claim_amounts, *line_columns}
        same = {}
        if self.same_names:
            for name in table.column_names:
                if name not in taken and name not in JOB_COLUMNS:
                    optional = any(fnmatchcase(name, pattern) for pattern in self.optional_columns)
                    same[name] = SourceColumn.model_validate({"from": name, "optional": optional})
        found = {**self.columns, **same}
        return {name: found[name] for name in table.column_names if name in found}

    def origins(self) -> Iterator[tuple[tuple[str, ...], bool]]:
        """What the source reads from a file: names of which its header has one, and whether it may lack them all."""
        for column in (*self.mapped().values(), *self.claim_amounts.values()):
            if column.from_:
                yield column.from_, column.optional
        if self.continuation:
            yield (self.continuation.segment,), False
        if self.lines and self.lines.numbered:
            groups = [(column.from_, column.optional) for column in self.lines.columns.values() if column.from_]
            for names, optional in [*groups, *(((name,), False) for name in self.lines.present)]:
                for n in range(1, self.lines.numbered + 1):
                    yield tuple(name.replace("{n}", str(n)) for name in names), optional


LINEAGE_COLUMNS = frozenset(
    {"file_name", "file_date", "ingest_datetime", "ingest_file_id", "ingest_run_id", "year", "month"}
)
"""Columns that tell where a row came from."""

JOB_COLUMNS = LINEAGE_COLUMNS | {"record_hash", "claim_version_id"}
"""Columns that the job fills itself; no source maps them unless it names them in `columns`."""

Model = TypeVar("Model", bound=Declared)


def table_names() -> tuple[str, ...]:
    """Names of all declared tables."""
    return tuple(sorted(path.stem for path in (CONTRACT_FOLDER / "tables").glob("*.json")))


def source_names(folder: Path | None = None) -> tuple[str, ...]:
    """Names of all declared sources."""
    return tuple(sorted(path.stem for path in (folder or CONTRACT_FOLDER / "sources").glob("*.json")))


@cache
def load_table(name: str) -> Table:
    """The declared table with the columns of the table it is `like` in front; ContractError names file and field."""
    table = read_declared(CONTRACT_FOLDER / "tables" / f"{name}.json", Table)
    if table.name != name:
        raise ContractError(f"tables/{name}.json declares the name {table.name}; cure: file and table have one name")
    if not table.like:
        return table
    own = {column.name for column in table.columns}
    inherited = tuple(column for column in load_table(table.like).columns if column.name not in own)
    return table.model_copy(update={"columns": (*inherited, *table.columns)})


@cache
def load_source(name: str, folder: Path | None = None) -> Source:
    """The declared source, checked against its table; UnknownSourceError lists the names there are."""
    path = (folder or CONTRACT_FOLDER / "sources") / f"{name}.json"
    if not path.is_file():
        known = ", ".join(source_names(folder))
        raise UnknownSourceError(
            f"source {name!r} is not declared; expected one of: {known}; cure: add {path.name} to expectations/sources"
        )
    source = read_declared(path, Source)
    if source.name != name:
        raise ContractError(f"sources/{name}.json declares the name {source.name}; cure: file and source have one name")
    _check_source(source)
    return source


def source_of_key(key: str, folder: Path | None = None) -> Source:
    """The one source whose key pattern matches; UnknownSourceError where none or several do."""
    matching = [
        source
        for source in (load_source(name, folder) for name in source_names(folder))
        if source.key_regex().search(key)
    ]
    if len(matching) != 1:
        found = ", ".join(source.name for source in matching) or "none"
        raise UnknownSourceError(
            f"no single source for a file: sources that match its key: {found}; "
            "cure: put it below raw/claims/<source>/, or name the source (SOURCE=...)"
        )
    return matching[0]


def _check_source(source: Source) -> None:
    table = load_table(source.table)
    line_columns = source.lines.columns if source.lines else {}
    for name in {*source.constants, *source.columns, *source.claim_amounts, *line_columns}:
        table.column(name)
    for name in source.versions.columns if source.versions else ():
        table.column(name)
    for column in {**source.columns, **source.claim_amounts, **line_columns}.values():
        groups = re.compile(source.file_name_pattern).groupindex
        missing = [group for group in re.findall(r"\{(\w+)\}", column.template) if group not in groups]
        if missing:
            raise ContractError(
                f"source {source.name}: template needs group {missing[0]}, which file_name_pattern does not have"
            )


def read_declared(path: Path, model: type[Model]) -> Model:
    """One declaration; ContractError names the file and its line or field."""
    try:
        return model.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise ContractError(
            f"{path.parent.name}/{path.name} does not exist; cure: declare it, or correct the name"
        ) from error
    except json.JSONDecodeError as error:
        raise ContractError(f"{path.parent.name}/{path.name} line {error.lineno}: not JSON: {error.msg}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ContractError(f"{path.parent.name}/{path.name}: {where or 'file'}: {first['msg']}") from error
