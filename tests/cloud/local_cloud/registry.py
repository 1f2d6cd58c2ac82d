"""What is changed in moto, one entry a change, each with what AWS or Terraform expects and what moto does instead.

The modules in `services` declare their changes with the two decorators below when they are imported; nothing changes
until `install` is called, so that a test can hold the list against moto as it comes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from inspect import getattr_static
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Patch:
    """One change to a class of moto."""

    owner: type
    attribute: str
    replacement: object
    expected: str
    """What AWS answers or Terraform reads, without which a plan, an apply or a destroy fails."""
    moto: str
    """What moto does instead."""
    is_new: bool
    """Whether moto's class has no such attribute of its own."""

    @property
    def name(self) -> str:
        """`service.Class.attribute`, as documents and tests call it."""
        return f"{self.owner.__module__.split('.')[1]}.{self.owner.__name__}.{self.attribute}"

    @property
    def fits(self) -> bool:
        """Whether moto's class is what the change was written for: without the operation, or with it."""
        return hasattr(self.owner, self.attribute) != self.is_new


PATCHES: list[Patch] = []


def adds(owner: type, *, expected: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare the decorated function as an operation, of the function's name, that moto does not know."""

    def declare(function: Callable[P, R]) -> Callable[P, R]:
        PATCHES.append(Patch(owner, function.__name__, function, expected, "does not know the operation", is_new=True))
        return function

    return declare


def changes(owner: type, attribute: str, *, expected: str, moto: str) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Declare the decorated function as moto's method of that name; it is given the method of moto first."""

    def declare(function: Callable[..., R]) -> Callable[..., R]:
        found = getattr_static(owner, attribute)
        original: Any = found.fget if isinstance(found, property) else getattr(owner, attribute)

        @wraps(original)
        def replacement(*args: Any, **kwargs: Any) -> R:  # noqa: ANN401 - whatever the method of moto takes
            return function(original, *args, **kwargs)

        new = type(found)(replacement) if isinstance(found, property | staticmethod) else replacement
        PATCHES.append(Patch(owner, attribute, new, expected, moto, is_new=False))
        return function

    return declare


def install() -> None:
    """Change moto in this process."""
    for patch in PATCHES:
        setattr(patch.owner, patch.attribute, patch.replacement)
