"""The function before the ETL, cold: what it may cost of what a function cannot do without."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.cold_function import LINES, ColdFunction, Start, judged, landed, packages_of_the_layer

STARTS = 5
MOST_TIMES_THE_FLOOR = 4.0
"""Of boto3 and a client alone, which took 0.30 processor seconds where the whole took 0.99: 3.3 times."""

NOT_OURS = {"floor", "six"}
"""Compiled at each start of the measurement only: the floor is nowhere deployed, six lies in the runtime."""


@pytest.fixture(scope="module")
def function(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ColdFunction]:
    with landed(tmp_path_factory.mktemp("function")) as found:
        yield found


@pytest.fixture(scope="module")
def starts(function: ColdFunction) -> list[tuple[Start, Start]]:
    """Cold starts of floor and function, in turn."""
    return [(function.floor(), function.start()) for _ in range(STARTS)]


@pytest.mark.slow
def test_a_file_of_a_thousand_lines_is_judged_by_a_cold_start_at_a_bounded_cost(
    starts: list[tuple[Start, Start]],
) -> None:
    floor, cold = (min(start.cpu_seconds for start in found) for found in zip(*starts, strict=True))
    wall = min(start.wall_seconds for _, start in starts)
    told = f"{cold:.2f} processor seconds, {wall:.2f} s of wall time, {cold / floor:.2f} times the floor"
    print(told)  # noqa: T201 - pytest -s shows it
    assert cold / floor <= MOST_TIMES_THE_FLOOR, told
    assert all(floor.answer is None for floor, _ in starts)


@pytest.mark.slow
def test_the_answer_is_about_all_lines_of_the_file(starts: list[tuple[Start, Start]]) -> None:
    for _, start in starts:
        assert start.answer is not None
        summary = start.answer["summary"]
        # records cut by quoted line breaks are fewer than lines
        assert LINES * 0.95 < summary["total_records"] <= LINES
        assert 0 < summary["error_records"] < LINES / 20
        assert start.answer["validation_status"] == "success"


@pytest.mark.slow
def test_a_cold_start_compiles_no_module_of_the_zip_or_the_layer(starts: list[tuple[Start, Start]]) -> None:
    assert set(starts[0][1].compiled) <= NOT_OURS
    assert "floor" in starts[0][0].compiled  # it would be seen


@pytest.mark.slow
def test_another_file_gets_another_answer(function: ColdFunction) -> None:
    answer = function.start({"bucket": "raw", "key": "raw/claims/sample_professional/gone.csv"}).answer
    assert answer is not None
    assert (answer["validation_status"], answer["reason"]) == ("failed", "not_found")


def test_the_bound_is_a_second_of_the_best_start() -> None:
    def start(wall: float, cpu: float) -> Start:
        return Start(wall / 2, wall, cpu, {}, [])

    floors = [start(0.3, 0.25), start(0.4, 0.5)]
    kept = judged([start(1.4, 0.9), start(0.99, 0.5)], floors)
    assert [line.kept for line in kept] == [True, None, None, None]
    assert kept[-1].figure == "x2.00 (0.25 s)"
    assert judged([start(1.0, 0.9)], floors)[0].kept is False


def test_the_layer_is_what_functions_need_and_its_needs_but_what_the_runtime_brings() -> None:
    found = packages_of_the_layer()
    assert {"pydantic", "pydantic-core", "sqlglot", "jinja2", "markupsafe", "aws-lambda-powertools"} <= found
    assert not {"boto3", "botocore", "pyspark", "pytest"} & found


def test_the_program_that_starts_cold_needs_the_standard_library_only() -> None:
    text = Path(__file__).parents[3].joinpath("benchmarks", "cold_start.py").read_text()
    imported = {line.split()[1] for line in text.splitlines() if line.startswith(("import ", "from "))}
    assert imported == {"importlib", "json", "os", "sys", "time"}
