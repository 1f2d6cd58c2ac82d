"""What the modules made does what it is for, as boto3 finds it."""

import json
import time

import pytest
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError

from tests.cloud.applied import Applied

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
REFUSED = pytest.raises(ClientError, match=r"403|AccessDenied|Forbidden")


def test_a_key_encrypts_by_its_alias_and_is_rotated(applied: Applied) -> None:
    key, kms = applied.of("kms_key")["key"], applied.cloud.client("kms")
    sealed = kms.encrypt(KeyId=key["alias_name"], Plaintext=b"claims")["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"claims"
    assert kms.get_key_rotation_status(KeyId=key["key_id"])["RotationPeriodInDays"] == 180


def test_a_zone_takes_what_comes_without_a_word_of_encryption(applied: Applied) -> None:
    zones, s3 = applied.of("data_zones"), applied.cloud.client("s3")
    for bucket in zones["zones"]["bucket_names"].values():
        s3.put_object(Bucket=bucket, Key="a.csv", Body=b"a")
        assert s3.get_object(Bucket=bucket, Key="a.csv")["Body"].read() == b"a"


@pytest.mark.parametrize(
    "encryption",
    [
        pytest.param({"ServerSideEncryption": "AES256"}, id="not by KMS"),
        pytest.param({"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "arn:aws:kms:x"}, id="by another key"),
    ],
)
def test_a_zone_refuses_other_encryption(applied: Applied, encryption: dict[str, str]) -> None:
    bucket = applied.of("data_zones")["zones"]["bucket_names"]["raw"]
    with REFUSED:
        applied.cloud.client("s3").put_object(Bucket=bucket, Key="a.csv", Body=b"a", **encryption)


def test_a_zone_takes_its_own_key_by_name(applied: Applied) -> None:
    zones = applied.of("data_zones")
    applied.cloud.client("s3").put_object(
        Bucket=zones["zones"]["bucket_names"]["raw"],
        Key="b.csv",
        Body=b"b",
        ServerSideEncryption="aws:kms",
        SSEKMSKeyId=zones["kms_key_arn"],
    )


def test_workflows_of_one_repository_take_their_role_and_a_plan_reads_no_object_but_the_state(applied: Applied) -> None:
    made, iam = applied.of("github_oidc")["workflows"], applied.cloud.client("iam")
    names = {kind: made[f"{kind}_role_arn"].rpartition("/")[2] for kind in ("deploy", "plan")}
    documents = {kind: iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"] for kind, name in names.items()}
    subject = "token.actions.githubusercontent.com:sub"
    subjects = {kind: one["Statement"][0]["Condition"]["StringEquals"][subject] for kind, one in documents.items()}
    assert subjects == {
        "deploy": "repo:our-company/claims:environment:dev",
        "plan": "repo:our-company/claims:pull_request",
    }
    policy = iam.get_role_policy(RoleName=names["plan"], PolicyName="settings-only")["PolicyDocument"]
    denied = next(one for one in policy["Statement"] if one["Action"] == "s3:GetObject*")
    assert denied["Effect"] == "Deny"
    assert denied["NotResource"].endswith("-tfstate/terraform.tfstate")


def test_a_zone_refuses_requests_without_tls(applied: Applied) -> None:
    bucket, s3 = applied.of("data_zones")["zones"]["bucket_names"]["raw"], applied.cloud.client("s3")
    s3.meta.events.register("before-sign.s3", _as_if_without_tls)
    with REFUSED:
        s3.put_object(Bucket=bucket, Key="a.csv", Body=b"a")


def test_a_state_is_locked_once(applied: Applied) -> None:
    bucket, s3 = applied.of("state_backend")["state"]["bucket_name"], applied.cloud.client("s3")
    lock = {"Bucket": bucket, "Key": "dev/terraform.tfstate.tflock", "Body": b"{}", "IfNoneMatch": "*"}
    s3.put_object(**lock)
    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.put_object(**lock)


def test_buckets_are_replicated_with_their_delete_markers(applied: Applied) -> None:
    backup, s3 = applied.of("backup_region"), applied.cloud.client("s3")
    for bucket in backup["source_buckets"].values():
        (rule,) = s3.get_bucket_replication(Bucket=bucket)["ReplicationConfiguration"]["Rules"]
        assert rule["Destination"]["Bucket"] in backup["backup"]["replica_bucket_arns"].values()
        assert rule["DeleteMarkerReplication"]["Status"] == "Enabled"


def test_a_private_network_has_no_way_out(applied: Applied) -> None:
    network, ec2 = applied.of("network")["network"], applied.cloud.client("ec2")
    of_vpc = [{"Name": "vpc-id", "Values": [network["vpc_id"]]}]
    tables = ec2.describe_route_tables(Filters=of_vpc)["RouteTables"]
    assert not [route for table in tables for route in table["Routes"] if route.get("GatewayId", "").startswith("igw")]
    assert ec2.describe_nat_gateways(Filters=of_vpc)["NatGateways"] == []
    endpoints = ec2.describe_vpc_endpoints(Filters=of_vpc)["VpcEndpoints"]
    assert {"s3", "glue", "sqs"} <= {endpoint["ServiceName"].rpartition(".")[2] for endpoint in endpoints}


def test_a_message_that_is_not_deleted_goes_to_the_dead_letters(applied: Applied) -> None:
    queues, sqs = applied.of("queues")["queues"], applied.cloud.client("sqs")
    sqs.send_message(QueueUrl=queues["queue_urls"]["landing"], MessageBody="a file")
    (received,) = sqs.receive_message(QueueUrl=queues["queue_urls"]["landing"], WaitTimeSeconds=2)["Messages"]
    time.sleep(1.1)  # as long as it is hidden
    assert "Messages" not in sqs.receive_message(QueueUrl=queues["queue_urls"]["landing"], WaitTimeSeconds=0)
    (dead,) = sqs.receive_message(QueueUrl=queues["dead_letter_urls"]["landing"], WaitTimeSeconds=2)["Messages"]
    assert (received["Body"], dead["Body"]) == ("a file", "a file")


def test_a_function_has_what_it_was_given(applied: Applied) -> None:
    function, client = applied.of("lambda_function")["function"], applied.cloud.client("lambda")
    alias = client.get_alias(FunctionName=function["function_name"], Name=function["alias_name"])
    settings = client.get_function_configuration(FunctionName=function["function_name"])
    assert alias["FunctionVersion"] == function["version"]
    assert settings["DeadLetterConfig"]["TargetArn"].endswith("-dlq")
    assert settings["LoggingConfig"]["LogGroup"] == function["log_group_name"]
    assert settings["Environment"]["Variables"]["ENVIRONMENT"] == "dev"


def test_a_run_of_a_job_can_be_started(applied: Applied) -> None:
    job, glue = applied.of("glue_job")["job"], applied.cloud.client("glue")
    run = glue.start_job_run(JobName=job["job_name"], Arguments={"--job_id": "claims-etl-20240101-000000-0001"})
    arguments = glue.get_job_run(JobName=job["job_name"], RunId=run["JobRunId"])["JobRun"]["Arguments"]
    assert arguments["--datalake-formats"] == "iceberg"
    assert arguments["--job_id"] == "claims-etl-20240101-000000-0001"


def test_a_message_can_be_published_for_every_severity(applied: Applied) -> None:
    topics, sns = applied.of("notifications")["notifications"]["topic_arns"], applied.cloud.client("sns")
    assert set(topics) == {"status", "critical", "high", "medium", "low"}
    assert all(sns.publish(TopicArn=arn, Message="{}")["MessageId"] for arn in topics.values())


def test_a_file_that_lands_reaches_the_queue_and_others_do_not(applied: Applied) -> None:
    pipeline, s3, sqs = applied.of("claims_pipeline"), applied.cloud.client("s3"), applied.cloud.client("sqs")
    for key in ("raw/unknown/a.csv", "raw/claims/acme/a.csv"):
        s3.put_object(Bucket=pipeline["raw_bucket"], Key=key, Body=b"a")
    received = sqs.receive_message(QueueUrl=pipeline["landing_queue_url"], MaxNumberOfMessages=10, WaitTimeSeconds=5)
    keys = [json.loads(message["Body"])["detail"]["object"]["key"] for message in received["Messages"]]
    assert keys == ["raw/claims/acme/a.csv"]


def test_the_state_machine_logs_no_claims(applied: Applied) -> None:
    pipeline, states = applied.of("claims_pipeline")["pipeline"], applied.cloud.client("stepfunctions")
    machine = states.describe_state_machine(stateMachineArn=pipeline["state_machine_arn"])
    assert machine["loggingConfiguration"]["level"] == "ERROR"
    assert not machine["loggingConfiguration"].get("includeExecutionData")
    assert "${" not in machine["definition"]


def test_tables_can_be_made_in_the_catalog_and_optimized(applied: Applied) -> None:
    catalog, glue = applied.of("data_catalog")["catalog"], applied.cloud.client("glue")
    database = catalog["database_name"]
    glue.create_table(DatabaseName=database, TableInput={"Name": "medical_claim"})
    optimizer = {
        "CatalogId": "123456789012",
        "DatabaseName": database,
        "TableName": "medical_claim",
        "Type": "compaction",
    }
    glue.create_table_optimizer(**optimizer, TableOptimizerConfiguration={"enabled": True})
    assert glue.get_table_optimizer(**optimizer)["TableOptimizer"]["configuration"]["enabled"] is True


def test_a_workgroup_stops_queries_that_read_too_much(applied: Applied) -> None:
    workgroup, athena = applied.of("athena")["athena"], applied.cloud.client("athena")
    settings = athena.get_work_group(WorkGroup=workgroup["workgroup_name"])["WorkGroup"]["Configuration"]
    assert settings["EnforceWorkGroupConfiguration"] is True
    assert settings["BytesScannedCutoffPerQuery"] == 10995116277760
    (query,) = workgroup["named_query_ids"].values()
    assert "medical_claim" in athena.get_named_query(NamedQueryId=query)["NamedQuery"]["QueryString"]


def test_a_warehouse_is_private_and_speaks_tls(applied: Applied) -> None:
    warehouse, redshift = applied.of("redshift")["redshift"], applied.cloud.client("redshift-serverless")
    workgroup = redshift.get_workgroup(workgroupName=warehouse["workgroup_name"])["workgroup"]
    assert workgroup["publiclyAccessible"] is False
    assert {"parameterKey": "require_ssl", "parameterValue": "true"} in workgroup["configParameters"]


def test_the_health_of_the_pipeline_hangs_on_alarms_that_are_there(applied: Applied) -> None:
    monitoring, cloudwatch = applied.of("monitoring")["monitoring"], applied.cloud.client("cloudwatch")
    names = {alarm["AlarmName"] for alarm in cloudwatch.describe_alarms()["MetricAlarms"]}
    (health,) = [
        alarm
        for alarm in cloudwatch.describe_alarms()["CompositeAlarms"]
        if alarm["AlarmArn"] == monitoring["composite_alarm_arn"]
    ]
    named = {part.partition('"')[0] for part in health["AlarmRule"].split('ALARM("')[1:]}
    assert named
    assert named <= names


def test_dashboards_are_drawn(applied: Applied) -> None:
    monitoring, cloudwatch = applied.of("monitoring")["monitoring"], applied.cloud.client("cloudwatch")
    for name in monitoring["dashboard_names"].values():
        assert json.loads(cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"])["widgets"]


def test_the_trail_records_who_reads_claims(applied: Applied) -> None:
    audit, trail = applied.of("audit")["audit"], applied.cloud.client("cloudtrail")
    assert trail.get_trail_status(Name=audit["trail_arn"])["IsLogging"] is True
    selectors = trail.get_event_selectors(TrailName=audit["trail_arn"])["AdvancedEventSelectors"]
    assert "AWS::S3::Object" in json.dumps(selectors)


def _as_if_without_tls(request: AWSRequest, **_: object) -> None:
    request.headers["X-Forwarded-Proto"] = "http"
