import json
from dataclasses import asdict
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from benchmarks import regression_guard
from benchmarks.measured_process import Cost
from benchmarks.peer_ratios import Outcome
from benchmarks.product_run import ProductRun
from benchmarks.regression_guard import GUARD, Guard, Round, judged, main, measured_rounds

USUAL = Guard(lines=1_000, ratio=8.0, slide=0.25)


def cost(cpu: float) -> Cost:
    return Cost(cpu / 2, cpu, 100.0, "")


def a_round(product: float, *floors: float, published: int | None = 970) -> Round:
    return Round(Outcome(cost(product), published), [cost(floor) for floor in floors])


def test_a_ratio_is_of_the_job_and_the_mean_of_the_floors_around_it() -> None:
    assert a_round(100, 8, 12).ratio == 10.0


@pytest.mark.parametrize(
    ("ratios", "measured", "kept"),
    [([100, 999], 1, True), ([101, 100], 2, True), ([101, 101], 2, False)],
    ids=["at once", "at the second try", "twice missed"],
)
def test_a_round_that_misses_is_measured_once_more_and_the_better_counts(
    ratios: list[float], measured: int, kept: bool
) -> None:
    left = iter(ratios)
    rounds = measured_rounds(lambda: a_round(next(left), 10, 10), USUAL)
    assert len(rounds) == measured
    assert judged(rounds, USUAL)[0].kept is kept


@pytest.mark.parametrize(("published", "kept"), [(950, True), (949, False), (None, False)])
def test_a_job_that_is_fast_because_it_drops_lines_fails(published: int | None, kept: bool) -> None:
    assert [line.kept for line in judged([a_round(50, 10, published=published)], USUAL)] == [True, kept]


def test_the_guard_that_is_kept_is_a_guard() -> None:
    kept = Guard(**json.loads(GUARD.read_text()))
    assert asdict(kept).keys() == json.loads(GUARD.read_text()).keys()
    assert kept.slide == 0.25
    assert kept.most == pytest.approx(kept.ratio * 1.25)


@pytest.mark.parametrize(("product", "code", "rounds"), [(50.0, 0, 1), (500.0, 1, 2)])
def test_it_needs_no_peers_and_exits_with_1_where_the_job_has_become_slower(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, product: float, code: int, rounds: int
) -> None:
    guard = tmp_path / "guard.json"
    guard.write_text(json.dumps(asdict(USUAL)))
    monkeypatch.setattr(regression_guard, "GUARD", guard)
    steps: list[str] = []

    def run_floor(claims: Path, folder: Path) -> Cost:
        steps.append("floor")
        return cost(10)

    def run_product(run: ProductRun, folder: Path) -> Outcome:
        steps.append("job")
        return Outcome(cost(product), len(run.input.read_text().splitlines()))

    monkeypatch.setattr(regression_guard, "run_floor", run_floor)
    monkeypatch.setattr(regression_guard, "run_product", run_product)
    application = typer.Typer()
    application.command()(main)
    answer = CliRunner().invoke(application)
    assert answer.exit_code == code, answer.output
    assert steps == ["floor", "job", "floor"] * rounds


def test_ci_runs_it() -> None:
    root = Path(__file__).parents[3]
    assert "make benchmark QUICK=1" in (root / ".ci" / "run").read_text().splitlines()
