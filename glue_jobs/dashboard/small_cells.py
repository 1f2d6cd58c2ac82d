"""What is told of groups of few persons: nothing. CMS lets nobody see a cell of 1 to 10 persons, nor work one out."""

from collections.abc import Mapping, Sequence

LEAST_PERSONS = 11
"""CMS's cell size suppression policy: no cell of 1 to 10 persons, and nothing from which one could be made."""

Row = Mapping[str, object]


def is_small(persons: object) -> bool:
    """True of 1 to 10 persons, and where it is not known how many: nobody is a group that may be told."""
    return not isinstance(persons, int) or 0 < persons < LEAST_PERSONS


def hide_small(rows: Sequence[Row], *persons: str, parts: bool = False) -> tuple[list[Row], int]:
    """Rows that may be told, and how many may not.

    Args:
        rows: One group each.
        persons: Columns with the numbers of persons that a row tells of; each must be large enough.
        parts: The rows are parts of a whole whose total is told too. One hidden part could be worked out from it, so a
            second one is hidden with it, the smallest.
    """
    shown = [row for row in rows if not any(is_small(row.get(name)) for name in persons)]
    if parts and len(rows) - len(shown) == 1 and shown:
        smallest = min(shown, key=lambda row: _number(row.get(persons[0])))
        shown = [row for row in shown if row is not smallest]
    return shown, len(rows) - len(shown)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
