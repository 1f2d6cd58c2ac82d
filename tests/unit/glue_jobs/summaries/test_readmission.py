"""Readmissions: who is an index, what follows within 30 days, and drawn stays against plain Python."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from pyspark.sql import SparkSession

from expectations.contract import load_table
from glue_jobs.summaries.inpatient_stay import inpatient_stay
from glue_jobs.summaries.readmission import readmission
from tests.unit.glue_jobs.summaries.claim_rows import Row, found, frame, headers, headers_frame, lines_frame
from tests.unit.glue_jobs.summaries.stay_rows import day, drawn_bills

TYPES = {column.name: column.type for column in load_table("inpatient_stay").columns}


def stay(person: str, first: int, last: int, status: str = "01", **others: object) -> Row:
    name = f"{person}-{first}"
    transferred = int(status == "02")
    usual = {"data_source": "a", "person_id": person, "stay_id": name, "episode_id": name, "facility_npi": "f"}
    usual |= {"service_category_2": "acute inpatient", "discharge_disposition_code": status}
    flags = {"transferred_out_flag": transferred, "still_patient_flag": int(status == "30")}
    return {**usual, "admission_date": day(first), "discharge_date": day(last), **flags, **others}


CASES = [
    stay("within 30 days", 1, 5),
    stay("within 30 days", 35, 36, facility_npi="g"),
    stay("after 31 days", 1, 5),
    stay("after 31 days", 36, 36),
    stay("first of two", 1, 5),
    stay("first of two", 10, 11),
    stay("first of two", 20, 21),
    stay("died", 1, 5, "20"),
    stay("left", 1, 5, "07"),
    stay("left", 6, 7),
    stay("there", 1, 5, "30"),
    stay("transferred away", 1, 5, "02"),
    stay("transferred", 1, 5, "02"),
    stay("transferred", 5, 9, facility_npi="g", episode_id="transferred-1"),
    stay("transferred", 12, 13),
    stay("nursing", 1, 5),
    stay("nursing", 6, 30, service_category_2="skilled nursing"),
    stay("two on a day", 1, 1),
    stay("two on a day", 1, 1, facility_npi="g", stay_id="z", episode_id="z"),
    stay("two senders", 1, 5),
    stay("two senders", 8, 9, data_source="b"),
]


def test_an_index_is_followed_by_the_first_admission_within_thirty_days(spark: SparkSession) -> None:
    rows = readmission(frame(spark, CASES, TYPES))
    names = ("person_id", "admission_date", "discharge_date", "exclusion", "readmitted_flag", "readmission_days")
    assert found(rows, *names, "readmission_facility_npi") == {
        ("within 30 days", day(1), day(5), None, 1, 30, "g"),
        ("within 30 days", day(35), day(36), None, 0, None, None),
        ("after 31 days", day(1), day(5), None, 0, None, None),
        ("after 31 days", day(36), day(36), None, 0, None, None),
        ("first of two", day(1), day(5), None, 1, 5, "f"),
        ("first of two", day(10), day(11), None, 1, 9, "f"),
        ("first of two", day(20), day(21), None, 0, None, None),
        ("died", day(1), day(5), "died", None, None, None),
        ("left", day(1), day(5), "left against advice", None, None, None),
        ("left", day(6), day(7), None, 0, None, None),
        ("there", day(1), day(5), "still a patient", None, None, None),
        ("transferred away", day(1), day(5), "transferred", None, None, None),
        ("transferred", day(1), day(9), None, 1, 3, "f"),
        ("transferred", day(12), day(13), None, 0, None, None),
        ("nursing", day(1), day(5), None, 0, None, None),
        ("two on a day", day(1), day(1), None, 1, 0, "g"),
        ("two on a day", day(1), day(1), None, 0, None, None),
        ("two senders", day(1), day(5), None, 0, None, None),
        ("two senders", day(8), day(9), None, 0, None, None),
    }


PLANNED: dict[str, tuple[Row, int]] = {
    "emergency": ({"admit_type_code": "1", "drg_code": "291", "diagnosis_code_1": "I509"}, 0),
    "nothing is said": ({}, 0),
    "elective": ({"admit_type_code": "3"}, 1),
    "transplant": ({"admit_type_code": "1", "drg_code": "652", "drg_code_type": "ms-drg"}, 1),
    "other groups": ({"drg_code": "652", "drg_code_type": "apr-drg"}, 0),
    "chemotherapy": ({"diagnosis_code_1": "Z5111", "diagnosis_code_type": "icd-10-cm"}, 1),
    "chemotherapy before 2015": ({"diagnosis_code_1": "V5811", "diagnosis_code_type": "icd-9-cm"}, 1),
    "a code of the other system": ({"diagnosis_code_1": "650", "diagnosis_code_type": "icd-10-cm"}, 0),
    "delivery": ({"diagnosis_code_1": "O80"}, 1),
}


def test_a_readmission_is_planned_as_its_first_stay_says(spark: SparkSession) -> None:
    stays = [stay(name, 1, 5) for name in PLANNED]
    stays += [stay(name, 10, 12, **said) for name, (said, _) in PLANNED.items()]
    later = stay("emergency", 13, 14, facility_npi="g", episode_id="emergency-10", admit_type_code="3")
    rows = readmission(frame(spark, [*stays, later], TYPES)).where("readmitted_flag = 1")
    assert found(rows, "person_id", "planned_flag", "readmission_planned_flag") == {
        (name, 0, planned) for name, (_, planned) in PLANNED.items()
    }


EXCLUDED = {"20", "30", "02", "65", "07"}


def plain_readmissions(stays: list[Row]) -> dict[tuple[Any, ...], Any]:
    """Person and episode to the day of the readmission, None without one, `excluded` where no index."""
    persons: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for one in stays:
        if one["service_category_2"] == "acute inpatient":
            persons[one["person_id"]][one["episode_id"]].append(one)
    result: dict[tuple[Any, ...], Any] = {}
    for person, episodes in persons.items():
        spans = sorted(
            (min(s["admission_date"] for s in its), max(s["discharge_date"] for s in its), episode)
            for episode, its in episodes.items()
        )
        for number, (_, discharge, episode) in enumerate(spans):
            last = max(episodes[episode], key=lambda s: (s["discharge_date"], s["admission_date"], s["stay_id"]))
            later = [first for first, _, _ in spans[number + 1 :] if 0 <= (first - discharge) / timedelta(days=1) <= 30]
            excluded = last["discharge_disposition_code"] in EXCLUDED
            result[person, episode] = "excluded" if excluded else min(later, default=None)
    return result


def test_drawn_stays_agree_with_plain_python(spark: SparkSession) -> None:
    bills = drawn_bills(5, 120)
    stays = inpatient_stay(lines_frame(spark, bills), headers_frame(spark, headers(bills))).cache()
    rows = readmission(stays).collect()
    actual = {
        (row["person_id"], row["episode_id"]): row["readmission_date"] if row["index_flag"] else "excluded"
        for row in rows
    }
    assert actual == plain_readmissions([row.asDict() for row in stays.collect()])
    assert {row["readmitted_flag"] for row in rows} == {0, 1, None}
