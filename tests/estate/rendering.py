"""Renders the plan of each environment against a local cloud: `python -m tests.estate.rendering`, or `make plans`.

Production is applied first and planned again, so that its plan knows every value: the text of each policy, which key
encrypts what. It takes about two minutes. Of the others the plan of an empty account is enough; it takes 15 seconds.
"""

import argparse
import io
import json
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from terraform.estate.plan import Estate, completed
from tests.cloud.local_cloud.server import ROOT, running_cloud
from tests.cloud.terraform_reports import ApplyReport, Plan
from tests.cloud.terraform_runner import Terraform, TerraformError, copy_root

ENVIRONMENTS = ("dev", "staging", "prod")
STANDS = ENVIRONMENTS[-1]
"""The environment that is applied."""
READ = ("expectations", "glue_jobs")
ARTIFACTS = "tests/artifacts.json"
"""A fixed list of artifacts, relative to terraform/: a plan does not change with every commit."""


@dataclass(frozen=True)
class Rendered:
    """The files of the plans by environment; for the one that stands, what its apply said and a second would change."""

    files: dict[str, Path]
    report: ApplyReport
    again: Plan

    def estate(self, environment: str) -> Estate:
        """The estate of an environment."""
        return Estate.read(self.files[environment])


def render(folder: Path, work: Path) -> Rendered:
    """Write `<environment>.json` into the folder for each environment; Terraform runs in `work`."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {name: folder / f"{name}.json" for name in ENVIRONMENTS}
    with running_cloud(work / "cloud.log") as cloud:
        root = Terraform(prepare(work), cloud)
        root.init()
        # as if nothing were there: before the one that stands
        for name in ENVIRONMENTS[:-1]:
            _plan(_of(root, name), files[name])
        report = _of(root, STANDS).apply()
        again = _plan(_of(root, STANDS), files[STANDS])
    return Rendered(files, report, again)


def prepare(work: Path) -> Path:
    """A copy of the root with what it reads, and files in the place of artifacts."""
    root = copy_root(ROOT / "terraform", work / "terraform")
    for name in READ:
        (work / name).symlink_to(ROOT / name)
    artifacts = root / ARTIFACTS
    for artifact in json.loads(artifacts.read_text()).values():
        file = artifacts.parent / artifact["file"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(empty_zip())
    (root / "artifacts.auto.tfvars").write_text(f'artifacts_file = "{ARTIFACTS}"\n')
    return root


def _of(root: Terraform, environment: str) -> Terraform:
    return replace(root, variables=(f"environments/{environment}.tfvars",))


def _plan(terraform: Terraform, file: Path) -> Plan:
    """Plan, and write the rendered plan; completed, because checkov takes a value not known yet for one not set."""
    plan = terraform.plan()
    file.write_text(json.dumps(completed(terraform.rendered())))
    return plan


def empty_zip() -> bytes:
    """A zip file with nothing of ours in it."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("nothing.py", "")
    return held.getvalue()


def main(arguments: Sequence[str] | None = None) -> int:
    """Render, and print where the plans are."""
    parser = argparse.ArgumentParser(prog="make plans", description=__doc__)
    parser.add_argument("--to", type=Path, default=ROOT / "build" / "plans", help="folder")
    folder = parser.parse_args(arguments).to.resolve()
    try:
        with tempfile.TemporaryDirectory() as work:
            rendered = render(folder, Path(work))
    except TerraformError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for failure in rendered.report.failures:
        sys.stderr.write(f"{failure}\n")
    for file in rendered.files.values():
        sys.stdout.write(f"{file}\n")
    return 1 if rendered.report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
