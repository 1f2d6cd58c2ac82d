"""One value of a record, compiled from its declaration: text in, typed value and broken rule out.

Every column of a source becomes one function, made once a file. Values repeat (codes, dates, amounts), so each function
remembers its last few thousand answers.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from expectations.cell_amounts import amount_reader, read_flag, read_integer
from expectations.cell_dates import date_reader
from expectations.cell_text import is_plain_identifier, text_cleaner
from expectations.contract import Column, Source, SourceColumn, load_table

HEADER_PREFIX = "header_"
"""Before the column name: the amount of the whole claim."""

SEGMENT = "_segment"
_REMEMBERED = 4096

Value = str | int | Decimal | date | datetime | bool | None
Cell = Callable[[str | None], tuple[Value, str]]
"""From a text as the file has it, or None, to the value and the id of the rule that it breaks, empty for none."""

_UNREADABLE_RULES = {
    "date": "RC010",
    "decimal(18,2)": "RC011",
    "decimal(18,4)": "RC011",
    "int": "RC012",
    "bigint": "RC012",
}


def contract_column(name: str, source: Source) -> Column:
    """What the table says of a column of a record."""
    if name == SEGMENT:
        return Column(name="segment", type="int", description="Number of the record within its claim.", phi="none")
    return load_table(source.table).column(name.removeprefix(HEADER_PREFIX))


def null_tokens(column: SourceColumn, source: Source) -> tuple[str, ...]:
    """The texts that mean missing in one column."""
    return source.null_tokens if column.null_tokens is None else column.null_tokens


def value_reader(contract: Column, column: SourceColumn, source: Source) -> Callable[[str], Value]:
    """The function from a text that is not missing to its typed value; None where it cannot be read."""
    clean = text_cleaner(column.cleaning or contract.cleaning, column.lookup, column.lookup_default)
    typed = _typed(contract, column, source)
    if typed is None:
        return clean
    read = typed

    def read_value(text: str) -> Value:
        cleaned = clean(text)
        return None if cleaned is None else read(cleaned)

    return read_value


def compiled_cell(name: str, column: SourceColumn, source: Source, blanks: str) -> Cell:
    """The function of one column; `blanks` are taken off around a text first."""
    contract, tokens = contract_column(name, source), frozenset(null_tokens(column, source))
    rule_id = "RC015" if contract.name.endswith("_flag") else _UNREADABLE_RULES.get(contract.type, "")
    is_required = contract.required or column.required
    missing: tuple[Value, str] = (None, "RC013" if is_required else "")
    unread = (None, rule_id) if rule_id else missing
    read = value_reader(contract, column, source)

    def cell(text: str | None) -> tuple[Value, str]:
        if text is None:
            return missing
        trimmed = text.strip(blanks) if blanks else text
        if trimmed in tokens:
            return missing
        value = read(trimmed)
        if value is None:
            return unread
        if contract.identifier and not is_plain_identifier(str(value)):
            return value, "RC014"
        return value, ""

    return lru_cache(maxsize=_REMEMBERED)(cell)


def constant_value(text: str, contract: Column) -> Value:
    """The value of a text that the declaration gives, in the column's type."""
    typed = _typed(contract, SourceColumn(), None)
    return text if typed is None else typed(text)


def _typed(contract: Column, column: SourceColumn, source: Source | None) -> Callable[[str], Value] | None:
    """From clean text to the column's type; None where that is text."""
    declared = source.amount_styles if source and column.amount_styles is None else column.amount_styles
    match contract.type:
        case "date":
            return date_reader(column.date_formats or (source.date_formats if source else ("yyyy-MM-dd",)))
        case "decimal(18,2)":
            return amount_reader(declared or (), 2)
        case "decimal(18,4)":
            return amount_reader(declared or (), 4)
        case "int":
            return read_flag if source and contract.name.endswith("_flag") else read_integer
        case _:
            return None
