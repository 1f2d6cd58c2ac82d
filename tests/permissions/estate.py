"""What the judges of roles must know of an applied stack, as its services tell it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Need:
    """One action on one resource that something does; the context is what conditions of a policy ask about."""

    action: str
    resource: str
    why: str = field(compare=False)
    context: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Estate:
    """The applied stack: names, keys, and what functions, jobs and schedules were told."""

    prefix: str
    account: str
    region: str
    outputs: Facts
    data_key: str
    operations_key: str
    functions: tuple[Facts, ...]
    jobs: tuple[Facts, ...]
    sources: tuple[Facts, ...]
    schedules: tuple[Facts, ...]
    definition: Facts

    @classmethod
    def read(cls, client: Callable[[str], Any], outputs: Facts, prefix: str, account: str, region: str) -> "Estate":
        """Ask the services."""
        keys = {one["AliasName"]: one.get("TargetKeyId") for one in client("kms").list_aliases()["Aliases"]}
        arn = f"arn:aws:kms:{region}:{account}:key"
        scheduler, functions = client("scheduler"), client("lambda")
        machine = client("stepfunctions").describe_state_machine(stateMachineArn=outputs["state_machine_arn"])
        return cls(
            prefix=prefix,
            account=account,
            region=region,
            outputs=outputs,
            data_key=f"{arn}/{keys[f'alias/{prefix}-data']}",
            operations_key=f"{arn}/{keys[f'alias/{prefix}-operations']}",
            functions=tuple(functions.list_functions()["Functions"]),
            jobs=tuple(client("glue").get_jobs()["Jobs"]),
            sources=tuple(functions.list_event_source_mappings()["EventSourceMappings"]),
            schedules=tuple(
                scheduler.get_schedule(Name=one["Name"], GroupName=one["GroupName"])
                for one in scheduler.list_schedules()["Schedules"]
                if one["Name"].startswith(prefix)
            ),
            definition=json.loads(machine["definition"]),
        )

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource of this account and region."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"

    def bucket(self, zone: str) -> str:
        """The name of a zone's bucket."""
        return str(self.outputs["bucket_names"][zone])

    def function(self, name: str) -> Facts:
        """A function's configuration."""
        return next(one for one in self.functions if one["FunctionName"] == f"{self.prefix}-{name}")

    def job(self, name: str) -> Facts:
        """A job's configuration."""
        return next(one for one in self.jobs if one["Name"] == f"{self.prefix}-{name}")

    def s3(self, action: str, bucket: str, key: str, why: str) -> list[Need]:
        """An action of S3 on a key, with what it needs of the bucket and of the key that encrypts."""
        if (action.startswith("s3:List") and not action.endswith("Parts")) or action == "s3:GetBucketLocation":
            context = (("s3:prefix", key),) if action == "s3:ListBucket" else ()
            return [Need(action, f"arn:aws:s3:::{bucket}", why, context)]
        kms = {"s3:GetObject": ("Decrypt",), "s3:PutObject": ("GenerateDataKey",)}.get(action, ())
        return [
            Need(action, f"arn:aws:s3:::{bucket}/{key}", why),
            *self.kms(self.data_key, "s3", f"S3 encrypts {bucket}", *kms),
        ]

    def kms(self, key: str, service: str, why: str, *actions: str) -> list[Need]:
        """Use of a key through a service."""
        context = (("kms:ViaService", f"{service}.{self.region}.amazonaws.com"),)
        return [Need(f"kms:{action}", key, why, context) for action in actions]

    def encrypted_by(self, name: str, value: str, why: str, *actions: str) -> list[Need]:
        """Use of the operations key under an encryption context."""
        context = ((f"kms:EncryptionContext:{name}", value),)
        return [Need(f"kms:{action}", self.operations_key, why, context) for action in actions]
