"""An audit counts what the rules say, whichever engine counts: compiled into one pass, or Great Expectations' own."""

from datetime import date
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession

from expectations.contract import load_table
from expectations.quality_score import Dimension
from expectations.row_rules import Severity
from expectations.rules import SUITES_FOLDER, Rule, load_rules, suite_names
from expectations.suite_outcome import RuleOutcome
from glue_jobs.quality.compiled_suite import judge_suite
from glue_jobs.quality.expectation_engine import judge_by_expectations
from glue_jobs.quality.rule_masks import BITS_A_WORD, mask_columns
from tests.agreement.dirty_frames import Frame, dirty_frames
from tests.agreement.great_expectations_engine import FOR_TINY_FRAMES, counted, settings
from tests.agreement.table_oracle import alone, table_answer

EVERY_TYPE = Path(__file__).resolve().parents[1] / "data" / "suites"
SUITES = [(name, SUITES_FOLDER) for name in suite_names()] + [("pharmacy_claim", EVERY_TYPE)]
IDS = [*suite_names(), "every type"]
ROWS = 400


def dirty_rows(name: str, rules: tuple[Rule, ...], count: int) -> tuple[list[str], Frame]:
    columns = list(dict.fromkeys(column for rule in rules for column in rule.columns))
    frames = dirty_frames(load_table(name), columns, count, seed=7)
    return columns, [row for frame in frames for row in frame][:count]


def frame_of(spark: SparkSession, name: str, columns: list[str], rows: Frame) -> DataFrame:
    schema = ", ".join(f"{column} {load_table(name).column(column).type}" for column in columns)
    return spark.createDataFrame([tuple(row.values()) for row in rows], schema).coalesce(1)


@pytest.mark.parametrize(("name", "folder"), SUITES, ids=IDS)
def test_the_compiled_suite_counts_what_the_rules_say_row_by_row(spark: SparkSession, name: str, folder: Path) -> None:
    rules = alone(load_rules(name, folder))
    columns, rows = dirty_rows(name, rules, ROWS)
    outcomes = judge_suite(frame_of(spark, name, columns, rows), rules).outcomes
    today = spark.sql("SELECT current_date()").first()[0]  # type: ignore[index]
    assert [outcome.rule_id for outcome in outcomes] == [rule.rule_id for rule in rules]
    for rule, outcome in zip(rules, outcomes, strict=True):
        success, broken = counted(rule, rows, today) if rule.scope == "row" else table_answer(rule, rows)
        assert (outcome.success, outcome.broken) == (success, broken or 0), rule.rule_id
        if rule.scope == "row":
            assert outcome.elements - outcome.missing == sum(rule.judged(row, today) for row in rows), rule.rule_id


def test_a_row_counts_once_in_a_dimension_by_the_gravest_rule_that_it_breaks(spark: SparkSession) -> None:
    rules = load_rules("provider")
    columns, rows = dirty_rows("provider", rules, ROWS)
    findings = judge_suite(frame_of(spark, "provider", columns, rows), rules)
    today = spark.sql("SELECT current_date()").first()[0]  # type: ignore[index]
    row_rules = [rule for rule in rules if rule.scope == "row"]
    for count in findings.dimensions:
        broken = [
            {r.severity for r in row_rules if r.dimension == count.dimension and r.broken(row, today)} for row in rows
        ]
        critical = sum(Severity.CRITICAL in severities for severities in broken)
        warned = sum(Severity.WARNING in severities and Severity.CRITICAL not in severities for severities in broken)
        if count.dimension is Dimension.UNIQUENESS:
            (twice,) = (one for one in findings.outcomes if one.dimension is Dimension.UNIQUENESS)
            critical, warned = 0, twice.broken
        assert (count.rows, count.critical_rows, count.warning_rows) == (len(rows), critical, warned), count.dimension
    assert {count.dimension for count in findings.dimensions} == {rule.dimension for rule in rules}


@pytest.mark.slow
def test_great_expectations_own_engine_counts_the_same(spark: SparkSession) -> None:
    rules = load_rules("pharmacy_claim", EVERY_TYPE)
    columns, rows = dirty_rows("pharmacy_claim", rules, 60)
    with settings(spark, FOR_TINY_FRAMES):
        frame = frame_of(spark, "pharmacy_claim", columns, rows)
        compiled, engine = judge_suite(frame, rules).outcomes, judge_by_expectations(frame, rules)

    def facts(outcomes: tuple[RuleOutcome, ...]) -> list[tuple[str, bool, int, str]]:
        return [(one.rule_id, one.success, one.broken, one.error_type) for one in outcomes]

    assert facts(engine) == facts(compiled)


def test_rules_beyond_the_bits_of_one_word_go_into_a_second(spark: SparkSession) -> None:
    rules = load_rules("medical_claim")
    row_rules = [rule for rule in rules if rule.scope == "row"]
    assert len(mask_columns(row_rules)) == -(-len(row_rules) // BITS_A_WORD) == 2
    empty = {column.name: None for column in load_table("medical_claim").columns}
    columns = list(dict.fromkeys(column for rule in row_rules for column in rule.columns))
    row: dict[str, object] = {name: empty[name] for name in columns} | {"charge_amount": None, "in_network_flag": 5}
    frame = frame_of(spark, "medical_claim", columns, [row])
    found = {outcome.rule_id for outcome in judge_suite(frame, row_rules).outcomes if outcome.broken}
    assert found == {rule.rule_id for rule in row_rules if rule.broken(row, date(2026, 1, 1))} >= {"MC001", "MC088"}
