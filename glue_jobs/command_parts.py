"""What several commands share: options, and the job run with its progress on the screen."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from expectations.report import RunReport
from glue_jobs.jobs.process_medical_claims import process
from glue_jobs.runtime.arguments import RunArguments
from glue_jobs.runtime.progress import Stage
from glue_jobs.runtime.telemetry import Telemetry
from glue_jobs.screen import screen

LakeOption = Annotated[
    Path, typer.Option(help="Folder of the lake: raw/, processed/, quarantine/, validation-reports/, temp/.")
]
TraceOption = Annotated[
    bool, typer.Option(help="Show the stack trace of a failure. It can hold values of claims: do not share it.")
]


Tell = Callable[[str], None]
"""Told on the screen what a job is at."""


def process_with_progress(arguments: RunArguments) -> RunReport:
    """Run the job, and tell on the screen how far it is."""
    with progress_on_screen() as (tell, describe):
        return process(
            arguments,
            Telemetry(arguments.job_id, tell),
            lambda done, total: describe(f"receive files: {done} of {total}"),
        )


@contextmanager
def progress_on_screen() -> Iterator[tuple[Tell, Tell]]:
    """While the block runs, its stages are on the screen; gives what tells a stage, and what tells a detail of one."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True) as progress:
        task = progress.add_task("starting", total=None)
        stage = Stage()

        def describe(text: str) -> None:
            progress.update(task, description=text)

        def tell(name: str) -> None:
            stage.name = name
            describe(name)
            if not screen.is_terminal:
                screen.print(f"... {name}")

        with stage.watched(describe):
            yield tell, describe
