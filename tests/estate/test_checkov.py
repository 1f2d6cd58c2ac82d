"""checkov finds nothing that is not skipped with a reason, in the source and in the plan of every environment."""

import json
import shutil
from pathlib import Path

import pytest

from tests.estate.checkov import SOURCE, Scan, scan_plans, scan_source
from tests.estate.rendering import Rendered
from tests.installed_tools import ToolError, installed

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module", autouse=True)
def _checkov_is_installed() -> None:
    try:
        installed("checkov")
    except ToolError as error:
        pytest.skip(str(error).splitlines()[0])


def test_no_check_of_the_source_fails() -> None:
    assert scan_source().failed == ()


def test_no_check_of_a_plan_fails(files: list[Path]) -> None:
    scan = scan_plans(files)
    assert scan.failed == ()
    assert scan.passed > 1000


def test_a_topic_that_is_not_encrypted_fails_in_the_plan(rendered: Rendered, tmp_path: Path) -> None:
    plan = json.loads(rendered.files["prod"].read_text())
    planned = plan["planned_values"]["root_module"]
    planned["resources"] = []
    (notifications,) = (one for one in planned["child_modules"] if one["address"] == "module.notifications")
    planned["child_modules"] = [notifications]
    for resource in notifications["resources"]:
        resource["values"].pop("kms_master_key_id", None)
    file = tmp_path / "prod.json"
    file.write_text(json.dumps(plan))
    failed = scan_plans([file], SOURCE / "modules" / "notifications").failed
    assert len(failed) == len(rendered.estate("prod").of_type("aws_sns_topic"))
    assert {line.split()[0] for line in failed} == {"CKV_AWS_26"}


def test_a_queue_that_is_not_encrypted_fails_in_the_source(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SOURCE / "modules" / "queues", tmp_path / "queues"))
    main = folder / "main.tf"
    main.write_text("\n".join(line for line in main.read_text().splitlines() if "kms_master_key_id" not in line))
    assert {line.split()[0] for line in scan_source(folder).failed} == {"CKV_AWS_27"}


def test_a_scan_that_saw_nothing_is_an_error() -> None:
    with pytest.raises(ToolError, match="read nothing"):
        Scan.read('{"passed": 0, "failed": 0, "skipped": 0, "parsing_errors": 0, "resource_count": 0}')
    with pytest.raises(ToolError, match="no JSON"):
        Scan.read("Error")
