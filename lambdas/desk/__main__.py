"""The desk from which people review what waits, and start again what failed: `make review`, `make redrive`.

It asks the deployed error handler, which keeps who decided what and why. Whoever may call that function may decide.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Literal

import typer

from expectations.errors import ArgumentError, ClaimsError
from lambdas.desk.deployed_handler import DeployedHandler, function_name
from lambdas.desk.desk_screen import print_moved, print_one, print_run_again, print_waiting

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)

Environment = Annotated[str, typer.Option("--env", help="Environment that is deployed: dev, staging, prod.")]
Project = Annotated[str, typer.Option(help="Project, as Terraform was given it.")]
Region = Annotated[str, typer.Option(help="Region; without it, that of your AWS settings.")]
Run = Annotated[str, typer.Option(help="A run that was given up: a name that the list shows, or for redrive a job id.")]
By = Annotated[str, typer.Option(help="Who decides.")]
Why = Annotated[str, typer.Option(help="Why; it stays with the decision, so no value out of a claim.")]


@app.command()
def review(  # noqa: PLR0913 - one option each
    *,
    environment: Environment = "dev",
    project: Project = "healthcare-claims",
    region: Region = "",
    file: Annotated[str, typer.Option(help="Id of a file that the list shows.")] = "",
    run: Run = "",
    do: Annotated[
        Literal["", "list", "show", "release", "reject"],
        typer.Option(help="What to do; without it list, or show what is named. Runs are not released but redriven."),
    ] = "",
    by: By = "",
    why: Why = "",
) -> None:
    """List what waits for a decision; show, release or reject a file; show or reject a run."""
    with _one_line_errors():
        if file and run:
            raise ArgumentError("a file and a run; expected one of them; cure: leave one out")
        asked = do or ("show" if file or run else "list")
        if asked != "list" and not (file or run):
            raise ArgumentError(f"nothing to {asked}; expected FILE= or RUN=; cure: make review lists them")
        decision = _who_and_why(by, why) if asked in ("release", "reject") else {}
        named = {name: value for name, value in (("file_id", file), ("run", run)) if value}
        answer = _handler(project, environment, region).ask({"review": asked, **named, **decision})
        if asked == "list":
            print_waiting(answer)
        else:
            print_one(answer["runs" if run else "files"][0])


@app.command()
def redrive(  # noqa: PLR0913 - one option each
    *,
    environment: Environment = "dev",
    project: Project = "healthcare-claims",
    region: Region = "",
    queue: Annotated[str, typer.Option(help="Queue whose dead letters go back: landing, failures, functions.")] = "",
    run: Run = "",
    by: By = "",
    why: Why = "",
) -> None:
    """Move the dead letters of a queue back, or start a run again that was given up; asked twice, it is done once."""
    with _one_line_errors():
        if bool(queue) == bool(run):
            raise ArgumentError("redrive needs QUEUE= or RUN=, one of them; cure: make review lists runs")
        named = {"redrive": "queue", "queue": queue} if queue else {"redrive": "run", "run": run}
        answer = _handler(project, environment, region).ask({**named, **_who_and_why(by, why)})
        if queue:
            print_moved(answer)
        else:
            print_run_again(answer)


def _handler(project: str, environment: str, region: str) -> DeployedHandler:
    return DeployedHandler(function_name(project, environment), region)


def _who_and_why(by: str, why: str) -> dict[str, str]:
    if not by.strip() or not why.strip():
        raise ArgumentError('a decision without a person or a reason; expected both; cure: BY=you WHY="the reason"')
    return {"decided_by": by.strip(), "explanation": why.strip()}


@contextmanager
def _one_line_errors() -> Iterator[None]:
    try:
        yield
    except ClaimsError as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        raise typer.Exit(1) from None


if __name__ == "__main__":
    app()
