"""What an enrichment is: one function that adds columns to claim lines, and says which it reads and which it adds."""

from collections.abc import Callable
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.payer_rules import PayerRules


@dataclass(frozen=True)
class References:
    """What lines are enriched with.

    Attributes:
        code_sets: Rows of `code_set`; empty where no lists were loaded.
        providers: Rows of `provider`, of whatever sources.
        eligibility: Rows of `eligibility`.
        payers: What payers' contracts say otherwise than the law.
    """

    code_sets: DataFrame
    providers: DataFrame
    eligibility: DataFrame
    payers: PayerRules


@dataclass(frozen=True)
class Enrichment:
    """One step of `enrich_lines`.

    Attributes:
        name: What it is about.
        needs: Columns of the line that it reads, and no others.
        adds: Columns that it adds, and no others; a name with an underscore in front serves later steps only.
        add: The function: one row out for each row in, whatever is in it.
    """

    name: str
    needs: tuple[str, ...]
    adds: tuple[str, ...]
    add: Callable[[DataFrame, References], DataFrame]


SERVICE_DAY = ("claim_line_start_date", "claim_start_date")
"""Columns of the day of service: the line's, else the claim's."""


def service_day() -> Column:
    """The day of service of the line."""
    return F.coalesce(*SERVICE_DAY)


def flag(condition: Column) -> Column:
    """1 where the condition holds, 0 where it does not, empty where that cannot be said."""
    return F.when(condition, 1).when(~condition, 0)
