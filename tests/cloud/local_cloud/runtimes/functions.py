"""Functions of the cloud run: moto's function in, its outcome out, its log where AWS keeps it."""

import json
import secrets
import tempfile
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from moto import settings
from moto.awslambda.models import LambdaFunction
from moto.awslambda.utils import get_backend

from tests.cloud.local_cloud.memory import noted
from tests.cloud.local_cloud.runtimes import lambda_code
from tests.cloud.local_cloud.runtimes.faults import FAULTS
from tests.cloud.local_cloud.runtimes.lambda_workers import Code, Outcome, Workers
from tests.cloud.local_cloud.runtimes.work import counted
from tests.cloud.local_cloud.turns import TURN

WORKERS = Workers()
PLACE = Path(tempfile.mkdtemp(prefix="local_cloud_lambda_"))
PATH = "/usr/local/bin:/usr/bin:/bin"


def run(function: LambdaFunction, event: Any) -> Outcome:  # noqa: ANN401 - an event is any JSON
    """Run a function on an event."""
    with TURN:
        code = deployed(function)
        name, arn, seconds = function.function_name, function.function_arn, float(function.timeout)
    request = {"event": event, "id": str(uuid.uuid4()), "arn": arn, "seconds": seconds, "trace": _trace()}
    seconds = FAULTS.seconds_of_function(name, seconds)
    start = time.monotonic()
    with counted("function"):
        outcome = WORKERS.run(code, request, seconds)
    with TURN:
        _keep_log(function, request["id"], outcome, time.monotonic() - start)
    return outcome


def deployed(function: LambdaFunction) -> Code:
    """What was deployed as this version of the function."""
    backend = get_backend(function.account_id, function.region)
    layers = [backend.layers_versions_by_arn(layer["Arn"]) for layer in function.layers]
    own = lambda_code.unpacked(function.code_bytes, PLACE)
    packages = [lambda_code.layer_folder(layer.code_bytes, PLACE) for layer in layers if layer]
    runtime = lambda_code.brought(lambda_code.BROUGHT_BY_LAMBDA, PLACE / "runtime")
    folders = tuple(str(folder) for folder in (own, *packages, runtime))
    environment = _environment(function, folders[0]) | (function.environment_vars or {})
    return Code(
        f"{function.function_name}:{function.version}",
        folders,
        tuple(sorted((str(name), str(value)) for name, value in environment.items())),
    )


def log_group(function: LambdaFunction) -> str:
    """Where the function's log is kept."""
    given = noted(function, "settings", {}).get("LoggingConfig", {}).get("LogGroup")
    return str(given or f"/aws/lambda/{function.function_name}")


def _environment(function: LambdaFunction, folder: str) -> dict[str, str]:
    """What the runtime tells every function, and where this cloud is."""
    return {
        "_HANDLER": function.handler,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": function.region,
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{settings.moto_server_port()}",
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.run_time}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
        "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
        "AWS_LAMBDA_FUNCTION_VERSION": str(function.version),
        "AWS_LAMBDA_LOG_GROUP_NAME": log_group(function),
        "AWS_LAMBDA_LOG_STREAM_NAME": _log_stream(function),
        "AWS_REGION": function.region,
        "HOME": str(PLACE),
        "LAMBDA_TASK_ROOT": folder,
        "LANG": "en_US.UTF-8",
        "PATH": PATH,
        "TZ": ":UTC",
    }


def _log_stream(function: LambdaFunction) -> str:
    return f"{datetime.now(UTC):%Y/%m/%d}/[{function.version}]{function.code_sha_256[:8]}"


def _keep_log(function: LambdaFunction, request_id: str, outcome: Outcome, seconds: float) -> None:
    """Keep what an invocation printed, as CloudWatch does."""
    logs, group, stream = function.logs_backend, log_group(function), _log_stream(function)
    logs.ensure_log_group(group)
    if stream not in logs.groups[group].streams:
        logs.create_log_stream(group, stream)
    status = f"\tStatus: error\tErrorType: {outcome.error['errorType']}" if outcome.error else ""
    lines = [
        f"START RequestId: {request_id} Version: {function.version}",
        *outcome.printed.splitlines(),
        f"END RequestId: {request_id}",
        f"REPORT RequestId: {request_id}\tDuration: {seconds * 1000:.2f} ms{status}",
    ]
    now = int(time.time() * 1000)
    logs.put_log_events(group, stream, [{"timestamp": now, "message": line} for line in lines])


def _trace() -> str:
    return f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)};Parent={secrets.token_hex(8)};Sampled=0"


def payload(outcome: Outcome) -> str:
    """What the caller is answered."""
    return outcome.result if outcome.error is None else json.dumps(outcome.error)
