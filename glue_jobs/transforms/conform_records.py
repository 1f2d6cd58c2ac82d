"""Parsed records of any source become rows of text with the table's column names: the declaration, carried out.

Shape. In: the rows of `parse_records`. Out: one row a line of a record, with the position columns, `_mask`, `_line`
(position in its record, 0 first) and one trimmed text column per mapped column; amounts of the whole claim are
`header_<name>`. A record that cannot be read, or has no line, still makes one row, of nulls: nothing is dropped.
"""

from functools import reduce
from operator import or_

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.contract import Lines, Source, SourceColumn, load_table
from expectations.row_rules import mask_of
from glue_jobs.transforms.clean_text import BLANKS, drop_null_tokens
from glue_jobs.transforms.parse_json import has_equal_keys, is_wrong_type, item_maps, json_text, member_text
from glue_jobs.transforms.parse_records import FileLayout

POSITION_COLUMNS = ("_path", "_block", "_position", "_skipped", "_record_hash", "_raw")
HEADER_PREFIX = "header_"
NUMERIC_TYPES = ("int", "bigint", "decimal(18,2)", "decimal(18,4)")


def conform_records(records: DataFrame, source: Source, layout: FileLayout) -> DataFrame:
    """Rows of text in the table's names; see the module for both shapes."""
    columns = record_columns(source)
    record = [_text(column, source, layout, F.col("_parsed")).alias(name) for name, column in columns.items()]
    kept = [*POSITION_COLUMNS, "_mask", "_parsed"]
    if source.lines is None:
        rows = records.select(*kept, F.lit(0).alias("_line"), *record)
    elif source.lines.numbered:
        rows = _explode_groups(
            records.select(*kept, *record, *_group_columns(source, source.lines, layout)), source.lines
        )
    else:
        rows = _explode_items(records.select(*kept, *record), source, source.lines, layout)
    if source.format.type == "ndjson":
        rows = _drop_json_marks(rows, source)
    return rows.drop("_parsed")


def record_columns(source: Source) -> dict[str, SourceColumn]:
    """The columns that a record has once, claim amounts under their header names, the segment as `_segment`."""
    columns = {name: column for name, column in source.mapped().items() if column.from_}
    columns |= {HEADER_PREFIX + name: column for name, column in source.claim_amounts.items()}
    if source.continuation:
        columns["_segment"] = SourceColumn.model_validate({"from": source.continuation.segment, "required": True})
    return columns


def text_columns(source: Source) -> dict[str, SourceColumn]:
    """All text columns of the conformed rows with their declarations, record and line level."""
    line = dict(source.lines.columns) if source.lines else {}
    if source.lines and "claim_line_number" not in {**line, **source.columns}:
        line["claim_line_number"] = SourceColumn()
    return record_columns(source) | line


def _text(column: SourceColumn, source: Source, layout: FileLayout, parsed: Column, n: int = 0) -> Column:
    names = [name.replace("{n}", str(n)) for name in column.from_]
    if source.format.type == "ndjson":
        members = [member_text(parsed, name) for name in names]
        return F.coalesce(*[_with_value(member, column, source) for member in members]) if members[1:] else members[0]
    places = [place for place in map(layout.place, names) if place is not None]
    fields = [F.get(parsed, F.lit(place)) for place in places]
    texts = [F.trim(field) for field in fields] if source.trim else fields
    if len(texts) > 1:
        return F.coalesce(*[drop_null_tokens(text, null_tokens(column, source)) for text in texts])
    return texts[0] if texts else F.lit(None).cast("string")


def _with_value(marked: Column, column: SourceColumn, source: Source) -> Column:
    text = json_text(marked)
    trimmed = F.btrim(text, F.lit(BLANKS)) if source.trim else text
    return F.when(drop_null_tokens(trimmed, null_tokens(column, source)).isNotNull(), marked)


def null_tokens(column: SourceColumn, source: Source) -> tuple[str, ...]:
    """The texts that mean missing in one column."""
    return source.null_tokens if column.null_tokens is None else column.null_tokens


