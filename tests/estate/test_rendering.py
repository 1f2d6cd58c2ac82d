"""Production applies to the local cloud and stands; its plan, and those of the other environments, are rendered."""

import pytest

from terraform.estate.plan import UNKNOWN, Estate
from tests.estate.rendering import ENVIRONMENTS, STANDS, Rendered

TAGS = {"Project", "Environment", "CostCenter", "Component", "DataClassification", "ManagedBy"}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


def test_production_applies_and_a_second_plan_changes_nothing(rendered: Rendered) -> None:
    assert rendered.report.failures == ()
    assert rendered.again.changes == ()
    assert not rendered.again.differs


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_a_plan_is_that_of_its_environment(estates: dict[str, Estate], name: str) -> None:
    assert estates[name].environment == name
    assert {one.values["tags_all"]["Environment"] for one in estates[name].of_type("aws_lambda_function")} == {name}


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_all_that_can_carry_tags_carries_every_tag(estates: dict[str, Estate], name: str) -> None:
    tagged = [one for one in estates[name].resources if "tags_all" in one.values]
    assert len(tagged) > 100
    assert [one.address for one in tagged if not one.values["tags_all"].keys() >= TAGS] == []


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_only_the_plan_of_what_stands_knows_every_value(estates: dict[str, Estate], name: str) -> None:
    unknown = [one.address for one in estates[name].resources if UNKNOWN in one.text()]
    assert (not unknown) == (name == STANDS)
