"""CMS-HCC scores by `hccpy`, another library with its own copies of CMS's tables and its own code."""

import importlib
import sys
import types
from functools import cache
from pathlib import Path
from typing import Any


@cache
def engine(model: str) -> Any:  # noqa: ANN401 - hccpy has no types
    """Its engine of V24 or V28, without adjustments.

    It asks for `pkg_resources`, which setuptools has given up; what it needs of it is the path of a data file.
    """
    stand_in = types.ModuleType("pkg_resources")
    stand_in.resource_filename = _path  # type: ignore[attr-defined]
    sys.modules.setdefault("pkg_resources", stand_in)
    return importlib.import_module("hccpy.hcc").HCCEngine(model.removeprefix("V"))


def _path(module: str, name: str) -> str:
    package = importlib.import_module(module.partition(".")[0])
    assert package.__file__
    return str(Path(package.__file__).parent / name)
