import pytest

from expectations.volume import volume_warnings

USUAL = (1000, 900, 1100)


@pytest.mark.parametrize(
    ("records", "earlier", "told"),
    [
        (500, USUAL, True),
        (501, USUAL, False),
        (0, USUAL, True),
        (5000, USUAL, False),
        (1, (1000, 1000), False),
        (1, (), False),
        (400, (9, 9, 9, *USUAL, *USUAL, *USUAL, 1000), True),
        (400, (*USUAL, *[500] * 10), False),
        (5, (9, 9, 1000), False),
        (1, (9, 9, 9), False),
        (5, (10, 10, 10), True),
    ],
    ids=[
        "half",
        "more than half",
        "none",
        "many",
        "too few to know",
        "none known",
        "only the latest count",
        "a source that sends less by now",
        "one large file is not usual",
        "half of a handful",
        "half of ten",
    ],
)
def test_a_file_with_half_the_usual_records_is_told(records: int, earlier: tuple[int, ...], told: bool) -> None:
    assert bool(volume_warnings(records, earlier)) is told


def test_the_sentence_has_both_counts() -> None:
    (sentence,) = volume_warnings(12, USUAL)
    assert "12 records" in sentence
    assert "1,000" in sentence
