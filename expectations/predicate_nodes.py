"""What each node of a parsed predicate means; whatever is not here, or says more than is expected here, is refused."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from expectations.errors import ContractError
from expectations.predicate_functions import FUNCTIONS
from expectations.predicate_kinds import TRUTH, Term, add, multiply, negative, remainder, subtract
from expectations.predicate_literals import Reader, constant, read_cast, read_date_literal, read_literal, unsupported
from expectations.predicate_logic import (
    COMPARISONS,
    all_of,
    any_of,
    chosen_branch,
    compare,
    is_exactly,
    is_like,
    is_missing,
    matches,
    not_,
    null_safe_equal,
    one_of,
)


@dataclass(frozen=True)
class Reading:
    """How a node is read, and which of its arguments are understood."""

    read: Callable[[Reader, Any], Term]
    keys: frozenset[str]


def _is(reader: Reader, node: exp.Is) -> Term:
    term, what = reader.read(node.this), node.expression
    if isinstance(what, exp.Null):
        return is_missing(term)
    if isinstance(what, exp.Boolean):
        return is_exactly(term, bool(what.this))
    raise unsupported(node)


def _between(reader: Reader, node: exp.Between) -> Term:
    term, low, high = reader.read_all([node.this, node.args["low"], node.args["high"]])
    return all_of([compare(">=", term, low), compare("<=", term, high)])


def _like(reader: Reader, node: exp.Like) -> Term:
    found = is_like(reader.read(node.this), reader.read(node.expression))
    return not_(found) if node.args.get("negate") else found


def _case(reader: Reader, node: exp.Case) -> Term:
    subject, default = node.this, node.args.get("default")
    branches = []
    for branch in node.args["ifs"]:
        condition = exp.EQ(this=subject.copy(), expression=branch.this.copy()) if subject else branch.this
        branches.append((reader.read(condition), reader.read(branch.args["true"])))
    return chosen_branch(branches, reader.read(default) if default else None)


def _if(reader: Reader, node: exp.If) -> Term:
    if "false" not in node.args:
        raise unsupported(node)
    condition, result, otherwise = reader.read_all([node.this, node.args["true"], node.args["false"]])
    return chosen_branch([(condition, result)], otherwise)


def _quantified(reader: Reader, elements: exp.Expr, body: exp.Expr) -> list[Term]:
    """The body of a lambda, once for each element of a literal array."""
    is_plain = isinstance(elements, exp.Array) and isinstance(body, exp.Lambda) and len(body.expressions) == 1
    if not is_plain or not elements.expressions:
        raise ContractError("exists and forall take array(...) and one lambda x -> ..., nothing else")
    name = body.expressions[0].name

    def in_its_place(node: exp.Expr, element: exp.Expr) -> exp.Expr:
        stands_for_it = isinstance(node, exp.Column | exp.Identifier) and node.name == name
        return element.copy() if stands_for_it else node

    return [reader.read(body.this.copy().transform(in_its_place, element)) for element in elements.expressions]


def _anonymous(reader: Reader, node: exp.Anonymous) -> Term:
    name = node.name.lower()
    if name == "forall" and len(node.expressions) == 2:  # noqa: PLR2004 - array and lambda
        return all_of(_quantified(reader, *node.expressions))
    if name not in FUNCTIONS:
        raise unsupported(node)
    return _called(node, name, reader.read_all(node.expressions))


def _called(node: exp.Expr, name: str, terms: Sequence[Term]) -> Term:
    try:
        return FUNCTIONS[name](*terms)
    except TypeError as error:
        raise ContractError(f"{name} does not take {len(terms)} values in {node.sql(dialect='spark')!r}") from error


def _function(name: str, *keys: str, beside: Sequence[str] = ()) -> Reading:
    """A function whose arguments the parser keeps under `keys`; what it keeps `beside` them says nothing more."""

    def read(reader: Reader, node: exp.Expr) -> Term:
        nodes: list[exp.Expr] = []
        for key in keys:
            found = node.args.get(key)
            nodes.extend(found if isinstance(found, list) else [found] if found is not None else [])
        if name == "concat" and all(isinstance(one, exp.Literal) for one in nodes):
            raise unsupported(node)  # 'it''s', which versions of Spark read apart
        plain = [one.this if isinstance(one, exp.TsOrDsToDate) else one for one in nodes]
        return _called(node, name, reader.read_all(plain))

    return Reading(read, frozenset({*keys, *beside}))


def _two(operation: Callable[[Term, Term], Term], *beside: str) -> Reading:
    keys = frozenset({"this", "expression", *beside})
    return Reading(lambda reader, node: operation(reader.read(node.this), reader.read(node.expression)), keys)


def _comparison(sign: str) -> Reading:
    return _two(lambda left, right: compare(sign, left, right))


def _one(read: Callable[[Reader, Any], Term], *keys: str) -> Reading:
    return Reading(read, frozenset({"this", *keys}))


NODES: dict[type[exp.Expr], Reading] = {
    exp.And: _one(lambda reader, node: all_of(reader.read_all(list(node.flatten()))), "expression"),
    exp.Or: _one(lambda reader, node: any_of(reader.read_all(list(node.flatten()))), "expression"),
    exp.Not: _one(lambda reader, node: not_(reader.read(node.this))),
    exp.Paren: _one(lambda reader, node: reader.read(node.this)),
    exp.Literal: _one(read_literal, "is_string"),
    exp.Boolean: _one(lambda _, node: constant(TRUTH, bool(node.this))),
    exp.Cast: _one(read_date_literal, "to"),
    exp.TryCast: _one(read_cast, "to", "safe"),
    exp.Is: _one(_is, "expression"),
    exp.In: _one(lambda reader, node: one_of(reader.read(node.this), reader.read_all(node.expressions)), "expressions"),
    exp.Between: _one(_between, "low", "high"),
    exp.Case: _one(_case, "ifs", "default"),
    exp.If: _one(_if, "true", "false"),
    exp.Exists: _one(lambda reader, node: any_of(_quantified(reader, node.this, node.expression)), "expression"),
    exp.Anonymous: _one(_anonymous, "expressions"),
    **{
        node: _comparison(sign)
        for node, sign in zip((exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE), COMPARISONS, strict=True)
    },
    exp.NullSafeEQ: _two(null_safe_equal),
    exp.RegexpLike: _two(matches),
    exp.Like: _one(_like, "expression", "negate"),
    exp.Add: _two(add),
    exp.Sub: _two(subtract),
    exp.Mul: _two(multiply),
    exp.Mod: _two(remainder),
    exp.Neg: _one(lambda reader, node: negative(reader.read(node.this))),
    exp.Abs: _function("abs", "this"),
    exp.AddMonths: _function("add_months", "this", "expression"),
    exp.Coalesce: _function("coalesce", "this", "expressions"),
    exp.Concat: _function("concat", "expressions", beside=("safe", "coalesce")),
    exp.ConcatWs: _function("concat_ws", "expressions", beside=("safe", "coalesce", "flatten")),
    exp.CurrentDate: _function("current_date"),
    exp.DateDiff: _function("datediff", "this", "expression"),
    exp.Day: _function("day", "this"),
    exp.DayOfMonth: _function("day", "this"),
    exp.DPipe: _function("concat", "this", "expression", beside=("safe",)),
    exp.Greatest: _function("greatest", "this", "expressions", beside=("ignore_nulls",)),
    exp.Least: _function("least", "this", "expressions", beside=("ignore_nulls",)),
    exp.Left: _function("left", "this", "expression"),
    exp.Length: _function("length", "this"),
    exp.Lower: _function("lower", "this"),
    exp.Month: _function("month", "this"),
    exp.Right: _function("right", "this", "expression"),
    exp.Substring: _function("substring", "this", "start", "length"),
    exp.Trim: _function("trim", "this"),
    exp.TsOrDsAdd: _function("date_add", "this", "expression", beside=("unit",)),
    exp.Upper: _function("upper", "this"),
    exp.Year: _function("year", "this"),
}
