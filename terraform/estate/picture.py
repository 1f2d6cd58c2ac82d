"""The architecture as Mermaid flowcharts, drawn from the arrows of the plan."""

import re
from collections import defaultdict
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
    group_of = {address: group for group in groups for address in group}
    numbers = {group: f"n{number}" for number, group in enumerate(groups, 1)}
    joined = {(numbers[group_of[one.source]], numbers[group_of[one.target]], one.label, one.aside) for one in found}
    lines = ["flowchart LR", *(f"  {numbers[group]}{_node(group, known, estate)}" for group in groups)]
    lines += sorted(_lines(joined), key=_by_numbers)
    for kind, colour in COLOURS.items():
        of_kind = [numbers[group] for group in groups if DRAWN[known[group[0]].type] == kind]
        if of_kind:
            name = kind.replace(" ", "_")
            lines += [f"  classDef {name} fill:{colour},stroke:#555,color:#111", f"  class {','.join(of_kind)} {name}"]
    return "\n".join(lines)


def _grouped(addresses: Iterable[str], found: set[Arrow], known: dict[str, Resource]) -> list[Group]:
    alike: dict[tuple[str, frozenset[tuple[str, ...]]], list[str]] = defaultdict(list)
    for address in addresses:
        around = {("to", one.target, one.label) for one in found if one.source == address}
        around |= {("from", one.source, one.label) for one in found if one.target == address}
        alike[known[address].block, frozenset(around)].append(address)
    return sorted(tuple(sorted(group)) for group in alike.values())


def _node(group: Group, known: dict[str, Resource], estate: Estate) -> str:
    kind = DRAWN[known[group[0]].type]
    names = "<br/>".join(sorted(short_name(known[address], estate) for address in group))
    several = "s" if len(group) > 1 else ""
    return SHAPES.get(kind, "[{}]").format(f'"<b>{names}</b><br/>{kind}{several}"')


def _lines(joined: set[tuple[str, str, str, bool]]) -> set[str]:
    """Arrows as Mermaid writes them; two plain ones that go to and fro are one with two heads."""
    lines = set()
    for source, target, label, aside in joined:
        back = (target, source, label, aside) in joined
        if back and source > target:
            continue
        shaft = "-.->" if aside else "<-->" if back else "-->"
        lines.add(f"  {source} {shaft}{f'|{label}|' if label else ''} {target}")
    return lines


def _by_numbers(line: str) -> list[int]:
    return [int(number) for number in re.findall(r"\bn(\d+)\b", line)]
