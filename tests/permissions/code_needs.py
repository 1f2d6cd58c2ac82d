"""What the code of a function or job needs: its calls of AWS, each on the resource that it goes to."""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from tests.permissions.code_index import CodeIndex
from tests.permissions.estate import Estate, Facts, Need
from tests.permissions.iam_actions import FOUND_ONLY_BY_LISTING, actions_of
from tests.permissions.reached_calls import Call, Reached, reached_from, uses
from tests.permissions.told_places import A_RUN, TOLD

ROOT = Path(__file__).parents[2]
PACKAGES = ("lambdas", "glue_jobs", "expectations")
WRITES = frozenset({"s3:PutObject", "s3:AbortMultipartUpload"})
SOURCES, TARGETS = ("uri", "stored"), ("to", "target", "uri")
"""Parameters of the wrappers that name where is read, and where is written."""
SETTING = re.compile(r"\$\{(\w+)\}")


class UnknownPlaceError(Exception):
    """Raised for a call of which neither the source nor `told_places` tells where it goes."""


@cache
def code() -> CodeIndex:
    """The project's own code."""
    return CodeIndex(ROOT, PACKAGES)


@cache
def reached(module: str, entry: str) -> Reached:
    """What an entry of the project reaches."""
    return reached_from(code(), module, entry)


def function_code(estate: Estate, name: str) -> set[Need]:
    """What the code of a Lambda needs."""
    settings = estate.function(name)["Environment"]["Variables"]
    return _needs(estate, f"lambdas.{name.replace('-', '_')}.handler", "handle", settings)


def job_code(estate: Estate, name: str) -> set[Need]:
    """What the code of a job needs."""
    return _needs(estate, job_module(name), "main", estate.job(name)["DefaultArguments"])


def job_module(name: str) -> str:
    """Where a job's code begins."""
    return f"glue_jobs.jobs.{name.replace('-', '_')}"


def _needs(estate: Estate, module: str, entry: str, settings: Mapping[str, str]) -> set[Need]:
    found, needs = reached(module, entry), set()
    if found.unresolved:
        raise UnknownPlaceError("; ".join(sorted(found.unresolved)))
    for asking, asked, call in uses(found):
        for action in actions_of(call):
            why = f"{asking.removeprefix(module.rpartition('.')[0]).strip('.')} calls {call.service}.{call.method}"
            if call.service == "s3":
                for place in _places(found, asking, asked, action):
                    needs.update(_on_s3(estate, action, place, settings, why))
            else:
                needs.update(_elsewhere(estate, action, call, settings, why))
    return needs


def _places(found: Reached, asking: str, asked: str, action: str) -> Iterable[str]:
    wrapper = asked.rpartition(".")[2]
    told = TOLD.get((asking, wrapper), {})
    names = TARGETS if action in WRITES else (*SOURCES, "target") if action == "s3:ListBucket" else SOURCES
    given = {name: found.places.get((asking, asked, name)) for name in (*names, "")}
    # the first that the wrapper has: `copy` writes `to`, `write` writes `uri`
    present = [name for name, texts in given.items() if texts is not None or name in told]
    chosen = present if action == "s3:ListBucket" else present[:1]
    places = [place for name in chosen for place in (*(given[name] or ()), *told.get(name, ()))]
    if not places:
        raise UnknownPlaceError(
            f"where {asking} asks {wrapper or 'S3'} for {action} is told neither by code nor by TOLD"
        )
    return places


def _on_s3(estate: Estate, action: str, place: str, settings: Mapping[str, str], why: str) -> list[Need]:
    if unset := set(SETTING.findall(place)) - set(settings):
        raise UnknownPlaceError(f"{why} where {', '.join(sorted(unset))} says, which it is not told")
    text = SETTING.sub(lambda match: settings[match[1]], place).removeprefix("s3://")
    bucket, _, key = text.partition("/")
    if bucket in estate.outputs["bucket_names"]:
        bucket = estate.bucket(bucket)
    # what is listed is a folder, of whatever name
    needs = estate.s3(action, bucket, f"{key.rstrip('/')}/" if action == "s3:ListBucket" else key, why)
    if action == FOUND_ONLY_BY_LISTING:
        missing = f"{why}: without it what is missing reads as forbidden"
        # such a request names no prefix: a condition on one does not hold
        needs.append(Need("s3:ListBucket", f"arn:aws:s3:::{bucket}", missing))
    return needs


def _elsewhere(estate: Estate, action: str, call: Call, settings: Facts, why: str) -> list[Need]:
    service, key, via = call.service, estate.operations_key, ("Decrypt", "GenerateDataKey")
    if service == "sns":
        topics = {value for name, value in settings.items() if name.endswith("_TOPIC_ARN")}
        return [Need(action, one, why) for one in topics] + estate.kms(key, "sns", "topics are encrypted", *via)
    if service == "dynamodb":
        table = estate.arn("dynamodb", f"table/{settings['LANDED_FILES_TABLE']}")
        resource = f"{table}/index/waiting" if "IndexName" in call.keywords else table
        return [Need(action, resource, why), *estate.kms(key, "dynamodb", "the table is encrypted", *via)]
    if service == "stepfunctions":
        return _on_machine(estate, action, settings["STATE_MACHINE_ARN"], why)
    if service == "sqs":
        return _on_queues(estate, action, settings, why)
    if service == "events":
        return [Need(action, estate.arn("events", f"event-bus/{settings.get('EVENT_BUS_NAME', 'default')}"), why)]
    if service in OPTIONAL:
        variable, resource = OPTIONAL[service]
        return (
            [Need(action, estate.arn(service, f"{resource}/{settings[variable]}"), why)] if variable in settings else []
        )
    raise UnknownPlaceError(f"{why}; no rule says on which resource {action} is used")


def _on_machine(estate: Estate, action: str, machine: str, why: str) -> list[Need]:
    if action == "states:DescribeExecution":
        return [Need(action, f"{machine.replace(':stateMachine:', ':execution:')}:{A_RUN}", why)]
    via = ("Decrypt", "GenerateDataKey")
    encrypted = estate.encrypted_by("aws:states:stateMachineArn", machine, "its input is encrypted", *via)
    return [Need(action, machine, why), *encrypted]


MOVES = ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")


def _on_queues(estate: Estate, action: str, settings: Facts, why: str) -> list[Need]:
    """What the error handler, the one that asks SQS, needs on queues and on those of their dead letters."""
    queues, dead_letters = (json.loads(settings[name]) for name in ("QUEUE_ARNS", "DEAD_LETTER_ARNS"))
    encrypted = estate.kms(estate.operations_key, "sqs", "queues are encrypted", "Decrypt", "GenerateDataKey")
    if action == "sqs:SendMessage":
        return [Need(action, dead_letters["failures"], why), *encrypted]
    if action in ("sqs:GetQueueAttributes", "sqs:GetQueueUrl"):
        return [Need(action, one, why) for one in (*queues.values(), *dead_letters.values())]
    needs = [Need(action, one, why) for one in dead_letters.values()]
    if action == "sqs:StartMessageMoveTask":
        moved = "SQS moves letters as whoever asks"
        needs += [Need(one, arn, moved) for one in MOVES for arn in dead_letters.values()]
        needs += [Need("sqs:SendMessage", arn, moved) for arn in queues.values()]
        needs += encrypted
    return needs


OPTIONAL = {"athena": ("ATHENA_WORKGROUP", "workgroup"), "redshift-data": ("REDSHIFT_WORKGROUP", "workgroup")}
"""Services that a function calls only where its environment names a workgroup."""
