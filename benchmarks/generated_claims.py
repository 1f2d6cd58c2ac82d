"""Invented claim lines as columns of text, each value a pure function of the seed and its line's number.

So any range of lines can be made by itself, whatever is made before or beside it: in chunks, in files, in months.
Three lines a claim; claims are numbered in the order of their days. A correction is a claim of a later day with the id
of the claim whose place it takes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt

from benchmarks.invented_lines import LINES_A_CLAIM, LUHN_START

FIRST_DAY = date(2020, 1, 1)
MOST_MONTHS = 60
"""With more, claims would be paid in days to come."""

DAYS_BACK = 60
"""A correction takes the place of a claim of so many days before, at most."""

LINES_BACK = 5_000
"""A line that is sent again is one of the last so many."""

LATEST_PAYMENT = 150
HCPCS = tuple(str(99200 + number) for number in range(300)) + tuple(f"J{number:04d}" for number in range(500))
ICD = tuple(
    f"{letter}{number:02d}{more}"
    for letter in "ABCDEFGHIJKLMNRS"
    for number in range(40)
    for more in ("", ".1", ".2", "1")
)
PLACES = ("11", "21", "22", "23")
MOST_CENTS = 100_000
BROKEN = {
    "person_id": "",
    "claim_start_date": "2021-02-31",
    "claim_line_number": "first",
    "paid_amount": "12.3x",
}
"""What a broken line holds in one of these columns: each is an error for which the record is quarantined."""

Numbers = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]
Columns = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Recipe:
    """What is made. Lines that are sent again come on top of `lines`; shares are of lines, of corrections of claims."""

    lines: int
    months: int = 24
    seed: int = 7
    corrections: float = 0.02
    duplicates: float = 0.01
    broken: float = 0.005
    payers: int = 40
    providers: int = 20_000
    skew: float = 1.1
    first_day: date = field(default=FIRST_DAY)

    @property
    def claims(self) -> int:
        """How many claims the lines are of."""
        return -(-self.lines // LINES_A_CLAIM)

    @cached_property
    def days(self) -> int:
        """Days of the months from the first one on."""
        years, month = divmod(self.first_day.month - 1 + self.months, 12)
        return (date(self.first_day.year + years, month + 1, 1) - self.first_day).days


class Chance:
    """Numbers that look drawn, each made of the seed, what it is for, and the number it belongs to (splitmix64)."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def below(self, of: Numbers, what: int, most: int) -> Numbers:
        """A whole number from 0 up, less than `most`."""
        return (self._mixed(of, what) % np.uint64(most)).astype(np.int64)

    def share(self, of: Numbers, what: int) -> npt.NDArray[np.float64]:
        """A number from 0 up, less than 1."""
        return np.asarray((self._mixed(of, what) >> np.uint64(11)) * 2.0**-53, dtype=np.float64)

    def _mixed(self, of: Numbers, what: int) -> npt.NDArray[np.uint64]:
        start = (self._seed * 0xD1342543DE82EF95 + (what + 1) * 0x2545F4914F6CDD1D) % 2**64
        mixed = of.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(start)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return np.asarray(mixed ^ (mixed >> np.uint64(31)))


