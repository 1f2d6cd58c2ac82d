"""What no line of our code says, and a role needs all the same: of the Lambda service, of Glue, Spark, Iceberg, Athena.

Each entry says why. An entry that is wrong lets a role keep what it does not need, so it is short and read with care.
"""

from collections.abc import Mapping

from tests.permissions.estate import Estate, Need
from tests.permissions.reached_calls import Reached
from tests.permissions.told_places import A_RUN, RAW

S3A_READS = ("s3:GetObject", "s3:ListBucket")
S3A_WRITES = (*S3A_READS, "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListBucketMultipartUploads")
"""As Hadoop's document on roles for S3A lists them: a commit renames, and its cleaning lists and aborts uploads."""
FILE_IO = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload")
"""Iceberg's S3FileIO: metadata and data, and what a commit that failed takes back."""
CATALOG_READS = ("glue:GetDatabase", "glue:GetTable", "glue:GetTables")
TABLE_FILE = "s3://processed/processed/medical_claim/data/x.parquet"
SPARK: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], str]] = {
    "raw_lines.read_lines": (S3A_READS, (RAW, f"s3://temp/{A_RUN}/rewritten/x.txt"), "Spark reads the files of a run"),
    "staging._file_rows": (S3A_READS, (RAW,), "Spark tells by its path which file a row is of"),
    "staging._written": (S3A_WRITES, (f"s3://temp/{A_RUN}/0/part-0.parquet",), "Spark stages what it read"),
    "claim_versions.Scratch.keep": (S3A_WRITES, (f"s3://temp/{A_RUN}/0/1.parquet",), "Spark keeps steps of a run"),
    "quarantine.quarantine_records": (
        S3A_WRITES,
        (f"s3://quarantine/records/run_id={A_RUN}/x.parquet",),
        "Spark keeps records that broke rules",
    ),
    "publication.publish_together": (FILE_IO, (TABLE_FILE,), "Iceberg writes and reads tables"),
    "maintenance.compact": (FILE_IO, (TABLE_FILE,), "Iceberg rewrites and expires files"),
    "maintenance.remove_orphan_files": (("s3:ListBucket",), (TABLE_FILE,), "Iceberg lists a table to find orphans"),
}
"""By the function of `glue_jobs.storage` that has Spark do it: what no job reaches, no job needs."""
PATHS_FOR_SPARK = "glue_jobs.storage.objects.spark_path"
CATALOG_WRITES = {"tables.create_table": ("glue:CreateTable", "glue:UpdateTable")}


class UnknownStatementError(Exception):
    """Raised for a function that gives Spark a path, and of which nobody has said what Spark does there."""


def lambda_service(estate: Estate, name: str) -> set[Need]:
    """What Lambda does as the function: logs, traces, its environment, its queues."""
    function = estate.function(name)
    own_arn, log_group = function["FunctionArn"], function["LoggingConfig"]["LogGroup"]
    stream = estate.arn("logs", f"log-group:{log_group}:log-stream:2024/01/01/x")
    needs = [Need(f"logs:{one}", stream, "Lambda writes its log") for one in ("CreateLogStream", "PutLogEvents")]
    needs += estate.encrypted_by("aws:lambda:FunctionArn", own_arn, "its environment is encrypted", "Decrypt")
    if function["TracingConfig"]["Mode"] == "Active":
        traces = ("PutTraceSegments", "PutTelemetryRecords")
        needs += [Need(f"xray:{one}", "*", "X-Ray has no resource for segments") for one in traces]
    needs += sends(estate, function["DeadLetterConfig"]["TargetArn"], "Lambda sends dead letters as the function")
    for source in estate.sources:
        if source["FunctionArn"].startswith(own_arn):
            needs += _polls(estate, source["EventSourceArn"])
    return set(needs)


def athena(estate: Estate) -> set[Need]:
    """What Athena does as the function that asks it: finds and reads tables, keeps the result."""
    return {
        *_catalog(estate, CATALOG_READS, "Athena finds tables"),
        *_in_zone(estate, S3A_READS, "s3://processed/processed/medical_claim/data/x.parquet", "Athena reads tables"),
        *_in_zone(estate, ("s3:GetBucketLocation",), "s3://processed/", "Athena asks where a bucket is"),
        *_in_zone(estate, ("s3:GetBucketLocation",), "s3://temp/", "Athena asks where a bucket is"),
        *_in_zone(
            estate,
            ("s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"),
            "s3://temp/athena/x.csv",
            "Athena keeps results and gives them",
        ),
    }


