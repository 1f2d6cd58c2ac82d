"""What predicates say about values, in SQL's logic of three values: None is unknown."""

import operator
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from expectations.errors import ContractError
from expectations.patterns import like_pattern, pattern
from expectations.predicate_kinds import TRUTH, Row, Term, common, require

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def all_of(parts: Sequence[Term]) -> Term:
    """AND: false where a part is false, else unknown where one is unknown."""
    values = [require(part, "AND", "truth").value for part in parts]

    def every(row: Row, today: date) -> bool | None:
        found: bool | None = True
        for value in values:
            one = value(row, today)
            if one is False:
                return False
            if one is None:
                found = None
        return found

    return Term(TRUTH, every)


def any_of(parts: Sequence[Term]) -> Term:
    """OR: true where a part is true, else unknown where one is unknown."""
    values = [require(part, "OR", "truth").value for part in parts]

    def some(row: Row, today: date) -> bool | None:
        found: bool | None = False
        for value in values:
            one = value(row, today)
            if one is True:
                return True
            if one is None:
                found = None
        return found

    return Term(TRUTH, some)


def not_(part: Term) -> Term:
    """NOT: unknown stays unknown."""
    value = require(part, "NOT", "truth").value

    def opposite(row: Row, today: date) -> bool | None:
        found = value(row, today)
        return None if found is None else not found

    return Term(TRUTH, opposite)


def compare(sign: str, left: Term, right: Term) -> Term:
    """A comparison: unknown where a side is unknown. Text is compared by code points, which is UTF-8's order too."""
    if common([left, right], f"comparison {sign}").name == "truth" and sign not in {"=", "<>"}:
        raise ContractError("truth values are compared with = and <> only")
    if left.kind.name == right.kind.name == "shifted_date":
        raise ContractError("two shifted dates do not compare; cure: shift one of the two")
    holds, one, other = COMPARISONS[sign], left.value, right.value
    if right.literal is not None:
        constant = right.literal

        def with_literal(row: Row, today: date) -> bool | None:
            found = one(row, today)
            return None if found is None else holds(found, constant)

        return Term(TRUTH, with_literal)

    def with_value(row: Row, today: date) -> bool | None:
        first = one(row, today)
        if first is None:
            return None
        second = other(row, today)
        return None if second is None else holds(first, second)

    return Term(TRUTH, with_value)


def null_safe_equal(left: Term, right: Term) -> Term:
    """<=>: true where both are equal or both are missing, never unknown."""
    if common([left, right], "<=>").name == "shifted_date":
        raise ContractError("<=> does not take shifted dates")
    one, other = left.value, right.value
    return Term(TRUTH, lambda row, today: one(row, today) == other(row, today))


def is_missing(term: Term) -> Term:
    """IS NULL."""
    value, name = term.value, term.column
    if name:
        return Term(TRUTH, lambda row, _: row.get(name) is None)
    return Term(TRUTH, lambda row, today: value(row, today) is None)


def is_exactly(term: Term, expected: bool) -> Term:
    """IS TRUE, IS FALSE: never unknown."""
    value = require(term, "IS TRUE", "truth").value
    return Term(TRUTH, lambda row, today: value(row, today) is expected)


def one_of(term: Term, choices: Sequence[Term]) -> Term:
    """IN: with literals a look-up, else an OR of equalities."""
    common([term, *choices], "IN")
    require(term, "IN", "text", "whole", "decimal", "date")
    if any(choice.literal is None for choice in choices):
        return any_of([compare("=", term, choice) for choice in choices])
    value, known = term.value, frozenset(choice.literal for choice in choices)

    def is_known(row: Row, today: date) -> bool | None:
        found = value(row, today)
        return None if found is None else found in known

    return Term(TRUTH, is_known)


def matches(term: Term, regular_expression: Term) -> Term:
    """RLIKE: whether the expression is found anywhere."""
    return _found(term, pattern(_literal_text(regular_expression, "RLIKE")).search, "RLIKE")


def is_like(term: Term, text: Term) -> Term:
    """LIKE: whether the whole text is as the pattern says."""
    return _found(term, like_pattern(_literal_text(text, "LIKE")).match, "LIKE")


def _found(term: Term, find: Callable[[str], object], what: str) -> Term:
    value = require(term, what, "text").value

    def found(row: Row, today: date) -> bool | None:
        text = value(row, today)
        return None if text is None else find(text) is not None

    return Term(TRUTH, found)


def _literal_text(term: Term, what: str) -> str:
    if not isinstance(term.literal, str):
        raise ContractError(f"{what} takes a text literal on its right")
    return term.literal


def first_known(terms: Sequence[Term]) -> Term:
    """COALESCE: the first value that is not missing."""
    kind = common(list(terms), "COALESCE")
    names = [term.column for term in terms]
    if all(names):

        def first_column(row: Row, _: date) -> object:
            for name in names:
                if (found := row.get(name)) is not None:
                    return found
            return None

        return Term(kind, first_column)
    values = [term.value for term in terms]

    def first(row: Row, today: date) -> object:
        for value in values:
            if (found := value(row, today)) is not None:
                return found
        return None

    return Term(kind, first)


def outermost(terms: Sequence[Term], choose: Callable[[list[Any]], Any], what: str) -> Term:
    """GREATEST and LEAST: of the values that are not missing."""
    kind = common(list(terms), what)
    if kind.name not in {"text", "whole", "decimal", "date"}:
        raise ContractError(f"{what} does not take {kind.name}")
    values = [term.value for term in terms]

    def chosen(row: Row, today: date) -> object:
        known = [found for value in values if (found := value(row, today)) is not None]
        return choose(known) if known else None

    return Term(kind, chosen)


def chosen_branch(branches: Sequence[tuple[Term, Term]], otherwise: Term | None) -> Term:
    """CASE and IF: what stands at the first condition that is true; without one, and without ELSE, missing."""
    results = [result for _, result in branches] + ([otherwise] if otherwise else [])
    kind = common(results, "CASE")
    cases = [(require(condition, "CASE", "truth").value, result.value) for condition, result in branches]
    rest = otherwise.value if otherwise else None

    def branch(row: Row, today: date) -> object:
        for condition, result in cases:
            if condition(row, today) is True:
                return result(row, today)
        return rest(row, today) if rest else None

    return Term(kind, branch)
