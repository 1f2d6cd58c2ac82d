"""PMPM: the published figures of Tuva's seeds, a case by hand, and drawn members against plain Python."""

import csv
import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from expectations.contract import load_table
from glue_jobs.summaries.pmpm import pmpm
from tests.unit.glue_jobs.summaries.claim_rows import (
    MEMBER_MONTH_TYPES,
    Row,
    found,
    frame,
    headers,
    headers_frame,
    line,
    lines_frame,
    partition,
)

DRUG = load_table("pharmacy_claim")
DRUG_NAMES = ("data_source", "person_id", "payer", "plan", "paid_amount", "allowed_amount", "year", "month")
DRUG_TYPES = {name: DRUG.column(name).type for name in DRUG_NAMES}
SUMS = (
    *("member_months", "medical_lines", "medical_paid_amount", "medical_allowed_amount"),
    *("pharmacy_lines", "pharmacy_paid_amount", "pharmacy_allowed_amount"),
    *("unenrolled_medical_paid_amount", "unenrolled_pharmacy_paid_amount"),
)
AMOUNTS = ("paid_amount", "allowed_amount", "charge_amount")
CENT, BASIS = Decimal("0.01"), Decimal("0.0001")
USUAL = {"data_source": "a", "person_id": "p", "payer": "medicare", "plan": "medicare"}


def drug(day: date, paid: object, **others: object) -> Row:
    amounts = {"paid_amount": Decimal(str(paid)), "allowed_amount": others.pop("allowed_amount", None)}
    return USUAL | partition(day) | amounts | others


def member_month(day: date, **others: object) -> Row:
    month = f"{day.year}{day.month:02d}"
    return USUAL | {"year_month": month, "month_start_date": day.replace(day=1)} | partition(day) | others


def summed(spark: SparkSession, lines: list[Row], drugs: list[Row], months: list[Row]) -> DataFrame:
    return pmpm(
        lines_frame(spark, lines),
        headers_frame(spark, headers(lines)),
        frame(spark, drugs, DRUG_TYPES),
        frame(spark, months, MEMBER_MONTH_TYPES),
    )


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def seed_line(row: dict[str, str]) -> Row:
    names = ("person_id", "payer", "plan", "data_source", "revenue_center_code", "claim_type", *AMOUNTS)
    number = int(row["claim_line_number"])
    start = date.fromisoformat(row["claim_start_date"])
    return line(row["claim_id"], start, claim_line_number=number, **{name: row[name] or None for name in names})


def seed_months(spans: list[dict[str, str]]) -> list[Row]:
    """Every calendar month of a span, once a person and plan."""
    names = ("data_source", "person_id", "payer", "plan")
    found_months: set[tuple[Any, ...]] = set()
    for span in spans:
        day, last = (date.fromisoformat(span[f"enrollment_{end}_date"]) for end in ("start", "end"))
        while day <= last:
            found_months.add((day.replace(day=1), *(span[name] for name in names)))
            day += timedelta(days=1)
    return [member_month(day, **dict(zip(names, key, strict=True))) for day, *key in found_months]


def test_the_published_figures_of_tuvas_seeds_come_out(spark: SparkSession, shared: Path) -> None:
    folder = shared / "data" / "tuva_input_layer"
    lines = [seed_line(row) for row in read(folder / "medical_claim.csv")]
    drugs = [
        drug(date.fromisoformat(row["dispensing_date"]), row["paid_amount"], data_source=row["data_source"])
        | {"person_id": row["person_id"]}
        for row in read(folder / "pharmacy_claim.csv")
    ]
    rows = summed(spark, lines, drugs, seed_months(read(folder / "eligibility.csv"))).collect()
    total = {name: sum(row[name] for row in rows) for name in SUMS}
    assert total["member_months"] == 182
    assert (total["medical_lines"], total["medical_paid_amount"]) == (1076, Decimal("64338.89"))
    assert (total["medical_paid_amount"] / total["member_months"]).quantize(CENT) == Decimal("353.51")
    assert total["medical_paid_amount"] + total["unenrolled_medical_paid_amount"] == Decimal("74023.83")
    assert total["pharmacy_paid_amount"] + total["unenrolled_pharmacy_paid_amount"] == Decimal("30607.02")


