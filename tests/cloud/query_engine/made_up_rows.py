"""Rows for a table that nothing has published: the same every time, few values a column, so that they join."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

from expectations.contract import JOB_COLUMNS, Table
from expectations.declarations import Column

ROWS = 60
START = date(2024, 1, 1)
SHARE_OF_NULLS = 0.1


def made_up_rows(table: Table) -> list[tuple[object, ...]]:
    """So many rows as the contract's types have them; year and month are those of the table's date."""
    random = Random(table.name)  # noqa: S311 - the same rows every time
    return [tuple(_row(random, table).values()) for _ in range(ROWS)]


def _row(random: Random, table: Table) -> dict[str, object]:
    row = dict(_cells(random, table))
    day = row.get(table.partition_date)
    if isinstance(day, date):
        row["year"], row["month"] = f"{day:%Y}", f"{day:%m}"
    return row


def _cells(random: Random, table: Table) -> Iterator[tuple[str, object]]:
    needed = {*table.grain, table.partition_date, *JOB_COLUMNS}
    for column in table.columns:
        missing = column.name not in needed and not column.required and random.random() < SHARE_OF_NULLS
        yield column.name, None if missing else _value(random, column)


def _value(random: Random, column: Column) -> object:
    number = random.randrange(12)
    if column.name == "record_hash":  # what queries order by in the end, so that no row is like another
        return f"{random.getrandbits(128):032x}"
    values: dict[str, object] = {
        "string": f"{column.name}-{number % 5}",
        "int": number,
        "bigint": number,
        "boolean": number % 2 == 0,
        "date": START + timedelta(days=31 * number),
        "timestamp": datetime(2024, 1 + number, 1, 12, tzinfo=UTC),
    }
    return values.get(column.type, Decimal(random.randrange(-1_000, 100_000)) / 100)
