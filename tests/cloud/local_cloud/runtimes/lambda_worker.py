"""The process in which a function runs: its handler, warm, one event after the other.

Started by an interpreter that sees the standard library only (`-I -S`), in the function's own folder. It imports
nothing of the checkout; what the handler can import are the folders named in the first argument. Requests come line by
line on the standard input, answers go to the file that the second argument numbers, what the handler prints is its log.
"""

import importlib
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any


class Context:
    """What a handler is told about its invocation."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.invoked_function_arn = request["arn"]
        self.aws_request_id = request["id"]
        self.identity = self.client_context = None
        self._end = time.monotonic() + request["seconds"]

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the time-out."""
        return max(0, int((self._end - time.monotonic()) * 1000))


def main() -> None:
    """Answer requests until there are no more."""
    sys.path[:0] = json.loads(sys.argv[1])
    answers = os.fdopen(int(sys.argv[2]), "w", encoding="utf-8")
    requests = os.fdopen(os.dup(sys.stdin.fileno()), encoding="utf-8")
    handler: Callable[[Any, Context], Any] | None = None
    for line in requests:
        request = json.loads(line)
        os.environ["_X_AMZN_TRACE_ID"] = request["trace"]
        try:
            handler = handler or load_handler()
            answer: dict[str, Any] = {"result": json.dumps(handler(request["event"], Context(request)))}
        except BaseException as error:
            answer = {
                "error": told(error, request["id"]),
                "is_lost": handler is None or not isinstance(error, Exception),
            }
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def load_handler() -> Callable[[Any, Context], Any]:
    """The function's handler; an error here is one of the cold start."""
    module, _, name = os.environ["_HANDLER"].rpartition(".")
    handler: Callable[[Any, Context], Any] = getattr(importlib.import_module(module.replace("/", ".")), name)
    return handler


def told(error: BaseException, request_id: str) -> dict[str, Any]:
    """An error in the form in which Lambda tells it."""
    kind = type(error).__name__
    if isinstance(error, SystemExit):
        kind = "Runtime.ExitError"
    if isinstance(error, ImportError):
        kind = "Runtime.ImportModuleError"
    frames = traceback.format_tb(error.__traceback__)
    return {"errorMessage": str(error), "errorType": kind, "requestId": request_id, "stackTrace": frames}


if __name__ == "__main__":
    main()
