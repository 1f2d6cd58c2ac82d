"""The job over files full of canaries, in a process of its own, so that all that it and its Java print can be read.

    python -m tests.leak.victim FOLDER [--loud]

It makes every kind of trouble in turn, writes the tables about runs as text beside the lake, then switches off one part
of the hardening after the other, each in a lake of its own. With --loud, Spark's own logging is on and nothing else.
"""

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count, cycle
from pathlib import Path
from typing import Any
from unittest import mock

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from typer.testing import CliRunner

from expectations import object_keys
from expectations.contract import load_source
from expectations.errors import ClaimsError
from glue_jobs import cli
from glue_jobs.jobs import process_medical_claims
from glue_jobs.runtime import session
from glue_jobs.runtime.session import SETTINGS, SessionOptions, start_session
from glue_jobs.storage import staging
from glue_jobs.storage.steps import LISTENERS
from glue_jobs.transforms.clean_columns import clean_columns
from tests.leak.planted import PERSON, PERSON_WITH_NUMBER, text_of
from tests.leak.records import CanarySource
from tests.oracle.lakes import lake_of_its_own

LAKE, LOUD, INPUT, STEPS, DUMP, JOURNALS = "lake", "loud", "input", "steps.json", "dump.txt", "journals"
HARDENING_GOES = "=== from here on without a part of the hardening"
"""Printed before it is switched off."""

OFF = ("exception texts", "names")
"""Parts of the hardening that are switched off in turn, beside Spark's own logging."""

FIXED = ("--cores", "1", "--partitions", "1", "--driver_memory_gigabytes", "1")
CRASHES = {
    "nppes_provider": (
        *("session started", "staged source", "quarantined", "branched", "journal", "written", "staged", "publishing"),
        *("published", "audited"),
    ),
    "acme_claims_json": ("updated", "deleted from"),
}
"""Kinds of named steps at which runs crash, and the source of their file: the cheapest that has them."""

AUDITS = (("medical_claim_header", "compiled"), ("provider", "compiled"), ("provider", "great_expectations"))
"""Tables that are audited by command, and who counts; a run audits by the suites of the other tables itself."""

FRESH = count(400, 2)
"""Copies of records that were not sent yet."""


def job(lake: Path, place: Path, source: str = "") -> int:
    """One run as Glue makes it."""
    named = ("--source", source) if source else ()
    return process_medical_claims.main(["job", "--lake", str(lake), "--input", str(place), *named, *FIXED])


def command(lake: Path, *words: str) -> None:
    """One command as a person gives it, and what it prints."""
    answer = CliRunner().invoke(cli.app, [*words, "--lake", str(lake)])
    sys.stdout.write(answer.output)
    sys.stdout.flush()


def new_file(folder: Path, source: str, name: str = "") -> Path:
    """A file of two good records that no run has seen; of claims they are new versions of what was sent first."""
    made, number = CanarySource(load_source(source)), next(FRESH)
    copies = (1, 2) if made.source.versions else (number, number + 1)
    changed = next(place for place in reversed(made.places) if made.places[place].type == "string")
    lines = [made.line({**made.cells(copy), changed: f"{made.canary(changed)}{number}"}) for copy in copies]
    path = folder / f"new-{number}" / (name or made.file_name)
    path.parent.mkdir(parents=True)
    path.write_text(text_of(made, lines))
    return path.parent


def errors(source: str) -> list[Exception]:
    """Exceptions whose texts hold a record and a name, as those of Python, Spark and botocore do."""
    made = CanarySource(load_source(source))
    text = f"cannot read {made.line(made.cells())} of {PERSON}.csv"
    return [
        ValueError(text),
        OSError(28, text),
        PermissionError(13, text),
        KeyError(text),
        json.JSONDecodeError(text, text, 0),
    ]


@contextmanager
def crash_at(wanted: Callable[[str], bool], error: Exception) -> Iterator[list[str]]:
    """Raise at the first step that is wanted; gives the steps at which it was."""
    crashed: list[str] = []

    def listen(step: str) -> None:
        if not crashed and wanted(step):
            crashed.append(step)
            raise error

    LISTENERS.append(listen)
    try:
        yield crashed
    finally:
        LISTENERS.remove(listen)


def kind(step: str) -> str:
    """A step without what it is about; to stage a source and a table are two."""
    word = step if step == "session started" else step.rpartition(" ")[0] or step
    return f"{word} source" if word == "staged" and step.endswith(tuple(CRASHES)) else word


def crash_everywhere(lake: Path, folder: Path) -> dict[str, int]:
    """Crash a run at each kind of step; gives the exit codes of those that crashed."""
    done: dict[str, int] = {}
    for source, kinds in CRASHES.items():
        for wanted, error in zip(kinds, cycle(errors(source)), strict=False):
            with crash_at(lambda step, wanted=wanted: kind(step) == wanted, error) as crashed:  # type: ignore[misc]
                code = job(lake, new_file(folder, source), source)
            if crashed:
                done[wanted] = code
    return done


