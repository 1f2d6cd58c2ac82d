import pytest

from expectations.volume import EarlierFile, mix_warnings, volume_warnings

USUAL = (1000, 900, 1100)


def files(*records: int) -> list[EarlierFile]:
    return [EarlierFile(count, {}) for count in records]


def mixes(*payer_lines: dict[int, int]) -> list[EarlierFile]:
    return [EarlierFile(1000, lines) for lines in payer_lines]


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
    assert bool(volume_warnings(records, files(*earlier))) is told


def test_the_sentence_has_both_counts() -> None:
    (sentence,) = volume_warnings(12, files(*USUAL))
    assert "12 records" in sentence
    assert "1,000" in sentence


BOTH = {7: 500, 9: 20}


@pytest.mark.parametrize(
    ("payer_lines", "earlier", "missing"),
    [
        ({7: 500}, [BOTH] * 3, "is 9."),
        ({8: 1}, [BOTH] * 3, "is 7, 9."),
        ({}, [BOTH] * 3, "is 7, 9."),
        ({7: 1, 9: 1}, [BOTH] * 3, ""),
        ({7: 500}, [BOTH] * 2, ""),
        ({7: 500}, [BOTH, BOTH, {7: 500}], ""),
        ({7: 500}, [{7: 500}, *[BOTH] * 10], "is 9."),
        ({7: 500}, [{7: 500, 9: 9}, {7: 500, 9: 9}, BOTH], ""),
    ],
    ids=[
        "one of two",
        "both",
        "no payer at all",
        "all there",
        "too few to know",
        "not in each of them",
        "only the latest count",
        "a handful of lines",
    ],
)
def test_a_payer_that_vanished_is_told_by_its_number(
    payer_lines: dict[int, int], earlier: list[dict[int, int]], missing: str
) -> None:
    found = mix_warnings(payer_lines, mixes(*earlier))
    assert len(found) == bool(missing)
    assert all(sentence.endswith(missing) for sentence in found)
