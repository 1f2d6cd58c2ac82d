"""Typed rows get what no record holds: constants, parts of the file's name, claim amounts, lineage, year, month."""

from collections.abc import Collection, Mapping

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.contract import Source, Table
from expectations.file_names import TEMPLATE_PREFIX
from glue_jobs.transforms.clean_columns import typed_column
from glue_jobs.transforms.conform_records import HEADER_PREFIX
from glue_jobs.transforms.continue_claims import continue_claims
from glue_jobs.transforms.version_keys import delivery_date, version_columns

UNKNOWN_YEAR, UNKNOWN_MONTH = "0000", "00"
"""Partition of rows without their date, so that none vanishes into a partition that a query by year never reads."""

WORKING_COLUMNS = ("_path", "_block", "_position", "_skipped", "_mask", "_broken_columns", "_raw", "_line")


def complete_rows(typed: DataFrame, files: DataFrame, source: Source, table: Table, run_id: str) -> DataFrame:
    """Rows with the working columns, `_delivery` and all columns of `table`, in its order and types; one a typed row.

    `files` has one row a file: `_path`, `ingest_file_id`, `file_name`, `file_date`, `ingest_datetime`, and
    `template_<column>`. `_delivery` is the file's date where it belongs to the identity of the record.
    """
    rows = continue_claims(typed, source.continuation) if source.continuation else typed
    rows = rows.join(F.broadcast(files), on="_path", how="left")
    values = _values(rows.columns, source, table, run_id)
    if table.partition_date:
        day = values.get(table.partition_date, F.lit(None).cast("date"))
        values["year"] = F.coalesce(F.lpad(F.year(day).cast("string"), 4, "0"), F.lit(UNKNOWN_YEAR))
        values["month"] = F.coalesce(F.lpad(F.month(day).cast("string"), 2, "0"), F.lit(UNKNOWN_MONTH))
    columns = [values.get(column.name, F.lit(None)).cast(column.type).alias(column.name) for column in table.columns]
    return rows.select(*WORKING_COLUMNS, delivery_date(source, rows.columns).alias("_delivery"), *columns)


def unfilled_columns(typed: DataFrame, files: DataFrame, source: Source, table: Table) -> tuple[str, ...]:
    """The table's columns of which `complete_rows` of the same arguments makes nothing but nulls, whatever was sent."""
    filled = {*_values((*typed.columns, *files.columns), source, table, ""), "year", "month"}
    return tuple(name for name in table.column_names if name not in filled)


def _values(present: Collection[str], source: Source, table: Table, run_id: str) -> dict[str, Column]:
    values: dict[str, Column] = {name: F.col(name) for name in table.column_names if name in present}
    values |= _constants(source, table)
    values["ingest_run_id"] = F.lit(run_id)
    # part of every grain: a claim without it would find no header
    values["data_source"] = F.coalesce(values.get("data_source", F.lit(None)), F.lit(source.name))
    values |= {"record_hash": _record_hash(present), "record_line": F.col("_line"), **_claim_amounts(source)}
    if "version_action" in table.column_names:
        sent = {name: values[name] for name in ("claim_record_type",) if name in values}
        values |= version_columns(source, table, values | {"file_date": F.col("file_date")}) | sent
    return values


def _record_hash(present: Collection[str]) -> Column:
    """The hash of the record as it was sent, with what its file's name says of it where that belongs to it."""
    raw, named = F.lower(F.hex("_record_hash")), sorted(n for n in present if n.startswith(TEMPLATE_PREFIX))
    return F.sha2(F.concat_ws("\x1f", raw, *named), 256) if named else raw


def _claim_amounts(source: Source) -> dict[str, Column]:
    """Amounts of the whole claim on the record's first line, or on none where every record repeats them."""
    values = {"header_amounts_repeat_flag": F.lit(int(source.claim_amounts_repeat))}
    if not source.claim_amounts_repeat:
        for name in source.claim_amounts:
            values[name] = F.when(F.col("_line") == 0, F.col(HEADER_PREFIX + name))
    return values


def _constants(source: Source, table: Table) -> Mapping[str, Column]:
    constants = {name: F.lit(text) for name, text in source.constants.items()}
    line_columns = source.lines.columns if source.lines else {}
    for name, column in {**source.columns, **line_columns}.items():
        if column.template:
            constants[name] = typed_column(F.col(f"template_{name}"), table.column(name), column, source)
    return constants
