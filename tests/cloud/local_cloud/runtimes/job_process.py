"""Starts a job's script as Glue does: with its arguments, and nothing to import but what it is given.

The first argument names the folders of the job's wheel and of installed packages, the second the script. It ends, and
Spark with it, when the standard input ends: a server that is killed leaves no job behind.
"""

import json
import os
import runpy
import signal
import sys
import threading


def main() -> None:
    """Run the script; its exit code is this process's."""
    threading.Thread(target=end_with_input, daemon=True).start()
    sys.path[:0] = json.loads(sys.argv[1])
    sys.argv = sys.argv[2:]
    runpy.run_path(sys.argv[0], run_name="__main__")


def end_with_input() -> None:
    """End the whole group of processes when nobody is there any more."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
