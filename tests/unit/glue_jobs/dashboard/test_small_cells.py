"""Nothing is told of 1 to 10 persons, and nothing from which it could be worked out."""

from hypothesis import given, settings
from hypothesis import strategies as st

from glue_jobs.dashboard.small_cells import LEAST_PERSONS, hide_small, is_small

GROUPS = st.lists(st.integers(0, 30) | st.none(), max_size=8).map(lambda all_: [{"persons": one} for one in all_])


def test_one_to_ten_persons_are_few_and_so_is_an_unknown_number() -> None:
    assert [persons for persons in range(13) if is_small(persons)] == list(range(1, 11))
    assert is_small(None)
    assert LEAST_PERSONS == 11


def test_a_second_part_is_hidden_with_the_only_small_one() -> None:
    rows = [{"persons": 90}, {"persons": 12}, {"persons": 5}]
    assert hide_small(rows, "persons") == ([{"persons": 90}, {"persons": 12}], 1)
    assert hide_small(rows, "persons", parts=True) == ([{"persons": 90}], 2)


def test_each_number_of_persons_must_be_large_enough() -> None:
    rows = [{"persons": 60, "back": 4}, {"persons": 60, "back": 0}, {"persons": 60, "back": 11}, {"persons": 60}]
    assert hide_small(rows, "persons", "back") == (rows[1:3], 2)


@settings(deadline=None)  # a busy machine
@given(GROUPS, st.booleans())
def test_no_small_group_is_shown_and_no_part_is_hidden_alone(groups: list[dict[str, int | None]], parts: bool) -> None:
    shown, hidden = hide_small(groups, "persons", parts=parts)
    assert not any(is_small(row["persons"]) for row in shown)
    assert hidden == len(groups) - len(shown)
    if parts and shown:
        assert hidden != 1
