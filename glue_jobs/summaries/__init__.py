"""Summaries of claims by month, payer and person; DERIVED says which table each is made for."""

from glue_jobs.summaries.registry import DERIVED

__all__ = ["DERIVED"]
