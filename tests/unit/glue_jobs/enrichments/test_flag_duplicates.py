import random
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pyspark.sql import SparkSession

from glue_jobs.enrichments.flag_duplicates import FLAG_DUPLICATES, MODIFIERS
from glue_jobs.enrichments.mark_claims import MARK_CLAIMS
from tests.unit.glue_jobs.enrichments.claim_lines import TYPES, references

Line = dict[str, Any]
DAY, BEFORE = date(2024, 3, 4), date(2024, 3, 1)
AFTER = {"claim_start_date": date(2024, 3, 2), "claim_end_date": DAY}
VISIT: Line = {
    "claim_type": "professional",
    "data_source": "a",
    "_member": "m",
    "payer": "acme",
    "_provider_npi": "1",
    "claim_id": "c1",
    "claim_version_id": "v",
    "claim_line_number": 1,
    "claim_start_date": DAY,
    "claim_end_date": DAY,
    "claim_line_start_date": DAY,
    "claim_line_end_date": DAY,
    "received_date": DAY,
    "hcpcs_code": "99213",
    "place_of_service_code": "11",
    "charge_amount": Decimal("100.00"),
    "year": "2024",
    "month": "03",
}
BILL: Line = VISIT | {
    "claim_type": "institutional",
    "bill_type_code": "131",
    "revenue_center_code": "0510",
    "place_of_service_code": None,
}
NEEDED = sorted({*MARK_CLAIMS.needs, *FLAG_DUPLICATES.needs} - {*MARK_CLAIMS.adds})


def flags(spark: SparkSession, lines: Sequence[Line]) -> list[tuple[int, int]]:
    """(exact, suspected) of each line, in the order of the lines."""
    rows = [(number, *(line.get(name) for name in NEEDED)) for number, line in enumerate(lines)]
    frame = spark.createDataFrame(rows, ", ".join(["number int", *(f"{name} {TYPES[name]}" for name in NEEDED)]))
    given = references(spark)
    found = FLAG_DUPLICATES.add(MARK_CLAIMS.add(frame, given), given).collect()
    assert len(found) == len(lines)
    by_number = {row["number"]: (row["duplicate_exact_flag"], row["duplicate_suspected_flag"]) for row in found}
    return [by_number[number] for number in range(len(lines))]


def in_groups(groups: Iterable[Sequence[Line]]) -> list[Line]:
    """Each group with a member of its own, so that all are judged at once and none sees another."""
    return [line | {"_member": f"m{number}"} for number, group in enumerate(groups) for line in group]


EXACT, SUSPECTED, NEITHER = (1, 0), (0, 1), (0, 0)

OTHER_CLAIM = {"claim_id": "c2", "received_date": DAY + timedelta(days=9)}
PAIRS: list[tuple[str, Line, Line, tuple[int, int]]] = [
    ("sent again", VISIT, {}, EXACT),
    ("another modifier", VISIT, {"hcpcs_modifier_1": "76"}, NEITHER),
    ("another charge", VISIT, {"charge_amount": Decimal("120.00")}, SUSPECTED),
    ("another place", VISIT, {"place_of_service_code": "22"}, SUSPECTED),
    ("another procedure", VISIT, {"hcpcs_code": "99214"}, NEITHER),
    ("another provider", VISIT, {"_provider_npi": "2"}, NEITHER),
    ("another payer", VISIT, {"payer": "secondary"}, NEITHER),
    ("another source", VISIT, {"data_source": "b"}, NEITHER),
    ("the next day", VISIT, {name: DAY + timedelta(days=1) for name in VISIT if name.endswith("_date")}, NEITHER),
    ("another month", VISIT, {"month": "04"}, NEITHER),
    ("no charge anywhere", VISIT | {"charge_amount": None}, {}, SUSPECTED),
    ("allowed for want of a charge", VISIT | {"charge_amount": None, "allowed_amount": Decimal(5)}, {}, EXACT),
    ("no provider", VISIT | {"_provider_npi": None}, {}, NEITHER),
    ("no procedure", VISIT | {"hcpcs_code": None}, {}, SUSPECTED),
    ("a bill again", BILL, {}, EXACT),
    ("a bill of another type", BILL, {"bill_type_code": "137"}, SUSPECTED),
    ("a bill for another service", BILL, {"hcpcs_code": "71046", "revenue_center_code": "0320"}, SUSPECTED),
    ("a bill that overlaps by a day", BILL | {"claim_start_date": BEFORE}, {"claim_start_date": DAY}, SUSPECTED),
    ("a bill from the day after", BILL | {"claim_start_date": BEFORE, "claim_end_date": BEFORE}, AFTER, NEITHER),
    ("a professional claim for it", BILL, {"claim_type": "professional"}, NEITHER),
]


def test_of_two_claims_the_one_received_later_is_flagged(spark: SparkSession) -> None:
    groups = [(line, line | OTHER_CLAIM | difference) for _, line, difference, _ in PAIRS]
    found = flags(spark, in_groups(groups))
    wrong = {
        name: (found[2 * number], found[2 * number + 1])
        for number, (name, _, _, expected) in enumerate(PAIRS)
        if (found[2 * number], found[2 * number + 1]) != (NEITHER, expected)
    }
    assert wrong == {}


