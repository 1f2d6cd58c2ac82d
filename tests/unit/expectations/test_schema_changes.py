"""What a table that holds data needs to follow its contract, and what each policy says to it."""

from typing import cast

import pytest

from expectations.contract import Column, ColumnType, Table
from expectations.errors import SchemaError
from expectations.schema_changes import SchemaPolicy, check_policy, compare_schema


def table(**types: str) -> Table:
    columns = tuple(
        Column.model_construct(name=name, type=cast("ColumnType", type_), description="A column of a test.", phi="none")
        for name, type_ in types.items()
    )
    return Table.model_construct(name="claims", description="A table of a test.", grain=("a",), columns=columns)


def test_a_table_that_is_as_its_contract_says_needs_nothing_whatever_the_order_of_its_columns() -> None:
    changes = compare_schema(table(a="string", b="int"), {"b": "int", "a": "string"})
    assert not changes.is_needed
    assert changes.sentences == ()


def test_each_difference_is_told_by_column() -> None:
    changes = compare_schema(table(a="string", b="bigint", c="date"), {"b": "int", "a": "string", "z": "string"})
    assert changes.is_needed
    assert changes.sentences == (
        "column c was added",
        "column b was widened from int",
        "column z is not in the contract any more: kept, empty in new rows",
    )


def test_a_column_that_only_the_table_has_is_no_reason_to_change_it() -> None:
    changes = compare_schema(table(a="string"), {"a": "string", "z": "string"})
    assert not changes.is_needed
    check_policy(changes, SchemaPolicy.STRICT)


@pytest.mark.parametrize(
    ("found", "declared"),
    [("int", "bigint"), ("decimal(18,2)", "decimal(20,2)"), ("decimal(18,2)", "decimal(38,2)")],
)
def test_a_wider_type_is_for_evolve_only(found: str, declared: str) -> None:
    changes = compare_schema(table(a=declared), {"a": found})
    check_policy(changes, SchemaPolicy.EVOLVE)
    with pytest.raises(SchemaError, match=r"table claims has a as .+; expected .+ strict; cure: .*evolve"):
        check_policy(changes, SchemaPolicy.STRICT)


@pytest.mark.parametrize("policy", SchemaPolicy)
@pytest.mark.parametrize(
    ("found", "declared"),
    [
        ("bigint", "int"),
        ("decimal(18,2)", "decimal(18,4)"),
        ("decimal(18,4)", "decimal(20,2)"),
        ("decimal(20,2)", "decimal(18,2)"),
        ("int", "decimal(18,2)"),
        ("string", "date"),
        ("date", "timestamp"),
        ("int", "string"),
    ],
)
def test_a_type_that_would_lose_values_is_an_error_under_both_policies(
    found: str, declared: str, policy: SchemaPolicy
) -> None:
    with pytest.raises(SchemaError) as error:
        check_policy(compare_schema(table(a=declared), {"a": found}), policy)
    assert f"table claims: column a is {found} and the contract says {declared}; expected " in str(error.value)
    assert "; cure: " in str(error.value)


def test_strict_names_every_column_that_is_missing() -> None:
    with pytest.raises(SchemaError, match=r"table claims has no column b, no column c, d as int; expected"):
        check_policy(
            compare_schema(table(a="int", b="int", c="int", d="bigint"), {"a": "int", "d": "int"}), SchemaPolicy.STRICT
        )
