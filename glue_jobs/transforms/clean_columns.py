"""Rows of text become typed rows: each column cleaned by its contract, each text that cannot be read named.

Shape. In: the rows of `conform_records`. Out: the same rows with the columns in the table's types, `_mask` with the
rules they break, and `_broken_columns` (names of the columns that broke one, null where none did).
"""

from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.contract import Column as ContractColumn
from expectations.contract import Source, SourceColumn, load_table
from expectations.row_rules import CRITICAL_MASK, mask_of
from glue_jobs.transforms.clean_amounts import clean_amount, clean_flag, clean_integer
from glue_jobs.transforms.clean_dates import clean_date
from glue_jobs.transforms.clean_text import clean_text, drop_null_tokens, is_plain_identifier
from glue_jobs.transforms.conform_records import HEADER_PREFIX, POSITION_COLUMNS, null_tokens, text_columns

UNREADABLE_RULES = {
    "date": "RC010",
    "decimal(18,2)": "RC011",
    "decimal(18,4)": "RC011",
    "int": "RC012",
    "bigint": "RC012",
}


def clean_columns(rows: DataFrame, source: Source) -> DataFrame:
    """Typed rows with the rules they break; see the module for both shapes."""
    declared = text_columns(source)
    contract = {name: _contract_column(name, source) for name in declared}
    known = rows.withColumns(
        {name: drop_null_tokens(F.col(name), null_tokens(column, source)) for name, column in declared.items()}
    )
    typed = known.select(
        *POSITION_COLUMNS,
        "_mask",
        "_line",
        *(typed_column(F.col(name), contract[name], column, source).alias(name) for name, column in declared.items()),
        *(F.col(name).alias(f"_text_{name}") for name in declared),
    )
    broken = {name: _broken_rule(name, contract[name], column) for name, column in declared.items()}
    found = typed.withColumns({f"_rule_{name}": rule for name, rule in broken.items()})
    readable = (F.col("_mask").bitwiseAND(F.lit(CRITICAL_MASK)) == 0) & ~F.col("_skipped")
    bits = reduce(lambda mask, name: mask.bitwiseOR(F.col(f"_rule_{name}")), broken, F.lit(0).cast("long"))
    names = F.array_compact(F.array(*[F.when(F.col(f"_rule_{name}") != 0, F.lit(name)) for name in broken]))
    masked = found.withColumn("_own", F.when(readable, bits).otherwise(F.lit(0)).cast("long"))
    return masked.select(
        *POSITION_COLUMNS,
        F.col("_mask").bitwiseOR(F.col("_own")).alias("_mask"),
        F.when(F.col("_own") != 0, names).alias("_broken_columns"),
        "_line",
        *declared,
    )


def typed_column(text: Column, contract: ContractColumn, column: SourceColumn, source: Source) -> Column:
    """The value of one text in the column's type; null where it is missing or cannot be read."""
    cleaning = column.cleaning or contract.cleaning
    clean = clean_text(text, cleaning, column.lookup, column.lookup_default)
    styles = source.amount_styles if column.amount_styles is None else column.amount_styles
    match contract.type:
        case "date":
            return clean_date(clean, column.date_formats or source.date_formats)
        case "decimal(18,2)":
            return clean_amount(clean, styles)
        case "decimal(18,4)":
            return clean_amount(clean, styles, scale=4)
        case "int":
            return clean_flag(clean) if contract.name.endswith("_flag") else clean_integer(clean)
        case _:
            return clean


def _broken_rule(name: str, contract: ContractColumn, column: SourceColumn) -> Column:
    value, text = F.col(name), F.col(f"_text_{name}")
    unread = text.isNotNull() & value.isNull()
    rule_id = "RC015" if contract.name.endswith("_flag") else UNREADABLE_RULES.get(contract.type)
    broken = F.lit(0)
    if rule_id:
        broken = F.when(unread, F.lit(mask_of(rule_id))).otherwise(broken)
    if contract.identifier:
        broken = F.when(value.isNotNull() & ~is_plain_identifier(value), F.lit(mask_of("RC014"))).otherwise(broken)
    if contract.required or column.required:
        missing = value.isNull() if rule_id is None else text.isNull()
        broken = F.when(missing, F.lit(mask_of("RC013"))).otherwise(broken)
    return broken


def _contract_column(name: str, source: Source) -> ContractColumn:
    if name == "_segment":
        return ContractColumn(
            name="segment", type="int", description="Number of the record within its claim.", phi="none"
        )
    return load_table(source.table).column(name.removeprefix(HEADER_PREFIX))
