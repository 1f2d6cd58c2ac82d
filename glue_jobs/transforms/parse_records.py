"""Lines of a raw file become records: parsed by a strict grammar, hashed, with the rules broken so far in a mask.

Shape. In: one row a physical line, `line` and the position columns `_path`, `_block`, `_position`. Out: the same rows
with `_raw` (the record's text), `_skipped` (header or blank line, no record), `_record_hash`, `_mask`, and `_parsed`:
an array of fields (CSV) or a map of marked member texts (NDJSON), null where a rule is broken. Nothing is dropped.
"""

from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.contract import Source
from expectations.row_rules import mask_of
from glue_jobs.transforms.clean_text import has_hidden_characters, trim_odd_blanks
from glue_jobs.transforms.parse_json import has_equal_keys, json_members, json_text
from glue_jobs.transforms.split_fields import csv_fields, without_trailing_blank

CONDEMNED_MARK = "\x1a"
JOINED_LINE_BREAK = "\x1e"
CONDEMNING_RULES = ("RC005", "RC006", "RC007", "RC008")
"""Rules that the front door (expectations.raw_rewrite) has found broken and written into the line itself."""

_CONTROL_ESCAPE = r"^[^\\]*+(?:\\[^bf][^\\]*+)*+\\[bf]"
r"""A JSON text with \b or \f: the grammar lets these controls through, and inside an item they stay escapes."""


@dataclass(frozen=True)
class FileLayout:
    """What the files of one read have in common: the fields in order, and whether their lines were rewritten."""

    field_names: tuple[str, ...]
    header_line: str
    rewritten: bool

    def place(self, name: str) -> int | None:
        """Position of a field by its name (letter case and blanks around it do not count); None where there is none."""
        names = [field.strip().casefold() for field in self.field_names]
        return names.index(name.strip().casefold()) if name.strip().casefold() in names else None


def parse_records(lines: DataFrame, source: Source, layout: FileLayout) -> DataFrame:
    """Rows with `_raw`, `_skipped`, `_record_hash`, `_mask` and `_parsed`; see the module for both shapes."""
    records = _add_raw(lines, layout)
    line = F.when(~F.col("_skipped") & (F.col("_condemned") == 0), F.col("_raw"))
    if source.format.type == "csv":
        fields = csv_fields(line, source.format)
        if source.format.trailing_delimiter == "optional":
            fields = without_trailing_blank(fields, len(layout.field_names))
        parsed = records.withColumn("_parsed", fields)
        if source.trim:
            parsed = parsed.withColumn(
                "_parsed", trim_odd_blanks(F.col("_parsed"), F.col("_raw"), source.format.delimiter)
            )
        broken = _csv_mask(F.col("_parsed"), F.col("_raw"), len(layout.field_names))
    else:
        parsed = records.withColumn("_parsed", json_members(line))
        broken = _json_mask(F.col("_parsed"), F.col("_raw"))
    unread = F.col("_skipped") | (F.col("_condemned") != 0)
    masked = parsed.withColumn("_mask", F.when(unread, F.col("_condemned")).otherwise(broken).cast("long"))
    return masked.withColumn("_parsed", F.when(F.col("_mask") == 0, F.col("_parsed"))).drop("_condemned")


def _add_raw(lines: DataFrame, layout: FileLayout) -> DataFrame:
    line, raw, condemned = F.col("line"), F.col("line"), F.lit(0)
    if layout.rewritten:
        is_condemned = F.startswith(line, F.lit(CONDEMNED_MARK))
        rule = F.when(is_condemned, F.substring(line, 2, 5))
        for rule_id in CONDEMNING_RULES:
            condemned = F.when(rule == rule_id, F.lit(mask_of(rule_id))).otherwise(condemned)
        text = F.when(is_condemned, F.substring(line, 8, 1 << 30)).otherwise(line)
        raw = F.translate(text, JOINED_LINE_BREAK, "\n")
    headers = [layout.header_line, "\ufeff" + layout.header_line] if layout.header_line else []
    skipped = line.rlike(r"^[ \t]*\z") | line.isin(headers)
    return lines.select(
        *(name for name in lines.columns if name != "line"),
        raw.alias("_raw"),
        skipped.alias("_skipped"),
        condemned.cast("long").alias("_condemned"),
        F.unhex(F.sha2(line, 256)).alias("_record_hash"),
    )


def _csv_mask(fields: Column, raw: Column, field_count: int) -> Column:
    return (
        F.when(fields.isNull(), F.lit(mask_of("RC001")))
        .when(F.size(fields) != field_count, F.lit(mask_of("RC002")))
        .when(has_hidden_characters(raw), F.lit(mask_of("RC006")))
        .otherwise(F.lit(0))
    )


def _json_mask(members: Column, raw: Column) -> Column:
    text = F.concat_ws(" ", F.transform(F.map_values(members), json_text))
    return (
        F.when(members.isNull(), F.lit(mask_of("RC003")))
        .when(has_equal_keys(members), F.lit(mask_of("RC004")))
        .when(has_hidden_characters(text) | raw.rlike(_CONTROL_ESCAPE), F.lit(mask_of("RC006")))
        .otherwise(F.lit(0))
    )
