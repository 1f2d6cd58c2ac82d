"""The files that landed, each once, and which of them wait: a DynamoDB table of one item a file version.

An item has the attribute `waiting` only while its file is in no run, so that the index of the waiting is small. A batch
is claimed item by item, and a claim that nobody finished is found again with the same files in it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from botocore.exceptions import ClientError

from lambdas.common.failures import code_of, told
from lambdas.s3_event_trigger.batches import WaitingFile

INDEX = "waiting"
FREE, CLAIMED = "free", "claimed"
LEASE = "lease"
ALL = 1_000_000
"""Claims are read whole: a part of one would be another run. There are few at a time."""
_REFUSED = "ConditionalCheckFailedException"

Item = Mapping[str, Any]


class TableClient(Protocol):
    """What of a DynamoDB client is used."""

    def put_item(self, **arguments: Any) -> Item:  # noqa: ANN401 - boto3's own
        """Write one item."""

    def update_item(self, **arguments: Any) -> Item:  # noqa: ANN401
        """Change one item."""

    def delete_item(self, **arguments: Any) -> Item:  # noqa: ANN401
        """Delete one item."""

    def query(self, **arguments: Any) -> Item:  # noqa: ANN401
        """One page of items."""


class Ledger:
    """The table; times are given, so that tests need not wait."""

    def __init__(self, client: TableClient, table: str, keep_days: int) -> None:
        self._client, self._table, self._keep = client, table, timedelta(days=keep_days)

    def add(self, file: WaitingFile, now: datetime, claim: str = "") -> bool:
        """Note a file, free or claimed at once; False where it is known."""
        item = {
            "file_id": {"S": file.file_id},
            "bucket": {"S": file.bucket},
            "object_key": {"S": file.key},
            "size": {"N": str(file.size)},
            "source": {"S": file.source},
            "landed_at": {"S": file.landed_at.isoformat()},
            "waiting": {"S": CLAIMED if claim else FREE},
            "expires_at": {"N": str(int((file.landed_at + self._keep).timestamp()))},
        }
        if claim:
            item |= {"claim": {"S": claim}, "claimed_at": {"S": now.isoformat()}}
        return self._tried(self._client.put_item, Item=item, ConditionExpression="attribute_not_exists(file_id)")

    def free(self, most: int) -> list[WaitingFile]:
        """Files that wait, the oldest first; the index may be a moment behind."""
        return [_file(item) for item in self._waiting(FREE, most)]

    def claim(self, files: Iterable[WaitingFile], claim: str, now: datetime) -> tuple[WaitingFile, ...]:
        """Take free files for one run; those that another call has taken are left out."""
        return tuple(file for file in files if self._take(file, claim, now))

    def abandoned(self, before: datetime) -> list[tuple[WaitingFile, ...]]:
        """The files of each claim that nobody has finished since."""
        claims = defaultdict(list)
        for item in self._waiting(CLAIMED, ALL):
            if datetime.fromisoformat(item["claimed_at"]["S"]) < before:
                claims[item["claim"]["S"]].append(_file(item))
        return [tuple(files) for files in claims.values()]

    def started(self, files: Sequence[WaitingFile], job_id: str) -> None:
        """Note that the files are in a run: they wait no more."""
        for file in files:
            self._tried(
                self._client.update_item,
                Key={"file_id": {"S": file.file_id}},
                UpdateExpression="SET job_id = :job REMOVE waiting, claim, claimed_at",
                ExpressionAttributeValues={":job": {"S": job_id}},
            )

    def lease(self, owner: str, now: datetime, until: datetime) -> bool:
        """Become the one who gathers, so that two calls do not make two runs of what is enough for one."""
        return self._tried(
            self._client.put_item,
            Item={"file_id": {"S": LEASE}, "owner": {"S": owner}, "until": {"S": until.isoformat()}},
            ConditionExpression="attribute_not_exists(file_id) OR #until < :now",
            ExpressionAttributeNames={"#until": "until"},
            ExpressionAttributeValues={":now": {"S": now.isoformat()}},
        )

    def give_back(self, owner: str) -> None:
        """Let the next one gather."""
        self._tried(
            self._client.delete_item,
            Key={"file_id": {"S": LEASE}},
            ConditionExpression="#owner = :owner",
            ExpressionAttributeNames={"#owner": "owner"},
            ExpressionAttributeValues={":owner": {"S": owner}},
        )

    def _take(self, file: WaitingFile, claim: str, now: datetime) -> bool:
        return self._tried(
            self._client.update_item,
            Key={"file_id": {"S": file.file_id}},
            UpdateExpression="SET waiting = :claimed, claim = :claim, claimed_at = :now",
            ConditionExpression="waiting = :free",
            ExpressionAttributeValues={
                ":claimed": {"S": CLAIMED},
                ":free": {"S": FREE},
                ":claim": {"S": claim},
                ":now": {"S": now.isoformat()},
            },
        )

    def _waiting(self, state: str, most: int) -> list[Item]:
        found: list[Item] = []
        page: dict[str, Any] = {}
        while len(found) < most:
            try:
                answer = self._client.query(
                    TableName=self._table,
                    IndexName=INDEX,
                    KeyConditionExpression="waiting = :state",
                    ExpressionAttributeValues={":state": {"S": state}},
                    Limit=most - len(found),
                    **page,
                )
            except Exception as error:
                raise told(error) from None
            found += answer["Items"]
            if not answer.get("LastEvaluatedKey"):
                break
            page = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
        return found

    def _tried(self, call: Any, **arguments: Any) -> bool:  # noqa: ANN401 - boto3's own
        try:
            call(TableName=self._table, **arguments)
        except ClientError as error:
            if code_of(error) == _REFUSED:
                return False
            raise told(error) from None
        except Exception as error:
            raise told(error) from None
        return True


def _file(item: Item) -> WaitingFile:
    return WaitingFile(
        file_id=item["file_id"]["S"],
        bucket=item["bucket"]["S"],
        key=item["object_key"]["S"],
        size=int(item["size"]["N"]),
        source=item["source"]["S"],
        landed_at=datetime.fromisoformat(item["landed_at"]["S"]).astimezone(UTC),
    )
