"""What a client sees of each behaviour of moto that is changed: moto as it comes fails, the local cloud does not."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from tests.cloud.local_cloud.server import ACCOUNT_ID, LocalCloud

Look = Callable[[LocalCloud], bool]


@dataclass(frozen=True)
class Probe:
    """One look at a cloud, and the changes (`registry.Patch.name`) or new services without which it is disappointed."""

    look: Look
    changes: tuple[str, ...]

    def passes(self, cloud: LocalCloud) -> bool:
        """Whether the cloud does what AWS does; an error is a no."""
        try:
            return self.look(cloud)
        except (ClientError, BotoCoreError, ResponseParserError, KeyError):
            return False


PROBES: list[Probe] = []


def covers(*changes: str) -> Callable[[Look], Look]:
    """Declare the decorated function as the look at these changes."""

    def declare(look: Look) -> Look:
        PROBES.append(Probe(look, changes))
        return look

    return declare


@covers("sqs.Queue._set_attributes")
def a_queue_keeps_its_policy(cloud: LocalCloud) -> bool:
    sqs = cloud.client("sqs")
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    url = sqs.create_queue(QueueName="probe-policy", Attributes={"Policy": policy})["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "60"})
    return bool(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]["Policy"] == policy)


@covers("sqs.SQSBackend.get_queue_attributes")
def a_queue_says_whose_dead_letters_it_takes(cloud: LocalCloud) -> bool:
    sqs = cloud.client("sqs")
    allowed = '{"redrivePermission":"denyAll"}'
    url = sqs.create_queue(QueueName="probe-redrive", Attributes={"RedriveAllowPolicy": allowed})["QueueUrl"]
    read = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedriveAllowPolicy"])["Attributes"]
    return bool(read["RedriveAllowPolicy"] == allowed)


@covers("cloudwatch.CloudWatchBackend.put_metric_alarm")
def an_alarm_watches_a_percentile_rank(cloud: LocalCloud) -> bool:
    cloudwatch = cloud.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="probe",
        Namespace="a",
        MetricName="b",
        ExtendedStatistic="PR(:60)",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="LessThanThreshold",
    )
    return bool(cloudwatch.describe_alarms(AlarmNames=["probe"])["MetricAlarms"][0]["ExtendedStatistic"] == "PR(:60)")


@covers("budgets.BudgetsResponse.create_budget")
def a_budget_has_tags(cloud: LocalCloud) -> bool:
    budgets, tags = cloud.client("budgets"), [{"Key": "a", "Value": "b"}]
    limit = {"Amount": "1", "Unit": "USD"}
    budget = {"BudgetName": "probe", "BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": limit}
    budgets.create_budget(AccountId=ACCOUNT_ID, Budget=budget, ResourceTags=tags)
    arn = f"arn:aws:budgets::{ACCOUNT_ID}:budget/probe"
    return bool(budgets.list_tags_for_resource(ResourceARN=arn)["ResourceTags"] == tags)


@covers(
    "redshiftdata.RedshiftDataAPIServiceResponse.execute_statement",
    "redshiftdata.RedshiftDataAPIServiceResponse.describe_statement",
)
def a_statement_of_a_workgroup_ends(cloud: LocalCloud) -> bool:
    data = cloud.client("redshift-data")
    statement = data.execute_statement(WorkgroupName="probe", Database="claims", Sql="SELECT 1")["Id"]
    read = data.describe_statement(Id=statement)
    return (read["WorkgroupName"], read["Status"]) == ("probe", "FINISHED")


@covers("kms.KmsResponse.enable_key_rotation", "kms.KmsResponse.get_key_rotation_status")
def a_key_says_how_often_it_is_rotated(cloud: LocalCloud) -> bool:
    kms = cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
    return bool(kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"] == 90)


@covers("ec2.SecurityGroupRule.__init__", "ec2.SecurityGroupRule.description")
def a_rule_for_a_prefix_list_has_a_description(cloud: LocalCloud) -> bool:
    ec2 = cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.99.0.0/24")["Vpc"]["VpcId"]
    group = ec2.create_security_group(GroupName="probe", Description="a", VpcId=vpc)["GroupId"]
    lists = [{"PrefixListId": "pl-1", "Description": "S3"}]
    permission = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "PrefixListIds": lists}
    (rule,) = ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[permission])["SecurityGroupRules"]
    return bool(rule["Description"] == "S3")


@covers("glue.GlueResponse.create_job", "glue.FakeJob.as_dict")
def runs_of_a_job_may_wait(cloud: LocalCloud) -> bool:
    glue, command = cloud.client("glue"), {"Name": "glueetl", "ScriptLocation": "s3://a/b.py"}
    glue.create_job(Name="probe", Role="a", Command=command, JobRunQueuingEnabled=True)
    return bool(glue.get_job(JobName="probe")["Job"]["JobRunQueuingEnabled"])


@covers("glue.FakeConnection.as_dict")
def a_connection_has_a_type(cloud: LocalCloud) -> bool:
    glue = cloud.client("glue")
    given = {"Name": "probe", "ConnectionType": "NETWORK", "ConnectionProperties": {}}
    glue.create_connection(ConnectionInput=given)
    return bool(glue.get_connection(Name="probe")["Connection"]["ConnectionType"] == "NETWORK")


@covers("guardduty.Detector.update")
def features_of_a_detector_are_switched_one_by_one(cloud: LocalCloud) -> bool:
    guardduty, wanted = cloud.client("guardduty"), ["S3_DATA_EVENTS", "LAMBDA_NETWORK_LOGS"]
    detector = guardduty.create_detector(Enable=True)["DetectorId"]
    for name in wanted:
        guardduty.update_detector(DetectorId=detector, Features=[{"Name": name, "Status": "ENABLED"}])
    return [feature["Name"] for feature in guardduty.get_detector(DetectorId=detector)["Features"]] == wanted


@covers("sns.SNSResponse.get_topic_attributes")
def a_topic_says_how_it_signs(cloud: LocalCloud) -> bool:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="probe-signed", Attributes={"SignatureVersion": "2"})["TopicArn"]
    return bool(sns.get_topic_attributes(TopicArn=topic)["Attributes"]["SignatureVersion"] == "2")


@covers("sns.Subscription.publish")
def no_message_leaves_the_machine(cloud: LocalCloud) -> bool:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="probe-outside")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="https", Endpoint="https://nobody.invalid/")  # moto fails to reach it
    return bool(sns.publish(TopicArn=topic, Message="a")["MessageId"])


@covers(
    "awslambda.LambdaFunction.__init__",
    "awslambda.LambdaFunction.update_configuration",
    "awslambda.LambdaFunction.get_configuration",
)
def a_function_keeps_its_dead_letter_queue(cloud: LocalCloud) -> bool:
    client = cloud.client("lambda")
    name = _function(cloud, "probe-settings", DeadLetterConfig={"TargetArn": "arn:aws:sqs:us-east-1:1:a"})
    before = client.get_function_configuration(FunctionName=name)["DeadLetterConfig"]["TargetArn"]
    client.update_function_configuration(FunctionName=name, DeadLetterConfig={"TargetArn": "arn:aws:sqs:us-east-1:1:b"})
    after = client.get_function_configuration(FunctionName=name)["DeadLetterConfig"]["TargetArn"]
    return (before[-1], after[-1]) == ("a", "b")


@covers("awslambda.LambdaFunction.vpc_config")
def a_function_is_in_the_vpc_of_its_subnet(cloud: LocalCloud) -> bool:
    ec2 = cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.98.0.0/24")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.98.0.0/25")["Subnet"]["SubnetId"]
    name = _function(cloud, "probe-vpc", VpcConfig={"SubnetIds": [subnet], "SecurityGroupIds": ["sg-1"]})
    settings = cloud.client("lambda").get_function_configuration(FunctionName=name)
    return bool(settings["VpcConfig"]["VpcId"] == vpc)


@covers("awslambda.EventSourceMapping.get_configuration")
def a_mapping_names_the_alias(cloud: LocalCloud) -> bool:
    client = cloud.client("lambda")
    name = _function(cloud, "probe-mapping", Publish=True)
    alias = client.create_alias(FunctionName=name, Name="live", FunctionVersion="1")["AliasArn"]
    cloud.client("sqs").create_queue(QueueName="probe-mapping")
    queue = f"arn:aws:sqs:us-east-1:{ACCOUNT_ID}:probe-mapping"
    mapping = client.create_event_source_mapping(EventSourceArn=queue, FunctionName=alias)
    return bool(mapping["FunctionArn"] == alias)


@covers("cloudtrail.CloudTrailBackend.delete_trail")
def a_trail_is_deleted_by_its_arn(cloud: LocalCloud) -> bool:
    trail = cloud.client("cloudtrail")
    cloud.client("s3").create_bucket(Bucket="probe-trail")
    arn = trail.create_trail(Name="probe", S3BucketName="probe-trail")["TrailARN"]
    trail.delete_trail(Name=arn)
    return bool(trail.describe_trails()["trailList"] == [])


@covers("AccessAnalyzer")
def analyzers_can_be_listed(cloud: LocalCloud) -> bool:
    return "analyzers" in cloud.client("accessanalyzer").list_analyzers()


@covers("Chatbot")
def slack_channels_can_be_listed(cloud: LocalCloud) -> bool:
    return "SlackChannelConfigurations" in cloud.client("chatbot").describe_slack_channel_configurations()


@covers("MacieJobs")
def findings_go_somewhere_or_nowhere(cloud: LocalCloud) -> bool:
    return "configuration" in cloud.client("macie2").get_classification_export_configuration()


@covers("ProvisionedConcurrency")
def instances_of_a_function_may_wait(cloud: LocalCloud) -> bool:
    name = {"FunctionName": "probe", "Qualifier": "live"}
    kept = cloud.client("lambda").put_provisioned_concurrency_config(**name, ProvisionedConcurrentExecutions=1)
    return bool(kept["Status"] == "READY")


@covers("RedshiftServerless")
def namespaces_can_be_listed(cloud: LocalCloud) -> bool:
    return "namespaces" in cloud.client("redshift-serverless").list_namespaces()


def _function(cloud: LocalCloud, name: str, **settings: Any) -> str:  # noqa: ANN401 - what boto3 takes
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("handler.py", "")
    trust = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
            ],
        }
    )
    role = cloud.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    code = {"ZipFile": package.getvalue()}
    cloud.client("lambda").create_function(
        FunctionName=name, Role=role, Code=code, Handler="handler.handle", Runtime="python3.11", **settings
    )
    return name
