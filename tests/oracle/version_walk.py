"""One family of versions put in order and walked through, as docs/versions.md says: who lives, who took whose place."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.oracle.claim_versions import Declaration, Key, Version

TIES = ("original", "addition", "interim", "void", "replacement")
"""What comes first on one day."""


@dataclass(frozen=True)
class Standing:
    """What a live version stands for, and, of an addition, what it is attached to."""

    keys: frozenset[Key]
    attached: Key | None = None
    is_addition: bool = False


@dataclass
class Walk:
    """The state of the walk: the order, who lives, and who took whose place."""

    placed: list[Version]
    live: dict[Version, Standing] = field(default_factory=dict)
    superseded_by: dict[Version, Version] = field(default_factory=dict)

    def take(self, version: Version) -> None:
        """The next version in order does what it does."""
        match version.action:
            case "original":
                self._original(version)
            case "replacement":
                self._replacement(version)
            case "void":
                self._take_place_of(self._hit_by(version), version)
            case "addition":
                self.live[version] = Standing(frozenset({version.key}), version.target, is_addition=True)
            case _:
                self.live[version] = Standing(frozenset({version.key}))

    def _original(self, version: Version) -> None:
        earlier = [
            other
            for other, standing in self.live.items()
            if version.key in standing.keys and other.action in {"original", "replacement"} and not standing.is_addition
        ]
        taken = self._take_place_of(earlier, version)
        self.live[version] = Standing(_all_keys(taken) | {version.key})

    def _replacement(self, version: Version) -> None:
        hit = self._hit_by(version)
        only_additions = bool(hit) and all(self.live[other].is_addition for other in hit)
        first = min(hit, key=self.placed.index, default=None)
        attached = self.live[first].attached if first and only_additions else None
        taken = self._take_place_of(hit, version)
        self.live[version] = Standing(_all_keys(taken) | {version.key, version.target}, attached, only_additions)

    def _hit_by(self, version: Version) -> list[Version]:
        direct = [other for other, standing in self.live.items() if version.target in standing.keys]
        keys = {version.target}.union(*(self.live[other].keys for other in direct))
        late = [other for other, standing in self.live.items() if standing.is_addition and standing.attached in keys]
        return list(dict.fromkeys([*direct, *late]))

    def _take_place_of(self, others: Sequence[Version], version: Version) -> dict[Version, Standing]:
        self.superseded_by |= dict.fromkeys(others, version)
        return {other: self.live.pop(other) for other in others}


def walk(family: Sequence[Version], declaration: Declaration) -> Walk:
    """The walk through a family from its first version to its last."""
    state = Walk(in_order(family, declaration))
    named = {version: named_by(version, state.placed) for version in state.placed}
    cancelled: dict[Version, Version] = {}
    for version in reversed(state.placed):
        if version not in cancelled:
            cancelled |= {void: version for void in named[version] if void not in cancelled}
    for version in state.placed:
        if version not in cancelled and not named[version]:
            state.take(version)
    state.superseded_by |= cancelled
    return state


def named_by(version: Version, placed: Sequence[Version]) -> list[Version]:
    """The earlier voids that a void of a void cancels; none for any other version."""
    earlier = [other for other in placed[: placed.index(version)] if other.key == version.target]
    is_void_of_void = version.action == "void" and version.target != version.key
    return earlier if is_void_of_void and all(other.action == "void" for other in earlier) else []


def in_order(family: Sequence[Version], declaration: Declaration) -> list[Version]:
    """The family's versions, oldest first, none before the one it refers to."""
    waiting = sorted(family, key=lambda version: _rank_key(version, family, declaration))
    keys = {version.key for version in family}
    placed: list[Version] = []
    while waiting:
        known = {version.key for version in placed}
        free = [
            version
            for version in waiting
            if version.target == version.key or version.target not in keys or version.target in known
        ]
        following = (free or waiting)[0]
        waiting.remove(following)
        placed.append(following)
    return placed


def _rank_key(version: Version, family: Sequence[Version], declaration: Declaration) -> tuple[object, ...]:
    when = _when(version, declaration)
    billed_before = any(other.key == version.key and _when(other, declaration) < when for other in family)
    action = "replacement" if version.action == "original" and billed_before else version.action
    return when, TIES.index(action), version.claim_id, version.version_id


def _when(version: Version, declaration: Declaration) -> tuple[object, ...]:
    return 0 if version.is_not_final(declaration.final_flag) else 1, version.order


def _all_keys(standings: dict[Version, Standing]) -> frozenset[Key]:
    return frozenset[Key]().union(*(standing.keys for standing in standings.values()))
