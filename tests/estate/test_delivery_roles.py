"""Roles by which AWS's own services deliver logs, histories and copies: each may do what its service needs, no more.

They stand in production alone, so their policies are read from its plan. Roles of functions, jobs, state machine and
schedules are judged where they are applied, in `tests/cloud/test_roles.py`.
"""

import json
from collections.abc import Callable

import pytest

from terraform.estate.plan import Estate
from tests.permissions.estate import Need
from tests.permissions.judgement import RolePolicies, listed
from tests.permissions.roles import ROLES

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

PREFIX, ACCOUNT = "healthcare-claims-prod", "123456789012"
COPIED = ("raw", "processed", "quarantine", "archive")
READ_FOR_COPIES = (
    "s3:GetObjectVersionForReplication",
    "s3:GetObjectVersionAcl",
    "s3:GetObjectVersionTagging",
    "s3:GetObjectRetention",
    "s3:GetObjectLegalHold",
)
"""What S3 asks for to replicate, locked objects too."""
WRITE_COPIES = ("s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags")


def bucket(name: str) -> str:
    return f"arn:aws:s3:::{PREFIX}-{name}-{ACCOUNT}"


def group(name: str) -> str:
    return f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{name}"


def key(estate: Estate, module: str) -> str:
    (found,) = (one for one in estate.of_type("aws_kms_key") if one.address.startswith(f"module.{module}"))
    return str(found.values["arn"])


def history(estate: Estate) -> set[Need]:
    """AWS Config: looks whether the bucket is there and its own, puts histories into it, encrypted."""
    operations = key(estate, "operations_key")
    return {
        *(
            Need(action, bucket("findings"), "Config looks at its bucket")
            for action in ("s3:ListBucket", "s3:GetBucketAcl")
        ),
        Need("s3:PutObject", f"{bucket('findings')}/config/AWSLogs/{ACCOUNT}/Config/x.json.gz", "Config delivers"),
        *(Need(f"kms:{one}", operations, "the bucket is encrypted") for one in ("GenerateDataKey", "Decrypt")),
    }


def trail(estate: Estate) -> set[Need]:
    """CloudTrail: its stream in its own log group."""
    stream = f"{group(f'/aws/cloudtrail/{PREFIX}-trail')}:log-stream:{ACCOUNT}_CloudTrail_us-east-1"
    return {Need(f"logs:{one}", stream, "CloudTrail logs") for one in ("CreateLogStream", "PutLogEvents")}


def flow(estate: Estate) -> set[Need]:
    """VPC flow logs: their own log group, which they also look for."""
    own = group(f"/aws/vpc/{PREFIX}-flow")
    actions = ("CreateLogStream", "PutLogEvents", "DescribeLogGroups", "DescribeLogStreams")
    return {Need(f"logs:{one}", place, "flow logs") for one in actions for place in (own, f"{own}:log-stream:eni-1")}


def copies(estate: Estate) -> set[Need]:
    """S3 replication: reads the versions of four zones, writes their copies, each with the key of its region."""
    needs: set[Need] = set()
    for zone in COPIED:
        source, copy = bucket(zone), bucket(f"{zone}-replica")
        needs |= {Need(f"s3:{one}", source, "S3 looks") for one in ("ListBucket", "GetReplicationConfiguration")}
        needs |= {Need(one, f"{source}/x", "S3 reads what it copies") for one in READ_FOR_COPIES}
        needs |= {Need(one, f"{copy}/x", "S3 writes copies") for one in WRITE_COPIES}
        # with a bucket key the context names the bucket, without one the object
        for end in ("", "/x"):
            needs |= encrypted(key(estate, "data_key"), "us-east-1", source + end, "Decrypt")
            needs |= encrypted(key(estate, "backup_region"), "us-west-2", copy + end, "Encrypt", "GenerateDataKey")
    return needs


def encrypted(arn: str, region: str, place: str, *actions: str) -> set[Need]:
    context = (("kms:ViaService", f"s3.{region}.amazonaws.com"), ("kms:EncryptionContext:aws:s3:arn", place))
    return {Need(f"kms:{one}", arn, "what is copied is encrypted", context) for one in actions}


DELIVERY: dict[str, Callable[[Estate], set[Need]]] = {
    "config": history,
    "trail-logs": trail,
    "vpc-flow": flow,
    "replication": copies,
}


@pytest.fixture(scope="module")
def production(estates: dict[str, Estate]) -> Estate:
    return estates["prod"]


def policies(estate: Estate, name: str) -> RolePolicies:
    documents = [
        json.loads(one.values["policy"])
        for one in estate.of_type("aws_iam_role_policy")
        if one.values["role"] == f"{PREFIX}-{name}"
    ]
    return RolePolicies(tuple(statement for document in documents for statement in listed(document["Statement"])))


def test_every_role_of_production_is_judged_here_or_where_it_is_applied(production: Estate) -> None:
    names = {str(one.values["name"]).removeprefix(f"{PREFIX}-") for one in production.of_type("aws_iam_role")}
    assert names == {*ROLES, *DELIVERY}
    attached = {one.values["policy_arn"] for one in production.of_type("aws_iam_role_policy_attachment")}
    # Config reads the settings of resources of every kind; AWS keeps the list
    assert attached == {"arn:aws:iam::aws:policy/service-role/AWS_ConfigRole"}


@pytest.mark.parametrize("name", DELIVERY)
def test_a_service_may_deliver_and_do_nothing_else(production: Estate, name: str) -> None:
    found, needs = policies(production, name), DELIVERY[name](production)
    assert found.missing(needs) == []
    assert found.unneeded(needs) == []
    assert found.loose(ACCOUNT) == []


@pytest.mark.parametrize("name", DELIVERY)
def test_only_its_service_takes_the_role_and_for_this_account_alone(production: Estate, name: str) -> None:
    (role,) = (one for one in production.of_type("aws_iam_role") if one.values["name"] == f"{PREFIX}-{name}")
    for statement in listed(json.loads(role.values["assume_role_policy"])["Statement"]):
        assert list(statement["Principal"]) == ["Service"]
        assert ACCOUNT in json.dumps(statement["Condition"])
