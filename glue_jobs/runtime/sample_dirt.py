"""The usual dirt of claims files, for the generated sample: the same value in the many forms that senders give it."""

from random import Random


def money(cents: int) -> str:
    """US dollars with two places and a leading minus."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def styled_money(random: Random, cents: int) -> str:
    """Plain, or with dollar sign and thousands separators; negative money in parentheses."""
    grouped = f"${abs(cents) // 100:,}.{abs(cents) % 100:02d}"
    text = random.choice((grouped, grouped.replace(",", ""), money(abs(cents))))
    return f"({text})" if cents < 0 else text


def trailing_money(cents: int) -> str:
    """US dollars with two places and the minus at the end."""
    return f"{money(abs(cents))}{'-' if cents < 0 else ''}"


def grouped_money(random: Random, cents: int) -> str:
    """As `trailing_money`, with or without thousands separators."""
    grouped = f"{abs(cents) // 100:,}.{abs(cents) % 100:02d}"
    return random.choice((grouped + ("-" if cents < 0 else ""), trailing_money(cents)))


def blank(random: Random) -> str:
    """One of the texts that mean missing."""
    return random.choice(("", "", "~", " "))


def code(random: Random, text: str) -> str:
    """A diagnosis or procedure code: dotted or not, in any letter case, with blanks around it."""
    return random.choice((text, text, text.replace(".", ""), text.lower(), f" {text} "))


def code_at(random: Random, codes: tuple[str, ...], place: int) -> str:
    """The code at a place, or a blank where there is none."""
    return code(random, codes[place]) if place < len(codes) else blank(random)


def unpadded(random: Random, text: str) -> str:
    """A code with or without its leading zeros."""
    return random.choice((text, text.lstrip("0") or "0"))
