"""What a client sees of S3 that moto does otherwise; see `probes`."""

import json
from typing import Any

from botocore.exceptions import ClientError

from tests.cloud.local_cloud.server import LocalCloud
from tests.cloud.probes import covers

LOG_DELIVERY = {"Service": "logging.s3.amazonaws.com"}


@covers("s3.S3Response.get_bucket_notification")
def a_bucket_says_that_eventbridge_is_on(cloud: LocalCloud) -> bool:
    s3 = _bucket(cloud, "probe-events")
    settings: dict[str, Any] = {"EventBridgeConfiguration": {}}
    s3.put_bucket_notification_configuration(Bucket="probe-events", NotificationConfiguration=settings)
    return "EventBridgeConfiguration" in s3.get_bucket_notification_configuration(Bucket="probe-events")


@covers("s3.FakeBucket._log_permissions_enabled_policy")
def a_statement_may_name_several_prefixes_of_logs(cloud: LocalCloud) -> bool:
    return bool(_logging(cloud, "probe-logs", ["a/*", "b/*"])["TargetPrefix"] == "b/")


@covers("s3.S3Response.get_bucket_logging")
def keys_of_logs_have_a_form(cloud: LocalCloud) -> bool:
    form = _logging(cloud, "probe-form", "*")["TargetObjectKeyFormat"]
    return bool(form == {"PartitionedPrefix": {"PartitionDateSource": "EventTime"}})


@covers("s3.S3Response.get_bucket_replication")
def a_replication_rule_reads_as_it_was_written(cloud: LocalCloud) -> bool:
    s3 = _bucket(cloud, "probe-source")
    s3.put_bucket_versioning(Bucket="probe-source", VersioningConfiguration={"Status": "Enabled"})
    rule = {
        "ID": "all",
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Enabled"},
        "SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": "Enabled"}},
        "Destination": {"Bucket": "arn:aws:s3:::probe-replica"},
    }
    written = {"Role": "arn:aws:iam::123456789012:role/a", "Rules": [rule]}
    s3.put_bucket_replication(Bucket="probe-source", ReplicationConfiguration=written)
    return bool(s3.get_bucket_replication(Bucket="probe-source")["ReplicationConfiguration"]["Rules"] == [rule])


@covers("s3.FakeBucket.set_lifecycle", "s3.S3Response.get_bucket_lifecycle")
def a_rule_keeps_a_number_of_former_versions(cloud: LocalCloud) -> bool:
    s3 = _bucket(cloud, "probe-lifecycle")
    kept = {"NoncurrentDays": 30, "NewerNoncurrentVersions": 5}
    rule = {"ID": "a", "Status": "Enabled", "Filter": {"Prefix": ""}, "NoncurrentVersionExpiration": kept}
    s3.put_bucket_lifecycle_configuration(Bucket="probe-lifecycle", LifecycleConfiguration={"Rules": [rule]})
    (read,) = s3.get_bucket_lifecycle_configuration(Bucket="probe-lifecycle")["Rules"]
    return bool(read["NoncurrentVersionExpiration"] == kept)


@covers("iam.IAMPolicyStatement.is_action_permitted")
def a_deny_is_for_requests_that_meet_its_condition(cloud: LocalCloud) -> bool:
    s3 = _bucket(cloud, "probe-policy")
    header = "s3:x-amz-server-side-encryption"
    _policy(
        cloud,
        "probe-policy",
        Effect="Deny",
        Principal="*",
        Action="s3:PutObject",
        Resource="arn:aws:s3:::probe-policy/*",
        Condition={"Null": {header: "false"}, "StringNotEquals": {header: "aws:kms"}},
    )
    s3.put_object(Bucket="probe-policy", Key="a", Body=b"a")
    try:
        s3.put_object(Bucket="probe-policy", Key="b", Body=b"b", ServerSideEncryption="AES256")
    except ClientError as refusal:
        return bool(refusal.response["ResponseMetadata"]["HTTPStatusCode"] == 403)
    return False


def _bucket(cloud: LocalCloud, name: str) -> Any:  # noqa: ANN401 - boto3 makes clients at run time
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket=name)
    return s3


def _policy(cloud: LocalCloud, bucket: str, **statement: Any) -> None:  # noqa: ANN401 - a policy is JSON
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    cloud.client("s3").put_bucket_policy(Bucket=bucket, Policy=policy)


def _logging(cloud: LocalCloud, name: str, below: str | list[str]) -> Any:  # noqa: ANN401 - what boto3 reads
    """What is read back of the access logs of a bucket, whose policy lets them in at these places."""
    s3 = _bucket(cloud, name)
    start = f"arn:aws:s3:::{name}/"
    resource = start + below if isinstance(below, str) else [start + place for place in below]
    _policy(cloud, name, Effect="Allow", Principal=LOG_DELIVERY, Action="s3:PutObject", Resource=resource)
    form = {"PartitionedPrefix": {"PartitionDateSource": "EventTime"}}
    enabled = {"TargetBucket": name, "TargetPrefix": "b/", "TargetObjectKeyFormat": form}
    s3.put_bucket_logging(Bucket=name, BucketLoggingStatus={"LoggingEnabled": enabled})
    return s3.get_bucket_logging(Bucket=name)["LoggingEnabled"]
