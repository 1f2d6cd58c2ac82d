"""What is in a cloud: the names of everything that the modules make, to see that a destroy leaves nothing."""

from typing import Any

from tests.cloud.local_cloud.server import REGION, LocalCloud

LISTS: tuple[tuple[str, str, str, str], ...] = (
    ("accessanalyzer", "list_analyzers", "analyzers", "arn"),
    ("athena", "list_work_groups", "WorkGroups", "Name"),
    ("ce", "get_anomaly_monitors", "AnomalyMonitors", "MonitorArn"),
    ("ce", "get_anomaly_subscriptions", "AnomalySubscriptions", "SubscriptionArn"),
    ("chatbot", "describe_slack_channel_configurations", "SlackChannelConfigurations", "ChatConfigurationArn"),
    ("cloudtrail", "describe_trails", "trailList", "TrailARN"),
    ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmArn"),
    ("cloudwatch", "describe_alarms", "CompositeAlarms", "AlarmArn"),
    ("cloudwatch", "list_dashboards", "DashboardEntries", "DashboardArn"),
    ("config", "describe_config_rules", "ConfigRules", "ConfigRuleArn"),
    ("config", "describe_configuration_recorders", "ConfigurationRecorders", "name"),
    ("config", "describe_delivery_channels", "DeliveryChannels", "name"),
    ("ec2", "describe_flow_logs", "FlowLogs", "FlowLogId"),
    ("ec2", "describe_network_interfaces", "NetworkInterfaces", "NetworkInterfaceId"),
    ("ec2", "describe_route_tables", "RouteTables", "RouteTableId"),
    ("ec2", "describe_security_groups", "SecurityGroups", "GroupId"),
    ("ec2", "describe_subnets", "Subnets", "SubnetId"),
    ("ec2", "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
    ("ec2", "describe_vpcs", "Vpcs", "VpcId"),
    ("events", "list_rules", "Rules", "Arn"),
    ("glue", "get_connections", "ConnectionList", "Name"),
    ("glue", "get_databases", "DatabaseList", "Name"),
    ("glue", "get_jobs", "Jobs", "Name"),
    ("glue", "get_security_configurations", "SecurityConfigurations", "Name"),
    ("guardduty", "list_detectors", "DetectorIds", ""),
    ("iam", "list_roles", "Roles", "Arn"),
    ("kms", "list_aliases", "Aliases", "AliasName"),
    ("lambda", "list_event_source_mappings", "EventSourceMappings", "UUID"),
    ("lambda", "list_functions", "Functions", "FunctionArn"),
    ("logs", "describe_log_groups", "logGroups", "logGroupName"),
    ("logs", "describe_query_definitions", "queryDefinitions", "queryDefinitionId"),
    ("redshift-serverless", "list_namespaces", "namespaces", "namespaceArn"),
    ("redshift-serverless", "list_workgroups", "workgroups", "workgroupArn"),
    ("s3", "list_buckets", "Buckets", "Name"),
    ("scheduler", "list_schedule_groups", "ScheduleGroups", "Arn"),
    ("scheduler", "list_schedules", "Schedules", "Arn"),
    ("sns", "list_subscriptions", "Subscriptions", "SubscriptionArn"),
    ("sns", "list_topics", "Topics", "TopicArn"),
    ("sqs", "list_queues", "QueueUrls", ""),
    ("stepfunctions", "list_state_machines", "stateMachines", "stateMachineArn"),
)
"""Service, operation, the list in its answer, and the name of an entry (empty: the entry is the name)."""


def inventory(cloud: LocalCloud, other_region: str | None = None) -> set[str]:
    """The names of what is in the cloud: `service list name`; a key that waits for its deletion counts as gone.

    Args:
        cloud: The cloud.
        other_region: A second region whose keys count too.
    """
    names = {f"{service} {kind} {name}" for service, kind, name in _listed(cloud)}
    regions = [REGION, *([other_region] if other_region else [])]
    return names | {f"kms Keys {arn}" for region in regions for arn in _living_keys(cloud, region)}


def _listed(cloud: LocalCloud) -> list[tuple[str, str, str]]:
    answers: dict[tuple[str, str], Any] = {}
    listed = []
    for service, operation, kind, name in LISTS:
        if (service, operation) not in answers:
            answers[service, operation] = getattr(cloud.client(service), operation)()
        entries = [entry for entry in answers[service, operation].get(kind, []) if not _is_gone(entry)]
        listed += [(service, kind, entry[name] if name else entry) for entry in entries]
    return listed


def _is_gone(entry: dict[str, Any] | str) -> bool:
    """Whether it is listed after its deletion, as the endpoints of a VPC are."""
    return isinstance(entry, dict) and entry.get("State") == "deleted"


def _living_keys(cloud: LocalCloud, region: str) -> list[str]:
    kms = cloud.client("kms", region)
    keys = [kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"] for key in kms.list_keys()["Keys"]]
    # moto calls keys that services make for themselves a customer's; their aliases tell
    aliases = kms.list_aliases()["Aliases"]
    of_services = {alias.get("TargetKeyId") for alias in aliases if alias["AliasName"].startswith("alias/aws/")}
    own = [key for key in keys if key["KeyManager"] == "CUSTOMER" and key["KeyId"] not in of_services]
    return [key["Arn"] for key in own if key["KeyState"] == "Enabled"]
