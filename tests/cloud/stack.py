"""The whole development stack in the local cloud: the root as users apply it, with the artifacts of this checkout."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from terraform.artifacts.__main__ import main as build
from tests.cloud.inventory import inventory
from tests.cloud.local_cloud.server import REGION, ROOT, LocalCloud
from tests.cloud.terraform_reports import ApplyReport, Plan
from tests.cloud.terraform_runner import Terraform, copy_root

PREFIX = "healthcare-claims-dev"
"""What names in the development stack begin with."""
READ = ("expectations", "glue_jobs")
"""Folders beside terraform/ that the root reads files of."""


@dataclass(frozen=True)
class Stack:
    """What an apply of the root left behind; `plan` is what a second one would change."""

    cloud: LocalCloud
    terraform: Terraform
    before: set[str]
    report: ApplyReport
    plan: Plan
    outputs: dict[str, Any]

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3 makes clients at run time
        """A boto3 client that speaks to the stack."""
        return self.cloud.client(service)

    def destroy(self) -> tuple[ApplyReport, set[str]]:
        """Destroy it; what Terraform said, and what is left."""
        report = self.terraform.destroy()
        return report, inventory(self.cloud, REGION) - self.before


def apply_stack(cloud: LocalCloud, folder: Path, environment: str = "dev") -> Stack:
    """Build the artifacts, apply the root, and plan again."""
    before = inventory(cloud, REGION)
    assert build(["--to", str(folder / "build" / "artifacts")]) == 0
    copy_root(ROOT / "terraform", folder / "terraform")
    for name in READ:
        (folder / name).symlink_to(ROOT / name)
    terraform = Terraform(folder / "terraform", cloud, (f"environments/{environment}.tfvars",))
    terraform.init()
    report = terraform.apply()
    return Stack(cloud, terraform, before, report, terraform.plan(), terraform.outputs())
