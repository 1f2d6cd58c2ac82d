"""Terraform is turned to the local cloud, whatever the root and the machine, and what it says is read."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cloud import terraform_runner
from tests.cloud.local_cloud.server import LocalCloud
from tests.cloud.terraform_reports import ApplyReport, Plan
from tests.cloud.terraform_runner import Terraform, TerraformError, cli_config, copy_root, find_mirror, override

NOWHERE = LocalCloud("http://127.0.0.1:1", Path("nowhere.log"))


def test_providers_are_found_by_the_name_of_their_folder(tmp_path: Path) -> None:
    (tmp_path / "a" / "plugins" / "registry.terraform.io" / "hashicorp" / "aws").mkdir(parents=True)
    assert find_mirror((tmp_path / "missing", tmp_path / "a")) == tmp_path / "a" / "plugins"


def test_a_folder_without_the_aws_provider_is_no_mirror(tmp_path: Path) -> None:
    (tmp_path / "registry.terraform.io" / "hashicorp" / "random").mkdir(parents=True)
    assert find_mirror((tmp_path,)) is None


def test_with_a_mirror_nothing_is_asked_of_the_registry() -> None:
    assert 'path    = "/some/where"' in cli_config(Path("/some/where"))
    assert "direct" not in cli_config(Path("/some/where"))


def test_without_a_mirror_the_registry_is_asked() -> None:
    assert "provider_installation" not in cli_config(None)


def test_every_aws_provider_of_a_root_is_turned_to_the_cloud(tmp_path: Path) -> None:
    (tmp_path / "providers.tf").write_text(
        'provider "aws" {\n  region = "a"\n}\n\nprovider "aws" {\n  alias  = "replica"\n  region = "b"\n}\n'
    )
    written = override(tmp_path)
    assert written.count('provider "aws"') == 2
    assert written.count('alias = "replica"') == 1
    assert 'backend "local"' in written


def test_a_copy_has_no_state_of_earlier_runs(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / ".terraform").mkdir(parents=True)
    (root / "terraform.tfstate").touch()
    (root / "main.tf").touch()
    copied = copy_root(root, tmp_path / "copy")
    assert [path.name for path in copied.iterdir()] == ["main.tf"]


def test_no_setting_of_the_machine_reaches_terraform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("TF_VAR_environment", "prod")
    given = Terraform(tmp_path, NOWHERE)._environment()  # noqa: SLF001 - what Terraform would see
    assert "AWS_PROFILE" not in given
    assert "TF_VAR_environment" not in given
    assert given["AWS_ENDPOINT_URL"] == NOWHERE.url


def test_without_terraform_the_error_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terraform_runner, "find_terraform", lambda: None)
    with pytest.raises(TerraformError, match="cure: install Terraform"):
        Terraform(tmp_path, NOWHERE).init()


def test_an_apply_tells_times_and_failures_by_module() -> None:
    events: list[dict[str, Any]] = [
        _event("apply_start", "module.queues.aws_sqs_queue.a", "2024-01-01T00:00:00.000000Z"),
        _event("apply_complete", "module.queues.aws_sqs_queue.a", "2024-01-01T00:00:25.000000Z"),
        {
            "@level": "error",
            "@message": "Error: no",
            "diagnostic": {"address": "module.network.aws_vpc.a", "summary": "no", "detail": "VPC"},
        },
    ]
    report = ApplyReport.read("\n".join(json.dumps(event) for event in events))
    assert report.seconds_of("queues") == 25
    assert report.failures_of("network") == ["module.network.aws_vpc.a: no VPC"]
    assert report.failures_of("queues") == []


def test_an_error_of_no_module_is_a_failure_of_every_module() -> None:
    report = ApplyReport.read(json.dumps({"@level": "error", "@message": "Error: no credentials"}))
    assert report.failures_of("queues") == report.failures_of("network") == [": Error: no credentials"]


def test_a_plan_tells_which_attributes_differ() -> None:
    plan = Plan.read(
        {
            "resource_changes": [
                _planned("module.a.aws_x.same", ["no-op"], {"size": 1}, {"size": 1}, {}),
                _planned("module.a.aws_x.other", ["update"], {"size": 1, "id": "i"}, {"size": 2}, {"id": True}),
            ]
        },
        differs=True,
    )
    assert plan.changes_of("a") == ["module.a.aws_x.other (update): id: 'i' -> '(known after apply)'; size: 1 -> 2"]
    assert plan.changes_of("b") == []


def _event(kind: str, address: str, when: str) -> dict[str, Any]:
    return {"@level": "info", "@timestamp": when, "type": kind, "hook": {"resource": {"addr": address}}}


def _planned(
    address: str, actions: list[str], before: dict[str, Any], after: dict[str, Any], unknown: dict[str, bool]
) -> dict[str, Any]:
    change = {"actions": actions, "before": before, "after": after, "after_unknown": unknown}
    return {"address": address, "change": change}
