"""Bills and stays for tests of inpatient_stay and readmission, and drawn ones."""

import random
from datetime import date, timedelta

from tests.unit.glue_jobs.summaries.claim_rows import Row, line

NEW_YEAR = date(2024, 1, 1)


def day(number: int) -> date:
    """1 is the first of January 2024."""
    return NEW_YEAR + timedelta(days=number - 1)


def bill(claim_id: str, first: int, last: int, **others: object) -> Row:
    """An acute inpatient bill of facility f, discharged home; `first` and `last` are numbers of days."""
    usual: Row = {
        "claim_end_date": day(last),
        "admission_date": day(first),
        "discharge_date": day(last),
        "claim_type": "institutional",
        "service_category_1": "inpatient",
        "service_category_2": "acute inpatient",
        "facility_npi": "f",
        "discharge_disposition_code": "01",
    }
    return line(claim_id, day(first), **(usual | others))


def drawn_bills(seed: int, count: int) -> list[Row]:
    """Bills of a few persons in a few hospitals, close enough to overlap, touch and follow each other."""
    draw = random.Random(seed)  # noqa: S311 - drawn cases, the same every time
    bills = []
    for number in range(count):
        first = draw.randrange(1, 120)
        last = first + draw.choice([0, 0, 1, 2, 5, 9])
        frequency = draw.choice([None, None, "1", "2", "3", "4"])
        bills.append(
            bill(
                f"c{number:03d}",
                first,
                last,
                person_id=draw.choice("pqrstuvw"),
                facility_npi=draw.choice(["f", "g", None]),
                service_category_2=draw.choice(["acute inpatient"] * 4 + ["skilled nursing"]),
                discharge_disposition_code=draw.choice(["01", "01", "02", "30", "20", "07", "65", None]),
                claim_frequency_code=frequency,
                paid=draw.randrange(100, 900),
                drg_code=draw.choice([None, "291", "470"]),
            )
        )
    return bills
