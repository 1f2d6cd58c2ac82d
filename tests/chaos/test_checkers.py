"""The crash tests find what they are there to find: each fault is planted and must be seen."""

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.chaos.claim_states import (
    Faults,
    Rows,
    State,
    View,
    faults,
    final_lines,
    line_row,
    prints,
    summed,
    version_row,
)
from tests.chaos.corpus import Plan, make_files
from tests.chaos.oracle import expected_state, record_counts
from tests.chaos.reader import Judge
from tests.chaos.victim import Order, killer

LINE = line_row("C1", 1, date(2024, 1, 5), "M1", Decimal("10.00"))
OTHER = line_row("C2", 1, date(2024, 1, 6), "M2", Decimal("20.00"))
DAY = date(2024, 2, 1)


def state(*lines: tuple[object, ...]) -> State:
    versions = Counter(version_row(DAY, line, final=True, superseded_by=None) for line in lines)
    return State(versions, final_lines(versions), summed(final_lines(versions)))


def seen(now: State, versions_then: Rows | None = None, labels: tuple[str, str] = ("7", "7")) -> View:
    return View(now, 5, *labels, versions_then, 5)


EMPTY, BEFORE, AFTER = State(), state(LINE), state(LINE, OTHER)


def complaints(*views: View) -> list[str]:
    judge = Judge([prints(one) for one in (EMPTY, BEFORE, AFTER)])
    return [judge.complaints(one) for one in views][-1]


def test_a_reader_may_see_the_state_before_and_the_state_after() -> None:
    assert complaints(seen(BEFORE, BEFORE.versions), seen(AFTER, AFTER.versions)) == []


def test_tables_of_two_runs_are_no_torn_read_while_their_labels_say_so() -> None:
    assert complaints(seen(replace(AFTER, headers=BEFORE.headers), AFTER.versions, ("7", "6"))) == []


@pytest.mark.parametrize(
    ("view_", "complaint"),
    [
        pytest.param(seen(state(OTHER)), "lines_between_states", id="half_a_batch"),
        pytest.param(
            seen(replace(AFTER, headers=BEFORE.headers)),
            "headers_differ_from_lines_of_the_same_run",
            id="headers_of_another_run",
        ),
        pytest.param(
            seen(BEFORE, AFTER.versions), "lines_differ_from_the_versions_they_show", id="lines_of_another_run"
        ),
    ],
)
def test_a_torn_read_is_told(view_: View, complaint: str) -> None:
    assert complaint in complaints(view_)


def test_a_table_that_goes_back_is_told() -> None:
    first = seen(AFTER)
    assert complaints(first, replace(first, version_sequence=4, lines_sequence=4)) == [
        "versions_went_back",
        "lines_went_back",
    ]


def test_a_row_twice_is_in_no_allowed_state() -> None:
    twice = State(AFTER.versions, AFTER.lines + Counter({LINE: 1}), AFTER.headers)
    assert "lines_between_states" in complaints(seen(twice))
    assert faults(twice, AFTER) == Faults(duplicated=1)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param(BEFORE, Faults(lost=3), id="lost"),
        pytest.param(state(LINE, OTHER, line_row("C3", 1, DAY, "M3", Decimal(1))), Faults(phantom=3), id="phantom"),
        pytest.param(
            state(LINE, line_row("C2", 1, date(2024, 1, 6), "M2", Decimal("20.01"))), Faults(different=3), id="changed"
        ),
    ],
)
def test_each_kind_of_fault_is_counted_in_all_three_tables(found: State, expected: Faults) -> None:
    assert faults(found, AFTER) == expected


def test_states_of_claims_that_share_none_add_up() -> None:
    assert prints(BEFORE) + prints(state(OTHER)) == prints(AFTER)


def test_the_files_are_the_same_every_time_and_their_versions_come_in_any_order() -> None:
    files = make_files(Plan(6), seed=3)
    assert [file.text() for file in files] == [file.text() for file in make_files(Plan(6), seed=3)]
    place = {version.claim_id: number for number, file in enumerate(files) for version in file.versions}
    pairs = [(place[v.original], place[v.claim_id]) for file in files for v in file.versions if v.original]
    assert {(first > second) - (first < second) for first, second in pairs} == {-1, 0, 1}
    counts = record_counts(files)
    assert counts.broken > 0
    assert counts.read > counts.valid + counts.broken


def test_a_replacement_waits_for_nobody_and_a_void_for_its_original() -> None:
    files = make_files(Plan(6), seed=3)
    whole, halves = expected_state(files), [expected_state(files[:3]), expected_state(files[3:])]
    assert sum(half.versions.total() for half in halves) >= whole.versions.total()
    assert any(half.lines - whole.lines for half in halves)


def test_a_victim_dies_at_the_second_time_of_its_step_or_at_the_first_that_is_not_spared() -> None:
    died: list[str] = []
    at_second = killer(Order(input="", kill_at="published:2"), lambda: died.append("second"))
    at_new = killer(Order(input="", spared=frozenset({"staged"})), lambda: died.append("new"))
    for step in ("staged", "published", "staged"):
        at_second(step)
    assert died == []
    at_second("published")
    at_new("staged")
    at_new("published")
    assert died == ["second", "new"]
