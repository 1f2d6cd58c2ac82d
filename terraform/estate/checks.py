"""A check asks one thing of all resources of a type: an attribute, and what it must be."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from terraform.estate.plan import UNKNOWN, Estate, Resource

ACCOUNT = re.compile(r"\b\d{12}\b")


@dataclass(frozen=True)
class Want:
    """What a value must be: in words, as a predicate of the value and the estate, and how one that is so is told."""

    words: str
    holds: Callable[[Any, Estate], bool]
    told: Callable[[Any, Estate], str]


def equals(*values: str | float | bool) -> Want:
    """One of the values."""
    return Want(" or ".join(f"`{shown(value)}`" for value in values), lambda value, _: value in values, _plainly)


def at_least(number: int) -> Want:
    """A number from this one on."""
    return Want(f"at least {number}", lambda value, _: isinstance(value, int | float) and value >= number, _plainly)


def is_set() -> Want:
    """Anything; what it is is not told."""
    return Want("set", lambda value, _: value != {}, lambda *_: "set")


def is_told() -> Want:
    """Anything; it is told."""
    return Want("set", lambda value, _: value != {}, _plainly)


def is_a(kind: str) -> Want:
    """The ARN, id or name of a resource of this type."""

    def found(value: Any, estate: Estate) -> Resource | None:  # noqa: ANN401 - a value of a plan
        return estate.named(value, kind) if isinstance(value, str) else None

    def told(value: Any, estate: Estate) -> str:  # noqa: ANN401 - a value of a plan
        resource = found(value, estate)
        return f"`{resource.block}`" if resource else _plainly(value, estate)

    return Want(f"of type `{kind}`", lambda value, estate: found(value, estate) is not None, told)


def denies(condition: str) -> Want:
    """A policy with a statement that denies by this condition."""

    def holds(value: Any, _: Estate) -> bool:  # noqa: ANN401 - a value of a plan
        statements = json.loads(value)["Statement"]
        return any(one["Effect"] == "Deny" and f'"{condition}"' in json.dumps(one) for one in statements)

    words = f"denies by `{condition}`"
    return Want(words, holds, lambda value, estate: words if holds(value, estate) else "a policy that does not")


SET = is_set()


@dataclass(frozen=True)
class Check:
    """What is asked.

    Attributes:
        type: The type of the resources.
        path: Dotted path of the attribute; each of its values must be what is wanted. Empty: that there is one.
        want: What it must be.
        only: A regular expression; addresses without it are not asked.
        each: A type; there must be as many that are asked as there are of it.
        distinct: Whether no two may have the same value.
        absent: Whether there must be none of the type.
    """

    type: str
    path: str = ""
    want: Want = SET
    only: str = ""
    each: str = ""
    distinct: bool = False
    absent: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came out: the resources that meet a check with the values they have, and what is wrong, in words."""

    check: Check
    met: tuple[Resource, ...]
    values: tuple[str, ...]
    faults: tuple[str, ...]


def carry_out(check: Check, estate: Estate) -> Outcome:
    """Ask the resources of an estate."""
    asked = tuple(one for one in estate.of_type(check.type) if re.search(check.only, one.address))
    if check.absent:
        there = (f"{counted(asked)}: there, and should not be",) if asked else ()
        return Outcome(check, (), (), there)
    met = tuple(one for one in asked if _meets(check, one, estate))
    values = {_told(check, value, estate) for one in met for value in _values(check, one)}
    wrong: dict[str, list[Resource]] = {}
    for one in asked:
        if one not in met:
            wrong.setdefault(_found(check, one, estate), []).append(one)
    faults = [f"{counted(ones)}: `{check.path}` is {found}" for found, ones in sorted(wrong.items())]
    return Outcome(check, met, tuple(sorted(values)), (*faults, *_faults_of_all(check, asked, estate)))


def counted(resources: Iterable[Resource]) -> str:
    """Their blocks, each with how many it made where it made several."""
    blocks = Counter(resource.block for resource in resources)
    return ", ".join(f"`{block}`" + (f" ({count})" if count > 1 else "") for block, count in sorted(blocks.items()))


def shown(value: Any) -> str:  # noqa: ANN401 - a value of a plan
    """A value in HCL's spelling, without the number of an account."""
    text = value if isinstance(value, str) else json.dumps(value)
    return ACCOUNT.sub("<account>", text)


def _plainly(value: Any, _: Estate) -> str:  # noqa: ANN401 - a value of a plan
    return f"`{shown(value)}`"


def _told(check: Check, value: Any, estate: Estate) -> str:  # noqa: ANN401 - a value of a plan
    return "known after apply" if value == UNKNOWN else check.want.told(value, estate)


def _values(check: Check, resource: Resource) -> list[Any]:
    return resource.at(check.path) if check.path else []


def _meets(check: Check, resource: Resource, estate: Estate) -> bool:
    if not check.path or check.path.split(".")[0] in resource.untold:
        return True
    values = _values(check, resource)
    return bool(values) and all(value == UNKNOWN or check.want.holds(value, estate) for value in values)


def _found(check: Check, resource: Resource, estate: Estate) -> str:
    told = sorted({_told(check, value, estate) for value in _values(check, resource)})
    return f"{', '.join(told)}, not {check.want.words}" if told else "not set"


def _faults_of_all(check: Check, asked: tuple[Resource, ...], estate: Estate) -> list[str]:
    """What is wrong with all of them together: none, too few, two alike."""
    if not asked:
        return [f"no `{check.type}`" + (f" like `{check.only}`" if check.only else "")]
    values = [value for one in asked for value in _values(check, one) if value != UNKNOWN]
    wanted = len(estate.of_type(check.each)) if check.each else 0
    few = [f"`{check.type}`: {len(asked)} for {wanted} of `{check.each}`"] if len(asked) < wanted else []
    alike = check.distinct and len(set(values)) < len(values)
    return few + ([f"`{check.type}`: two have the same `{check.path}`"] if alike else [])
