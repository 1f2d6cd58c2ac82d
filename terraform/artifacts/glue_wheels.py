"""The zip of third-party wheels that a Glue job installs from, without any registry (`--additional-python-modules`).

Its form is AWS's: `wheels/*.whl` beside `wheels/requirements.txt`, in a file that ends in `.gluewheels.zip`.
"""

from collections.abc import Callable
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from terraform.artifacts.archives import Content, files_below, write_zip
from terraform.artifacts.locked import PYTHON, Needs, pins_of
from terraform.artifacts.tools import run_tool

FOLDER = "wheels"
PLATFORM = "x86_64-manylinux_2_34"
GLIBC = range(34, 4, -1)
"""Minor versions of glibc 2 that wheels may be built for: up to that of Amazon Linux 2023, which Glue 5.1 runs on."""

BROUGHT = frozenset({"boto3", "numpy", "pandas", "pyarrow", "pyspark"})
"""Brought by Glue 5.1, in the versions that pyproject.toml pins."""

FOR_THE_SCREEN = frozenset({"rich", "typer"})
"""Imported by the commands that people type, by no job."""

JOBS = Needs(("jobs",), BROUGHT | FOR_THE_SCREEN, PLATFORM)
JOBS_WITH_QUALITY = Needs(("jobs", "quality"), BROUGHT | FOR_THE_SCREEN, PLATFORM)
"""And Great Expectations: for `--audit great_expectations`, and for pages of Data Docs."""
JOBS_WITH_RISK = Needs(("jobs", "risk"), BROUGHT | FOR_THE_SCREEN, PLATFORM)
"""And hccinfhir: for risk scores of members, which `summarize_claims` makes."""


def download_wheels(requirements: str, folder: Path) -> None:
    """Let pip fetch the wheels of locked requirements for Glue's machines; each must have one of the lock's hashes."""
    with TemporaryDirectory() as place:
        lines = Path(place) / "requirements.txt"
        lines.write_text(requirements, encoding="utf-8")
        command = ["pip", "download", "--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
        command += ["--implementation", "cp", "--python-version", PYTHON, "--requirement", str(lines)]
        command += [part for tag in _platform_tags() for part in ("--platform", tag)]
        run_tool([*command, "--dest", str(folder)], "downloading wheels for Glue")


def write_wheels(requirements: str, target: Path, download: Callable[[str, Path], None] = download_wheels) -> None:
    """Write the wheels of locked requirements to a zip that a job installs from."""
    with TemporaryDirectory() as place:
        download(requirements, Path(place))
        files: dict[PurePosixPath, Content] = {**files_below(Path(place), under=FOLDER)}
        pins = "".join(f"{pin}\n" for pin in pins_of(requirements))
        files[PurePosixPath(FOLDER, "requirements.txt")] = pins.encode()
        write_zip(target, files, pack=False)


def _platform_tags() -> list[str]:
    """Newest first, as pip prefers them; manylinux2014 is the old name of 2_17."""
    return [*(f"manylinux_2_{minor}_x86_64" for minor in GLIBC), "manylinux2014_x86_64"]
