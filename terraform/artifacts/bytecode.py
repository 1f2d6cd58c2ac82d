"""Compiled modules beside their sources: a function's folders are read-only, so it would compile at each cold start."""

import contextlib
import marshal
import sys
from collections.abc import Iterable, Mapping
from importlib.util import MAGIC_NUMBER, cache_from_source, source_hash
from pathlib import PurePosixPath

from terraform.artifacts.archives import Content
from terraform.artifacts.errors import BuildError
from terraform.artifacts.locked import PYTHON

UNCHECKED_HASH = (1).to_bytes(4, "little")
"""Python takes the compiled module as it is, whatever time or content its source has."""

WITHOUT_SHARED_OBJECTS = 2
"""The form of marshal in which nothing depends on what else the compiling process holds."""


def with_bytecode(files: Mapping[PurePosixPath, Content], without: Iterable[str] = ()) -> dict[PurePosixPath, Content]:
    """The files, and each module of them compiled, but those below the folders `without`, and what is no Python 3.

    Raises:
        BuildError: this Python is not the one that functions run on.
    """
    if sys.version_info[:2] != tuple(int(part) for part in PYTHON.split(".")):
        raise BuildError(f"modules are compiled for Python {PYTHON} only; cure: build with it (make install)")
    left_out = tuple(f"{folder}/" for folder in without)
    found = dict(files)
    for name, content in files.items():
        if name.suffix == ".py" and not str(name).startswith(left_out):
            # packages bring templates and examples in other languages under this ending
            with contextlib.suppress(SyntaxError):
                found[PurePosixPath(cache_from_source(str(name), optimization=""))] = compiled(name, content)
    return found


def compiled(name: PurePosixPath, content: Content) -> bytes:
    """A module in the form of a `.pyc`; the same source is the same bytes."""
    source = content if isinstance(content, bytes) else content.read_bytes()
    code = compile(source, str(name), "exec", dont_inherit=True, optimize=0)
    return MAGIC_NUMBER + UNCHECKED_HASH + source_hash(source) + marshal.dumps(code, WITHOUT_SHARED_OBJECTS)
