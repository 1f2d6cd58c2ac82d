r"""Regular expressions that mean the same to Java (Spark) and to Python.

Rules are read by both, so only what both read alike is allowed: characters, `.`, classes of characters, groups that
capture nothing or are never referred to, looking ahead, alternatives, greedy and lazy repetition, `^` and `$`. No
backslash: `[.]` instead of `\.`, `[0-9]` instead of `\d` (which is every script's digits in Python).

Two signs differ and are translated for Python: Java's `$` also stands before a last line end of any kind, and its `.`
is no line end of any kind.
"""

import re
from functools import cache

from expectations.errors import ContractError

LINE_ENDS = "\n\r\x85\u2028\u2029"
JAVA_DOLLAR = r"(?:(?=\r\n\Z)|(?<!\r)(?=\n\Z)|(?=[\r\x85\u2028\u2029]?\Z))"
JAVA_DOT = rf"[^{LINE_ENDS}]"

_PIECE = re.compile(
    r"""
    (?P<group_start>\((?!\?)|\(\?:|\(\?=|\(\?!)
    |(?P<group_end>\))
    |(?P<class>\[(?![^\]]*(?:--|\|\||~~))\^?[^\[\]\\&^-](?:[^\[\]\\&^]*[^\[\]\\&^])?\])
    |(?P<repeat>(?:[*+?]|\{[0-9]{1,3}(?:,(?:[0-9]{1,3})?)?\})\??)
    |(?P<start>\^)
    |(?P<end>\$)
    |(?P<dot>\.)
    |(?P<bar>\|)
    |(?P<character>[^\\\[\](){}*+?^$.|\x00-\x1f])
    """,
    re.VERBOSE,
)
_CANNOT_REPEAT = frozenset({"", "group_start", "bar", "start", "end", "repeat", "look"})
_LOOKS = frozenset({"(?=", "(?!"})
_TRANSLATED = {"end": JAVA_DOLLAR, "dot": JAVA_DOT}


@cache
def pattern(text: str) -> re.Pattern[str]:
    """The Python pattern that finds what Java finds for this text; ContractError where the two may differ."""
    pieces: list[str] = []
    open_groups: list[str] = []
    before, at = "", 0
    while at < len(text):
        piece = _PIECE.match(text, at)
        kind = piece.lastgroup or "" if piece else ""
        if not piece or (kind == "repeat" and before in _CANNOT_REPEAT):
            raise _refused(text, at)
        found = piece.group()
        pieces.append(_TRANSLATED.get(kind, found))
        if kind == "group_start":
            open_groups.append(found)
        elif kind == "group_end":
            if not open_groups:
                raise _refused(text, at)
            kind = "look" if open_groups.pop() in _LOOKS else kind
        before, at = kind, piece.end()
    if open_groups or not text:
        raise _refused(text, at)
    return _compiled(text, "".join(pieces))


def like_pattern(text: str) -> re.Pattern[str]:
    """The Python pattern that matches what SQL's LIKE matches whole; ContractError for a backslash, which escapes."""
    if "\\" in text:
        raise ContractError("a LIKE pattern has a backslash; cure: use RLIKE where % or _ stand for themselves")
    signs = {"%": ".*", "_": "."}
    return re.compile("".join(signs.get(sign, re.escape(sign)) for sign in text) + r"\Z", re.DOTALL)


def _compiled(text: str, translated: str) -> re.Pattern[str]:
    try:
        return re.compile(translated)
    except re.error as error:
        raise _refused(text, error.pos or 0) from error


def _refused(text: str, at: int) -> ContractError:
    return ContractError(
        f"regular expression {text!r}, at character {at + 1}: not in what Java and Python read alike; "
        "cure: no backslash ([.], [0-9]), no nested classes, no look-behind, groups as (...), (?:...), (?=...), (?!...)"
    )
