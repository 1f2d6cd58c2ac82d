"""A cold start of a function, as the process sees it: cold_start.py BEGUN FOLDERS MODULE EVENT.

Started by an interpreter that sees the standard library only (`-I -S -B`: a function's folders are read-only). BEGUN is
the monotonic clock before the process was started. It prints one line of JSON: seconds from there to the end of the
imports and to the answer, processor seconds to the answer, the answer, and the modules that had to be compiled. An
empty event is the floor: the module is imported, and its `handle` not called.
"""

import importlib
import json
import os
import sys
import time


class Context:
    """What Lambda gives beside the event."""

    function_name, aws_request_id = "function", "request-1"


def main() -> None:
    """Import the handler, call it once, and tell."""
    begun, folders, module, event = float(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3], json.loads(sys.argv[4])
    sys.path[:0] = folders
    log, sys.stdout = sys.stdout, sys.stderr
    handler = importlib.import_module(module)
    imported = time.monotonic()
    answer = handler.handle(event, Context()) if event else None
    answered, used = time.monotonic(), time.process_time()
    told = {
        "import_seconds": imported - begun,
        "wall_seconds": answered - begun,
        "cpu_seconds": used,
        "answer": answer,
        "compiled": compiled_here(folders),
    }
    log.write(json.dumps(told) + "\n")


def compiled_here(folders: list[str]) -> list[str]:
    """Modules that were imported from these folders and had no compiled form there."""
    specs = [spec for module in list(sys.modules.values()) if (spec := getattr(module, "__spec__", None)) is not None]
    found = [spec for spec in specs if spec.cached and str(spec.origin).startswith(tuple(folders))]
    return sorted(spec.name for spec in found if not os.path.exists(str(spec.cached)))  # noqa: PTH110 - pathlib costs


if __name__ == "__main__":
    main()
