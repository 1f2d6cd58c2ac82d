"""Where the data files of a package lie on disk, whatever the package was imported from."""

import atexit
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from tempfile import TemporaryDirectory


def package_folder(package: str) -> Path:
    """The folder of a package's data files.

    AWS Glue puts a wheel on the path as it is (`--extra-py-files`). Modules are imported from it, but its files are in
    no folder: they are unpacked for as long as the process lasts.
    """
    files = resources.files(package)
    if isinstance(files, Path):
        return files
    unpacked = TemporaryDirectory(prefix=f"{package}-")
    atexit.register(unpacked.cleanup)
    _unpack(files, Path(unpacked.name))
    return Path(unpacked.name)


def _unpack(files: Traversable, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for entry in files.iterdir():
        if entry.is_dir():
            _unpack(entry, folder / entry.name)
        elif not entry.name.endswith((".py", ".pyc")):
            (folder / entry.name).write_bytes(entry.read_bytes())
