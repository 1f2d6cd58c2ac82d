"""Every module of Terraform applies to the local cloud, and a second plan changes nothing."""

import pytest

from tests.cloud.applied import Applied
from tests.cloud.fixture_roots import MODULES, NAME_PREFIX, fixtures
from tests.cloud.local_cloud.server import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
every_module = pytest.mark.parametrize("module", fixtures())


def test_every_module_has_a_fixture() -> None:
    modules = {path.parent.name for path in (ROOT / MODULES).glob("*/main.tf")}
    assert modules == set(fixtures())


@every_module
def test_a_module_applies(applied: Applied, module: str) -> None:
    assert applied.report.failures_of(module) == []
    assert applied.report.seconds_of(module) > 0


@every_module
def test_what_a_module_made_is_there(applied: Applied, module: str) -> None:
    name = f"{NAME_PREFIX}-{module.replace('_', '-')}"
    assert any(name in made.replace("_", "-") for made in applied.after - applied.before)


@every_module
def test_a_second_plan_of_a_module_changes_nothing(applied: Applied, module: str) -> None:
    assert applied.plan.changes_of(module) == []


def test_a_second_plan_changes_nothing_at_all(applied: Applied) -> None:
    assert not applied.plan.differs
