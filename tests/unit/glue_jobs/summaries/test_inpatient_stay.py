"""Stays: interim bills, overlaps and transfers, case by case, and drawn bills against plain Python."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from glue_jobs.summaries.inpatient_stay import TRANSFERRED, inpatient_stay
from tests.unit.glue_jobs.summaries.claim_rows import Row, found, headers, headers_frame, line, lines_frame
from tests.unit.glue_jobs.summaries.stay_rows import bill, day, drawn_bills


def stays_of(spark: SparkSession, lines: list[Row], **said: Mapping[str, object]) -> DataFrame:
    return inpatient_stay(lines_frame(spark, lines), headers_frame(spark, headers(lines, **said)))


UNSENT: Row = {"admission_date": None, "discharge_date": None}
OPEN: Row = {"discharge_date": None, "discharge_disposition_code": None}
CASES = [
    bill("interim 1", 1, 10, person_id="interim", claim_frequency_code="2", discharge_disposition_code="30", paid=1),
    bill("interim 2", 11, 20, person_id="interim", bill_type_code="113", paid=2, **OPEN),
    bill("interim 3", 21, 25, person_id="interim", claim_frequency_code="4", paid=4, drg_code="291"),
    bill("late 1", 1, 5, person_id="late charge", paid=5, drg_code="470"),
    bill("late 2", 1, 5, person_id="late charge", claim_frequency_code="5", paid=1),
    bill("home", 1, 5, person_id="next day"),
    bill("back", 6, 6, person_id="next day"),
    bill("here", 1, 5, person_id="same day elsewhere", paid=3),
    bill("there", 5, 9, person_id="same day elsewhere", facility_npi="g", paid=3),
    bill("first", 1, 5, person_id="transfer", discharge_disposition_code="02"),
    bill("second", 6, 9, person_id="transfer", facility_npi="g", discharge_disposition_code="66"),
    bill("third", 9, 12, person_id="transfer", facility_npi="h"),
    bill("later", 14, 15, person_id="transfer", facility_npi="h"),
    bill("rehab", 1, 5, person_id="to nursing", discharge_disposition_code="03"),
    bill("nursing", 5, 40, person_id="to nursing", service_category_2="skilled nursing"),
    bill("no dates", 3, 7, person_id="header money", **UNSENT),
    bill("no dates", 3, 7, person_id="header money", claim_line_number=2, **UNSENT),
    line("visit", person_id="none", claim_type="professional", service_category_1="inpatient",
         service_category_2="acute inpatient"),
    bill("nobody", 1, 2, person_id=None),
]  # fmt: skip


def test_bills_become_stays_and_transfers_episodes(spark: SparkSession) -> None:
    stays = stays_of(spark, CASES, **{"no dates": {"paid_amount": 77}}).cache()
    names = ("person_id", "facility_npi", "admission_date", "discharge_date", "length_of_stay_days")
    rest = ("bills", "interim_bills", "discharge_disposition_code", "drg_code", "paid_amount")
    assert found(stays, *names, *rest) == {
        ("interim", "f", day(1), day(25), 24, 3, 3, "01", "291", 7),
        ("late charge", "f", day(1), day(5), 4, 2, 0, "01", "470", 6),
        ("next day", "f", day(1), day(5), 4, 1, 0, "01", None, None),
        ("next day", "f", day(6), day(6), 1, 1, 0, "01", None, None),
        ("same day elsewhere", "f", day(1), day(5), 4, 1, 0, "01", None, 3),
        ("same day elsewhere", "g", day(5), day(9), 4, 1, 0, "01", None, 3),
        ("transfer", "f", day(1), day(5), 4, 1, 0, "02", None, None),
        ("transfer", "g", day(6), day(9), 3, 1, 0, "66", None, None),
        ("transfer", "h", day(9), day(12), 3, 1, 0, "01", None, None),
        ("transfer", "h", day(14), day(15), 1, 1, 0, "01", None, None),
        ("to nursing", "f", day(1), day(5), 4, 1, 0, "03", None, None),
        ("to nursing", "f", day(5), day(40), 35, 1, 0, "01", None, None),
        ("header money", "f", day(3), day(7), 4, 1, 0, "01", None, 77),
    }
    rows = stays.collect()
    firsts = {row["stay_id"]: row["admission_date"] for row in rows}
    assert len(firsts) == len(rows)
    transfer = {(r["admission_date"], firsts[r["episode_id"]]) for r in rows if r["person_id"] == "transfer"}
    assert transfer == {(day(1), day(1)), (day(6), day(1)), (day(9), day(1)), (day(14), day(14))}
    assert all(r["episode_id"] == r["stay_id"] for r in rows if r["person_id"] != "transfer")
    flags = {(r["admission_date"], r["transferred_in_flag"], r["transferred_out_flag"]) for r in rows
             if r["person_id"] == "transfer"}  # fmt: skip
    assert flags == {(day(1), 0, 1), (day(6), 1, 1), (day(9), 1, 0), (day(14), 0, 0)}


def reach(row: Row) -> date:
    stays = row["discharge_disposition_code"] == "30" or row["claim_frequency_code"] in {"2", "3"}
    end: date = row["discharge_date"]
    return end + timedelta(days=int(stays))


def plain_stays(bills: list[Row]) -> list[list[Row]]:
    """Bills that touch, directly or over others: sets that are united pair by pair until none is left to unite."""
    groups = [[one] for one in bills]
    names = ("data_source", "person_id", "facility_npi", "service_category_2")

    def touch(one: Row, other: Row) -> bool:
        early, late = sorted((one, other), key=lambda row: row["admission_date"])
        return all(one[name] == other[name] for name in names) and (
            late["admission_date"] <= reach(early) or (early["admission_date"] == late["admission_date"])
        )

    def pair() -> tuple[list[Row], list[Row]] | None:
        pairs = ((one, other) for one, other in combinations(groups, 2) if any(touch(a, b) for a in one for b in other))
        return next(pairs, None)

    while touching := pair():
        one, other = touching
        groups = [group for group in groups if group is not other]
        one.extend(other)
    return groups


def plain_summary(group: list[Row]) -> tuple[Any, ...]:
    def ends(row: Row) -> tuple[Any, ...]:
        return row["discharge_date"], reach(row) == row["discharge_date"], row["claim_id"]

    last = max(group, key=ends)
    graded = [row for row in group if row["drg_code"]]
    return (
        group[0]["person_id"],
        group[0]["facility_npi"],
        group[0]["service_category_2"],
        min(row["admission_date"] for row in group),
        last["discharge_date"],
        last["discharge_disposition_code"],
        max(graded, key=ends)["drg_code"] if graded else None,
        len(group),
        sum((row["paid_amount"] for row in group), Decimal(0)),
    )


def test_drawn_bills_agree_with_plain_python_in_whatever_order_they_come(spark: SparkSession) -> None:
    bills = drawn_bills(3, 160)
    names = ("person_id", "facility_npi", "service_category_2", "admission_date", "discharge_date")
    rest = ("discharge_disposition_code", "drg_code", "bills", "paid_amount")
    stays = stays_of(spark, bills).cache()
    assert found(stays, *names, *rest) == {plain_summary(group) for group in plain_stays(bills)}
    assert found(stays, *stays.columns) == found(stays_of(spark, bills[::-1]), *stays.columns)
    check_episodes([row.asDict() for row in stays.collect()])


def check_episodes(stays: list[Row]) -> None:
    """Stays of a person, by day: the next is of the same episode exactly if a transfer reaches to its first day."""
    persons = defaultdict(list)
    for stay in stays:
        persons[stay["person_id"]].append(stay)
    tied = 0
    for its in persons.values():
        its.sort(key=lambda s: (s["admission_date"], s["discharge_date"], -s["transferred_out_flag"], s["stay_id"]))
        for number, (one, other) in enumerate(pairwise(its), start=1):
            ends = [s["discharge_date"] for s in its[:number] if s["discharge_disposition_code"] in TRANSFERRED]
            reached = any(other["admission_date"] <= end + timedelta(days=1) for end in ends)
            assert (one["episode_id"] == other["episode_id"]) == reached
            assert other["transferred_in_flag"] == int(reached)
            tied += reached
    assert tied > 3
