"""What declarations are made of: the typed parts that a table's or a source's JSON file may have.

`expectations.contract` puts them together and reads the files.
"""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from expectations.errors import ContractError

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
    ndc_segments: bool = Field(
        False, description="Hyphenated 4-4-2, 5-3-2 and 5-4-1 drug codes become 11 digits, padded by segment."
    )
    pad_to: int = Field(
        0, ge=0, description="Length to which the text is padded on the left with zeros; 0 does not pad."
    )
    cut_leading_zero_at: int = Field(
        0, ge=0, description="Length at which one leading zero is taken off (type of bill: 4); 0 never."
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
    sorted_by: tuple[str, ...] = Field(
        (),
        description="Columns by which rows are sorted in each data file, so that what belongs together lies together.",
    )
    derived: bool = Field(
        False, description="Made of other tables by `make summarize`: no source loads it, and it has no suite."
    )
    folder: str = Field(
        "", description="Folder below processed/ that its data files lie in; empty: one of its own name."
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
    trailing_delimiter: Literal["refused", "optional"] = Field(
        "refused", description="Whether a record may end with one delimiter that the header does not have."
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


class Versions(Declared):
    """How versions of a claim are recognised and ordered; docs/versions.md has the rules. All names are columns."""

    claim: tuple[str, ...] = Field(
        ("claim_id",), min_length=1, description="Columns whose values name a claim: versions share them."
    )
    claim_id_suffix: str = Field(
        "", description="Regular expression of what a version adds at the end of the claim's id; taken off to compare."
    )
    original: str = Field("", description="Column that refers to the claim that is replaced or voided.")
    actions: tuple[Literal["claim_frequency_code", "claim_adjustment_type_code", "bill_type_code"], ...] = Field(
        (), description="Columns that say what a version does; the first with a value counts."
    )
    order: tuple[str, ...] = Field(
        (), description="Columns of the whole claim that order its versions, the first counts most; empty comes first."
    )
    order_else: Literal["file_date", ""] = Field(
        "", description="file_date: the date in the file's name, for versions whose `order` columns are all empty."
    )
    negative_is_void: bool = Field(
        False, description="An original line with negative money (charge, where empty paid) reverses the claim."
    )
    final_flag: str = Field(
        "", description="Column that is 0 where the sender says that a version is not final: it never survives."
    )

    @model_validator(mode="after")
    def _one_column_to_compare(self) -> Self:
        if len(self.claim) > 1 and (self.claim_id_suffix or self.original):
            raise ValueError("claim_id_suffix and original need one `claim` column")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is named."""
        named = (*self.claim, self.original, *self.actions, *self.order, self.final_flag)
        return tuple(dict.fromkeys(name for name in named if name))
