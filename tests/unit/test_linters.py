"""Terraform's style by tflint; the workflows of GitHub Actions by actionlint and by what we ask of them beside."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from tests.unit.linters import ROOT, findings, needs

TERRAFORM, WORKFLOWS = ROOT / "terraform", ROOT / ".github" / "workflows"
TFLINT = ("--recursive", "--format=compact", f"--config={TERRAFORM / '.tflint.hcl'}")
PINNED = re.compile(r"uses: (\./[\w./-]+|[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$")
READS, READS_AS_A_ROLE = {"contents": "read"}, {"contents": "read", "id-token": "write"}


@pytest.mark.slow
@needs("tflint")
def test_terraform_is_in_style() -> None:
    assert findings("tflint", *TFLINT, folder=TERRAFORM) == ""


@needs("tflint")
@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('variable "unused" {\n  type = string\n}\n', "terraform_unused_declarations"),
        ('output "plain" {\n  value = 1\n}\n', "terraform_documented_outputs"),
    ],
)
def test_what_is_not_in_style_is_found_in_a_module(tmp_path: Path, text: str, rule: str) -> None:
    module = tmp_path / "modules" / "one"
    module.mkdir(parents=True)
    (module / "main.tf").write_text(text)
    assert rule in findings("tflint", *TFLINT, folder=tmp_path)


@needs("actionlint")
def test_workflows_are_without_a_finding() -> None:
    assert findings("actionlint", "-oneline", *(str(file) for file in workflows())) == ""


@needs("actionlint")
def test_a_workflow_with_a_fault_is_found(tmp_path: Path) -> None:
    fault = workflow("deploy.yml").replace("needs.dev.result", "needs.develop.result", 1)
    (tmp_path / "deploy.yml").write_text(fault)
    assert 'property "develop" is not defined' in findings("actionlint", "-oneline", str(tmp_path / "deploy.yml"))


@pytest.mark.parametrize("name", ["test.yml", "deploy.yml", "apply.yml"])
def test_actions_are_pinned_by_commit_and_jobs_have_few_permissions(name: str) -> None:
    used = [line.strip().removeprefix("- ") for line in workflow(name).splitlines() if "uses:" in line]
    assert [line for line in used if not PINNED.match(line)] == []
    document = yaml.safe_load(workflow(name))
    assert document["permissions"] in ({}, READS)
    for job in document["jobs"].values():
        assert job.get("permissions", READS) in (READS, READS_AS_A_ROLE)


def test_credentials_are_those_of_a_role_and_no_key_is_kept() -> None:
    text = "\n".join(workflow(file.name) for file in workflows())
    assert "role-to-assume: ${{ vars.AWS_PLAN_ROLE_ARN }}" in text
    assert "role-to-assume: ${{ vars.AWS_DEPLOY_ROLE_ARN }}" in text
    assert not re.search(r"aws-(access-key-id|secret-access-key)|AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY)", text)
    assert set(re.findall(r"secrets\.\w+", text)) == {"secrets.PAGERDUTY_URL"}


def test_an_apply_waits_for_its_environments_reviewers_and_for_the_apply_before_it() -> None:
    (job,) = jobs("apply.yml").values()
    assert job["environment"] == "${{ inputs.environment }}"
    assert job["concurrency"] == {"group": "apply-${{ inputs.environment }}", "cancel-in-progress": False}
    asked = {
        name: one for name, one in jobs("deploy.yml").items() if one.get("uses") == "./.github/workflows/apply.yml"
    }
    assert {name: one["with"] for name, one in asked.items()} == {
        name: {"environment": name} for name in ("dev", "staging", "prod")
    }
    assert (asked["staging"]["needs"], asked["prod"]["needs"]) == ("dev", "staging")


def test_the_plan_of_a_pull_request_is_for_dev_and_for_branches_of_this_repository() -> None:
    plan = jobs("deploy.yml")["plan"]
    assert "github.event.pull_request.head.repo.full_name == github.repository" in plan["if"]
    assert "environment" not in plan
    assert plan["steps"][-1] == {"run": "make plan ENV=dev"}


def workflows() -> list[Path]:
    return sorted(WORKFLOWS.glob("*.yml"))


def workflow(name: str) -> str:
    return (WORKFLOWS / name).read_text("utf-8")


def jobs(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(workflow(name))["jobs"]
    return found
