"""Regular expressions of rules mean to Python what they mean to Java, or are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.errors import ContractError
from expectations.patterns import LINE_ENDS, like_pattern, pattern


@pytest.mark.parametrize("text", ["1", "1\n", "1\r\n", "1\r", "1\x85", "1\u2028", "1\u2029"])
def test_a_dollar_stands_before_one_last_line_end_of_any_kind(text: str) -> None:
    assert pattern("^[0-9]$").search(text)


@pytest.mark.parametrize("text", ["1\n\n", "1\r\n\n", "1\n\r", "1\x85\n", "12", "1\v", "1\f", "1\x1c"])
def test_a_dollar_stands_before_nothing_else(text: str) -> None:
    assert not pattern("^[0-9]$").search(text)


def test_a_dollar_does_not_stand_within_a_carriage_return_and_line_feed() -> None:
    assert not pattern("1[^x]$").search("1\r\n\n")
    assert pattern("1[^x]$").search("1\r")


@given(st.sampled_from(LINE_ENDS))
def test_a_dot_is_no_line_end_of_any_kind(line_end: str) -> None:
    assert not pattern("^.").search(line_end)
    assert pattern("^[^x]").search(line_end)


@pytest.mark.parametrize(
    "text", ["^(a|b)*?c{2,3}$", "[^a-z0-9]+", "(?:x)(?=y)(?!z).", "[a-]", "É|é", "[.]x, -/:;<>=!'\"", "a{2}?"]
)
def test_what_both_read_alike_is_taken(text: str) -> None:
    assert pattern(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            r"\d",
            r"[\w]",
            r"a\.b",
            r"\Z",
            "(?<=a)b",
            "(?i)a",
            "(?P<x>a)",
            "(?>a)",
            "x++",
            "x*+",
            "[a&&b]",
            "[[a]]",
            "[+--]",
            "[a||b]",
            "[~~]",
        ),
        *(
            "",
            "(",
            "a)",
            "[]",
            "[a",
            "a**",
            "a{2}{3}",
            "*",
            "^*",
            "$+",
            "(?=a)*",
            "a|*",
            "{2}",
            "a{3,2}",
            "[z-a]",
            "\x00",
        ),
    ],
)
def test_what_they_may_read_apart_is_refused_with_the_place_and_a_cure(text: str) -> None:
    with pytest.raises(ContractError, match=r"at character \d+.*cure"):
        pattern(text)


@pytest.mark.parametrize(
    ("like", "text", "expected"),
    [
        ("11%", "111", True),
        ("11%", "211", False),
        ("_1%", "\U0001f6001\n2", True),
        ("a.c", "abc", False),
        ("a", "a\n", False),
        ("%", "", True),
    ],
)
def test_like_asks_for_the_whole_text(like: str, text: str, expected: bool) -> None:
    assert bool(like_pattern(like).match(text)) is expected


def test_like_with_an_escape_is_refused() -> None:
    with pytest.raises(ContractError, match="backslash"):
        like_pattern("100\\%")
