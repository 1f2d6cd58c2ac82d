"""The zip of each Lambda: its own folder, and of `lambdas.common` and the contract what it imports, compiled too."""

from collections.abc import Iterable, Iterator
from modulefinder import ModuleFinder
from pathlib import Path, PurePosixPath

from terraform.artifacts.archives import Content, files_below, write_zip
from terraform.artifacts.bytecode import with_bytecode
from terraform.artifacts.errors import BuildError

HANDLER, PACKAGE = "handler.py", "__init__.py"

DATA = {
    "expectations/contract.py": ("expectations/sources", "expectations/tables"),
    "expectations/code_sets.py": ("expectations/codesets",),
    "expectations/rules.py": ("expectations/suites",),
    "expectations/report_page.py": ("expectations/templates",),
    "lambdas/common/__init__.py": ("lambdas/common",),
}
"""Folders of data files, by the module that reads them."""


def function_folders(root: Path) -> Iterator[Path]:
    """The folders of `lambdas/` that have a handler."""
    return (path.parent for path in sorted((root / "lambdas").glob(f"*/{HANDLER}")))


def write_function(root: Path, folder: Path, target: Path) -> None:
    """Write the zip of the function in `folder`.

    Raises:
        BuildError: the folder is no package, so that nothing in it can be imported.
    """
    if not (folder / PACKAGE).is_file():
        raise BuildError(f"lambdas/{folder.name} has no {PACKAGE}; cure: add an empty one")
    own = files_below(folder, under=folder.relative_to(root).as_posix())
    code = _imported(root, [name for name in own if name.suffix == ".py"])
    data = [path for module, folders in DATA.items() if PurePosixPath(module) in code for path in folders]
    beside = {name: path for below in data for name, path in files_below(root / below, under=below).items()}
    files: dict[PurePosixPath, Content] = {**own, **code}
    files |= {name: path for name, path in beside.items() if name.suffix != ".py"}
    write_zip(target, with_bytecode(files))


def _imported(root: Path, modules: Iterable[PurePosixPath]) -> dict[PurePosixPath, Path]:
    """The project's own files that are read when these modules and all their functions run."""
    finder = ModuleFinder(path=[str(root)])
    for module in modules:
        finder.import_hook(".".join(module.with_suffix("").parts).removesuffix(".__init__"))
    found = [getattr(module, "__file__", None) for module in finder.modules.values()]
    return {PurePosixPath(Path(path).relative_to(root).as_posix()): Path(path) for path in found if path}
