"""What the records of each file break, from the masks on their rows: counts by rule."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from expectations.row_rules import CRITICAL_MASK, RowRule, rules_in
from expectations.rules import Rule
from glue_jobs.quality.rule_masks import breaks_any, broken_in, word_names

AnyRule = RowRule | Rule


class Finding(NamedTuple):
    """So many records of one file break exactly these rules."""

    file_id: str
    broken: tuple[AnyRule, ...]
    is_read: bool
    records: int


def find_broken(rows: DataFrame, rules: Sequence[Rule], *, one_line: bool) -> list[Finding]:
    """Records that break a rule, by file and by the rules that any of their lines breaks; resent ones are left out.

    `one_line` says that no record makes two rows. Of a record that cannot be read, the suite says nothing.
    """
    words = word_names(rules)
    broken = rows.where(breaks_any(rows) & ~F.col("_skipped") & (F.col("_verdict") != "resent"))
    if not one_line:
        masks = [F.bit_or(name).alias(name) for name in ("_mask", *words)]
        broken = broken.groupBy("ingest_file_id", "_position").agg(*masks)
    counted = broken.groupBy("ingest_file_id", "_mask", *words).agg(F.count("*").alias("_records")).collect()
    return [_finding(row.asDict(), rules) for row in counted]


def _finding(row: Mapping[str, int], rules: Sequence[Rule]) -> Finding:
    is_read = not row["_mask"] & CRITICAL_MASK
    broken: tuple[AnyRule, ...] = rules_in(row["_mask"])
    if is_read:
        broken += broken_in(rules, row)
    return Finding(str(row["ingest_file_id"]), broken, is_read, row["_records"])


def records_by_rule(findings: Iterable[Finding]) -> dict[str, int]:
    """Records by the id of each rule that they break."""
    counts = Counter[str]()
    for finding in findings:
        counts.update({rule.rule_id: finding.records for rule in finding.broken})
    return dict(sorted(counts.items()))
