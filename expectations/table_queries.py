"""Queries for unexpected rows that need more than one row to tell: lines with their header, claims with enrolment.

A rule of the type `unexpected_rows_expectation` whose query is not `SELECT * FROM {batch} WHERE ...` is about the table
as a whole. Its query may read other published tables by their full names; where one of these holds nothing, nothing can
be told, and the rule is not judged.
"""

from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from expectations.contract import Table, table_names
from expectations.errors import ContractError
from expectations.object_keys import CATALOG, NAMESPACE

BATCH = "batch"


@dataclass(frozen=True)
class TableQuery:
    """What a query reads: columns of the table that is judged, and full names of other tables."""

    columns: tuple[str, ...]
    tables: tuple[str, ...]


def read_table_query(query: str, table: Table) -> TableQuery:
    """What the query reads; ContractError where it is no SELECT from `{batch}` and tables of the contract."""
    try:
        tree = sqlglot.parse_one(query.format(batch=BATCH), dialect="spark")
    except (SqlglotError, AttributeError, LookupError, ValueError) as error:
        raise ContractError("unexpected_rows_query is not Spark SQL; cure: a SELECT from {batch}") from error
    read = {".".join(part.name for part in found.parts) for found in tree.find_all(exp.Table)}
    read -= {found.alias for found in tree.find_all(exp.CTE)}
    others = sorted(read - {BATCH})
    known = {f"{CATALOG}.{NAMESPACE}.{name}" for name in table_names()}
    if not isinstance(tree, exp.Select) or BATCH not in read:
        raise ContractError("unexpected_rows_query does not select from {batch}; cure: a SELECT from {batch}")
    if unknown := [name for name in others if name not in known]:
        raise ContractError(
            f"unexpected_rows_query reads {unknown[0]}; cure: {CATALOG}.{NAMESPACE}.<table>, a table of the contract"
        )
    named = {column.name for column in tree.find_all(exp.Column)}
    return TableQuery(tuple(name for name in table.column_names if name in named), tuple(others))
