from collections.abc import Sequence
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from benchmarks import small_files
from benchmarks.measured_process import Cost
from benchmarks.peer_ratios import Outcome
from benchmarks.product_run import ProductRun
from benchmarks.small_files import MANY, ONE, judged, main


def outcomes(cpu: float, wall: float, published: int | None) -> list[Outcome]:
    return [Outcome(Cost(wall, cpu, 100.0, ""), published)]


@pytest.mark.parametrize(
    ("many", "kept"),
    [
        (outcomes(150, 75, 9), [True, True, True]),
        (outcomes(151, 75, 9), [False, True, True]),
        (outcomes(150, 76, 9), [True, False, True]),
        (outcomes(150, 75, 8), [True, True, False]),
        (outcomes(150, 75, None), [True, True, False]),
    ],
    ids=["within", "processors", "wall", "another count", "nothing published"],
)
def test_many_files_take_half_as_much_again_at_most_and_publish_the_same(
    many: Sequence[Outcome], kept: list[bool]
) -> None:
    assert [line.kept for line in judged({ONE: outcomes(100, 50, 9), MANY: many})] == kept


def test_runs_that_publish_nothing_at_all_are_no_success() -> None:
    assert judged({ONE: outcomes(1, 1, 0), MANY: outcomes(1, 1, 0)})[-1].kept is False


@pytest.mark.parametrize(("dearer", "code"), [(1.2, 0), (2.0, 1)])
def test_both_are_given_the_same_lines_and_a_missed_bound_is_an_exit_with_1(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dearer: float, code: int
) -> None:
    given: list[tuple[int, list[str]]] = []

    def run(job: ProductRun, folder: Path) -> Outcome:
        files = sorted(job.input.iterdir())
        given.append((len(files), [line for file in files for line in file.read_text().splitlines()[1:]]))
        assert folder.is_dir()
        return outcomes(10.0 * (dearer if len(files) > 1 else 1), 5.0, len(given[-1][1]))[0]

    monkeypatch.setattr(small_files, "run_product", run)
    application = typer.Typer()
    application.command()(main)
    asked = ["--files", "4", "--lines", "30", "--runs", "2", "--folder", str(tmp_path)]
    answer = CliRunner().invoke(application, asked)
    assert answer.exit_code == code, answer.output
    assert [number for number, _ in given] == [1, 4, 1, 4]
    assert given[0][1] == given[1][1]
    assert len(given[0][1]) >= 120
    assert f"x{dearer:.2f} (" in answer.output
    assert list(tmp_path.iterdir()) == []
