"""What a derived table is: made of other tables by one pure function, and of which of their rows each of its rows is.

A derived table is never loaded. Late files, corrections and undone runs change the tables that it is made of, and
`claims-etl summarize` makes the touched parts again; docs/derived-tables.md says how.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from pyspark.sql import DataFrame

Rebuilt = Literal["months", "persons", "whole"]
"""What is replaced at once: rows of a `year` and `month`, all rows of a `person_id`, or the table."""

Make = Callable[[Mapping[str, DataFrame]], DataFrame]
"""From the inputs by name, each with all its columns, to the rows of the derived table."""


@dataclass(frozen=True)
class Derivation:
    """How one derived table is made.

    Attributes:
        table: Its name, that of a declaration in expectations/tables with `"derived": true`.
        inputs: Names of the tables that it is made of, published or derived. Those that change a few rows at a time
            are given narrowed to the touched months or persons; reference tables are given whole.
        rebuilt: What its rows depend on. `months`: rows of a month on the claims of that month only (of a table by
            person, on all its rows). `persons`: rows of a person on that person's rows only. `whole`: on anything.
        make: The pure function. It must not depend on the order of rows, nor on the day it runs.
    """

    table: str
    inputs: tuple[str, ...]
    rebuilt: Rebuilt
    make: Make
