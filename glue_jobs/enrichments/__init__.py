"""Claim lines with what they mean: pure functions, and the tables that are made by them."""

from glue_jobs.derivations import Derivation

DERIVED: tuple[Derivation, ...] = ()
"""Tables of this package, in any order; `claims-etl summarize` keeps them current."""
