"""Every module's fixture, applied in one root: what is slow (SQS and S3 settle for a minute) is waited for once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cloud.fixture_roots import REPLICA_REGION, fixtures, make_root
from tests.cloud.inventory import inventory
from tests.cloud.local_cloud.server import LocalCloud
from tests.cloud.terraform_reports import ApplyReport, Plan
from tests.cloud.terraform_runner import Terraform


@dataclass(frozen=True)
class Applied:
    """What an apply of all fixtures left behind.

    Attributes:
        cloud: Where they are.
        terraform: What applied them.
        before: What was in the cloud before.
        after: What is in it now.
        report: What the apply said.
        plan: What a second apply would change.
        outputs: The outputs of each fixture, by module.
    """

    cloud: LocalCloud
    terraform: Terraform
    before: set[str]
    after: set[str]
    report: ApplyReport
    plan: Plan
    outputs: dict[str, Any]

    def of(self, module: str) -> dict[str, Any]:
        """The outputs of a module's fixture; skips where the module is not there, or did not apply."""
        if module not in self.outputs:
            pytest.skip(f"the module {module} is not there")
        outputs: dict[str, Any] = self.outputs[module]
        return outputs


def apply_all(cloud: LocalCloud, folder: Path) -> Applied:
    """Apply every fixture, and plan again."""
    key_arn = cloud.make_key()
    before = inventory(cloud, REPLICA_REGION)
    terraform = Terraform(make_root(fixtures(), folder, key_arn), cloud)
    terraform.init()
    report = terraform.apply()
    after = inventory(cloud, REPLICA_REGION)
    return Applied(cloud, terraform, before, after, report, terraform.plan(), terraform.outputs())
