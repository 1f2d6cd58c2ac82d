"""The code of a function as it was deployed, unpacked once a content: zip, layers, and what the runtime brings."""

import hashlib
import io
import platform
import shutil
import site
import sysconfig
import tempfile
import zipfile
from functools import cache
from importlib import metadata
from pathlib import Path
from threading import Lock

BROUGHT_BY_LAMBDA = ("boto3", "botocore", "s3transfer", "python-dateutil", "jmespath", "six", "urllib3")
LAYER_FOLDER = "python"
NATIVE_ENDING = str(sysconfig.get_config_var("EXT_SUFFIX"))
"""Of modules made for this machine, `.cpython-311-x86_64-linux-gnu.so`."""

_LOCK = Lock()


class ForeignCodeError(Exception):
    """Raised when code was made for another machine, and what is installed here is not the same version."""


def unpacked(archive: bytes, folder: Path) -> Path:
    """Where a zip is unpacked below the folder."""
    place = folder / hashlib.sha256(archive).hexdigest()[:16]
    with _LOCK:
        if not place.is_dir():
            with tempfile.TemporaryDirectory(dir=folder) as work, zipfile.ZipFile(io.BytesIO(archive)) as opened:
                opened.extractall(work)
                made_for_this_machine(Path(work))
                shutil.copytree(work, place)
    return place


def layer_folder(archive: bytes, folder: Path) -> Path:
    """Where the packages of a layer are."""
    return unpacked(archive, folder) / LAYER_FOLDER


@cache
def brought(distributions: tuple[str, ...], folder: Path) -> Path:
    """Links to what these distributions installed into this interpreter, and to nothing else of it."""
    folder.mkdir(parents=True, exist_ok=True)
    for distribution in distributions:
        for file in metadata.files(distribution) or ():
            top = file.parts[0]
            if top not in {"..", "__pycache__"} and not (folder / top).exists():
                (folder / top).symlink_to(str(file.locate()).removesuffix(f"/{file}") + f"/{top}")
    return folder


def made_for_this_machine(folder: Path) -> None:
    """Put the installed twin beside each native module that was made for another processor.

    Raises:
        ForeignCodeError: there is no twin of the same version.
    """
    for foreign in sorted(folder.rglob("*.so")):
        name = foreign.name.partition(".")[0]
        if platform.machine() in foreign.name or not foreign.name.startswith(f"{name}.cpython"):
            continue
        twin = foreign.parent.relative_to(folder / LAYER_FOLDER) / f"{name}{NATIVE_ENDING}"
        installed = next((Path(place, twin) for place in site.getsitepackages() if Path(place, twin).is_file()), None)
        if installed is None or not _same_version(folder / LAYER_FOLDER, twin.parts[0]):
            raise ForeignCodeError(f"{foreign.name} cannot run here; cure: install the version of the lock file")
        (foreign.parent / installed.name).symlink_to(installed)


def _same_version(layer: Path, package: str) -> bool:
    found = [path.name for path in layer.glob(f"{package}-*.dist-info")]
    return found == [f"{package}-{metadata.version(package)}.dist-info"]
