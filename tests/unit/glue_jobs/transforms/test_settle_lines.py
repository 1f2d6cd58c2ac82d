"""Two records that claim one line of a version: who may do so is told by bits, who loses by looking at the lines."""

from pyspark.sql import DataFrame, SparkSession

from glue_jobs.transforms.settle_lines import PLACES, overruled_lines, settle_versions

COLUMNS = (
    "data_source string, claim_version_id string, record_hash string, record_line int, claim_id string, "
    "claim_key string, target_key string, version_action string, version_order string, claim_line_number int, "
    "_received date, _new boolean"
)


def lines_of(spark: SparkSession, *lines: tuple[str, str, int | None]) -> DataFrame:
    """Lines of originals: the claim, the record, the number of the line."""
    rows = [("a", claim, record, 0, claim, claim, claim, "original", "1", n, None, True) for claim, record, n in lines]
    return spark.createDataFrame(rows, COLUMNS)


def conflicts(lines: DataFrame) -> list[str]:
    settled = settle_versions(lines, lambda rows: rows, only_new=True)
    return sorted(row["claim_version_id"] for row in settled.where("_conflict").collect())


def overruled(lines: DataFrame) -> list[tuple[str, str]]:
    settled = settle_versions(lines, lambda rows: rows, only_new=True)
    return sorted((row["claim_version_id"], row["record_hash"]) for row in overruled_lines(lines, settled).collect())


def test_no_version_of_up_to_so_many_lines_is_in_conflict_whatever_number_they_begin_with(spark: SparkSession) -> None:
    numbers = {"from one": range(1, PLACES + 1), "from 63": range(63, 66), "from 0": range(3), "negative": range(-2, 2)}
    lines = [(claim, f"{claim} {n}", n) for claim, found in numbers.items() for n in found]
    assert conflicts(lines_of(spark, *lines)) == []


def test_of_two_records_for_one_line_the_greater_holds(spark: SparkSession) -> None:
    lines = lines_of(spark, ("twice", "r1", 1), ("twice", "r2", 1), ("twice", "r3", 2), ("once", "r4", 1))
    assert conflicts(lines) == ["twice"]
    assert overruled(lines) == [("twice", "r1")]


def test_lines_that_only_may_be_one_all_hold(spark: SparkSession) -> None:
    far = lines_of(spark, ("far apart", "r1", 1), ("far apart", "r2", 1 + PLACES))
    unnumbered = lines_of(spark, ("unnumbered", "r1", None), ("unnumbered", "r2", None))
    assert (conflicts(far), conflicts(unnumbered)) == (["far apart"], ["unnumbered"])
    assert overruled(far) == overruled(unnumbered) == []
