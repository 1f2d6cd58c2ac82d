"""Partitions and workers that a run starts with: the tiers at their edges, and what holds for any input."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.run_size import (
    FEW_ROWS_BYTES,
    GIGABYTE,
    GZIP_RATIO,
    MEGABYTE,
    WORKER_RANGE,
    InputSize,
    glue_workers,
    has_few_rows,
    initial_partitions,
)

SIZES = st.lists(st.builds(InputSize, st.integers(0, 10**14), st.booleans()), max_size=5)


@pytest.mark.parametrize(
    ("size_bytes", "partitions"),
    [
        (0, 10),
        (1, 10),
        (100 * MEGABYTE, 10),
        (100 * MEGABYTE + 1, 50),
        (GIGABYTE, 50),
        (GIGABYTE + 1, 200),
        (1000 * GIGABYTE, 200),
    ],
)
def test_partitions_follow_the_tiers_which_begin_above_their_edge(size_bytes: int, partitions: int) -> None:
    assert initial_partitions([InputSize(size_bytes)]) == partitions


@pytest.mark.parametrize(
    ("files", "few"),
    [
        ([], True),
        ([InputSize(FEW_ROWS_BYTES)], True),
        ([InputSize(FEW_ROWS_BYTES + 1)], False),
        ([InputSize(FEW_ROWS_BYTES // 2), InputSize(FEW_ROWS_BYTES // 2 + 1)], False),
        ([InputSize(FEW_ROWS_BYTES // 2, compressed=True)], False),
    ],
)
def test_a_run_is_short_by_the_text_of_all_its_files(files: list[InputSize], *, few: bool) -> None:
    assert has_few_rows(files) is few


def test_no_file_takes_the_fewest_partitions_and_workers() -> None:
    assert (initial_partitions([]), glue_workers([])) == (10, WORKER_RANGE[0])


def test_the_sizes_of_all_files_count_together() -> None:
    assert initial_partitions([InputSize(60 * MEGABYTE)] * 2) == 50
    assert initial_partitions(InputSize(60 * MEGABYTE) for _ in range(20)) == 200


def test_a_packed_file_counts_for_the_text_in_it() -> None:
    packed = InputSize(GIGABYTE // GZIP_RATIO + 1, compressed=True)
    assert packed.text_bytes > GIGABYTE
    assert initial_partitions([packed]) == 200
    assert initial_partitions([InputSize(packed.size_bytes)]) == 50


def test_what_the_user_says_overrides_the_tiers() -> None:
    assert initial_partitions([InputSize(1000 * GIGABYTE)], override=7) == 7
    assert glue_workers([InputSize(1000 * GIGABYTE)], override=3) == 3


def test_a_hundred_gigabytes_take_about_a_quarter_of_an_hour_by_the_measured_rate() -> None:
    assert glue_workers([InputSize(100 * GIGABYTE)]) == 25


@given(sizes=SIZES)
def test_workers_stay_within_their_range(sizes: list[InputSize]) -> None:
    assert WORKER_RANGE[0] <= glue_workers(sizes) <= WORKER_RANGE[1]


@given(sizes=SIZES, more=st.builds(InputSize, st.integers(0, 10**14), st.booleans()))
def test_another_file_never_means_fewer_partitions_or_workers(sizes: list[InputSize], more: InputSize) -> None:
    assert initial_partitions([*sizes, more]) >= initial_partitions(sizes)
    assert glue_workers([*sizes, more]) >= glue_workers(sizes)