def _group_columns(source: Source, lines: Lines, layout: FileLayout) -> list[Column]:
    """`_lines`: the groups that are present, as an array of structs; `_stray`: whether an absent one carries money."""
    table = load_table(source.table)
    amounts = [name for name in lines.columns if table.column(name).type == "decimal(18,2)"]
    groups, strays = [], []
    for n in range(1, lines.numbered + 1):
        texts = {name: _text(column, source, layout, F.col("_parsed"), n) for name, column in lines.columns.items()}
        named = [SourceColumn.model_validate({"from": name}) for name in lines.present]
        marks = [
            drop_null_tokens(_text(column, source, layout, F.col("_parsed"), n), source.null_tokens) for column in named
        ]
        present = reduce(or_, [mark.isNotNull() for mark in marks])
        groups.append(
            F.when(present, F.struct(F.lit(n).alias("_n"), *[text.alias(name) for name, text in texts.items()]))
        )
        sent = [drop_null_tokens(texts[name], null_tokens(lines.columns[name], source)) for name in amounts]
        money = [text.rlike("[1-9]") for text in sent]
        strays.append(~present & F.coalesce(reduce(or_, money, F.lit(False)), F.lit(False)))
    present_lines = F.array_compact(F.array(*groups))
    if lines.at_least_one:
        first = F.struct(F.lit(1).alias("_n"), *[F.lit(None).cast("string").alias(name) for name in lines.columns])
        present_lines = F.when(F.size(present_lines) == 0, F.array(first)).otherwise(present_lines)
    readable = F.col("_parsed").isNotNull()
    return [F.when(readable, present_lines).alias("_lines"), (readable & reduce(or_, strays)).alias("_stray")]


def _explode_groups(records: DataFrame, lines: Lines) -> DataFrame:
    kept = [name for name in records.columns if name not in ("_lines", "_stray")]
    rows = records.select(*kept, "_stray", F.posexplode_outer("_lines").alias("_place", "_group"))
    stray = F.when(F.col("_stray") & (F.coalesce("_place", F.lit(0)) == 0), F.lit(mask_of("RC017"))).otherwise(F.lit(0))
    none = F.when(F.col("_parsed").isNotNull() & F.col("_group").isNull(), F.lit(mask_of("RC009"))).otherwise(F.lit(0))
    return rows.select(
        *(name for name in kept if name != "_mask"),
        F.col("_mask").bitwiseOR(stray).bitwiseOR(none).alias("_mask"),
        F.coalesce("_place", F.lit(0)).alias("_line"),
        F.col("_group._n").cast("string").alias("claim_line_number"),
        *(F.col(f"_group.{name}").alias(name) for name in lines.columns),
    )


def _explode_items(records: DataFrame, source: Source, lines: Lines, layout: FileLayout) -> DataFrame:
    items = item_maps(F.try_element_at("_parsed", F.lit(lines.nested)))
    rows = (
        records.withColumn("_items", items)
        .select("*", F.posexplode_outer("_items").alias("_place", "_item"))
        .drop("_items")
    )
    own_number = (
        []
        if "claim_line_number" in lines.columns
        else [(F.col("_place") + 1).cast("string").alias("claim_line_number")]
    )
    readable = F.col("_parsed").isNotNull()
    broken = (
        F.when(readable & F.col("_item").isNull(), F.lit(mask_of("RC009")))
        .when(has_equal_keys(F.col("_item")), F.lit(mask_of("RC004")))
        .otherwise(F.lit(0))
    )
    return rows.select(
        *(name for name in records.columns if name != "_mask"),
        F.col("_mask").bitwiseOR(broken).alias("_mask"),
        F.coalesce("_place", F.lit(0)).alias("_line"),
        *own_number,
        *(_text(column, source, layout, F.col("_item")).alias(name) for name, column in lines.columns.items()),
    )


def _drop_json_marks(rows: DataFrame, source: Source) -> DataFrame:
    declared = {name: column for name, column in text_columns(source).items() if column.from_}
    table = load_table(source.table)
    wrong = [
        F.coalesce(
            is_wrong_type(F.col(name), numeric=table.column(name.removeprefix(HEADER_PREFIX)).type in NUMERIC_TYPES),
            F.lit(False),
        )
        for name in declared
    ]
    mistyped = F.when(reduce(or_, wrong), F.lit(mask_of("RC016"))).otherwise(F.lit(0))
    texts = {name: json_text(F.col(name)) for name in declared}
    trimmed = {name: F.btrim(text, F.lit(BLANKS)) if source.trim else text for name, text in texts.items()}
    return rows.withColumns({"_mask": F.col("_mask").bitwiseOR(mistyped), **trimmed})
