"""What the walk through a family says of each version; whole histories are compared with the oracle elsewhere."""

from collections.abc import Sequence

from chispa import assert_df_equality
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from glue_jobs.transforms.resolve_versions import alone, resolve_versions

VERSION = (
    "data_source string, claim_family_id string, claim_version_id string, claim_id string, claim_key string, "
    "target_key string, version_action string, version_order string, day string"
)
RESULT = (
    "claim_version_id string, version_rank int, is_final_action boolean, superseded_by_version_id string, "
    "original_missing_flag int, final_periods string"
)
Given = tuple[str, str, str, str]
"""Claim id (also its key), action, order and day (one digit), and the claim id it refers to (empty: itself)."""


def check(spark: SparkSession, given: Sequence[Given], expected: Sequence[tuple[object, ...]]) -> None:
    """`expected`: version (claim id and order), whether it lives, what took its place, missing, days."""
    rows = [("d", "f", f"{c}{o}", c, c, t or c, action, f"1 {o}", f"2024-01-0{o}") for c, action, o, t in given]
    versions = spark.createDataFrame(rows, VERSION).withColumn("_received", F.to_date("day"))
    ranked = [(version, rank, *facts) for rank, (version, *facts) in enumerate(expected, start=1)]
    frame = spark.createDataFrame(ranked, RESULT)
    found = resolve_versions(versions).select(*frame.columns)
    assert_df_equality(found, frame, ignore_row_order=True, ignore_nullable=True)


def days(first: int, last: int | None = None) -> str:
    return f"2024-01-0{first}/" + (f"2024-01-0{last}" if last else "")


def test_each_replacement_takes_the_place_of_the_one_before(spark: SparkSession) -> None:
    given = [("C", "replacement", "3", "B"), ("A", "original", "1", ""), ("B", "replacement", "2", "A")]
    expected = [
        ("A1", False, "B2", 0, days(1, 2)),
        ("B2", False, "C3", 0, days(2, 3)),
        ("C3", True, None, 0, days(3)),
    ]
    check(spark, given, expected)


def test_a_void_that_is_voided_does_nothing_and_its_claim_lives_again(spark: SparkSession) -> None:
    given = [("A", "original", "1", ""), ("V", "void", "2", "A"), ("W", "void", "3", "V")]
    expected = [
        ("A1", True, None, 0, f"{days(1, 2)},{days(3)}"),
        ("V2", False, "W3", 0, None),
        ("W3", False, None, 0, None),
    ]
    check(spark, given, expected)


def test_a_replacement_takes_late_charges_with_it_and_a_later_one_is_added(spark: SparkSession) -> None:
    given = [
        ("A", "original", "1", ""),
        ("L", "addition", "2", "A"),
        ("B", "replacement", "3", "A"),
        ("M", "addition", "4", "A"),
    ]
    expected = [
        ("A1", False, "B3", 0, days(1, 3)),
        ("L2", False, "B3", 0, days(2, 3)),
        ("B3", True, None, 0, days(3)),
        ("M4", True, None, 0, days(4)),
    ]
    check(spark, given, expected)


def test_no_version_comes_before_the_one_that_it_refers_to(spark: SparkSession) -> None:
    given = [("B", "replacement", "1", "A"), ("A", "original", "2", "")]
    check(spark, given, [("A2", False, "B1", 0, None), ("B1", True, None, 0, days(1))])


def test_on_one_day_a_claim_is_reversed_before_it_is_billed_anew(spark: SparkSession) -> None:
    given = [("A", "replacement", "2", ""), ("A", "original", "1", "")]
    rows = [("d", "f", f"A-{action}", "A", "A", "A", action, "1 2", "2024-01-02") for action in ("replacement", "void")]
    rows.append(("d", "f", "A-original", "A", "A", "A", "original", "1 1", "2024-01-01"))
    versions = spark.createDataFrame(rows, VERSION).withColumn("_received", F.to_date("day"))
    found = {row["claim_version_id"]: row["version_rank"] for row in resolve_versions(versions).collect()}
    assert found == {"A-original": 1, "A-void": 2, "A-replacement": 3}
    check(spark, given, [("A1", False, "A2", 0, days(1, 2)), ("A2", True, None, 0, days(2))])


def test_a_version_that_its_sender_calls_not_final_never_lives(spark: SparkSession) -> None:
    rows = [
        ("d", "f", "new", "A", "A", "A", "original", "0 9", "2024-01-01"),
        ("d", "f", "old", "B", "A", "A", "original", "1 1", "2024-01-02"),
    ]
    versions = spark.createDataFrame(rows, VERSION).withColumn("_received", F.to_date("day"))
    found = {row["claim_version_id"]: row["is_final_action"] for row in resolve_versions(versions).collect()}
    assert found == {"new": False, "old": True}


def test_a_version_alone_in_its_family_is_told_the_same_by_its_own_columns(spark: SparkSession) -> None:
    actions = ("original", "replacement", "void", "addition", "interim")
    rows = [
        ("d", f"{action}{flag}", f"{action}{flag}", "A", f"{action}{flag}", "Z", action, f"{flag} x", "2024-01-05")
        for action in actions
        for flag in "01"
    ]
    versions = spark.createDataFrame(rows, VERSION).withColumn("_received", F.to_date("day"))
    versions = versions.withColumn("target_key", F.col("claim_key"))
    by_itself = alone(F.col("version_action"), F.col("version_order"), F.col("_received"))
    walked = resolve_versions(versions)
    plain = versions.select("claim_version_id", *(value.alias(name) for name, value in by_itself.items()))
    assert_df_equality(walked.select(*plain.columns), plain, ignore_row_order=True, ignore_nullable=True)


def test_a_family_of_hundreds_of_versions_is_walked_through(spark: SparkSession) -> None:
    chain = [("d", "f", f"{n:03d}", f"K{n:03d}", f"K{n:03d}", f"K{max(n - 1, 0):03d}") for n in range(120)]
    rows = [(*keys, "replacement" if n else "original", f"1 {n:03d}", "2024-01-05") for n, keys in enumerate(chain)]
    versions = spark.createDataFrame(rows, VERSION).withColumn("_received", F.to_date("day"))
    final = [row["claim_version_id"] for row in resolve_versions(versions).where("is_final_action").collect()]
    assert final == ["119"]
