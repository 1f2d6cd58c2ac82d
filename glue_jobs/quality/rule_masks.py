"""All row rules of a suite in one pass: broken rules are bits in a few whole numbers on the row.

Rule n of a suite is bit n modulo 63 of the word n divided by 63; the 64th bit is the sign and stays free.
"""

from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.rules import Rule

BITS_A_WORD = 63
WORD_PREFIX = "_dq_"


def mask_columns(rules: Sequence[Rule]) -> dict[str, Column]:
    """The words by name, one for each 63 row rules; 0 where a row breaks none of a word's rules."""
    return {
        f"{WORD_PREFIX}{number}": _word(rules[start : start + BITS_A_WORD])
        for number, start in enumerate(range(0, len(rules), BITS_A_WORD))
    }


class RowsAlike(NamedTuple):
    """How many rows break the same rules."""

    broken: tuple[Rule, ...]
    rows: int


def rows_alike(rows: DataFrame, rules: Sequence[Rule]) -> list[RowsAlike]:
    """Rows that have the words of these rules, counted by the rules that they break; no other column is read."""
    words = list(mask_columns(rules))
    return [
        RowsAlike(
            tuple(
                rule for place, rule in enumerate(rules) if row[words[place // BITS_A_WORD]] >> place % BITS_A_WORD & 1
            ),
            row["_rows"],
        )
        for row in rows.groupBy(*words).agg(F.count("*").alias("_rows")).collect()
    ]


def _word(rules: Sequence[Rule]) -> Column:
    bits = (
        F.when(F.expr(rule.broken_sql), F.lit(1 << bit).cast("bigint")).otherwise(F.lit(0).cast("bigint"))
        for bit, rule in enumerate(rules)
    )
    return reduce(Column.bitwiseOR, bits)
