"""How a table that holds data differs from its contract, and whether a policy lets the table follow the contract."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from expectations.contract import Column, Table
from expectations.errors import SchemaError

_DECIMAL = re.compile(r"decimal\((\d+),(\d+)\)\Z")


class SchemaPolicy(StrEnum):
    """What is done where a table or a file's header is not what is declared."""

    STRICT = "strict"
    EVOLVE = "evolve"


@dataclass(frozen=True)
class TypeChange:
    """A column that the contract and the table both have, with the table's type beside the contract's."""

    column: Column
    found: str

    @property
    def is_widening(self) -> bool:
        """Whether the contract's type holds every value of the table's, and Iceberg can change it in place."""
        if (self.found, self.column.type) == ("int", "bigint"):
            return True
        old, new = _DECIMAL.match(self.found), _DECIMAL.match(self.column.type)
        return bool(old and new and old[2] == new[2] and int(old[1]) < int(new[1]))


@dataclass(frozen=True)
class SchemaChanges:
    """What a table needs to have every column of its contract, and the columns that only the table has."""

    table_name: str
    added: tuple[Column, ...]
    retyped: tuple[TypeChange, ...]
    retired: tuple[str, ...]

    @property
    def is_needed(self) -> bool:
        """Whether the table must change before rows of the contract can be written."""
        return bool(self.added or self.retyped)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Each difference in words, by column."""
        return (
            *(f"column {column.name} was added" for column in self.added),
            *(f"column {change.column.name} was widened from {change.found}" for change in self.retyped),
            *(f"column {name} is not in the contract any more: kept, empty in new rows" for name in self.retired),
        )


def compare_schema(table: Table, found: Mapping[str, str]) -> SchemaChanges:
    """What the table, given as types (as Spark writes them) by column name, needs to be as its contract says."""
    return SchemaChanges(
        table_name=table.name,
        added=tuple(column for column in table.columns if column.name not in found),
        retyped=tuple(
            TypeChange(column, found[column.name])
            for column in table.columns
            if found.get(column.name, column.type) != column.type
        ),
        retired=tuple(name for name in found if name not in table.column_names),
    )


def check_policy(changes: SchemaChanges, policy: SchemaPolicy) -> None:
    """SchemaError where a type would lose values, or where a change is needed and the policy is strict."""
    for change in changes.retyped:
        if not change.is_widening:
            raise SchemaError(
                f"table {changes.table_name}: column {change.column.name} is {change.found} and the contract says "
                f"{change.column.type}; expected the same type, or one that holds every value of the other (int to "
                "bigint, a decimal to more digits with the same places); cure: give the column its type back and "
                "declare the other type under a new name"
            )
    if policy == SchemaPolicy.STRICT and changes.is_needed:
        named = [*(f"no column {column.name}" for column in changes.added)]
        named += [f"{change.column.name} as {change.found}" for change in changes.retyped]
        raise SchemaError(
            f"table {changes.table_name} has {', '.join(named)}; expected every column of the contract in its type, "
            "for the schema policy is strict; cure: run once with --schema_policy evolve, or go back to the contract "
            "that the table was made by"
        )
