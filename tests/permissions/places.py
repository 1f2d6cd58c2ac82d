"""Places in S3 as far as the source tells them: what they begin with, a setting or a zone of the lake, and their key.

A place is a type, `text:${REPORTS_URI}/files/x.json`. What is filled into a key is a sample, so that the key fits the
pattern of a policy as a real one would.
"""

import ast
from collections.abc import Callable
from inspect import signature

from expectations.object_keys import ZONE, Lake
from tests.permissions.told_places import A_RUN

Types = frozenset[str]
SETTINGS, LAKE = "lambdas.common.settings.Settings", "expectations.object_keys.Lake"
WRAPPERS = (
    "lambdas.common.object_store.",
    "lambdas.common.topics.",
    "glue_jobs.storage.objects.",
    "glue_jobs.storage.copies.",
)
"""Modules that do with any place what they are asked to: where a call goes is told by who asks."""
LISTED = ("str", "Place", "StoredObject")
LONGEST = 300
SAMPLES = {"run_id": A_RUN, "job_id": A_RUN, "extension": "json"}
"""What stands for a part of a key, by the name that the code has for it; `x` for all others."""


def place_of(kind: str, owners: set[str], name: str, fields: set[str]) -> Types:
    """The place that a member of an object names: a setting, or a zone of the lake."""
    if kind == "object" and SETTINGS in owners and name in fields:
        return frozenset({f"text:${{{name.upper()}}}"})
    if kind == "object" and LAKE in owners and name not in ("root", "zone"):
        found = getattr(Lake(f"s3://{ZONE}"), name)
        if callable(found):
            found = found(*(SAMPLES.get(one, "x") for one in signature(found).parameters))
        return frozenset({f"text:{found}"})
    return frozenset()


def filled_in(node: ast.JoinedStr, types_of: Callable[[ast.expr], Types]) -> Types:
    """Where an f-string begins with a known place: the place with its key."""
    first, *rest = [one for one in node.values if not (isinstance(one, ast.Constant) and one.value == "s3://")]
    if not isinstance(first, ast.FormattedValue):
        return frozenset()
    key = "".join(str(one.value) if isinstance(one, ast.Constant) else _sample(one) for one in rest)
    return frozenset(f"{one}{key}" for one in texts_of(types_of(first.value)) if len(one) < LONGEST)


def lists_places(function: str, returns: ast.expr | None) -> bool:
    """Whether a wrapper gives what lies where it was asked to look."""
    text = ast.unparse(returns) if returns else ""
    return function.startswith(WRAPPERS) and any(one in text for one in LISTED)


def below(types: Types) -> Types:
    """Something below each place."""
    return frozenset(f"{one}/x" for one in texts_of(types) if len(one) < LONGEST)


def texts_of(types: Types) -> Types:
    """Those that are places."""
    return frozenset(one for one in types if one.startswith("text:"))


def _sample(node: ast.expr) -> str:
    value = node.value if isinstance(node, ast.FormattedValue) else node
    name = value.attr if isinstance(value, ast.Attribute) else value.id if isinstance(value, ast.Name) else ""
    return SAMPLES.get(name, "x")
