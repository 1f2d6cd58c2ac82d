import json
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from benchmarks import scale
from benchmarks.measured_process import Cost
from benchmarks.peer_ratios import Outcome
from benchmarks.product_run import ProductRun
from benchmarks.scale import MILLION, Delivery, judged, main

FIRST = Delivery(1, 2 * MILLION, 200.0, 100.0, 5000.0, 10)
LAST = Delivery(2, 4 * MILLION, 520.0, 260.0, 6000.0, 20)


@pytest.mark.parametrize(
    ("last", "kept"),
    [
        (LAST, [True, True, True, True]),
        (replace(LAST, wall_seconds=261.0), [False, True, True, True]),
        (replace(LAST, cpu_seconds=521.0), [True, False, True, True]),
        (replace(LAST, peak_megabytes=6001.0), [True, True, False, True]),
        (replace(LAST, published=10), [True, True, True, False]),
    ],
    ids=["within", "wall", "processors", "memory", "nothing more published"],
)
def test_the_last_delivery_is_held_against_the_first_by_the_million_lines(last: Delivery, kept: list[bool]) -> None:
    assert [line.kept for line in judged([FIRST, last])] == kept


class Job:
    """Stands for the job: keeps what it is given, and publishes it."""

    def __init__(self, fails_at: int = 0) -> None:
        self.given: list[str] = []
        self.lines = 0
        self.fails_at = fails_at

    def __call__(self, job: ProductRun, folder: Path) -> Outcome:
        assert (folder / "scale.jsonl").is_file() == bool(self.given)
        (path,) = job.input.iterdir()
        self.given.append(path.name)
        if len(self.given) == self.fails_at:
            raise KeyboardInterrupt
        lines = len(path.read_text().splitlines()) - 1
        self.lines += lines
        return Outcome(Cost(lines / 100, lines / 50, 100.0, ""), self.lines)


def invoke(monkeypatch: pytest.MonkeyPatch, job: Job, folder: Path, lines: int = 900) -> tuple[int, str]:
    monkeypatch.setattr(scale, "run_product", job)
    application = typer.Typer()
    application.command()(main)
    asked = ["--files", "3", "--lines", str(lines), "--folder", str(folder)]
    answer = CliRunner().invoke(application, asked)
    return answer.exit_code, f"{answer.output}{answer.exception!r}"


def test_deliveries_go_into_one_lake_one_after_the_other_and_none_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    job = Job()
    code, told = invoke(monkeypatch, job, tmp_path)
    assert code == 0, told
    assert job.given == ["claims_00001.csv", "claims_00002.csv", "claims_00003.csv"]
    assert job.lines >= 900
    assert told.count("a million") >= 3
    assert [path.name for path in tmp_path.iterdir()] == ["scale.jsonl"]


def test_what_was_stopped_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stopped = Job(fails_at=2)
    invoke(monkeypatch, stopped, tmp_path)
    again = Job()
    again.given = ["begun"]
    code, told = invoke(monkeypatch, again, tmp_path)
    assert again.given[1:] == ["claims_00002.csv", "claims_00003.csv"]
    assert len((tmp_path / "scale.jsonl").read_text().splitlines()) == 4
    assert code in {0, 1}, told


def test_a_folder_of_other_deliveries_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "scale.jsonl").write_text(json.dumps({"files": 3, "lines": 30}) + "\n")
    code, told = invoke(monkeypatch, Job(), tmp_path)
    assert code == 2
    assert "other deliveries" in " ".join(told.replace("│", " ").split())