def glue_service(estate: Estate, name: str) -> set[Need]:
    """What Glue does as the job before and beside our code: its script, packages, logs, metrics, temporary folder."""
    job, arguments = estate.job(name), estate.job(name)["DefaultArguments"]
    stream = estate.arn("logs", f"log-group:{arguments['--custom-logGroup-prefix']}/error:log-stream:x")
    logs = ("CreateLogGroup", "AssociateKmsKey", "CreateLogStream", "PutLogEvents")
    needs = [Need(f"logs:{one}", stream, "Glue writes the log, encrypted") for one in logs]
    needs.append(Need("cloudwatch:PutMetricData", "*", "metrics have no resource", (("cloudwatch:namespace", "Glue"),)))
    needs.append(Need("glue:GetSecurityConfiguration", "*", "security configurations have no ARN"))
    needs.append(Need("glue:GetJob", estate.arn("glue", f"job/{job['Name']}"), "Glue reads the job"))
    loaded = [job["Command"]["ScriptLocation"], arguments["--extra-py-files"], arguments["--additional-python-modules"]]
    for place in (one for text in loaded for one in text.split(",")):
        needs += _at(estate, ("s3:GetObject",), place, "Glue loads the job's code")
    folder = f"{arguments['--TempDir']}x"
    needs += _at(estate, (*FILE_IO, "s3:ListBucket"), folder, "Glue keeps temporary files")
    return set(needs)


def spark(estate: Estate, found: Reached) -> set[Need]:
    """What Spark, S3A and Iceberg do for the statements that a job reaches.

    Raises:
        UnknownStatementError: it reaches one that `SPARK` does not have.
    """
    storage = "glue_jobs.storage."
    named = {name.removeprefix(storage) for name in found.callers if name.startswith(storage)}
    if unknown := {one.removeprefix(storage) for one in found.callers[PATHS_FOR_SPARK]} - set(SPARK):
        raise UnknownStatementError(f"nobody has said what Spark does in {', '.join(sorted(unknown))}")
    needs: list[Need] = []
    for name in sorted(named & set(CATALOG_WRITES)):
        changed = (*CATALOG_READS, *CATALOG_WRITES[name])
        needs += _catalog(estate, changed, "Iceberg's catalog keeps where a table's metadata lies")
    for name in sorted(named & set(SPARK)):
        actions, places, why = SPARK[name]
        for place in places:
            needs += _in_zone(estate, actions, place, why)
    return set(needs)


def sends(estate: Estate, queue: str, why: str) -> list[Need]:
    """What sending to an encrypted queue needs."""
    encrypted = estate.kms(estate.operations_key, "sqs", "queues are encrypted", "Decrypt", "GenerateDataKey")
    return [Need("sqs:SendMessage", queue, why), *encrypted]


def _polls(estate: Estate, queue: str) -> list[Need]:
    actions = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
    polled = [Need(f"sqs:{one}", queue, "Lambda polls the queue as the function") for one in actions]
    return [*polled, *estate.kms(estate.operations_key, "sqs", "queues are encrypted", "Decrypt")]


def _catalog(estate: Estate, actions: tuple[str, ...], why: str) -> list[Need]:
    database = estate.outputs["database"]
    every = ("catalog", f"database/{database}", f"table/{database}/medical_claim")
    return [Need(action, estate.arn("glue", one), why) for action in actions for one in every]


def _in_zone(estate: Estate, actions: tuple[str, ...], place: str, why: str) -> list[Need]:
    zone, _, key = place.removeprefix("s3://").partition("/")
    return [need for action in actions for need in estate.s3(action, estate.bucket(zone), key, why)]


def _at(estate: Estate, actions: tuple[str, ...], place: str, why: str) -> list[Need]:
    bucket, _, key = place.removeprefix("s3://").partition("/")
    return [need for action in actions for need in estate.s3(action, bucket, key, why)]
