"""The lag triangle: where a line is placed, by hand and against plain Python."""

import random
from collections import defaultdict
from datetime import date
from decimal import Decimal

from pyspark.sql import DataFrame, SparkSession

from glue_jobs.summaries.claim_lag import claim_lag
from tests.unit.glue_jobs.summaries.claim_rows import Row, found, headers, headers_frame, line, lines_frame

DECEMBER, JANUARY = date(2023, 12, 31), date(2024, 1, 5)
LINES = [
    line("c1", DECEMBER, 100, paid_date=date(2023, 12, 31)),
    line("c2", DECEMBER, 30, paid_date=date(2024, 2, 1), received_date=date(2024, 1, 1)),
    line("c3", DECEMBER, 20, received_date=date(2024, 2, 29)),
    line("c4", DECEMBER, 5, paid_date=date(2023, 11, 30)),
    line("c5", DECEMBER, 7),
    line("c6", JANUARY, 8, paid_date=date(2025, 1, 1)),
    line("c7", None, 9, paid_date=date(2025, 1, 1)),
    line("c8", JANUARY, paid_date=date(2024, 1, 9)),
]


def lags_of(spark: SparkSession, lines: list[Row]) -> DataFrame:
    return claim_lag(lines_frame(spark, lines), headers_frame(spark, headers(lines)))


def test_a_line_is_placed_by_payment_or_else_by_receipt_and_none_is_lost(spark: SparkSession) -> None:
    names = ("year_month", "lag_months", "paid_year_month", "lines", "lines_by_received_date")
    assert found(lags_of(spark, LINES), *names, "paid_amount", "cumulative_paid_amount") == {
        ("202312", 0, "202312", 2, 0, 105, 105),
        ("202312", 2, "202402", 2, 1, 50, 155),
        ("202312", None, None, 1, 0, 7, None),
        ("202401", 0, "202401", 1, 0, 0, 0),
        ("202401", 12, "202501", 1, 0, 8, 8),
        ("000000", None, None, 1, 0, 9, None),
    }


def test_drawn_lines_agree_with_plain_python(spark: SparkSession) -> None:
    draw = random.Random(2)  # noqa: S311 - drawn cases, the same every time

    def day() -> date | None:
        return draw.choice([None, date(2024 + draw.randrange(2), draw.randrange(1, 13), draw.randrange(1, 29))])

    lines = [
        line(
            f"c{number}",
            date(2024, draw.randrange(1, 7), 3),
            Decimal(draw.randrange(-900, 9000)) / 100,
            payer=draw.choice(["m", None]),
            paid_date=day(),
            received_date=day(),
        )
        for number in range(300)
    ]
    cells: dict[tuple[str | None, str, int | None], Decimal] = defaultdict(Decimal)
    for row in lines:
        known, start = row["paid_date"] or row["received_date"], row["claim_start_date"]
        lag = max(0, (known.year - start.year) * 12 + known.month - start.month) if known else None
        cells[row["payer"], row["year"] + row["month"], lag] += row["paid_amount"]
    expected = {
        (payer, month, lag, paid, None if lag is None else sum(
            amount for (p, m, other), amount in cells.items() if (p, m) == (payer, month) and other in range(lag + 1)
        ))
        for (payer, month, lag), paid in cells.items()
    }  # fmt: skip
    names = ("payer", "year_month", "lag_months", "paid_amount", "cumulative_paid_amount")
    assert found(lags_of(spark, lines), *names) == expected
