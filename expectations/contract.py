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
from typing import Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from expectations.errors import ContractError, UnknownSourceError

CONTRACT_VERSION = "1"
CONTRACT_FOLDER = Path(__file__).parent
SAFE_NAME = r"^[a-z][a-z0-9_]*$"

ColumnType = Literal["string", "int", "bigint", "date", "timestamp", "boolean", "decimal(18,2)", "decimal(18,4)"]
PhiClass = Literal["none", "identifier", "quasi_identifier", "clinical", "financial"]
AmountStyle = Literal["currency", "thousands", "parentheses", "trailing_minus", "negative_zero", "round"]


class Declared(BaseModel):
    """Base of everything read from a declaration: frozen, and a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Cleaning(Declared):
    """How the text of a column is put into its standard form, in the order of these fields."""

    remove: str = Field(
        "", description="Characters taken out wherever they stand, for instance the dots of diagnosis codes."
    )
    remove_suffix: str = Field(
        "", description="An ending taken off, for instance `.0` of identifiers that went through a spreadsheet."
    )
    case: Literal["upper", "lower", "as_is"] = Field("as_is", description="Letter case of the standard form.")
    pad_to: int = Field(
        0, ge=0, description="Length to which the text is padded on the left with zeros; 0 does not pad."
    )
    cut_leading_zero_at: int = Field(
        0, ge=0, description="Length at which one leading zero is taken off (type of bill: 4); 0 never."
    )
    ndc_segments: bool = Field(
        False, description="Hyphenated 4-4-2, 5-3-2 and 5-4-1 drug codes become 11 digits, padded by segment."
    )


class Column(Declared):
    """One column of a table."""

    name: str = Field(pattern=SAFE_NAME)
    type: ColumnType
    description: str = Field(min_length=10)
    phi: PhiClass
    required: bool = Field(False, description="True where a row without this value cannot be published.")
    identifier: bool = Field(
        False, description="True where the text must be a plain identifier: no spaces inside, no formula, no 1.23E+11."
    )
    cleaning: Cleaning = Cleaning()


class Table(Declared):
    """One table: its grain, its columns in order, and what its year and month come from."""

    schema_: str = Field("", alias="$schema")
    name: str = Field(pattern=SAFE_NAME)
    description: str = Field(min_length=20)
    grain: tuple[str, ...] = Field(min_length=1)
    like: str = Field("", description="Name of the table whose columns come first in this one.")
    partition_date: str = Field(
        "", description="Date column from which `year` and `month` are made; empty: not partitioned."
    )
    columns: tuple[Column, ...]

    @model_validator(mode="after")
    def _names_are_unique_and_known(self) -> Self:
        names = [column.name for column in self.columns]
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise ValueError(f"columns declared twice: {', '.join(repeated)}")
        unknown = [name for name in (*self.grain, self.partition_date) if name and name not in names]
        if unknown and not self.like:
            raise ValueError(f"grain or partition_date names no column: {', '.join(unknown)}")
        return self

    def column(self, name: str) -> Column:
        """The column of that name; ContractError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise ContractError(f"table {self.name} has no column {name}; see docs/data_dictionary.md")

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the columns in order."""
        return tuple(column.name for column in self.columns)


class FileFormat(Declared):
    """How the bytes of a source's files become records."""

    type: Literal["csv", "ndjson"]
    delimiter: str = Field(",", min_length=1, max_length=1)
    quote: Literal['"', ""] = Field(
        '"', description="Empty: the sender never quotes, and a quote is an ordinary character."
    )
    encodings: tuple[str, ...] = Field(
        ("utf-8",), description="Tried in this order for each record; a byte-order mark overrides them."
    )
    header: Literal["required", "none"] = "required"
    column_names: tuple[str, ...] = Field((), description="The file's columns in order, where it has no header.")
    final_newline: Literal["required", "optional"] = Field(
        "required",
        description="Whether a last record without a line end is trusted; it may have been cut inside its last value.",
    )

    @model_validator(mode="after")
    def _names_where_no_header(self) -> Self:
        if self.type == "csv" and (self.header == "none") != bool(self.column_names):
            raise ValueError("column_names are given exactly where header is none")
        return self


