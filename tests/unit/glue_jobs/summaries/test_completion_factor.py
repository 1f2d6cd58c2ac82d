"""The chain ladder: a published example figure by figure, and drawn triangles against plain Python."""

import random
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from glue_jobs.summaries.completion_factor import completion_factor
from tests.unit.glue_jobs.summaries.claim_rows import Row, frame

TYPES = {
    **dict.fromkeys(("data_source", "payer", "claim_type"), "string"),
    "month_start_date": "date",
    "lag_months": "int",
    "paid_amount": "decimal(18,2)",
}
TAYLOR_ASHE = (
    (357848, 1124788, 1735330, 2218270, 2745596, 3319994, 3466336, 3606286, 3833515, 3901463),
    (352118, 1236139, 2170033, 3353322, 3799067, 4120063, 4647867, 4914039, 5339085),
    (290507, 1292306, 2218525, 3235179, 3985995, 4132918, 4628910, 4909315),
    (310608, 1418858, 2195047, 3757447, 4029929, 4381982, 4588268),
    (443160, 1136350, 2128333, 2897821, 3402672, 3873311),
    (396132, 1333217, 2180715, 2985752, 3691712),
    (440832, 1288463, 2419861, 3483130),
    (359480, 1421128, 2864498),
    (376686, 1363294),
    (344014,),
)
"""Cumulative paid of ten periods of origin: Taylor and Ashe (1983), worked in Mack (1993), here as months of 2024."""
MACK_FACTORS = ("3.4906", "1.7473", "1.4574", "1.1739", "1.1038", "1.0863", "1.0539", "1.0766", "1.0177", None)
MACK_RESERVES = (0, 94634, 469511, 709638, 984889, 1419459, 2177641, 3920301, 4278972, 4625811)
CENT = Decimal("0.01")


def cell(month: int, lag: int | None, paid: object, **others: object) -> Row:
    start = date(2020 + month // 12, month % 12 + 1, 1)
    usual = {"data_source": "a", "payer": "m", "claim_type": "professional"}
    return usual | {"month_start_date": start, "lag_months": lag, "paid_amount": Decimal(str(paid))} | others


def estimated(spark: SparkSession, cells: list[Row]) -> DataFrame:
    return completion_factor(frame(spark, cells, TYPES))


def increments(triangle: tuple[tuple[int, ...], ...]) -> list[Row]:
    return [
        cell(month, lag, paid - (row[lag - 1] if lag else 0))
        for month, row in enumerate(triangle)
        for lag, paid in enumerate(row)
    ]


def test_the_published_example_comes_out_figure_by_figure(spark: SparkSession) -> None:
    rows = sorted(estimated(spark, increments(TAYLOR_ASHE)).collect(), key=lambda row: row["lag_months"])
    assert [row["lag_months"] for row in rows] == list(range(10))
    assert [row["year_month"] for row in rows][:3] == ["202010", "202009", "202008"]
    assert {row["valuation_year_month"] for row in rows} == {"202010"}
    assert [row["age_to_age_factor"] for row in rows] == [Decimal(f) if f else None for f in MACK_FACTORS]
    assert [row["paid_amount"] for row in reversed(rows)] == [row[-1] for row in TAYLOR_ASHE]
    reserves = [row["ibnr_amount"] for row in reversed(rows)]
    # Published without cents, from factors that are not rounded to eight places.
    assert [
        published for published, amount in zip(MACK_RESERVES, reserves, strict=True) if abs(published - amount) >= 1
    ] == []
    assert abs(sum(reserves) - 18680856) < 1
    assert all(row["ultimate_amount"] == row["paid_amount"] + row["ibnr_amount"] for row in rows)


def test_a_triangle_of_three_months_worked_by_hand(spark: SparkSession) -> None:
    # January 100, then 50, then 15; February 200, then 80; March 90: factors (150 + 280) / 300 and 165 / 150.
    cells = [cell(0, 0, 100), cell(0, 1, 50), cell(0, 2, 15), cell(1, 0, 200), cell(1, 1, 80), cell(2, 0, 90)]
    left_out = [cell(2, None, 1000), cell(0, 900, 7), cell(0, 0, 3, data_source="b", payer=None)]
    rows = {(r["data_source"], r["year_month"]): r for r in estimated(spark, cells + left_out).collect()}
    names = ("paid_amount", "age_to_age_factor", "development_factor", "completion_factor", "ibnr_amount")
    told = {key: [None if row[n] is None else str(row[n]) for n in names] for key, row in rows.items()}
    assert told == {
        ("a", "202003"): ["90.00", "1.4333", "1.5767", "0.6342", "51.90"],
        ("a", "202002"): ["280.00", "1.1000", "1.1000", "0.9091", "28.00"],
        ("a", "202001"): ["165.00", None, "1.0000", "1.0000", "0.00"],
        ("b", "202001"): ["3.00", None, "1.0000", "1.0000", "0.00"],
    }


def plain_chain_ladder(cells: list[Row]) -> dict[tuple[Any, ...], tuple[Decimal, Decimal]]:
    """Paid and ultimate by group and month: a square of cumulative sums, filled, as on paper."""
    eight = Decimal("0.00000001")
    known = [c for c in cells if c["lag_months"] is not None]
    month = {id(c): c["month_start_date"].year * 12 + c["month_start_date"].month - 1 for c in known}
    latest: dict[str, int] = defaultdict(int)
    for c in known:
        latest[c["data_source"]] = max(latest[c["data_source"]], month[id(c)] + c["lag_months"])
    groups = defaultdict(list)
    for c in known:
        groups[c["data_source"], c["payer"], c["claim_type"]].append(c)
    result = {}
    for group, its in groups.items():
        last = latest[group[0]]
        first = min(month[id(c)] for c in its)
        size = last - first + 1
        paid = [[Decimal(0)] * (size - row) for row in range(size)]
        for c in its:
            for lag in range(c["lag_months"], size - (month[id(c)] - first)):
                paid[month[id(c)] - first][lag] += c["paid_amount"]
        product, products = Decimal(1), [Decimal(1)] * size
        for lag in reversed(range(size - 1)):
            before = sum((row[lag] for row in paid[: size - 1 - lag]), Decimal(0))
            after = sum((row[lag + 1] for row in paid[: size - 1 - lag]), Decimal(0))
            factor = (after / before).quantize(eight, ROUND_HALF_UP) if before > 0 else Decimal(1)
            product = (product * factor).quantize(eight, ROUND_HALF_UP)
            products[lag] = product
        for row in range(size):
            age = size - 1 - row
            ultimate = (paid[row][age] * products[age]).quantize(CENT, ROUND_HALF_UP)
            result[*group, first + row] = (paid[row][age], ultimate)
    return result


def test_drawn_triangles_agree_with_plain_python(spark: SparkSession) -> None:
    draw = random.Random(8)  # noqa: S311 - drawn cases, the same every time
    cells = [
        cell(
            draw.randrange(14),
            draw.choice([None, *range(9)]),
            Decimal(draw.randrange(-20000, 400000)) / 100,
            data_source=draw.choice("ab"),
            payer=draw.choice(["m", None]),
        )
        for _ in range(400)
    ]
    rows = estimated(spark, cells).collect()
    actual = {
        (r["data_source"], r["payer"], r["claim_type"], int(r["year_month"][:4]) * 12 + int(r["year_month"][4:]) - 1): (
            r["paid_amount"],
            r["ultimate_amount"],
        )
        for r in rows
    }
    assert len(rows) == len(actual) > 50
    assert actual == plain_chain_ladder(cells)
