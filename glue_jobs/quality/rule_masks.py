"""All row rules of a suite in one pass: broken rules are bits in a few whole numbers on the row.

Rule n of a suite is bit n modulo 63 of the word n divided by 63; the 64th bit is the sign and stays free.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import or_

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.row_rules import Severity
from expectations.rules import Rule

BITS_A_WORD = 63
WORD_PREFIX = "_dq_"


def row_rules(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Those that one row tells, in their order."""
    return tuple(rule for rule in rules if rule.scope == "row")


def mask_columns(rules: Sequence[Rule]) -> dict[str, Column]:
    """The words by name, one for each 63 row rules; 0 where a row breaks none of a word's rules."""
    return {
        f"{WORD_PREFIX}{number}": _word(rules[start : start + BITS_A_WORD])
        for number, start in enumerate(range(0, len(rules), BITS_A_WORD))
    }


def word_names(rules: Sequence[Rule]) -> list[str]:
    """Names of the words of these row rules."""
    return [f"{WORD_PREFIX}{number}" for number in range(-(-len(rules) // BITS_A_WORD))]


def breaks_critical(rules: Sequence[Rule]) -> Column:
    """Whether a row that has the words breaks a critical rule of these."""
    masks = [
        sum(
            1 << bit
            for bit, rule in enumerate(rules[number * BITS_A_WORD : (number + 1) * BITS_A_WORD])
            if rule.severity is Severity.CRITICAL
        )
        for number in range(len(word_names(rules)))
    ]
    broken = [F.col(name).bitwiseAND(F.lit(mask)) != 0 for name, mask in zip(word_names(rules), masks, strict=True)]
    return reduce(or_, broken, F.lit(False))


def breaks_any(rows: DataFrame) -> Column:
    """Whether a row breaks any rule: one of every record, or one of those that its words stand for."""
    words = [name for name in rows.columns if name.startswith(WORD_PREFIX)]
    return reduce(or_, [F.col(name) != 0 for name in ("_mask", *words)])


def is_broken(rules: Sequence[Rule], place: int) -> Column:
    """Whether a row that has the words breaks the rule at this place."""
    return F.col(word_names(rules)[place // BITS_A_WORD]).bitwiseAND(F.lit(1 << place % BITS_A_WORD)) != 0


def broken_in(rules: Sequence[Rule], words: Mapping[str, int]) -> tuple[Rule, ...]:
    """The rules whose bits are set in these words."""
    names = word_names(rules)
    return tuple(
        rule for place, rule in enumerate(rules) if words[names[place // BITS_A_WORD]] >> place % BITS_A_WORD & 1
    )


def _word(rules: Sequence[Rule]) -> Column:
    bits = (
        F.when(F.expr(rule.broken_sql), F.lit(1 << bit).cast("bigint")).otherwise(F.lit(0).cast("bigint"))
        for bit, rule in enumerate(rules)
    )
    return reduce(Column.bitwiseOR, bits)
