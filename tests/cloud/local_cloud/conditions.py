"""Conditions of a policy statement, as IAM decides them.

A condition holds when every operator holds for each of its keys; an operator holds for a key when one of the values
that the policy names fits (for the negated ones: when none does). A key that the request does not have fits nothing,
so negated operators and those `...IfExists` hold for it.
"""

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

Context = Mapping[str, str]
Test = Callable[[str, str], bool]
NEGATED = "Not"
IF_EXISTS = "IfExists"
SET_PREFIXES = ("ForAnyValue:", "ForAllValues:")


class UnknownOperatorError(Exception):
    """Raised when a policy has an operator that is not known here; letting it pass would be a false proof."""


def conditions_hold(conditions: Mapping[str, Mapping[str, Any]], context: Context) -> bool:
    """Whether the request with these values fulfils the conditions.

    Args:
        conditions: The statement's `Condition`: operator to key to one value or several.
        context: The request's values by condition key.
    """
    known = {key.lower(): value for key, value in context.items()}
    return all(
        _holds(operator, known.get(key.lower()), _texts(wanted))
        for operator, keys in conditions.items()
        for key, wanted in keys.items()
    )


def _holds(operator: str, value: str | None, wanted: list[str]) -> bool:
    for prefix in SET_PREFIXES:
        operator = operator.removeprefix(prefix)
    if operator == "Null":
        return (value is None) == (wanted[0].lower() == "true")
    if value is None:
        return NEGATED in operator or operator.endswith(IF_EXISTS)
    plain = operator.removesuffix(IF_EXISTS)
    fits = any(_test(plain.replace(NEGATED, ""))(value, one) for one in wanted)
    return fits != (NEGATED in plain)


def _test(operator: str) -> Test:
    if operator not in TESTS:
        raise UnknownOperatorError(f"Condition operator {operator} is not known; cure: add it to {__name__}.TESTS")
    return TESTS[operator]


def _texts(wanted: Any) -> list[str]:  # noqa: ANN401 - a policy is JSON: one value or a list of them
    values = wanted if isinstance(wanted, list) else [wanted]
    return [str(value).lower() if isinstance(value, bool) else str(value) for value in values]


TESTS: dict[str, Test] = {
    "StringEquals": lambda value, wanted: value == wanted,
    "StringEqualsIgnoreCase": lambda value, wanted: value.lower() == wanted.lower(),
    "StringLike": fnmatchcase,
    "ArnEquals": fnmatchcase,
    "ArnLike": fnmatchcase,
    "Bool": lambda value, wanted: value.lower() == wanted.lower(),
    "NumericEquals": lambda value, wanted: float(value) == float(wanted),
    "NumericLessThan": lambda value, wanted: float(value) < float(wanted),
    "NumericLessThanEquals": lambda value, wanted: float(value) <= float(wanted),
    "NumericGreaterThan": lambda value, wanted: float(value) > float(wanted),
    "NumericGreaterThanEquals": lambda value, wanted: float(value) >= float(wanted),
}
"""Operators that are not negated, by name; `fnmatchcase` gives `*` and `?` the meaning that IAM gives them."""
