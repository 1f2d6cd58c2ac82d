"""What a claim line says of its version: what the version does, whose claim it is, and where it stands in the order.

The rules are in docs/versions.md; here a source's declaration becomes columns.
"""

from collections.abc import Collection, Mapping
from functools import reduce
from itertools import chain
from operator import and_

from pyspark.sql import Column
from pyspark.sql import functions as F

from expectations.contract import Source, Table, Versions

ORIGINAL, ADDITION, INTERIM, VOID, REPLACEMENT = ACTIONS = ("original", "addition", "interim", "void", "replacement")
"""What versions do, in the order in which those of one day are taken."""

FREQUENCY_ACTIONS = (
    dict.fromkeys("7FGHIJKMPQY", REPLACEMENT)
    | dict.fromkeys("8DX", VOID)
    | dict.fromkeys("5", ADDITION)
    | dict.fromkeys("234", INTERIM)
)
ADJUSTMENT_ACTIONS = {"1": VOID, "2": REPLACEMENT, "3": ADDITION, "4": ADDITION}
RECORD_TYPES = {VOID: VOID, REPLACEMENT: REPLACEMENT}
"""Action to claim_record_type; every other action is an original's."""

NEEDED = ("data_source", "claim_id", "charge_amount", "paid_amount", "file_date")
KEY_LENGTH = 32
DIGITS = 19
NOT_FINAL, MAY_BE_FINAL = "0", "1"
"""First character of version_order."""


def version_columns(source: Source, table: Table, given: Mapping[str, Column]) -> dict[str, Column]:
    """Columns of `medical_claim_version` that follow from a line alone, from those of its columns that it has."""
    declared = source.versions or Versions()
    values = {name: given.get(name, F.lit(None).cast(table.column(name).type)) for name in (*NEEDED, *declared.columns)}
    action = _action(declared, values)
    key = _claim_key(declared, values)
    target = F.coalesce(_comparable(values[declared.original], declared), key) if declared.original else key
    order, may_be_final = _order(declared, table, values), F.lit(MAY_BE_FINAL)
    if declared.final_flag:
        may_be_final = F.when(values[declared.final_flag] == 0, F.lit(NOT_FINAL)).otherwise(may_be_final)
    identity = (values["data_source"], key, values["claim_id"], action, order, target)
    # a source that sends final claims only may still say what each was
    kind = action if source.versions or "claim_frequency_code" not in given else _said_by_frequency(given)
    return {
        "version_action": action,
        "claim_record_type": F.coalesce(_mapped(RECORD_TYPES, kind), F.lit(ORIGINAL)),
        "claim_key": key,
        "target_key": target,
        "version_order": F.concat_ws(" ", may_be_final, order) if source.versions else F.lit(None).cast("string"),
        "claim_version_id": _hashed(identity),
    }


def delivery_date(source: Source, present: Collection[str]) -> Column:
    """The file's date where it orders the version: then the same record in a file of another day is another version."""
    if not (source.versions and source.versions.order_else):
        return F.lit(None).cast("date")
    ordering = [F.col(name).isNull() for name in source.versions.order if name in present]
    return F.when(reduce(and_, ordering, F.lit(True)), F.col("file_date"))


def _action(declared: Versions, values: Mapping[str, Column]) -> Column:
    said = [_said(name, values[name]) for name in declared.actions]
    action = F.coalesce(*said, F.lit(ORIGINAL))
    if not declared.negative_is_void:
        return action
    negative = F.coalesce(values["charge_amount"], values["paid_amount"]) < 0
    return F.when((action == ORIGINAL) & negative, F.lit(VOID)).otherwise(action)


def _said_by_frequency(given: Mapping[str, Column]) -> Column:
    return F.coalesce(_said("claim_frequency_code", given["claim_frequency_code"]), F.lit(ORIGINAL))


def _said(name: str, code: Column) -> Column:
    if name == "claim_adjustment_type_code":
        return _known_or_original(ADJUSTMENT_ACTIONS, code)
    frequency = F.substring(code, 3, 1) if name == "bill_type_code" else code
    return _known_or_original(FREQUENCY_ACTIONS, F.when(frequency != "", F.upper(frequency)))


def _known_or_original(actions: dict[str, str], code: Column) -> Column:
    return F.when(code.isNotNull(), F.coalesce(_mapped(actions, code), F.lit(ORIGINAL)))


def _mapped(texts: dict[str, str], column: Column) -> Column:
    return F.try_element_at(F.create_map(*map(F.lit, chain.from_iterable(texts.items()))), column)


def _claim_key(declared: Versions, values: Mapping[str, Column]) -> Column:
    parts = [values[name] for name in declared.claim]
    alone = _comparable(values["claim_id"], declared)
    if len(parts) == 1:
        return F.coalesce(_comparable(parts[0].cast("string"), declared), alone)
    return F.when(reduce(and_, [part.isNotNull() for part in parts]), _hashed(parts)).otherwise(alone)


def _comparable(text: Column, declared: Versions) -> Column:
    suffix = declared.claim_id_suffix
    return F.regexp_replace(text, f"(?:{suffix})$", "") if suffix else text


def _order(declared: Versions, table: Table, values: Mapping[str, Column]) -> Column:
    parts = [_sortable(table.column(name).type, values[name]) for name in declared.order]
    if declared.order_else:
        unordered = reduce(and_, [values[name].isNull() for name in declared.order], F.lit(True))
        parts.append(F.when(unordered, values["file_date"].cast("string")))
    return F.concat_ws(" ", *[F.coalesce(part, F.lit("")) for part in parts])


def _sortable(column_type: str, value: Column) -> Column:
    # a blank sorts before every letter and digit, so that an empty value, and a shorter text, come first
    text = value.cast("string")
    return F.lpad(text, DIGITS, "0") if column_type in ("int", "bigint") else text


def _hashed(parts: tuple[Column, ...] | list[Column]) -> Column:
    text = F.concat_ws("\x1f", *[F.coalesce(part.cast("string"), F.lit("\x1e")) for part in parts])
    return F.substring(F.sha2(text, 256), 1, KEY_LENGTH)