@contextmanager
def rows_that_fail(how: str) -> Iterator[None]:
    """Make Spark fail on a row, with the row in the text of its exception."""

    def fail(rows: DataFrame, *others: Any) -> DataFrame:  # noqa: ANN401 - as clean_columns
        cleaned = clean_columns(rows, *others)
        # a header is a row without values here, and would be the first to fail
        text = F.concat_ws("|", "npi", "provider_last_name", "practice_city")
        raised = F.when(F.col("npi").isNotNull(), F.raise_error(text))
        failing = F.expr("CAST(provider_last_name AS DATE)") if how == "cast" else raised
        return cleaned.withColumn("npi", F.coalesce(failing.cast("string"), "npi"))

    ansi = {"spark.sql.ansi.enabled": str(how == "cast").lower()}
    with mock.patch.object(staging, "clean_columns", fail), mock.patch.dict(SETTINGS, ansi):
        yield


def all_trouble(root: Path) -> None:
    """Success, quarantine, held and refused files, every command that tells of them, and every kind of crash."""
    lake = root / LAKE
    LISTENERS.append(lambda step: keep_journals(lake, root / JOURNALS))
    codes = {"every shape": job(lake, root / INPUT)}
    command(lake, "requeue")
    for table, engine in AUDITS:
        command(lake, "audit", "--table", table, "--audit", engine)
    codes |= crash_everywhere(lake, root / "crashes")
    for how in ("raised", "cast"):
        with rows_that_fail(how):
            codes[how] = job(lake, new_file(root / "crashes", "nppes_provider"), "nppes_provider")
    start_session(SessionOptions(str(lake)))
    codes["no such file"] = job(lake, root / f"{PERSON_WITH_NUMBER}.csv", "nppes_provider")
    (root / STEPS).write_text(json.dumps(codes))


def keep_journals(lake: Path, folder: Path) -> None:
    """What runs write only for as long as they publish."""
    if (lake / "journal").is_dir():
        shutil.copytree(lake / "journal", folder, dirs_exist_ok=True)


def write_dump(spark: SparkSession, root: Path) -> None:
    """The tables about runs and the index of the quarantine, row by row, as any reader of them sees them."""
    index = spark.read.parquet(str(root / LAKE / "quarantine" / "records")).drop("raw_record")
    frames = [spark.table(f"claims.processed.{name}") for name in ("ingest_audit", "quality_scorecard")]
    rows = [str(row) for frame in (*frames, index) for row in frame.collect()]
    (root / DUMP).write_text("\n".join(rows))


def switch_off(spark: SparkSession, root: Path) -> None:
    """A crash whose error is passed on as it is; then a run over badly named files that passes their names on."""
    with lake_of_its_own(spark, root / OFF[0]):
        told = mock.patch.object(process_medical_claims, "as_claims_error", lambda error: ClaimsError(str(error)))
        with told, crash_at(lambda step: True, errors("nppes_provider")[0]):
            job(root / OFF[0], new_file(root / "off", "nppes_provider"), "nppes_provider")
    with lake_of_its_own(spark, root / OFF[1]), names_told():
        job(root / OFF[1], new_file(root / "off", "nppes_provider", f"{PERSON}.csv"), "nppes_provider")


@contextmanager
def names_told() -> Iterator[None]:
    """Let every module take names as they are."""
    known = object_keys.safe_name
    modules = [module for module in list(sys.modules.values()) if getattr(module, "safe_name", None) is known]
    for module in modules:
        module.safe_name = str  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for module in modules:
            module.safe_name = known  # type: ignore[attr-defined]


def loud(root: Path) -> None:
    """A row that fails where Spark logs as it does by default."""
    quiet = session._one_machine_settings  # noqa: SLF001 - where the configuration of the logging is named

    def settings(options: SessionOptions) -> dict[str, str]:
        return {key: value for key, value in quiet(options).items() if key != "spark.driver.extraJavaOptions"}

    with mock.patch.object(session, "_one_machine_settings", settings), rows_that_fail("raised"):
        job(root / LOUD, new_file(root / "off", "nppes_provider"), "nppes_provider")


def main(root: Path, *, is_loud: bool) -> None:
    """All of it, or the loud run alone."""
    if is_loud:
        loud(root)
        return
    all_trouble(root)
    spark = start_session(SessionOptions(str(root / LAKE)))
    LISTENERS.clear()
    write_dump(spark, root)
    sys.stdout.write(f"{HARDENING_GOES}\n")
    sys.stdout.flush()
    switch_off(spark, root)


if __name__ == "__main__":
    main(Path(sys.argv[1]), is_loud="--loud" in sys.argv)
