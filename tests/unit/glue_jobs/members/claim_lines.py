"""Lines of medical_claim for the tests of members, with the columns that members are made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pyspark.sql import DataFrame, SparkSession

CODES = [f"diagnosis_code_{number}" for number in range(1, 26)]
SCHEMA = (
    "data_source string, person_id string, claim_id string, claim_type string, bill_type_code string, "
    "diagnosis_code_type string, admission_date date, claim_start_date date, claim_end_date date, "
    "claim_line_start_date date, hcpcs_code string, " + ", ".join(f"{name} string" for name in CODES)
)


@dataclass(frozen=True)
class Line:
    """One line; where nothing is said it is of an office visit that CMS accepts."""

    person: str | None
    claim: str
    day: date
    codes: tuple[str, ...]
    kind: str = "professional"
    bill: str | None = None
    hcpcs: str | None = "99213"
    system: str | None = None
    admitted: date | None = None


def rows(spark: SparkSession, lines: Iterable[Line]) -> DataFrame:
    """The lines as a frame."""
    return spark.createDataFrame(
        [
            (
                "src", line.person, line.claim, line.kind, line.bill, line.system, line.admitted, line.day, line.day,
                line.day, line.hcpcs, *line.codes, *[None] * (len(CODES) - len(line.codes)),
            )
            for line in lines
        ],
        SCHEMA,
    )  # fmt: skip
