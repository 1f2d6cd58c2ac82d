"""The documents made from the plans say what the plans say."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from terraform.estate.__main__ import main
from terraform.estate.compliance import FRAMEWORKS, JUDGED, compliance_document, state
from terraform.estate.controls import Control
from terraform.estate.documents import stale
from terraform.estate.picture import pictures
from terraform.estate.plan import Estate, Resource
from tests.cloud.local_cloud.server import ACCOUNT_ID, ROOT
from tests.estate.rendering import Rendered

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

CONTROLS = [control for framework in FRAMEWORKS for control in framework.controls if control.checks]


def changed(estate: Estate, kind: str, **values: object) -> Estate:
    """An estate in which every resource of a type has other values."""
    resources = tuple(replace(one, values=one.values | values) if one.type == kind else one for one in estate.resources)
    return replace(estate, resources=resources)


def test_no_document_is_stale(estates: dict[str, Estate]) -> None:
    assert stale(ROOT, estates) == (), "cure: make estate"


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.number)
def test_production_meets_a_control_as_far_as_infrastructure_can(estates: dict[str, Estate], control: Control) -> None:
    assert state(control, estates[JUDGED]) in ("met", "in part")


def test_topics_that_are_not_encrypted_are_a_gap(estates: dict[str, Estate]) -> None:
    open_topics = changed(estates[JUDGED], "aws_sns_topic", kms_master_key_id=None)
    document = compliance_document(estates | {JUDGED: open_topics})
    assert "- **Gap**: `module.notifications.aws_sns_topic.this` (5): `kms_master_key_id` is not set" in document
    assert "| 164.312(a)(2)(iv) | Encryption and decryption | **gap** |" in document


def test_a_new_function_appears_in_the_picture_by_itself(estates: dict[str, Estate]) -> None:
    estate = estates[JUDGED]
    gate = next(one for one in estate.of_type("aws_lambda_function") if one.key == "data_validation")
    text = json.dumps(gate.values).replace("prod-data-validation", "prod-newcomer")
    values = json.loads(text) | {"role": gate.values["role"]}
    new = Resource('module.function["newcomer"].aws_lambda_function.this', gate.type, values)
    with_new = Estate(estate.environment, (*estate.resources, new))
    assert "newcomer" not in pictures(estate)
    assert "<b>newcomer</b>" in pictures(with_new)


def test_nothing_in_a_document_is_of_one_machine_or_one_run(estates: dict[str, Estate]) -> None:
    text = compliance_document(estates) + pictures(estates[JUDGED])
    for made_up in (ACCOUNT_ID, "127.0.0.1", "subnet-", "arn:aws:kms", "vpc-", "/tmp"):  # noqa: S108 - looked for
        assert made_up not in text


def test_the_command_says_what_is_stale(rendered: Rendered, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "docs").mkdir()
    text = (ROOT / "docs" / "deployment.md").read_text()
    (tmp_path / "docs" / "deployment.md").write_text(text)
    plans = ["--plans", str(rendered.files[JUDGED].parent)]
    assert main(["--check", *plans], tmp_path) == 1
    assert capsys.readouterr().out == "docs/compliance.md is not what the plans say now; cure: make estate\n"
    assert main(plans, tmp_path) == 0
    assert main(["--check", *plans], tmp_path) == 0