def drawn(draw: random.Random) -> tuple[list[Row], list[Row], list[Row]]:
    def one() -> Row:
        keys = {
            "person_id": draw.choice([None, *"pqrst"]),
            "payer": draw.choice(["m", None]),
            "plan": draw.choice("xy"),
        }
        return keys | {"data_source": draw.choice("ab")}

    def day() -> date:
        return date(2024, draw.randrange(1, 5), draw.randrange(1, 29))

    def paid() -> Decimal:
        return Decimal(draw.randrange(-500, 9000)) / 100

    lines = [line(f"c{number}", day(), paid(), allowed_amount=draw.choice([None, 5]), **one()) for number in range(150)]
    drugs = [drug(day(), paid(), **one()) for _ in range(100)]
    months = [member_month(day(), **one() | {"member_id": draw.choice("12")}) for _ in range(80)]
    return lines, drugs, months


def plain_sums(lines: list[Row], drugs: list[Row], months: list[Row]) -> dict[tuple[Any, ...], dict[str, Any]]:
    group = ("data_source", "payer", "plan", "year", "month")
    enrolled = {(row["person_id"], *(row[name] for name in group)) for row in months}
    sums: dict[tuple[Any, ...], dict[str, Any]] = defaultdict(lambda: dict.fromkeys(SUMS, 0))
    for _, *its_group in enrolled:
        sums[tuple(its_group)]["member_months"] += 1
    for kind, rows in (("medical", lines), ("pharmacy", drugs)):
        for row in rows:
            key = tuple(row[name] for name in group)
            if (row["person_id"], *key) in enrolled and row["person_id"] is not None:
                sums[key][f"{kind}_lines"] += 1
                sums[key][f"{kind}_paid_amount"] += row["paid_amount"]
                sums[key][f"{kind}_allowed_amount"] += row.get("allowed_amount") or 0
            else:
                sums[key][f"unenrolled_{kind}_paid_amount"] += row["paid_amount"]
    return sums


def test_drawn_members_agree_with_plain_python(spark: SparkSession) -> None:
    lines, drugs, months = drawn(random.Random(6))  # noqa: S311 - drawn cases, the same every time
    months = [row for row in months if row["person_id"]]
    rows = summed(spark, lines, drugs, months).collect()
    actual = {
        tuple(row[name] for name in ("data_source", "payer", "plan", "year", "month")): {
            name: row[name] for name in SUMS
        }
        for row in rows
    }
    assert actual == plain_sums(lines, drugs, months)
    for row in rows:
        both = row["medical_paid_amount"] + row["pharmacy_paid_amount"]
        rate = (both / row["member_months"]).quantize(BASIS, ROUND_HALF_UP) if row["member_months"] else None
        assert row["paid_pmpm"] == rate


def test_a_month_by_hand(spark: SparkSession) -> None:
    january, march = date(2024, 1, 15), date(2024, 3, 1)
    lines = [line("c", january, 90, allowed_amount=100), line("d", january, 10, person_id="q"), line("e", march, 7)]
    months = [
        member_month(january, member_id="1"),
        member_month(january, member_id="2"),
        member_month(january, person_id="r"),
    ]
    rows = summed(spark, lines, [drug(january, 5)], months)
    names = ("year_month", *SUMS, "medical_paid_pmpm", "pharmacy_paid_pmpm", "paid_pmpm", "allowed_pmpm")
    rates = (45, Decimal("2.5"), Decimal("47.5"), 50)
    assert found(rows, *names) == {
        ("202401", 2, 1, 90, 100, 1, 5, 0, 10, 0, *rates),
        ("202403", 0, 0, 0, 0, 0, 0, 0, 7, 0, None, None, None, None),
    }