class SourceColumn(Declared):
    """Where the value of one column comes from, and how it differs from the table's usual form."""

    from_: tuple[str, ...] = Field(
        (), alias="from", description="Names in the file (for NDJSON dotted paths); the first with a value counts."
    )
    template: str = Field("", description="Text with {groups} of file_name_pattern, for instance `{year}-01-01`.")
    required: bool = Field(False, description="A record without this value is quarantined.")
    optional: bool = Field(False, description="A file whose header lacks the column is accepted.")
    lookup: Mapping[str, str] = Field({}, description="Value in the file (after cleaning) to value in the table.")
    lookup_default: str | None = Field(
        None, description="Value for what the lookup does not list; without it the value stays."
    )
    date_formats: tuple[str, ...] = Field((), description="Instead of the source's.")
    amount_styles: tuple[AmountStyle, ...] | None = Field(None, description="Instead of the source's.")
    null_tokens: tuple[str, ...] | None = Field(None, description="Instead of the source's.")
    cleaning: Cleaning | None = Field(None, description="Instead of the table's.")

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: object) -> object:
        if isinstance(value, str):
            return {"from": (value,)}
        if isinstance(value, Mapping) and isinstance(value.get("from"), str):
            return {**value, "from": (value["from"],)}
        return value


class Lines(Declared):
    """How one record of the file becomes several lines."""

    numbered: int = Field(
        0, ge=0, description="Number of column groups side by side; `{n}` in names runs from 1 to it."
    )
    nested: str = Field("", description="Name of the array of line objects in an NDJSON record.")
    present: tuple[str, ...] = Field(
        (), description="Numbered groups: the line exists where any of these columns has a value."
    )
    at_least_one: bool = Field(
        False, description="A record in which no line is present still makes one, line number 1."
    )
    columns: Mapping[str, SourceColumn] = Field(
        {}, description="Columns of the line; names as in `columns` of the source."
    )

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if bool(self.numbered) == bool(self.nested):
            raise ValueError("lines are either numbered or nested")
        if self.numbered and not self.present:
            raise ValueError("numbered lines need `present`")
        return self


class Continuation(Declared):
    """Records that continue a claim begun in another record (SynPUF SEGMENT = 2)."""

    segment: str = Field(description="Column of the file that holds the segment number; 1 begins the claim.")
    lines_per_segment: int = Field(ge=1, description="Line numbers of segment s are moved up by (s - 1) times this.")
    inherit: tuple[str, ...] = Field(
        description="Columns of the table that a later segment takes from the first where its own are blank."
    )


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
    constants: Mapping[str, str] = Field({}, description="Values that are the same for every row of the source.")
    columns: Mapping[str, SourceColumn] = Field({}, description="Column of the table to its origin in the file.")
    claim_amounts: Mapping[str, SourceColumn] = Field(
        {}, description="Amounts of the whole claim: kept once in the header table, and on the record's first line."
    )
    lines: Lines | None = None
    continuation: Continuation | None = None

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
                if name not in taken and name not in LINEAGE_COLUMNS:
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
    table = _read(CONTRACT_FOLDER / "tables" / f"{name}.json", Table)
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
    source = _read(path, Source)
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
    for column in {**source.columns, **source.claim_amounts, **line_columns}.values():
        groups = re.compile(source.file_name_pattern).groupindex
        missing = [group for group in re.findall(r"\{(\w+)\}", column.template) if group not in groups]
        if missing:
            raise ContractError(
                f"source {source.name}: template needs group {missing[0]}, which file_name_pattern does not have"
            )


def _read(path: Path, model: type[Model]) -> Model:
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
