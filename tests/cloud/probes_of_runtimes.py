"""What a client sees of what runs: functions, jobs, state machines, and events on their way."""

import io
import json
import time
import zipfile
from typing import Any

from botocore.config import Config

from tests.cloud.local_cloud.server import ACCOUNT_ID, REGION, LocalCloud
from tests.cloud.probes import covers

HANDLER = """
import os
def handle(event, context):
    if event.get("fail"):
        raise LookupError("no such thing")
    return {"told": os.environ["TOLD"], "records": len(event.get("Records", []))}
"""
ROLE = f"arn:aws:iam::{ACCOUNT_ID}:role/probe-runtime"
SECONDS = 15.0


def arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT_ID}:{resource}"


def make_function(cloud: LocalCloud, name: str) -> Any:  # noqa: ANN401 - boto3's client
    """A function, and a client to call it; its role is made where it is missing."""
    iam, client = cloud.client("iam"), cloud.client("lambda")
    if "probe-runtime" not in {role["RoleName"] for role in iam.list_roles()["Roles"]}:
        iam.create_role(RoleName="probe-runtime", AssumeRolePolicyDocument="{}")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("own.py", HANDLER)
    client.create_function(
        FunctionName=name,
        Runtime="python3.11",
        Role=ROLE,
        Handler="own.handle",
        Code={"ZipFile": archive.getvalue()},
        Environment={"Variables": {"TOLD": "this"}},
    )
    return client


def make_queue(cloud: LocalCloud, name: str, **attributes: str) -> str:
    return str(cloud.client("sqs").create_queue(QueueName=name, Attributes=attributes)["QueueUrl"])


