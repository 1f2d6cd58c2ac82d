"""Everything that is deployed, built into one folder: complete, or as it was before."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from terraform.artifacts.glue_wheels import JOBS, JOBS_WITH_QUALITY, JOBS_WITH_RISK, download_wheels, write_wheels
from terraform.artifacts.lambda_functions import function_folders, write_function
from terraform.artifacts.lambda_layer import LAMBDAS, install_for_lambda, write_layer
from terraform.artifacts.locked import Needs, locked_requirements
from terraform.artifacts.manifest import Artifact, keep, write_manifest
from terraform.artifacts.project_wheel import build_wheel, job_scripts

GLUE_PACKAGES = {
    "glue_packages": JOBS,
    "glue_packages_with_quality": JOBS_WITH_QUALITY,
    "glue_packages_with_risk": JOBS_WITH_RISK,
}
LAMBDA_PACKAGES = "lambda_packages"
WHEEL = "claims_etl"


@dataclass(frozen=True)
class Suppliers:
    """The tools that bring what is not in the checkout, and that build the wheel."""

    lock: Callable[[Path, Needs], str] = locked_requirements
    wheels: Callable[[str, Path], None] = download_wheels
    packages: Callable[[str, Path], None] = install_for_lambda
    project: Callable[[Path, Path], Path] = build_wheel


OUTSIDE = Suppliers()


def build_release(root: Path, folder: Path, suppliers: Suppliers = OUTSIDE) -> list[Artifact]:
    """Build every artifact of the checkout at `root`; `folder` then holds these and nothing else.

    Raises:
        BuildError: one cannot be built; what `folder` held before is still there.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as place:
        work, done = Path(place, "work"), Path(place, "done")
        work.mkdir()
        done.mkdir()
        artifacts = [*own_code(root, work, done, suppliers), *third_party(root, work, done, suppliers)]
        write_manifest(artifacts, done)
        shutil.rmtree(folder, ignore_errors=True)
        done.rename(folder)
    return artifacts


def own_code(root: Path, work: Path, done: Path, suppliers: Suppliers) -> Iterator[Artifact]:
    """The wheel, the scripts and the functions: what changes when this project's code does."""
    yield keep(suppliers.project(root, work), WHEEL, "wheel", done)
    for script in job_scripts(root):
        shutil.copyfile(script, work / script.name)
        yield keep(work / script.name, script.stem, "job_script", done)
    for folder in function_folders(root):
        write_function(root, folder, work / "function.zip")
        yield keep(work / "function.zip", folder.name, "lambda_function", done)


def third_party(root: Path, work: Path, done: Path, suppliers: Suppliers) -> Iterator[Artifact]:
    """What changes when the lock does."""
    for name, needs in GLUE_PACKAGES.items():
        write_wheels(suppliers.lock(root, needs), work / "packages.gluewheels.zip", suppliers.wheels)
        yield keep(work / "packages.gluewheels.zip", name, "glue_wheels", done)
    write_layer(suppliers.lock(root, LAMBDAS), work / "layer.zip", suppliers.packages)
    yield keep(work / "layer.zip", LAMBDA_PACKAGES, "lambda_layer", done)
