"""What the estate costs a month before any data: how many priced resources the plan has, times AWS's price of one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from terraform.estate.plan import Estate, Resource

OWN_METRICS = "HealthcareClaims"
BAND = "ANOMALY_DETECTION_BAND"
METRICS_OF_BAND = 3
"""An alarm on what is usual is billed for its metric and for both edges of the band."""


@dataclass(frozen=True)
class Part:
    """A part of the bill with a fixed price.

    Attributes:
        name: What it is.
        toggle: The variable that it depends on; empty where it always is there.
        dollars: The price of one a month, us-east-1.
        count: How many an estate has.
    """

    name: str
    toggle: str
    dollars: float
    count: Callable[[Estate], int]


@dataclass(frozen=True)
class Usage:
    """A part whose bill moves with what happens, with a guess of it; there where the estate has the type."""

    name: str
    toggle: str
    guess: str
    type: str


def _number_of(kind: str) -> Callable[[Estate], int]:
    return lambda estate: len(estate.of_type(kind))


def interfaces(estate: Estate) -> int:
    """Interface endpoints, one network interface in each zone."""
    endpoints = [one for one in estate.of_type("aws_vpc_endpoint") if one.values["vpc_endpoint_type"] == "Interface"]
    zones = {one.values["availability_zone"] for one in estate.of_type("aws_subnet")}
    return len(endpoints) * len(zones)


def alarm_metrics(estate: Estate) -> int:
    """Metrics that alarms evaluate: an alarm on a formula is billed for each metric in it."""
    return sum(_metrics_of(alarm) for alarm in estate.of_type("aws_cloudwatch_metric_alarm"))


def own_metrics(estate: Estate) -> int:
    """Metrics of our own that an alarm watches."""
    seen = set()
    for alarm in estate.of_type("aws_cloudwatch_metric_alarm"):
        for metric in [*alarm.at("metric_query.metric"), alarm.values]:
            if str(metric.get("namespace")).startswith(OWN_METRICS):
                seen.add((metric["namespace"], metric["metric_name"], str(metric.get("dimensions"))))
    return len(seen)


def _metrics_of(alarm: Resource) -> int:
    if any(BAND in text for text in alarm.at("metric_query.expression")):
        return METRICS_OF_BAND
    return len(alarm.at("metric_query.metric")) or 1


PARTS = (
    Part("KMS keys", "", 1.0, _number_of("aws_kms_key")),
    Part("metrics that alarms evaluate", "", 0.1, alarm_metrics),
    Part("composite alarms", "", 0.5, _number_of("aws_cloudwatch_composite_alarm")),
    Part("own metrics that alarms watch", "", 0.3, own_metrics),
    Part("interface endpoints, in each zone", "`network.mode`, `network.interface_endpoints`", 7.3, interfaces),
    Part(
        "replicated buckets, 4 metrics each",
        "`recovery.region`",
        1.2,
        _number_of("aws_s3_bucket_replication_configuration"),
    ),
)
USAGES = (
    Usage("Config rules, by what changes", "`audit.config_rules`", "5 to 20 $ in all", "aws_config_config_rule"),
    Usage("GuardDuty, by what happens", "`audit.guardduty`", "5 to 30 $", "aws_guardduty_detector"),
    Usage("Macie", "`audit.macie`", "1 $ a gigabyte read", "aws_macie2_account"),
    Usage("Redshift Serverless", "`redshift`", "0.36 $ an RPU-hour", "aws_redshiftserverless_workgroup"),
)


def cost_table(estates: Mapping[str, Estate]) -> str:
    """The table of costs by environment, as Markdown."""
    lines = [f"| Part | Toggle | one | {' | '.join(estates)} |", "|---|---|---|" + "---|" * len(estates)]
    for part in PARTS:
        cells = [_cell(part.count(estate), part.dollars) for estate in estates.values()]
        lines.append(f"| {part.name} | {part.toggle} | {part.dollars:.2f} $ | {' | '.join(cells)} |")
    totals = [f"**{fixed_dollars(estate):.2f} $**" for estate in estates.values()]
    lines.append(f"| **fixed** | | | {' | '.join(totals)} |")
    for usage in USAGES:
        there = [_guess(usage, estate) for estate in estates.values()]
        lines.append(f"| {usage.name} | {usage.toggle} | {usage.guess} | {' | '.join(there)} |")
    return "\n".join(lines) + "\n"


def fixed_dollars(estate: Estate) -> float:
    """The sum of all parts with a fixed price."""
    return sum(part.count(estate) * part.dollars for part in PARTS)


def _guess(usage: Usage, estate: Estate) -> str:
    count = len(estate.of_type(usage.type))
    return f"{count}" if count else "off"


def _cell(count: int, dollars: float) -> str:
    return f"{count}: {count * dollars:.2f} $" if count else ""
