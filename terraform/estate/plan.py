"""The estate as a rendered plan tells it: what `terraform show -json` writes, as resources with their attributes.

A plan of an estate that stands knows every value. Before the first apply a plan leaves out what only AWS gives (the
ARN of a key): here such a value is `UNKNOWN` where the configuration sets the attribute, so that what is set is told
from one that is not.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from terraform.estate.errors import EstateError

UNKNOWN = "known-after-apply"
IDENTITIES = ("arn", "id", "key_arn", "name", "bucket", "function_name", "qualified_arn")
"""Attributes whose value may name a resource in another's attribute, the surest first."""
Tree = dict[str, Any]


@dataclass(frozen=True)
class Resource:
    """A resource of a plan.

    Attributes:
        address: Where Terraform has it: `module.queues.aws_sqs_queue.queue["landing"]`.
        type: `aws_sqs_queue`.
        values: Its attributes, as planned.
        untold: Names of attributes of which the plan tells nothing before an apply, not even whether they are set.
    """

    address: str
    type: str
    values: Tree
    untold: frozenset[str] = frozenset()

    @property
    def block(self) -> str:
        """The address of its block, which may make many: without the key of the last `for_each`."""
        head, _, tail = self.address.rpartition(f"{self.type}.")
        return f"{head}{self.type}.{tail.split('[', 1)[0]}"

    @property
    def key(self) -> str:
        """The key of the last `for_each` or, for a resource without one, of its module's; empty where there is none."""
        for part in (self.address.removeprefix(self.block), self.block):
            if '["' in part:
                return part.split('["')[-1].split('"]')[0]
        return ""

    def at(self, path: str) -> list[Any]:
        """All values at a dotted path; each entry of a list is looked into, what is empty or missing gives nothing."""
        found: list[Any] = [self.values]
        for name in path.split("."):
            known = [entry for entry in found if entry == UNKNOWN or (isinstance(entry, dict) and name in entry)]
            values = [UNKNOWN if entry == UNKNOWN else entry[name] for entry in known]
            found = [entry for value in values for entry in (value if isinstance(value, list) else [value])]
        return [value for value in found if value not in (None, "")]

    def text(self) -> str:
        """Everything that it says, as JSON."""
        return json.dumps(self.values, sort_keys=True)


@dataclass(frozen=True)
class Estate:
    """The resources of an environment, in the order of their addresses."""

    environment: str
    resources: tuple[Resource, ...]

    @classmethod
    def of(cls, plan: Tree) -> Self:
        """Read a plan."""
        try:
            environment = plan["variables"]["environment"]["value"]
            planned = completed(plan)["planned_values"]["root_module"]
            unknown = _unknown(plan)
        except (KeyError, TypeError) as error:
            raise EstateError("This is no plan of terraform/; cure: terraform show -json <saved plan>") from error
        managed = [
            Resource(
                one["address"], one["type"], one["values"], _untold(one["values"], unknown.get(one["address"], {}))
            )
            for one in walk(planned)
            if one["mode"] == "managed"
        ]
        return cls(environment, tuple(sorted(managed, key=lambda resource: resource.address)))

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read the file of a plan."""
        return cls.of(load(file))

    def of_type(self, kind: str) -> tuple[Resource, ...]:
        """The resources of a type."""
        return tuple(resource for resource in self.resources if resource.type == kind)

    def named(self, value: str, kind: str = "") -> Resource | None:
        """The resource, of this type where one is given, that an ARN, an id or a name belongs to."""
        return next((one for one in self._by_identity.get(value, ()) if kind in ("", one.type)), None)

    @cached_property
    def _by_identity(self) -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = {}
        for attribute in IDENTITIES:
            for resource in self.resources:
                value = resource.values.get(attribute)
                if isinstance(value, str) and value not in ("", UNKNOWN):
                    found.setdefault(value, []).append(resource)
        return found


def load(file: Path) -> Tree:
    """The JSON of a plan."""
    try:
        return dict(json.loads(file.read_text()))
    except (OSError, ValueError) as error:
        raise EstateError(f"{file} is no rendered plan; cure: make plans") from error


def walk(module: Tree) -> Iterator[Tree]:
    """The resources of a module of `planned_values` and of all modules in it."""
    yield from module.get("resources", [])
    for child in module.get("child_modules", []):
        yield from walk(child)


def completed(plan: Tree) -> Tree:
    """A copy of a plan in which `UNKNOWN` stands where the configuration sets what only an apply makes known.

    What stands already is left out: nothing that is asked of a plan needs it, and it can hold secrets.
    """
    plan = json.loads(json.dumps({name: part for name, part in plan.items() if name != "prior_state"}))
    configured = _configured(plan["configuration"]["root_module"], "")
    unknown = _unknown(plan)
    for resource in walk(plan["planned_values"]["root_module"]):
        block = Resource(resource["address"], resource["type"], {}).block
        names = configured.get(_without_keys(block), set())
        values = resource.setdefault("values", {})
        for name, what in unknown.get(resource["address"], {}).items():
            if name in names or isinstance(what, list):
                values[name] = _filled(values.get(name), what)
    return plan


def _unknown(plan: Tree) -> dict[str, Tree]:
    """What each resource's values after an apply are not known of, by its address."""
    return {one["address"]: one["change"].get("after_unknown") or {} for one in plan.get("resource_changes", [])}


def _untold(values: Tree, unknown: Tree) -> frozenset[str]:
    return frozenset(name for name, what in unknown.items() if what is True and values.get(name) in (None, []))


def _filled(value: Any, unknown: Any) -> Any:  # noqa: ANN401 - any JSON
    if unknown is True:
        return UNKNOWN if value is None else value
    if isinstance(unknown, dict):
        own = value if isinstance(value, dict) else {}
        return own | {name: _filled(own.get(name), what) for name, what in unknown.items() if what}
    if isinstance(unknown, list):
        own_list = value if isinstance(value, list) else []
        longer = [*own_list, *[None] * (len(unknown) - len(own_list))]
        return [_filled(entry, what) for entry, what in zip(longer, unknown, strict=False)]
    return value


def _configured(module: Tree, prefix: str) -> dict[str, set[str]]:
    """Which attributes each block of the configuration sets, by its address without keys."""
    found = {f"{prefix}{one['address']}": set(one.get("expressions", {})) for one in module.get("resources", [])}
    for name, call in module.get("module_calls", {}).items():
        found |= _configured(call["module"], f"{prefix}module.{name}.")
    return found


def _without_keys(address: str) -> str:
    """`module.function["x"].aws_lambda_function.this` without `["x"]`."""
    kept, rest = "", address
    while "[" in rest:
        before, rest = rest.split("[", 1)
        kept, rest = kept + before, rest.split("]", 1)[1]
    return kept + rest
