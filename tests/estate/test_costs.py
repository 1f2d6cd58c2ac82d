"""The costs of docs/deployment.md count what the plans have."""

import pytest

from terraform.estate.plan import Estate
from terraform.estate.prices import PARTS, alarm_metrics, cost_table, interfaces, own_metrics

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


def test_a_key_more_is_a_dollar_more(estates: dict[str, Estate]) -> None:
    assert [len(estates[name].of_type("aws_kms_key")) for name in ("dev", "staging", "prod")] == [2, 2, 3]
    assert "| 2: 2.00 $ | 2: 2.00 $ | 3: 3.00 $ |" in cost_table(estates)


def test_interfaces_are_endpoints_times_zones(estates: dict[str, Estate]) -> None:
    assert interfaces(estates["dev"]) == 0
    for name in ("staging", "prod"):
        zones = {one.values["availability_zone"] for one in estates[name].of_type("aws_subnet")}
        endpoints = [one for one in estates[name].of_type("aws_vpc_endpoint") if "Interface" in one.text()]
        assert interfaces(estates[name]) == len(zones) * len(endpoints) > 0


def test_an_alarm_is_billed_by_its_metrics(estates: dict[str, Estate]) -> None:
    for estate in estates.values():
        assert alarm_metrics(estate) > len(estate.of_type("aws_cloudwatch_metric_alarm")) > own_metrics(estate) > 0


def test_every_part_is_there_in_production(estates: dict[str, Estate]) -> None:
    assert [part.name for part in PARTS if not part.count(estates["prod"])] == []
