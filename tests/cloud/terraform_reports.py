"""What Terraform says of an apply, a plan and a destroy, as far as tests ask for it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

CHANGELESS = {("no-op",), ("read",)}
Tree = dict[str, Any]


@dataclass(frozen=True)
class Failure:
    """An error, and the resource it belongs to; empty where it belongs to none."""

    address: str
    text: str

    def __str__(self) -> str:
        return f"{self.address}: {self.text}"


@dataclass(frozen=True)
class ApplyReport:
    """What an apply or a destroy did.

    Attributes:
        failures: Its errors.
        seconds: How long each resource took, by address.
        span: When its first resource began and its last was done, by address.
    """

    failures: tuple[Failure, ...]
    seconds: dict[str, float]
    span: dict[str, tuple[datetime, datetime]]

    @classmethod
    def read(cls, output: str) -> Self:
        """Read the lines of JSON that `-json` writes."""
        events = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
        failures = tuple(_failure(event) for event in events if event.get("@level") == "error")
        started = _times(events, "apply_start")
        done = _times(events, "apply_complete")
        span = {address: (started[address], end) for address, end in done.items() if address in started}
        return cls(failures, {address: (end - begin).total_seconds() for address, (begin, end) in span.items()}, span)

    def failures_of(self, module: str) -> list[str]:
        """The errors of a module of the root, or those that belong to no module at all."""
        return [str(failure) for failure in self.failures if _belongs(failure.address, module)]

    def seconds_of(self, module: str) -> float:
        """From the start of a module's first resource to the end of its last."""
        spans = [span for address, span in self.span.items() if address.startswith(f"module.{module}.")]
        if not spans:
            return 0.0
        return (max(end for _, end in spans) - min(begin for begin, _ in spans)).total_seconds()


@dataclass(frozen=True)
class Change:
    """A resource that a plan would change, and the attributes that differ, from what is to what would be."""

    address: str
    actions: tuple[str, ...]
    attributes: dict[str, tuple[Any, Any]]

    def __str__(self) -> str:
        differences = (f"{name}: {before!r} -> {after!r}" for name, (before, after) in self.attributes.items())
        return f"{self.address} ({', '.join(self.actions)}): " + "; ".join(differences)


@dataclass(frozen=True)
class Plan:
    """What a plan would change.

    Attributes:
        differs: Whether Terraform says that there is something to do, outputs included.
        changes: The resources.
    """

    differs: bool
    changes: tuple[Change, ...]

    @classmethod
    def read(cls, plan: Tree, *, differs: bool) -> Self:
        """Read what `terraform show -json` says of a plan."""
        changed = [
            resource
            for resource in plan.get("resource_changes", [])
            if tuple(resource["change"]["actions"]) not in CHANGELESS
        ]
        return cls(differs, tuple(_change(resource) for resource in changed))

    def changes_of(self, module: str) -> list[str]:
        """The changes of a module of the root."""
        return [str(change) for change in self.changes if change.address.startswith(f"module.{module}.")]


def _change(resource: Tree) -> Change:
    change = resource["change"]
    before, after = change["before"] or {}, change["after"] or {}
    unknown = {name for name, value in (change.get("after_unknown") or {}).items() if value is True}
    attributes = {
        name: (before.get(name), "(known after apply)" if name in unknown else after.get(name))
        for name in sorted({*before, *after, *unknown})
        if name in unknown or before.get(name) != after.get(name)
    }
    return Change(resource["address"], tuple(change["actions"]), attributes)


def _failure(event: Tree) -> Failure:
    diagnostic = event.get("diagnostic", {})
    text = f"{diagnostic.get('summary', event.get('@message', ''))} {diagnostic.get('detail', '')}".strip()
    return Failure(diagnostic.get("address", ""), text)


def _times(events: list[Tree], kind: str) -> dict[str, datetime]:
    return {
        event["hook"]["resource"]["addr"]: datetime.fromisoformat(event["@timestamp"])
        for event in events
        if event.get("type") == kind
    }


def _belongs(address: str, module: str) -> bool:
    return not address.startswith("module.") or address.startswith(f"module.{module}.")
