"""The architecture as Mermaid flowcharts, drawn from the arrows of the plan."""

import re
from collections import defaultdict, deque
from collections.abc import Iterable

from terraform.estate.arrows import DRAWN, Arrow, arrows, short_name
from terraform.estate.plan import Estate, Resource

SHAPES = {
    "bucket": "[({})]",
    "table": "[({})]",
    "catalog": "[({})]",
    "queue": "[[{}]]",
    "function": "({})",
    "job": "[/{}/]",
    "state machine": "{{{{{}}}}}",
    "topic": ">{}]",
    "schedule": "([{}])",
    "event rule": "([{}])",
}
COLOURS = {
    "bucket": "#e7f3e4",
    "table": "#e4ecf7",
    "catalog": "#e4ecf7",
    "queue": "#f7e9f3",
    "function": "#fdeedd",
    "job": "#ece4f7",
    "state machine": "#fde2e4",
    "topic": "#f7e9f3",
}
Group = tuple[str, ...]
"""Addresses of resources that are drawn as one."""
Join = tuple[str, str, str, bool]
"""An arrow between nodes: from, to, label, whether it is dashed."""


def pictures(estate: Estate) -> str:
    """Both flowcharts as Markdown: what calls what, and who reads and writes which data."""
    found = arrows(estate)
    called = flowchart(estate, {arrow for arrow in found if not arrow.data})
    held = flowchart(estate, {arrow for arrow in found if arrow.data})
    return (
        "What calls and tells what; dashed: where that goes which failed for good.\n\n"
        f"```mermaid\n{called}\n```\n\n"
        "Who reads and writes which data, by its role's policy.\n\n"
        f"```mermaid\n{held}\n```\n"
    )


def flowchart(estate: Estate, found: set[Arrow]) -> str:
    """A flowchart in Mermaid; resources of one block with the same arrows are drawn as one."""
    known = {one.address: one for one in estate.resources}
    groups = _grouped({arrow.source for arrow in found} | {arrow.target for arrow in found}, found, known)
    names = {group: _name(known[group[0]], estate) for group in groups}
    name_of = {address: names[group] for group in groups for address in group}
    joined = {(name_of[one.source], name_of[one.target], one.label, one.aside) for one in found}
    places = _places(joined)
    lines = ["flowchart LR"]
    nodes = sorted(groups, key=lambda group: places[names[group]])
    lines += [f"  {names[group]}{_node(group, known, estate)}" for group in nodes]
    lines += _lines(sorted(joined, key=lambda join: (places[join[0]], places[join[1]], join)))
    for kind, colour in COLOURS.items():
        of_kind = [names[group] for group in groups if DRAWN[known[group[0]].type] == kind]
        if of_kind:
            name = kind.replace(" ", "_")
            lines.append(f"  classDef {name} fill:{colour},stroke:#555,color:#111")
            lines += [f"  class {node} {name}" for node in of_kind]
    return "\n".join(lines)


def _grouped(addresses: Iterable[str], found: set[Arrow], known: dict[str, Resource]) -> list[Group]:
    alike: dict[tuple[str, frozenset[tuple[str, ...]]], list[str]] = defaultdict(list)
    for address in addresses:
        around = {("to", one.target, one.label) for one in found if one.source == address}
        around |= {("from", one.source, one.label) for one in found if one.target == address}
        alike[known[address].block, frozenset(around)].append(address)
    return sorted(tuple(sorted(group)) for group in alike.values())


def _name(resource: Resource, estate: Estate) -> str:
    """What Mermaid calls a node: its kind and name, so that a new one changes no line but its own."""
    return re.sub(r"\W", "_", f"{DRAWN[resource.type]}_{short_name(resource, estate)}")


def _node(group: Group, known: dict[str, Resource], estate: Estate) -> str:
    kind = DRAWN[known[group[0]].type]
    names = "<br/>".join(sorted(short_name(known[address], estate) for address in group))
    several = "s" if len(group) > 1 else ""
    return SHAPES.get(kind, "[{}]").format(f'"<b>{names}</b><br/>{kind}{several}"')


def _places(joined: set[Join]) -> dict[str, int]:
    """The order in which nodes are reached from those that nothing leads to: Mermaid draws them from left to right."""
    ends = sorted({end for source, target, *_ in joined for end in (source, target)})
    led_to = {target for _, target, *_ in joined}
    waiting = deque(name for name in ends if name not in led_to)
    places: dict[str, int] = {}
    while len(places) < len(ends):
        # what only leads round in a circle is begun anywhere
        name = waiting.popleft() if waiting else next(name for name in ends if name not in places)
        if name not in places:
            places[name] = len(places)
            waiting.extend(sorted(target for source, target, *_ in joined if source == name))
    return places


def _lines(joined: Iterable[Join]) -> list[str]:
    """Arrows as Mermaid writes them; two plain ones that go to and fro are one with two heads."""
    lines: dict[Join, str] = {}
    for source, target, label, aside in joined:
        if not (label or aside) and (target, source, label, aside) in lines:
            lines[target, source, label, aside] = f"  {target} <--> {source}"
        else:
            shaft = "-.->" if aside else "-->"
            lines[source, target, label, aside] = f"  {source} {shaft}{f'|{label}|' if label else ''} {target}"
    return list(lines.values())
