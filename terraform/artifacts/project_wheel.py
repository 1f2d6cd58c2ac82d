"""What Glue runs of this project: the wheel of `expectations` and `glue_jobs`, and the scripts that start a job."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from terraform.artifacts.archives import EPOCH, files_below
from terraform.artifacts.errors import BuildError
from terraform.artifacts.tools import run_tool

PACKAGES = ("expectations", "glue_jobs")
BESIDE = ("LICENSE", "pyproject.toml")
MODE = 0o644
_STARTED = re.compile(r'^if __name__ == "__main__":$', re.MULTILINE)


def build_wheel(root: Path, folder: Path) -> Path:
    """Build the wheel in `folder`, from a copy that holds nothing else, so that the Lambdas are not in it."""
    with TemporaryDirectory() as place:
        for name in BESIDE:
            _copy(root / name, Path(place, name))
        for package in PACKAGES:
            for inside, path in files_below(root / package, under=package).items():
                _copy(path, Path(place, inside))
        run_tool(
            ["build", "--wheel", "--no-isolation", "--outdir", str(folder), place],
            "building the wheel",
            environment={"SOURCE_DATE_EPOCH": str(EPOCH)},
        )
    wheels = sorted(folder.glob("*.whl"))
    if len(wheels) != 1:
        raise BuildError(f"the build left {len(wheels)} wheels; expected one; cure: build into an empty folder")
    return wheels[0]


def job_scripts(root: Path) -> Iterator[Path]:
    """The modules of `glue_jobs/jobs` that start a job when Glue runs them as a script."""
    for path in sorted((root / "glue_jobs" / "jobs").glob("*.py")):
        if _STARTED.search(path.read_text(encoding="utf-8")):
            yield path


def _copy(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)
    target.chmod(MODE)
