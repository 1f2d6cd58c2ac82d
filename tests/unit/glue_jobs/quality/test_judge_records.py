from chispa import assert_df_equality
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from expectations.row_rules import mask_of
from expectations.rules import load_rules
from glue_jobs.quality.judge_records import (
    add_verdict,
    error_records,
    exceptional_records,
    number_lines,
    quarantined_records,
)
from glue_jobs.quality.rule_masks import row_rules

RULES = row_rules(load_rules("medical_claim"))
WORDS = "_dq_0 bigint, _dq_1 bigint"
BITS = {rule.rule_id: (place // 63, 1 << place % 63) for place, rule in enumerate(RULES)}

SPLIT = 1 << 33
"""Spark's own line numbers start at a multiple of this in each split."""

Staged = tuple[str, int, int, str, str | None, str]
"""What it shows, position, line in its record, the record's text, what its file's name says, and the verdict."""

STAGED: list[Staged] = [
    ("skipped header", 0, 0, "id,note", "01", "skipped"),
    ("skipped again", 1, 0, "id,note", "01", "skipped"),
    ("sent once", 2, 0, "a", "01", "accepted"),
    ("sent three times, first", 5, 0, "b", "01", "accepted"),
    ("sent three times, second", 3 + SPLIT, 0, "b", "01", "resent"),
    ("sent three times, third", 6, 0, "b", "01", "resent"),
    ("resent record of two lines", 6, 1, "b", "01", "resent"),
    ("broken and sent twice, first", 7, 0, "c RC001", "01", "quarantined"),
    ("broken and sent twice, second", 8, 0, "c RC001", "01", "resent"),
    ("whole line of a broken record", 9, 0, "d", "01", "quarantined"),
    ("broken line of a broken record", 9, 1, "d RC010", "01", "quarantined"),
    ("last line of a broken record", 9, 2, "d", "01", "quarantined"),
    ("breaks a critical rule of the suite on its second line", 15, 0, "g", "01", "quarantined"),
    ("second line", 15, 1, "g MC001 MC070", "01", "quarantined"),
    ("breaks another rule of the suite", 16, 0, "h MC070", "01", "accepted"),
    ("only warned", 10, 0, "e RC017", "01", "accepted"),
    ("only warned on a later line", 10, 1, "e RC018", "01", "accepted"),
    ("in January's file", 11, 0, "f", "01", "accepted"),
    ("in February's file", 12, 0, "f", "02", "accepted"),
    ("in a file without a month", 13, 0, "f", None, "accepted"),
    ("in another without a month", 14, 0, "f", None, "resent"),
]  # fmt: skip


def staged_rows(spark: SparkSession, staged: list[Staged]) -> DataFrame:
    rows = [
        (shows, position, line, verdict == "skipped", text[:1], *masks_of(text.split()[1:]), month, f"file {position}")
        for shows, position, line, text, month, verdict in staged
    ]
    schema = f"case string, _position bigint, _line int, _skipped boolean, record_hash string, _mask bigint, {WORDS}"
    return spark.createDataFrame(rows, f"{schema}, _delivery string, ingest_file_id string")


def masks_of(rule_ids: list[str]) -> tuple[int, int, int]:
    """The mask of every record's rules, and the two words of the suite's."""
    words = [
        sum(bit for word, bit in (BITS[one] for one in rule_ids if one in BITS) if word == number) for number in (0, 1)
    ]
    return mask_of(*(rule_id for rule_id in rule_ids if rule_id not in BITS)), words[0], words[1]


def test_a_record_is_skipped_resent_quarantined_whole_or_accepted(spark: SparkSession) -> None:
    staged = staged_rows(spark, STAGED)
    judged = add_verdict(staged, exceptional_records(staged, RULES))
    expected = spark.createDataFrame([(case[0], case[-1]) for case in STAGED], "case string, _verdict string")
    assert_df_equality(judged.select("case", "_verdict"), expected, ignore_row_order=True, ignore_nullable=True)


def test_a_record_of_a_released_file_is_quarantined_only_where_it_cannot_be_read(spark: SparkSession) -> None:
    staged = staged_rows(spark, STAGED)
    released = exceptional_records(staged, RULES, ["file 15", "file 9"]).where("_verdict = 'quarantined'")
    assert {row["_position"] for row in released.collect()} == {7, 9}


def test_records_in_error_are_counted_by_file_each_once(spark: SparkSession) -> None:
    rows = staged_rows(spark, [case for case in STAGED if case[1] in {7, 8, 15, 16}])
    same = rows.withColumn("ingest_file_id", F.lit("one"))
    assert error_records(same, RULES) == {"one": 2}


def judged_rows(spark: SparkSession, rows: list[tuple[object, ...]]) -> DataFrame:
    schema = "_path string, _block bigint, _position bigint, _line int, _verdict string, _mask bigint, _raw string"
    judged = spark.createDataFrame(rows, f"{schema}, _broken_columns array<string>")
    lineage = {"file_name": F.lit("f"), "ingest_file_id": F.lit("i"), "ingest_datetime": F.lit("t")}
    return judged.withColumns({**lineage, "_dq_0": F.lit(0), "_dq_1": F.lit(0)})


def test_a_quarantined_record_is_one_row_with_all_its_rules_columns_and_its_text(spark: SparkSession) -> None:
    judged = judged_rows(
        spark,
        [
            ("a", 0, 1, 0, "quarantined", mask_of("RC017"), None, None),
            ("a", 0, 1, 1, "quarantined", mask_of("RC011", "RC010"), "one", ["paid_date", "paid_amount"]),
            ("a", 0, 1, 2, "quarantined", mask_of("RC010"), "one", ["claim_start_date", "paid_date"]),
            ("a", 0, 2, 0, "quarantined", mask_of("RC001"), "two", None),
            ("b", 0, 3, 0, "quarantined", mask_of("RC008"), "", None),
            ("b", 0, 4, 0, "accepted", mask_of("RC018"), None, None),
            ("b", 0, 5, 0, "resent", mask_of("RC001"), "two", None),
            ("b", 0, 6, 0, "skipped", 0, None, None),
            ("b", 0, 7, 0, "quarantined", 0, "seven", None),
        ],
    )
    word, bit = BITS["MC001"]
    suite = F.when(F.col("_position") == 7, F.lit(bit)).otherwise(F.lit(0))
    expected = spark.createDataFrame(
        [
            ("a", 0, 1, ["RC010", "RC011", "RC017"], ["claim_start_date", "paid_amount", "paid_date"], "one"),
            ("a", 0, 2, ["RC001"], [], "two"),
            ("b", 0, 3, ["RC008"], [], ""),
            ("b", 0, 7, ["MC001"], ["claim_id"], "seven"),
        ],
        "_path string, _block bigint, _position bigint, rule_ids array<string>, columns array<string>, "
        "raw_record string",
    )
    found = quarantined_records(judged.withColumn(f"_dq_{word}", suite), RULES)
    assert_df_equality(found.select(*expected.columns), expected, ignore_row_order=True, ignore_nullable=True)


def test_a_row_number_is_the_line_of_the_raw_file_whatever_its_splits(spark: SparkSession) -> None:
    lines = [
        *(("one", 0, position) for position in range(3)),
        *(("one", 100, SPLIT + position) for position in range(2)),
        *(("one", 200, 2 * SPLIT + position) for position in range(4)),
        # read by the same task as the last split of the other file
        *(("two", 0, 2 * SPLIT + 4 + position) for position in range(2)),
        *(("two", 50, 7 + position) for position in range(2)),
    ]
    more = [(*line, number, "accepted", 0, None, None) for number in (1, 2) for line in lines[::2]]
    judged = judged_rows(spark, [*((*line, 0, "skipped", 0, None, None) for line in lines), *more])
    numbers = [*range(1, 10), *range(1, 5)]
    records = spark.createDataFrame(lines, "_path string, _block bigint, _position bigint")
    expected = spark.createDataFrame(
        [(*line, number) for line, number in zip(lines, numbers, strict=True)],
        "_path string, _block bigint, _position bigint, row_number bigint",
    )
    assert_df_equality(number_lines(judged, records), expected, ignore_row_order=True, ignore_nullable=True)
