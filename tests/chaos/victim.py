"""The job as a user runs it, in a process group of its own that can be killed: at a named step, or from outside.

    python -m tests.chaos.victim --lake LAKE --source chaos_claims --sources tests/chaos/sources --input FOLDER \
        [--kill-at STEP:N] [--list-steps FILE]

With --wait it starts Spark, says that it is ready, and takes orders (JSON, one a line) from its standard input, so that
the next victim can start while the present one runs. What it says itself are lines that begin with SAYS.
"""

import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel

from glue_jobs.jobs.process_medical_claims import main
from glue_jobs.runtime.session import SessionOptions, start_session
from glue_jobs.storage.steps import LISTENERS

SAYS = "VICTIM "
READY, STEP, ENDED = "ready", "step", "ended"


class Order(BaseModel):
    """One run to make; `kill_at` is STEP:N, the N-th time that the step is reached.

    `spared`, where it is given, are the steps that the victim survives: it dies at the first other one.
    """

    input: str
    kill_at: str = ""
    spared: frozenset[str] | None = None


def say(word: str, detail: object = "") -> None:
    """Tell the harness."""
    sys.stdout.write(f"{SAYS}{json.dumps([word, detail])}\n")
    sys.stdout.flush()


def killer(order: Order, kill: Callable[[], None]) -> Callable[[str], None]:
    """A listener that calls `kill` when it is time to die."""
    name, _, number = order.kill_at.rpartition(":")
    reached: Counter[str] = Counter()

    def listen(step: str) -> None:
        reached[step] += 1
        is_last = step == name and reached[step] == int(number)
        if is_last or (order.spared is not None and step not in order.spared):
            kill()

    return listen


def kill_group() -> None:
    """End this process and every other of its group, Spark's Java included, with no chance to tidy up."""
    os.killpg(os.getpgid(0), signal.SIGKILL)


def run(order: Order, fixed: list[str]) -> int:
    """One run; the job's exit code."""
    listeners = [lambda step: say(STEP, step), killer(order, kill_group)]
    LISTENERS.extend(listeners)
    try:
        return main(["victim", *fixed, "--input", order.input])
    finally:
        for listener in listeners:
            LISTENERS.remove(listener)


def wait_for_orders(lake: str, fixed: list[str]) -> None:
    """Start Spark without touching a table, then run what is ordered until there are no more orders."""
    start_session(SessionOptions(lake=lake, driver_memory_gigabytes=1, cores="1")).range(1).count()
    say(READY)
    for line in sys.stdin:
        say(ENDED, run(Order.model_validate_json(line), fixed))


def victim(  # noqa: PLR0913 - one option each
    *,
    lake: Annotated[str, typer.Option()],
    source: Annotated[str, typer.Option()] = "",
    sources: Annotated[str, typer.Option()] = "",
    input: Annotated[str, typer.Option()] = "",
    kill_at: Annotated[str, typer.Option(help="STEP:N")] = "",
    list_steps: Annotated[Path | None, typer.Option(help="Write the names of steps reached here, in order.")] = None,
    wait: Annotated[bool, typer.Option()] = False,
) -> None:
    """One run, or with --wait as many as are ordered."""
    if os.getpgid(0) != os.getpid():
        os.setsid()
    fixed = ["--lake", lake, "--cores", "1", "--partitions", "1", "--driver_memory_gigabytes", "1"]
    fixed += ["--data_docs", "false"]  # pages: seconds of each run, after everything that can be lost
    fixed += [part for name, value in (("--source", source), ("--sources", sources)) if value for part in (name, value)]
    if wait:
        wait_for_orders(lake, fixed)
        return
    if list_steps:
        steps = list_steps
        steps.write_text("")
        LISTENERS.append(lambda step: append_line(steps, step))
    raise typer.Exit(run(Order(input=input, kill_at=kill_at), fixed))


def append_line(file: Path, text: str) -> None:
    """Add a line to a file; all lines before it are on the disk already when the process is killed."""
    with file.open("a") as stream:
        stream.write(text + "\n")


if __name__ == "__main__":
    typer.run(victim)
