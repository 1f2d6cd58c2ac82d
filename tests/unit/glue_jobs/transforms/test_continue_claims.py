from datetime import date

from chispa import assert_df_equality
from pyspark.sql import SparkSession

from expectations.contract import Continuation
from expectations.row_rules import mask_of
from glue_jobs.transforms.continue_claims import continue_claims

CONTINUATION = Continuation(segment="SEGMENT", lines_per_segment=45, inherit=("claim_start_date", "drg_code"))
FIRST, OTHER = date(2024, 3, 5), date(2024, 4, 1)
NAMES = "claim_id string, _segment int, _line int, claim_line_number int, _position int, _skipped boolean"
VALUES = "_mask bigint, claim_start_date date, drg_code string"

Before = tuple[str | None, int | None, int, int | None, int, bool, int, date | None, str | None]


def row(record: tuple[str, int, int], day: date | None, drg: str | None, *rules: str) -> Before:
    """A row of a record (claim, segment, line in the record); the first line of a record has number 1."""
    claim_id, segment, line = record
    position = sum(claim_id.encode()) * 10 + segment
    return claim_id, segment, line, line + 1, position, False, mask_of(*rules), day, drg


def test_a_later_segment_takes_blanks_and_line_numbers_from_the_first_if_that_can_be_read(spark: SparkSession) -> None:
    orphan = mask_of("RC018")
    cases: list[tuple[Before, int | None, int, date | None, str | None]] = [
        (row(("whole", 1, 0), FIRST, "470"), 1, 0, FIRST, "470"),
        (row(("whole", 1, 1), FIRST, "470"), 2, 0, FIRST, "470"),
        (row(("whole", 2, 0), None, None), 46, 0, FIRST, "470"),
        (row(("whole", 2, 1), OTHER, None), 47, 0, OTHER, "470"),
        (row(("whole", 3, 0), None, "471", "RC017"), 91, mask_of("RC017"), FIRST, "471"),
        (row(("blank first", 1, 0), None, "470"), 1, 0, None, "470"),
        (row(("blank first", 2, 0), OTHER, None), 46, 0, OTHER, "470"),
        (row(("not continued", 1, 0), FIRST, None), 1, 0, FIRST, None),
        (row(("orphan", 2, 0), None, None), 46, orphan, None, None),
        (row(("orphan", 2, 1), OTHER, None, "RC017"), 47, orphan | mask_of("RC017"), OTHER, None),
        (row(("quarantined first", 1, 0), FIRST, "470", "RC010"), 1, mask_of("RC010"), FIRST, "470"),
        (row(("quarantined first", 2, 0), None, None), 46, orphan, None, None),
        (row(("first with a broken line", 1, 0), FIRST, "470"), 1, 0, FIRST, "470"),
        (row(("first with a broken line", 1, 1), FIRST, None, "RC011"), 2, mask_of("RC011"), FIRST, None),
        (row(("first with a broken line", 2, 0), None, None), 46, orphan, None, None),
        (row(("resent first", 1, 0), FIRST, "470"), 1, 0, FIRST, "470"),
        (row(("resent first", 1, 0), FIRST, "470"), 1, 0, FIRST, "470"),
        (row(("resent first", 2, 0), None, None), 46, 0, FIRST, "470"),
        ((None, None, 0, None, 1, True, 0, None, None), None, 0, None, None),
        ((None, None, 0, None, 2, False, mask_of("RC002"), None, None), None, mask_of("RC002"), None, None),
    ]
    rows = spark.createDataFrame([before for before, *_ in cases], f"{NAMES}, {VALUES}")
    expected = spark.createDataFrame(
        [(before[0], before[2], number, *before[4:6], *after) for before, number, *after in cases],
        f"{NAMES.replace('_segment int, ', '')}, {VALUES}",
    )
    actual = continue_claims(rows, CONTINUATION)
    assert_df_equality(actual, expected, ignore_row_order=True, ignore_column_order=True, ignore_nullable=True)
