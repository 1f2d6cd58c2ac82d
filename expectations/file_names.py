"""What the name of a raw file tells: its day, and what its source takes from it."""

import re
from collections.abc import Mapping
from datetime import date

from expectations.contract import Source
from expectations.errors import FileRefusedError

TEMPLATE_PREFIX = "template_"
"""Before the column name, in rows about files: what the source makes of the file's name for that column."""

_DATE_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d{2})[-_]?(0[1-9]|1[0-2])(?:[-_]?(0[1-9]|[12]\d|3[01]))?(?!\d)")


def date_in_name(name: str) -> date | None:
    """The day (or first of the month) that a file's name holds."""
    found = _DATE_IN_NAME.search(name)
    try:
        return date(int(found[1]), int(found[2]), int(found[3] or 1)) if found else None
    except ValueError:
        return None


def file_name_groups(source: Source, name: str) -> Mapping[str, str]:
    """Named groups of the source's file name pattern; FileRefusedError where the name does not match."""
    found = re.search(source.file_name_pattern, name)
    if found is None:
        raise FileRefusedError(
            "file_name",
            f"{name}: file name does not match what source {source.name} expects; "
            f"expected {source.file_name_pattern}; cure: name it so",
        )
    return {group: text or "" for group, text in found.groupdict().items()}


def columns_from_name(source: Source, name: str) -> dict[str, str]:
    """Text of each column that the source makes from a file's name, under `TEMPLATE_PREFIX` and the column's name."""
    groups = file_name_groups(source, name)
    line_columns = source.lines.columns if source.lines else {}
    columns = {**source.columns, **line_columns}
    return {
        TEMPLATE_PREFIX + column_name: column.template.format(**groups)
        for column_name, column in columns.items()
        if column.template
    }
