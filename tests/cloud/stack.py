"""The whole development stack in the local cloud: the root as users apply it, with the artifacts of this checkout."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from terraform.artifacts.__main__ import main as build
from tests.cloud.inventory import inventory
from tests.cloud.local_cloud.server import REGION, ROOT, LocalCloud
from tests.cloud.terraform_reports import ApplyReport, Plan
from tests.cloud.terraform_runner import Terraform, copy_root

PREFIX = "healthcare-claims-dev"
"""What names in the development stack begin with."""
SETTINGS = "settings.tfvars.json"
READ = ("expectations", "glue_jobs")
"""Folders beside terraform/ that the root reads files of."""


@dataclass(frozen=True)
class Stack:
    """What an apply of the root left behind."""

    cloud: LocalCloud
    terraform: Terraform
    before: set[str]
    report: ApplyReport
    outputs: dict[str, Any]

    @cached_property
    def plan(self) -> Plan:
        """What a second apply would change."""
        return self.terraform.plan()

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3 makes clients at run time
        """A boto3 client that speaks to the stack."""
        return self.cloud.client(service)

    def destroy(self) -> tuple[ApplyReport, set[str]]:
        """Destroy it; what Terraform said, and what is left."""
        report = self.terraform.destroy()
        return report, inventory(self.cloud, REGION) - self.before


def apply_stack(cloud: LocalCloud, folder: Path, settings: Mapping[str, Any] | None = None) -> Stack:
    """Build the artifacts, and apply the root as dev; `settings` are variables that differ."""
    before = inventory(cloud, REGION)
    assert build(["--to", str(folder / "build" / "artifacts")]) == 0
    copy_root(ROOT / "terraform", folder / "terraform")
    for name in READ:
        (folder / name).symlink_to(ROOT / name)
    (folder / "terraform" / SETTINGS).write_text(json.dumps(settings or {}))
    terraform = Terraform(folder / "terraform", cloud, ("environments/dev.tfvars", SETTINGS))
    terraform.init()
    report = terraform.apply()
    return Stack(cloud, terraform, before, report, terraform.outputs())
