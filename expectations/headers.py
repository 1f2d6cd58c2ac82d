"""The first line of a file: is it what its source declares, and where does each column stand?

Names are compared without blanks around them and without regard to case. A line is quoted in a message only where it is
known to be a header: a file without one would show a claim.
"""

import csv
import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from expectations.contract import FileFormat, Source
from expectations.errors import FileRefusedError
from expectations.raw_bytes import RefusalReason, refusal
from expectations.schema_changes import SchemaPolicy

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_NAMES_SHOWN = 10


@dataclass(frozen=True)
class HeaderMatch:
    """Declared name to position (from 0) in the file, names that no column reads, and optional names not found."""

    positions: Mapping[str, int]
    extra_columns: tuple[str, ...]
    missing_optional: tuple[str, ...]


def parse_fields(line: str, delimiter: str, quote: str) -> tuple[str, ...]:
    """The fields of one line by RFC 4180; where its quotes are wrong, the texts between delimiters."""
    if quote and quote in line:
        try:
            return tuple(next(csv.reader([line], delimiter=delimiter, strict=True)))
        except csv.Error:
            return tuple(line.split(delimiter))
    return tuple(line.split(delimiter))


def refuse_other_shape(line: str, file_format: FileFormat, name: str) -> None:
    """FileRefusedError where the first line shows another delimiter, or JSON that is not one object a line."""
    if file_format.type == "ndjson":
        is_array, is_pretty = line.lstrip().startswith("["), line.strip() == "{"
        if is_array or is_pretty:
            found, cure = ("a JSON array", "jq -c '.[]'") if is_array else ("JSON over several lines", "jq -c .")
            raise refusal(RefusalReason.NOT_NDJSON, name, found, "one JSON object a line (NDJSON)", cure)
        return
    declared, quote = file_format.delimiter, file_format.quote
    is_single_column = len(file_format.column_names) == 1
    if is_single_column or len(parse_fields(line, declared, quote)) > 1:
        return
    counts = {other: len(parse_fields(line, other, quote)) for other in _DELIMITERS if other != declared}
    likely = max(counts, key=counts.__getitem__)
    if counts[likely] > 1:
        raise refusal(
            RefusalReason.WRONG_DELIMITER,
            name,
            f"the first line is one field, but {counts[likely]} fields by {_DELIMITERS[likely]}",
            f"fields parted by {_DELIMITERS.get(declared, repr(declared))}",
            f"set format.delimiter of the source to {likely!r}, or send the file with {declared!r}",
        )


def match_header(
    found: Sequence[str], source: Source, name: str, policy: SchemaPolicy = SchemaPolicy.EVOLVE
) -> HeaderMatch:
    """Find the columns a source reads in the header of a file (or in format.column_names, where files have no header).

    FileRefusedError `missing_column` where none of the names of a column is there, `duplicate_column` where a name that
    the source reads stands twice, `unexpected_column` under a strict policy where the header has a name that no column
    reads.
    """
    if source.format.type == "ndjson":
        return HeaderMatch({}, (), ())
    fields = source.format.column_names if source.format.header == "none" else found
    keys = [_key(field) for field in fields]
    groups = dict(source.origins())
    required = {names for names, optional in source.origins() if not optional}
    lacking = [names for names in groups if not any(_key(column) in keys for column in names)]
    wanted = {_key(column) for names in groups for column in names}
    left_out = [_key(pattern) for pattern in source.left_out]
    extra = tuple(
        field.strip()
        for field, key in zip(fields, keys, strict=True)
        if key not in wanted and not any(fnmatchcase(key, pattern) for pattern in left_out)
    )
    missing = [names[0] for names in lacking if names in required]
    if missing or (groups and len(lacking) == len(groups)):
        matched, expected = (len(required) - len(missing), len(required)) if required else (0, len(groups))
        if matched * 2 < expected:
            raise _no_header(name, len(fields), matched, expected)
        raise _missing_columns(name, missing, [column for column in extra if column])
    repeated = sorted(key for key in wanted if keys.count(key) > 1)
    if repeated:
        raise refusal(
            RefusalReason.DUPLICATE_COLUMN,
            name,
            f"the header has more than one {', '.join(repeated)}",
            "each column once",
            "remove or rename the column that does not count",
        )
    if policy == SchemaPolicy.STRICT and source.format.header == "required":
        _refuse_unexpected(name, extra)
    return HeaderMatch(
        positions={column: keys.index(_key(column)) for names in groups for column in names if _key(column) in keys},
        extra_columns=extra,
        missing_optional=tuple(names[0] for names in lacking if names not in required),
    )


def shown_names(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
    return ", ".join(names[:_NAMES_SHOWN]) + more


def _refuse_unexpected(name: str, extra: Sequence[str]) -> None:
    named = [column or "a column without a name" for column in extra]
    if named:
        raise FileRefusedError(
            "unexpected_column",
            f"{name}: the header has unexpected {shown_names(named)}; expected only columns that the source declares, "
            "for the schema policy is strict; cure: declare the column, or leave it out by --schema_policy evolve",
        )


def _missing_columns(name: str, missing: list[str], unexpected: list[str]) -> FileRefusedError:
    found = f"the header lacks {shown_names(missing)}"
    if unexpected:
        found += f" and has unexpected {shown_names(unexpected)}"
    return refusal(
        RefusalReason.MISSING_COLUMN,
        name,
        found + _likely_renames(missing, unexpected),
        "every column that the source declares",
        "send the column, or correct its name in the source's declaration",
    )


def _no_header(name: str, fields: int, matched: int, expected: int) -> FileRefusedError:
    return refusal(
        RefusalReason.MISSING_COLUMN,
        name,
        f"the first line does not look like a header ({fields} fields, {matched} of {expected} expected names found)",
        "the declared column names in the first line",
        "send the file with its header, or name the right source",
    )


def _likely_renames(missing: Sequence[str], unexpected: Sequence[str]) -> str:
    by_key = {_key(column): column for column in unexpected}
    likely = {column: difflib.get_close_matches(_key(column), by_key, n=1) for column in missing[:_NAMES_SHOWN]}
    renames = [f"{by_key[close[0]]} for {column}" for column, close in likely.items() if close]
    return f" (did you mean {', '.join(renames)}?)" if renames else ""


def _key(column: str) -> str:
    return column.strip().casefold()
