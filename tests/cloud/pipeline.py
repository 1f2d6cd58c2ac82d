"""The deployed pipeline as a person or another system sees it: files go in; tables, messages and runs come out."""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.cloud.stack import PREFIX, Stack

LISTENER = "listener"
REST_SECONDS = 300.0


@dataclass(frozen=True)
class Execution:
    """One execution of the state machine: how it ended, the states that it went through, and all that it held."""

    name: str
    status: str
    path: tuple[str, ...]
    held: str
    started_at: datetime
    ended_at: datetime

    @property
    def job_id(self) -> str:
        """The id of its run."""
        return "-".join(self.name.split("-")[:5])


@dataclass(frozen=True)
class Heard:
    """A message, and the topic that it came by."""

    topic: str
    message: Mapping[str, Any]


class Pipeline:
    """The applied stack, used."""

    def __init__(self, stack: Stack) -> None:
        self.stack, self.cloud = stack, stack.cloud
        self.buckets: Mapping[str, str] = stack.outputs["bucket_names"]
        self.machine: str = stack.outputs["state_machine_arn"]
        self.job: str = stack.outputs["glue_job_names"]["process-medical-claims"]
        self.s3 = stack.client("s3")
        self._sqs = stack.client("sqs")
        self._heard: list[Heard] = []

    @cached_property
    def _listener(self) -> str:
        """A queue that is subscribed to every topic."""
        url = str(self._sqs.create_queue(QueueName=LISTENER)["QueueUrl"])
        arn = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        for topic in self.stack.outputs["topic_arns"].values():
            self.stack.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        return url

    def listen(self) -> None:
        """Hear messages from now on."""
        assert self._listener

    def stop_listening(self) -> None:
        """Leave nothing behind that Terraform did not make."""
        sns = self.stack.client("sns")
        for subscription in sns.list_subscriptions()["Subscriptions"]:
            if subscription["Endpoint"].endswith(f":{LISTENER}"):
                sns.unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])
        self._sqs.delete_queue(QueueUrl=self._listener)

    def tell_again(self, keys: Sequence[str]) -> None:
        """Send the events of objects once more, in that order, as S3 may do."""
        for key in keys:
            facts = self.s3.head_object(Bucket=self.buckets["raw"], Key=key)
            told = {"key": key, "size": facts["ContentLength"], "etag": facts["ETag"].strip('"')}
            event = {
                "version": "0",
                "id": str(uuid.uuid4()),
                "source": "aws.s3",
                "detail-type": "Object Created",
                "time": f"{facts['LastModified']:%Y-%m-%dT%H:%M:%SZ}",
                "detail": {
                    "bucket": {"name": self.buckets["raw"]},
                    "object": {**told, "version-id": facts["VersionId"], "sequencer": "00617F08299329D189"},
                    "reason": "PutObject",
                },
            }
            self._sqs.send_message(QueueUrl=self.stack.outputs["queue_urls"]["landing"], MessageBody=json.dumps(event))

    def drop(self, key: str, content: bytes) -> None:
        """Put a file into the raw zone."""
        self.s3.put_object(Bucket=self.buckets["raw"], Key=key, Body=content)

    def drop_folder(self, folder: Path) -> list[str]:
        """Put the files of `folder/raw` into the raw zone; their keys."""
        files = sorted(path for path in (folder / "raw").rglob("*") if path.is_file())
        keys = [path.relative_to(folder).as_posix() for path in files]
        for key, path in zip(keys, files, strict=True):
            self.drop(key, path.read_bytes())
        return keys

    def rest(self, seconds: float = REST_SECONDS) -> None:
        """Wait until nothing is going on."""
        self.cloud.come_to_rest(seconds)

    def wait_for_batch(self, seconds: float = REST_SECONDS) -> list[Execution]:
        """What the passing of a batch's time does: files that wait are started, and run; the new executions."""
        before = {execution.name for execution in self.executions()}
        self.rest(seconds)
        self.let_files_age(timedelta(hours=1))
        self.cloud.fire(f"{PREFIX}-flush-batches")
        self.rest(seconds)
        return [execution for execution in self.executions() if execution.name not in before]

    def let_files_age(self, age: timedelta) -> None:
        """Files that wait, or were claimed by a call that has not finished, have waited so much longer."""
        table, client = self.stack.outputs["landed_files_table"], self.stack.client("dynamodb")
        for item in self.landed():
            if "waiting" in item:
                for name in {"landed_at", "claimed_at"} & item.keys():
                    moment = datetime.fromisoformat(item[name]["S"]) - age
                    client.update_item(
                        TableName=table,
                        Key={"file_id": item["file_id"]},
                        UpdateExpression=f"SET {name} = :moment",
                        ExpressionAttributeValues={":moment": {"S": moment.isoformat()}},
                    )

    def landed(self) -> list[dict[str, Any]]:
        """What is noted of files that landed."""
        pages = self.stack.client("dynamodb").get_paginator("scan")
        return [
            item
            for page in pages.paginate(TableName=self.stack.outputs["landed_files_table"])
            for item in page["Items"]
        ]

    def executions(self) -> list[Execution]:
        """All executions, the first one first."""
        client = self.stack.client("stepfunctions")
        listed = client.list_executions(stateMachineArn=self.machine)["executions"]
        return sorted((self._execution(client, one) for one in listed), key=lambda execution: execution.started_at)

    def job_runs(self) -> list[dict[str, Any]]:
        """Runs of the job, as Glue tells them."""
        return list(self.stack.client("glue").get_job_runs(JobName=self.job)["JobRuns"])

    def heard(self) -> list[Heard]:
        """All messages since `listen`, in no order."""
        while messages := self._sqs.receive_message(QueueUrl=self._listener, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                envelope = json.loads(message["Body"])
                topic = envelope["TopicArn"].rsplit(":", 1)[-1].removeprefix(f"{PREFIX}-")
                self._heard.append(Heard(topic, json.loads(envelope["Message"])))
                self._sqs.delete_message(QueueUrl=self._listener, ReceiptHandle=message["ReceiptHandle"])
        return list(self._heard)

    def heard_of(self, job_id: str) -> list[Heard]:
        """Messages about a run."""
        return [heard for heard in self.heard() if job_id in json.dumps(heard.message)]

    def keys(self, zone: str, prefix: str = "") -> list[str]:
        """Keys of the objects in a zone."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.buckets[zone], Prefix=prefix)
        return [item["Key"] for page in pages for item in page.get("Contents", [])]

    def read(self, zone: str, key: str) -> bytes:
        """The bytes of an object."""
        return bytes(self.s3.get_object(Bucket=self.buckets[zone], Key=key)["Body"].read())

    def report(self, job_id: str) -> dict[str, Any]:
        """The job's own report of a run."""
        read: dict[str, Any] = json.loads(self.read("validation-reports", f"{job_id}.json"))
        return read

    def waiting_messages(self) -> dict[str, int]:
        """How many messages each queue and each queue of dead letters holds, where there are any."""
        urls = {**self.stack.outputs["queue_urls"], **{f"{name} dead letters": url for name, url in self._dead()}}
        counts = {name: self._count(url) for name, url in urls.items()}
        return {name: count for name, count in counts.items() if count}

    def logs(self) -> Iterator[str]:
        """Every line of every log."""
        client = self.stack.client("logs")
        for group in client.get_paginator("describe_log_groups").paginate().search("logGroups[].logGroupName"):
            for page in client.get_paginator("filter_log_events").paginate(logGroupName=group):
                yield from (event["message"] for event in page["events"])

    def _dead(self) -> list[tuple[str, str]]:
        return list(self.stack.outputs["dead_letter_urls"].items())

    def _count(self, url: str) -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        attributes = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return sum(int(count) for count in attributes.values())

    def _execution(self, client: Any, listed: Mapping[str, Any]) -> Execution:  # noqa: ANN401 - boto3's client
        arn = listed["executionArn"]
        history = client.get_execution_history(executionArn=arn)["events"]
        path = [event["stateEnteredEventDetails"]["name"] for event in history if "stateEnteredEventDetails" in event]
        described = client.describe_execution(executionArn=arn)
        held = json.dumps([described, history], default=str)
        ended_at = described.get("stopDate") or datetime.now(UTC)
        return Execution(listed["name"], described["status"], tuple(path), held, described["startDate"], ended_at)