def taken(cloud: LocalCloud, url: str) -> str:
    """The body of a message that comes into a queue; an error where none comes."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if messages := cloud.client("sqs").receive_message(QueueUrl=url).get("Messages"):
            return str(messages[0]["Body"])
        time.sleep(0.1)
    raise KeyError("no message came")


def run_machine(cloud: LocalCloud, name: str, **states: Any) -> dict[str, Any]:  # noqa: ANN401 - any state
    """An execution of these states, the first one first, when it has ended."""
    client = cloud.client("stepfunctions")
    definition = json.dumps({"StartAt": next(iter(states)), "States": states})
    machine = client.create_state_machine(name=name, definition=definition, roleArn=ROLE)["stateMachineArn"]
    started = client.start_execution(stateMachineArn=machine, name="one", input="{}")["executionArn"]
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        described: dict[str, Any] = client.describe_execution(executionArn=started)
        if described["status"] != "RUNNING":
            return described
        time.sleep(0.1)
    raise KeyError("it did not end")


@covers("awslambda.LambdaFunction.invoke")
def a_function_runs_its_own_code_with_its_own_environment(cloud: LocalCloud) -> bool:
    client = make_function(cloud, "probe-function")
    good = client.invoke(FunctionName="probe-function", Payload=b"{}")
    bad = client.invoke(FunctionName="probe-function", Payload=b'{"fail": true}')
    if good["Payload"].read() != b'{"told": "this", "records": 0}' or bad["FunctionError"] != "Unhandled":
        return False
    error = json.load(bad["Payload"])
    return (error["errorType"], error["errorMessage"]) == ("LookupError", "no such thing")


@covers("awslambda.LambdaBackend.create_event_source_mapping")
def messages_that_came_before_the_mapping_are_taken_by_the_function(cloud: LocalCloud) -> bool:
    client, url = make_function(cloud, "probe-mapped"), make_queue(cloud, "probe-mapped")
    cloud.client("sqs").send_message(QueueUrl=url, MessageBody="{}")
    client.create_event_source_mapping(FunctionName="probe-mapped", EventSourceArn=arn("sqs", "probe-mapped"))
    end, left = time.monotonic() + SECONDS, "1"
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    while left != "00" and time.monotonic() < end:
        attributes = cloud.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        left = "".join(attributes[name] for name in names)
        time.sleep(0.1)
    return left == "00"


@covers("events.Rule.send_to_targets")
def a_rule_sends_to_a_topic_and_a_disabled_one_to_nobody(cloud: LocalCloud) -> bool:
    events, sns, url = cloud.client("events"), cloud.client("sns"), make_queue(cloud, "probe-rule")
    topic = sns.create_topic(Name="probe-rule")["TopicArn"]
    sns.subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=arn("sqs", "probe-rule"), Attributes={"RawMessageDelivery": "true"}
    )
    for name, state in (("probe-rule-off", "DISABLED"), ("probe-rule-on", "ENABLED")):
        events.put_rule(Name=name, EventPattern='{"source": ["probe.rule"]}', State=state)
        events.put_targets(Rule=name, Targets=[{"Id": "topic", "Arn": topic, "Input": json.dumps({"by": name})}])
    events.put_events(Entries=[{"Source": "probe.rule", "DetailType": "a", "Detail": "{}"}])
    return taken(cloud, url) == '{"by": "probe-rule-on"}' and not cloud.client("sqs").receive_message(QueueUrl=url).get(
        "Messages"
    )


@covers("glue.FakeJob.start_job_run", "glue.FakeJobRun.as_dict", "stepfunctions.StateTaskServiceGlue.__init__")
def a_state_waits_for_a_job_whose_script_fails_and_is_told_why(cloud: LocalCloud) -> bool:
    bucket = cloud.client("s3")
    bucket.create_bucket(Bucket="probe-job")
    bucket.put_object(Bucket="probe-job", Key="job.py", Body=b"raise LookupError('no such thing')")
    cloud.client("glue").create_job(
        Name="probe-job", Role=ROLE, Command={"Name": "glueetl", "ScriptLocation": "s3://probe-job/job.py"}
    )
    ended = run_machine(
        cloud,
        "probe-job",
        Run={
            "Type": "Task",
            "Resource": "arn:aws:states:::glue:startJobRun.sync",
            "Parameters": {"JobName": "probe-job"},
            "End": True,
        },
    )
    if not ended["cause"].startswith("{"):
        return False
    cause = json.loads(ended["cause"])
    return (cause["JobRunState"], cause["ErrorMessage"]) == ("FAILED", "LookupError: no such thing")


@covers("stepfunctions.StateTaskServiceAwsSdk._eval_service_task")
def an_object_is_written_from_json_and_read_as_text(cloud: LocalCloud) -> bool:
    cloud.client("s3").create_bucket(Bucket="probe-bodies")
    place = {"Bucket": "probe-bodies", "Key": "one.json"}
    ended = run_machine(
        cloud,
        "probe-bodies",
        Write={
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:s3:putObject",
            "Parameters": {**place, "Body": {"one": 1}},
            "Next": "Read",
        },
        Read={
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:s3:getObject",
            "Parameters": place,
            "ResultSelector": {"read.$": "States.StringToJson($.Body)"},
            "End": True,
        },
    )
    return bool(json.loads(ended["output"]) == {"read": {"one": 1}})


@covers("stepfunctions.JitterStrategyDecl._eval_body", "stepfunctions.WaitFunction._wait_interval")
def waits_pass_in_the_time_of_the_cloud(cloud: LocalCloud) -> bool:
    retry = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 100, "MaxAttempts": 1}
    missing = {"Bucket": "probe-no-such-bucket", "Key": "none"}
    ended = run_machine(
        cloud,
        "probe-waits",
        Wait={"Type": "Wait", "Seconds": 100, "Next": "Fail"},
        Fail={
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:s3:getObject",
            "Parameters": missing,
            "Retry": [retry],
            "End": True,
        },
    )
    return bool(ended["status"] == "FAILED")


@covers("stepfunctions.BaseExecutionWorkerCommunication.terminated")
def the_end_of_an_execution_is_an_event(cloud: LocalCloud) -> bool:
    events, url = cloud.client("events"), make_queue(cloud, "probe-ended")
    pattern = {"source": ["aws.states"], "detail": {"status": ["FAILED"], "name": ["one"]}}
    events.put_rule(Name="probe-ended", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="probe-ended", Targets=[{"Id": "queue", "Arn": arn("sqs", "probe-ended")}])
    run_machine(cloud, "probe-ended", Fail={"Type": "Fail", "Error": "Planned"})
    told = json.loads(taken(cloud, url))
    return bool(told["detail-type"] == "Step Functions Execution Status Change")


@covers("s3.FakeKey.response_dict")
def spark_is_not_told_the_key_of_an_object(cloud: LocalCloud) -> bool:
    s3, key = cloud.client("s3"), cloud.make_key()
    s3.create_bucket(Bucket="probe-spark")
    s3.put_object(Bucket="probe-spark", Key="one", Body=b"1", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
    spark = cloud.client("s3", config=Config(user_agent="Hadoop 3.3.4, aws-sdk-java/1.12.262"))
    told, hidden = (client.head_object(Bucket="probe-spark", Key="one") for client in (s3, spark))
    return told.get("SSEKMSKeyId") == key and "SSEKMSKeyId" not in hidden