class GeneratedClaims:
    """Lines of one recipe; what they are drawn from is made once."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self._chance = Chance(recipe.seed)
        last = recipe.days + LATEST_PAYMENT
        self._days = _texts([(recipe.first_day + timedelta(days=day)).isoformat() for day in range(last)])
        self._money = _texts([f"{cents // 100}.{cents % 100:02d}" for cents in range(MOST_CENTS)])
        self._payers = _texts([f"health plan {number + 1:03d}" for number in range(recipe.payers)])
        self._npis = _texts([npi(100_000_000 + number) for number in range(recipe.providers)])
        self._groups = _texts([npi(150_000_000 + number // 10) for number in range(recipe.providers)])
        self._payer_shares, self._provider_shares = (
            cumulated(size, recipe.skew) for size in (recipe.payers, recipe.providers)
        )

    def columns(self, first: int, end: int) -> Columns:
        """Lines from the first number to before the end, and among them those that are sent again."""
        numbers = np.arange(first, end, dtype=np.int64)
        again = self._chance.share(numbers, 1) < self.recipe.duplicates
        back = self._chance.below(numbers, 2, LINES_BACK)
        resent = np.maximum(numbers - back, 0)[again]
        return self._made(np.insert(numbers, np.flatnonzero(again) + 1, resent))

    def replaced(self, claims: Numbers) -> Numbers:
        """The claim whose id each has: its own, or the one at the beginning of what it corrects."""
        found = claims.copy()
        window = max(1, self.recipe.claims * DAYS_BACK // self.recipe.days)
        while (corrects := self._corrects(found)).any():
            back = 1 + self._chance.below(found, 4, window)
            found = np.where(corrects, np.maximum(found - back, 0), found)
        return found

    def _corrects(self, claims: Numbers) -> npt.NDArray[np.bool_]:
        return np.asarray((self._chance.share(claims, 3) < self.recipe.corrections) & (claims > 0))

    def _day(self, claims: Numbers) -> Numbers:
        return claims * self.recipe.days // self.recipe.claims

    def _made(self, lines: Numbers) -> Columns:
        below, claims = self._chance.below, lines // LINES_A_CLAIM
        family = self.replaced(claims)
        corrects, start = family != claims, self._days[self._day(family)]
        facility = below(family, 10, 4) == 0
        provider = np.searchsorted(self._provider_shares, self._chance.share(family, 11), side="right")
        payer = np.searchsorted(self._payer_shares, self._chance.share(family, 12), side="right")
        charged = 1_000 + below(lines, 13, MOST_CENTS - 1_000)
        allowed = charged * (40 + below(lines, 14, 60)) // 100
        coinsurance = allowed * below(lines, 15, 20) // 100
        copayment = np.minimum(below(lines, 16, 4) * 1_000, allowed - coinsurance)
        frequency = np.where(corrects, "7", "1").astype(object)
        members = below(family, 17, max(1_000, self.recipe.claims // 6))
        hcpcs, icd = _texts(HCPCS), _texts(ICD)
        made: dict[str, Texts] = {
            "claim_id": _texts([f"C{number:012d}" for number in family.tolist()]),
            "claim_line_number": _texts("123")[lines % LINES_A_CLAIM],
            "claim_frequency_code": frequency,
            "claim_type": _either(facility, "institutional", "professional"),
            "payer": self._payers[payer],
            "person_id": _texts([f"M{number:010d}" for number in members.tolist()]),
            "claim_start_date": start,
            "claim_end_date": start,
            "place_of_service_code": np.where(facility, "", _texts(PLACES)[below(family, 18, len(PLACES))]),
            "bill_type_code": np.where(facility, "13" + frequency, ""),
            "revenue_center_code": _either(facility, "0450", ""),
            "service_unit_quantity": _texts("12345")[below(lines, 19, 5)],
            "hcpcs_code": hcpcs[below(lines, 20, len(hcpcs))],
            "hcpcs_modifier_1": _either(below(lines, 21, 10) == 0, "25", ""),
            "rendering_npi": self._npis[provider],
            "billing_npi": self._groups[provider],
            "received_date": self._days[self._day(claims) + np.where(corrects, 12, 10)],
            "paid_date": self._days[self._day(claims) + 20 + below(claims, 22, LATEST_PAYMENT - 20)],
            "charge_amount": self._money[charged],
            "allowed_amount": self._money[allowed],
            "paid_amount": self._money[allowed - coinsurance - copayment],
            "coinsurance_amount": self._money[coinsurance],
            "copayment_amount": self._money[copayment],
            "diagnosis_code_1": icd[below(lines, 23, len(icd))],
            "diagnosis_code_2": icd[below(lines, 24, len(icd))],
            "diagnosis_code_3": np.where(below(lines, 25, 2) == 0, icd[below(lines, 26, len(icd))], ""),
        }
        broken = self._chance.share(lines, 5) < self.recipe.broken
        kind = below(lines, 6, len(BROKEN))
        for number, (name, text) in enumerate(BROKEN.items()):
            made[name] = np.where(broken & (kind == number), text, made[name])
        return {name: values.tolist() for name, values in made.items()}


def cumulated(size: int, skew: float) -> npt.NDArray[np.float64]:
    """Shares of the first, the first two, ... of so many, the one of rank r having a weight of r ** -skew (Zipf)."""
    weights = np.arange(1, size + 1, dtype=np.float64) ** -skew
    # on a grid, so that the last bit of a power does not decide; nothing is beyond the last one
    shares = np.floor(np.cumsum(weights) / weights.sum() * 2.0**32) / 2.0**32
    shares[-1] = 1.0
    return np.asarray(shares)


def npi(nine: int) -> str:
    """Nine digits and their check digit (Luhn, behind 80840)."""
    digits = [int(digit) for digit in str(nine)]
    total = LUHN_START + sum(
        sum(divmod(digit * 2, 10)) if place % 2 == 0 else digit for place, digit in enumerate(digits)
    )
    return f"{nine}{-total % 10}"


def _texts(values: Sequence[str]) -> Texts:
    return np.array(list(values), dtype=object)


def _either(where: npt.NDArray[np.bool_], this: str, other: str) -> Texts:
    return _texts((other, this))[where.astype(np.int64)]
