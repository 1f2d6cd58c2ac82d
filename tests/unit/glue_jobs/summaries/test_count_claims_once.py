"""Sums over lines are those of the headers, whatever the sender repeats, totals or leaves out."""

import random
from collections import defaultdict
from datetime import date
from decimal import Decimal

from pyspark.sql import SparkSession

from glue_jobs.summaries.count_claims_once import count_claims_once
from tests.unit.glue_jobs.summaries.claim_rows import MONEY, Row, found, headers, headers_frame, line, lines_frame

TOTAL: Row = {"revenue_center_code": "0001"}
FEBRUARY = date(2024, 2, 2)
LINES = [
    line("lines alone", paid=30),
    line("lines alone", paid=20, claim_line_number=2),
    line("header alone", claim_line_number=2),
    line("header alone", claim_line_number=1),
    line("header says more", paid=30),
    line("header says more", paid=20, claim_line_number=2),
    line("total beside lines", paid=50, **TOTAL),
    line("total beside lines", paid=30, claim_line_number=2),
    line("total beside lines", paid=20, claim_line_number=3),
    line("total alone", paid=50, **TOTAL),
    line("two versions", claim_version_id="b"),
    line("two versions", claim_version_id="a"),
    line("two months", paid=30),
    line("two months", FEBRUARY, paid=20, claim_line_number=2),
    line("nothing"),
    line("undated", None, paid=7),
]
SAID = {"header alone": 90, "header says more": 60, "two versions": 8}
HEADERS = headers(LINES, **{claim: {"paid_amount": amount} for claim, amount in SAID.items()})
EXPECTED = {
    ("lines alone", 1, "v", 30, 1),
    ("lines alone", 2, "v", 20, 0),
    ("header alone", 1, "v", 90, 1),
    ("header alone", 2, "v", None, 0),
    ("header says more", 1, "v", 40, 1),
    ("header says more", 2, "v", 20, 0),
    ("total beside lines", 1, "v", 0, 1),
    ("total beside lines", 2, "v", 30, 0),
    ("total beside lines", 3, "v", 20, 0),
    ("total alone", 1, "v", 50, 1),
    ("two versions", 1, "a", 8, 1),
    ("two versions", 1, "b", None, 0),
    ("two months", 1, "v", 30, 1),
    ("two months", 2, "v", 20, 1),
    ("nothing", 1, "v", None, 1),
    ("undated", 1, "v", 7, 1),
}


def test_each_claim_is_worth_what_its_header_says(spark: SparkSession) -> None:
    counted = count_claims_once(lines_frame(spark, LINES), headers_frame(spark, HEADERS))
    names = ("claim_id", "claim_line_number", "claim_version_id", "paid_amount", "first_line_flag")
    assert found(counted, *names) == EXPECTED


def drawn_lines(draw: random.Random) -> list[Row]:
    """Claims of one month of one to four lines, some total lines, some amounts missing."""

    def amounts() -> Row:
        return {name: draw.choice([None, draw.randrange(-50, 900)]) for name in MONEY}

    return [
        line(
            f"c{claim}",
            claim_line_number=number,
            data_source=draw.choice("ab") if claim % 5 else "a",
            revenue_center_code=draw.choice([None, "0001", "0300"]),
            **amounts(),
        )
        for claim in range(60)
        for number in range(1, draw.randrange(2, 6))
    ]


def test_drawn_lines_add_up_to_the_headers_claim_by_claim(spark: SparkSession) -> None:
    lines = drawn_lines(random.Random(4))  # noqa: S311 - drawn cases, the same every time
    its_headers = headers(lines, c7={"paid_amount": "12.34"}, c9={"charge_amount": "-3"})
    sums: dict[tuple[str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * len(MONEY))
    for row in count_claims_once(lines_frame(spark, lines), headers_frame(spark, its_headers)).collect():
        key = row["data_source"], row["claim_id"]
        sums[key] = [total + (row[name] or 0) for total, name in zip(sums[key], MONEY, strict=True)]
    of_header = (*MONEY[:-1], "coinsurance_amount")
    assert sums == {
        (header["data_source"], header["claim_id"]): [header[name] or Decimal(0) for name in of_header]
        for header in its_headers
    }
