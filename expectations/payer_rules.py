"""What payers' contracts say otherwise than the law: `payer_rules.json`, read once, checked, and frozen."""

from functools import cache
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from expectations.contract import CONTRACT_FOLDER, Declared, read_declared


class TimelyFiling(Declared):
    """How long after the day of service a claim may be received: calendar years or days, whichever is given."""

    calendar_years: int = Field(0, ge=0, description="Received on the same day so many years later is in time.")
    days: int = Field(0, ge=0, description="Received so many days after the day of service is in time.")
    source: str = Field(min_length=10, description="Where it is written: a regulation, or the payer's contract.")

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        if bool(self.calendar_years) == bool(self.days):
            raise ValueError("either calendar_years or days is given")
        return self


class PayerRule(Declared):
    """One payer's own rules."""

    payer: str = Field(min_length=1, description="Name as in the column payer; letter case does not count.")
    timely_filing: TimelyFiling


class PayerRules(Declared):
    """The rule of all payers, and those of payers that have their own."""

    schema_: str = Field("", alias="$schema")
    timely_filing: TimelyFiling
    payers: tuple[PayerRule, ...] = ()

    @model_validator(mode="after")
    def _payers_are_unique(self) -> Self:
        names = [rule.payer.lower() for rule in self.payers]
        if len(names) != len(set(names)):
            raise ValueError("a payer is named twice")
        return self


@cache
def load_payer_rules(path: Path = CONTRACT_FOLDER / "payers" / "payer_rules.json") -> PayerRules:
    """The declared rules; ContractError names file and field of what is wrong."""
    return read_declared(path, PayerRules)
