"""The Iceberg runtime for Spark on one machine: one jar, pinned by its checksum, fetched once and kept in the checkout.

Nothing here is used on Glue, which loads its own (`--datalake-formats iceberg`).
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from expectations.errors import ToolMissingError
from glue_jobs.runtime.java import java_home, packaged_java_home

COORDINATES = "org.apache.iceberg:iceberg-spark-runtime-3.5_2.12:1.10.0"
SHA256 = "70f9471870b2d456167d703c829f098a446b86bb1379eee338c0efa03a341026"
CACHE = Path(__file__).resolve().parents[2] / ".cache"

Resolve = Callable[[Path], Path]


@dataclass(frozen=True)
class Jar:
    """A jar on Maven Central, `group:artifact:version`, and the checksum of the file that is meant."""

    coordinates: str
    sha256: str


RUNTIME = Jar(COORDINATES, SHA256)

_RESOLVE = """
import sys
from pyspark.sql import SparkSession
settings = {"spark.jars.packages": sys.argv[1], "spark.jars.ivy": sys.argv[2], "spark.ui.enabled": "false"}
SparkSession.builder.master("local[1]").config(map=settings).getOrCreate().stop()
"""


def iceberg_runtime(cache: Path = CACHE, resolve: Resolve | None = None, sha256: str = SHA256) -> Path:
    """The jar in the cache, see `kept_jar`."""
    return kept_jar(Jar(COORDINATES, sha256), cache, resolve)


def kept_jar(pinned: Jar, cache: Path = CACHE, resolve: Resolve | None = None) -> Path:
    """A jar in the cache, fetched from Maven Central where it is missing.

    `resolve` takes a working folder and gives the fetched file. ToolMissingError where it cannot be fetched, or is not
    the file that was pinned; then nothing stays in the cache.
    """
    group, artifact, version = pinned.coordinates.split(":")
    jar = cache / "jars" / f"{group}_{artifact}-{version}.jar"
    if not jar.is_file():
        fetched = resolve(cache / "ivy") if resolve else resolve_with_ivy(cache / "ivy", pinned)
        jar.parent.mkdir(parents=True, exist_ok=True)
        # Renamed when whole: a copy that was interrupted is never taken for the jar.
        partial = jar.with_suffix(f".{os.getpid()}.partial")
        shutil.copyfile(fetched, partial)
        partial.replace(jar)
    found = _sha256(jar)
    if found != pinned.sha256:
        jar.unlink()
        shutil.rmtree(cache / "ivy", ignore_errors=True)
        raise ToolMissingError(
            f"{jar.name} is not the file that was pinned (sha256 {found}, expected {pinned.sha256}) and was deleted; "
            "cure: run again, and if it stays so, ask who changed it on the way"
        )
    return jar


def resolve_with_ivy(folder: Path, pinned: Jar = RUNTIME) -> Path:
    """Let Spark's own Ivy fetch the jar into `folder`: its mirrors and proxies are set as for any Spark package."""
    command = [sys.executable, "-c", _RESOLVE, pinned.coordinates, str(folder)]
    answer = subprocess.run(  # noqa: S603 - this interpreter with this module's own text
        command, capture_output=True, text=True, env=_environment(folder), check=False
    )
    jars = list((folder / "jars").glob(f"*{pinned.coordinates.split(':')[1]}*.jar"))
    if answer.returncode or not jars:
        lines = [line.strip() for line in answer.stderr.splitlines() if "unresolved" in line or "Error" in line]
        said = lines[0] if lines else "no answer"
        raise ToolMissingError(
            f"{pinned.coordinates} could not be fetched from Maven Central ({said}); cure: check the connection, "
            f"or put the jar with sha256 {pinned.sha256} into {folder.parent / 'jars'}"
        )
    return jars[0]


def _environment(folder: Path) -> dict[str, str]:
    home = java_home()
    environment = {**os.environ, "JAVA_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"}
    if home == packaged_java_home():
        environment["SPARK_SUBMIT_OPTS"] = (
            f"{environment.get('SPARK_SUBMIT_OPTS', '')} {_trust_options(folder)}".strip()
        )
    return environment


def _trust_options(folder: Path) -> str:
    try:
        from glue_jobs.runtime.certificates import PASSWORD, write_trust_store  # noqa: PLC0415 - not on Glue
    except ImportError:
        return ""
    store = folder / "truststore.p12"
    if not write_trust_store(store):
        return ""
    return f'-Djavax.net.ssl.trustStore="{store}" -Djavax.net.ssl.trustStorePassword={PASSWORD}'


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main() -> int:
    """Fetch the jar ahead of its first use; exit code 1 and one line on stderr where that fails."""
    try:
        iceberg_runtime()
    except ToolMissingError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