def test_lines_of_one_claim(spark: SparkSession) -> None:
    second, third = {"claim_line_number": 2}, {"claim_line_number": 3}
    groups = [
        (VISIT, VISIT | second, VISIT | third),  # the same service three times
        (VISIT, VISIT | second | {"hcpcs_modifier_1": "RT"}, VISIT | third | {"hcpcs_modifier_1": "LT"}),
        (BILL, BILL | second),  # lines of one bill may be alike
        (BILL, BILL | second, BILL | OTHER_CLAIM, BILL | OTHER_CLAIM | second),
        (BILL, BILL | OTHER_CLAIM, BILL | OTHER_CLAIM | second),  # another total charge
    ]
    assert flags(spark, in_groups(groups)) == [
        *(NEITHER, EXACT, EXACT),
        *(NEITHER, NEITHER, NEITHER),
        *(NEITHER, NEITHER),
        *(NEITHER, NEITHER, EXACT, EXACT),
        *(NEITHER, SUSPECTED, SUSPECTED),
    ]


def test_a_long_claim_overlaps_one_that_does_not_follow_it_directly(spark: SparkSession) -> None:
    long_one = BILL | {"claim_id": "long", "claim_start_date": DAY, "claim_end_date": DAY + timedelta(days=20)}
    short = BILL | {
        "claim_id": "short",
        "claim_start_date": DAY + timedelta(days=1),
        "claim_end_date": DAY + timedelta(days=2),
    }
    inside = BILL | {
        "claim_id": "inside",
        "claim_start_date": DAY + timedelta(days=15),
        "claim_end_date": DAY + timedelta(days=16),
    }
    after = BILL | {
        "claim_id": "after",
        "claim_start_date": DAY + timedelta(days=21),
        "claim_end_date": DAY + timedelta(days=22),
    }
    assert flags(spark, [after, inside, long_one, short]) == [NEITHER, SUSPECTED, NEITHER, SUSPECTED]


def drawn_lines(seed: int, count: int) -> list[Line]:
    draw = random.Random(seed)  # noqa: S311 - a test's cases
    lines = []
    for claim in range(count):
        start = DAY + timedelta(days=draw.randrange(6))
        received = draw.choice([None, start, start + timedelta(days=5)])
        head = draw.choice([VISIT, BILL]) | {
            "_member": draw.choice("xy"),
            "_provider_npi": draw.choice(["1", "2", None]),
            "claim_id": f"c{claim:03}",
            "claim_start_date": start,
            "claim_end_date": start + timedelta(days=draw.randrange(3)),
            "received_date": received,
        }
        lines += [
            head
            | {
                "claim_line_number": number,
                "claim_line_start_date": start,
                "claim_line_end_date": start,
                "hcpcs_code": draw.choice(["99213", "99214", None]),
                "hcpcs_modifier_1": draw.choice([None, None, "25"]),
                "charge_amount": draw.choice([Decimal(1), Decimal(2), None]),
            }
            for number in range(draw.randrange(1, 4))
        ]
    return lines


def expected_flags(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """The rule word by word, line against line."""
    totals: dict[str, Any] = {}
    for line in lines:
        totals.setdefault(line["claim_id"], []).append(line["charge_amount"])
    last = date(9999, 1, 1)
    found = []
    for line in lines:
        is_bill = line["claim_type"] == "institutional"
        parties = ("_member", "claim_type", "_provider_npi")
        same_parties = [other for other in lines if all(other[name] == line[name] for name in parties)]
        money = ("hcpcs_code", *MODIFIERS, "charge_amount", "claim_line_start_date")
        days = ("claim_start_date", "claim_end_date") if is_bill else ()

        def total(one: Line) -> Any:  # noqa: ANN401 - an amount or nothing
            known = [charge for charge in totals[one["claim_id"]] if charge is not None]
            return sum(known) if known else None

        def place(one: Line) -> Any:  # noqa: ANN401 - what lines are sorted by
            return (one["received_date"] or last, one["claim_id"], one["claim_line_number"])

        alike = [
            other
            for other in same_parties
            if all(other.get(name) == line.get(name) for name in (*money[:-1], *(days or money[-1:])))
            and (not is_bill or total(other) == total(line))
        ]
        first = min(alike, key=place)
        is_known = line["_provider_npi"] and line["charge_amount"] and (is_bill or line["hcpcs_code"])
        exact = bool(is_known and (first["claim_id"] != line["claim_id"] if is_bill else first is not line))

        def begin(one: Line) -> Any:  # noqa: ANN401 - what claims are sorted by
            return (one["claim_start_date"], one["received_date"] or last, one["claim_id"])

        earlier = [
            other
            for other in same_parties
            if other["claim_id"] != line["claim_id"]
            and begin(other) < begin(line)
            and (is_bill or all(other.get(name) == line.get(name) for name in ("hcpcs_code", *MODIFIERS)))
        ]
        overlaps = any(other["claim_end_date"] >= line["claim_start_date"] for other in earlier)
        found.append((int(exact), int(bool(line["_provider_npi"]) and overlaps and not exact)))
    return found


def test_drawn_claims_are_flagged_as_a_comparison_of_all_pairs_flags_them_in_any_order(spark: SparkSession) -> None:
    lines = drawn_lines(seed=8, count=70)
    expected = expected_flags(lines)
    assert {EXACT, SUSPECTED, NEITHER} == set(expected)
    assert flags(spark, lines) == expected
    shuffled = list(range(len(lines)))
    random.Random(1).shuffle(shuffled)  # noqa: S311 - a test's cases
    again = flags(spark, [lines[number] for number in shuffled])
    assert again == [expected[number] for number in shuffled]
