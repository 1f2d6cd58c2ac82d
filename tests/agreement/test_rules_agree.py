"""The three readers of a rule agree on random dirty frames: Spark, plain Python, and Great Expectations' own engine.

Every rule of every suite and every type of rule is judged by Spark and by Python on 200 frames, row by row. Great
Expectations takes dozens of Spark jobs for a suite, so it is asked about every type of rule on 60 frames and about
each rule of the suites on one; `CLAIMS_RULE_FRAMES=200` asks about every type and every rule on 200 frames, and takes
about an hour.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from random import Random

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from expectations.contract import ColumnType, Table, load_table
from expectations.errors import ContractError
from expectations.predicates import Predicate, read_predicate
from expectations.rule_types import RULE_TYPES
from expectations.rules import SUITES_FOLDER, Rule, load_rules, suite_names
from tests.agreement.dirty_frames import Frame, dirty_frames
from tests.agreement.great_expectations_engine import (
    FOR_TINY_FRAMES,
    Engine,
    counted,
    load_suite,
    local_frames,
    settings,
)
from tests.agreement.random_predicates import COLUMNS as RANDOM_COLUMNS
from tests.agreement.random_predicates import random_predicate
from tests.agreement.table_oracle import alone, table_answer

EVERY_TYPE = Path(__file__).resolve().parents[1] / "data" / "suites"
FRAMES = 200
ASKED = int(os.environ.get("CLAIMS_RULE_FRAMES", "0"))
FRAMES_FOR_EACH_TYPE, FRAMES_FOR_EACH_RULE = ASKED or 60, ASKED or 1
RULES_FOR_A_FRAME = 12
SUITES = [(name, SUITES_FOLDER) for name in suite_names()] + [("pharmacy_claim", EVERY_TYPE)]
IDS = [*suite_names(), "every type"]
SEED = 20240229


def columns_of(rules: tuple[Rule, ...]) -> list[str]:
    return list(dict.fromkeys(column for rule in rules for column in rule.columns))


def frames_for(table: Table, rules: tuple[Rule, ...]) -> list[Frame]:
    return dirty_frames(table, columns_of(rules), FRAMES, SEED)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


@pytest.fixture
def quick_spark(spark: SparkSession) -> Iterator[SparkSession]:
    with settings(spark, FOR_TINY_FRAMES):
        yield spark


@pytest.mark.parametrize(("name", "folder"), SUITES, ids=IDS)
@pytest.mark.parametrize("ansi", ["false", "true"], ids=["ansi_off", "ansi_on"])
def test_spark_and_python_judge_every_row_alike(spark: SparkSession, name: str, folder: Path, ansi: str) -> None:
    table, rules = load_table(name), alone(load_rules(name, folder))
    row_rules = [rule for rule in rules if rule.scope == "row"]
    rows = [row for frame in frames_for(table, rules) for row in frame]
    schema = ", ".join(f"{column} {table.column(column).type}" for column in columns_of(rules))
    frame = spark.createDataFrame([(n, *row.values()) for n, row in enumerate(rows)], f"row_number int, {schema}")
    broken = F.array(*[F.expr(rule.broken_sql) for rule in row_rules])
    judged = F.array(*[F.expr(rule.judged_sql) for rule in row_rules])
    with settings(spark, {"spark.sql.ansi.enabled": ansi}):
        asked = frame.select(
            "row_number", F.current_date().alias("today"), broken.alias("broken"), judged.alias("judged")
        )
        answers = asked.collect()
    assert len(answers) == len(rows) > FRAMES
    for answer in answers:
        row, today = rows[answer["row_number"]], answer["today"]
        for rule, is_broken, is_judged in zip(row_rules, answer["broken"], answer["judged"], strict=True):
            found = (rule.broken(row, today), rule.judged(row, today))
            assert found == (is_broken, is_judged), (rule.rule_id, {name: row[name] for name in rule.columns})


def test_random_predicates_are_true_false_or_unknown_to_spark_and_python_alike(spark: SparkSession) -> None:
    table, random = load_table("pharmacy_claim"), Random(SEED)  # noqa: S311 - test data
    types = {column.name: column.type for column in table.columns}
    columns = [column for kind in RANDOM_COLUMNS.values() for column in kind]
    rows = [row for frame in dirty_frames(table, columns, 60, SEED + 1) for row in frame]
    schema = ", ".join(f"{column} {types[column]}" for column in columns)
    frame = spark.createDataFrame([(n, *row.values()) for n, row in enumerate(rows)], f"row_number int, {schema}")
    predicates = accepted_of([random_predicate(random, depth=random.randint(0, 3)) for _ in range(500)], types)
    assert len(predicates) > 250
    for start in range(0, len(predicates), 100):
        some = predicates[start : start + 100]
        values = F.array(*[F.expr(predicate.sql) for predicate in some])
        for answer in frame.select("row_number", F.current_date().alias("today"), values.alias("values")).collect():
            row = rows[answer["row_number"]]
            for predicate, value in zip(some, answer["values"], strict=True):
                assert predicate.value(row, answer["today"]) is value, (predicate.sql, row)


def accepted_of(texts: list[str], types: dict[str, ColumnType]) -> list[Predicate]:
    """The predicates that can be read; others are refused, which is no disagreement."""
    found = []
    for text in texts:
        with suppress(ContractError):
            found.append(read_predicate(text, types))
    return found


@pytest.mark.parametrize(("name", "folder"), SUITES[:-1], ids=IDS[:-1])
def test_every_row_rule_is_broken_and_kept_by_the_random_frames(name: str, folder: Path) -> None:
    rules = alone(load_rules(name, folder))
    rows = [row for frame in frames_for(load_table(name), rules) for row in frame]
    counts: Counter[tuple[str, bool]] = Counter()
    for rule in rules:
        if rule.scope == "row":
            counts.update((rule.rule_id, rule.broken(row, date(2026, 1, 1))) for row in rows if rule.judged(row))
    row_rules = [rule.rule_id for rule in rules if rule.scope == "row"]
    assert [(rule_id, way) for rule_id in row_rules for way in (True, False) if counts[rule_id, way] < 5] == []


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_great_expectations_agrees_on_every_type_of_rule(quick_spark: SparkSession, engine: Engine) -> None:
    rules = load_rules("pharmacy_claim", EVERY_TYPE)
    agree(quick_spark, engine, "pharmacy_claim", EVERY_TYPE, chosen_in_turn(rules, by_type=True))


@pytest.mark.slow
@pytest.mark.timeout(36000)
@pytest.mark.parametrize(("name", "folder"), SUITES[:-1], ids=IDS[:-1])
def test_great_expectations_agrees_on_every_rule_of_the_suites(
    quick_spark: SparkSession, engine: Engine, name: str, folder: Path
) -> None:
    rules = alone(load_rules(name, folder))
    agree(quick_spark, engine, name, folder, chosen_in_turn(rules, by_type=False))


def test_every_type_of_rule_has_cases_for_all_readers() -> None:
    met = {rule.type for rule in load_rules("pharmacy_claim", EVERY_TYPE)}
    assert met == set(RULE_TYPES), "a type of rule without a case in tests/data/suites/pharmacy_claim.json"


def chosen_in_turn(rules: tuple[Rule, ...], *, by_type: bool) -> list[list[Rule]]:
    """The rules that each frame is judged by: of every type one, in turn; or a few of all, in turn."""
    if by_type:
        of_type = {kind: [rule for rule in rules if rule.type == kind] for kind in RULE_TYPES}
        return [[same[n % len(same)] for same in of_type.values()] for n in range(FRAMES_FOR_EACH_TYPE)]
    if FRAMES_FOR_EACH_RULE >= FRAMES:
        return [list(rules)] * FRAMES
    rounds = [rule for _ in range(FRAMES_FOR_EACH_RULE) for rule in rules]
    return [rounds[n : n + RULES_FOR_A_FRAME] for n in range(0, len(rounds), RULES_FOR_A_FRAME)]


def agree(spark: SparkSession, engine: Engine, name: str, folder: Path, chosen: list[list[Rule]]) -> None:
    """Great Expectations' answers are those of the rules, frame by frame."""
    table = load_table(name)
    suite = {one.meta["rule_id"]: one for one in load_suite(folder / f"{name}.json").expectations if one.meta}
    columns = columns_of(load_rules(name, folder))
    frames = frames_for(table, load_rules(name, folder))
    if len(chosen) < FRAMES_FOR_EACH_TYPE:
        frames.sort(key=len, reverse=True)  # full ones first, where few are asked about
    local = local_frames(spark, table, columns, frames)
    today = spark.sql("SELECT current_date()").first()[0]  # type: ignore[index]
    for frame, rows, rules in zip(local, frames, chosen, strict=False):
        needed = frame.select(*columns_of(tuple(rules))) if columns_of(tuple(rules)) else frame
        answers = engine.answers(needed, [suite[rule.rule_id] for rule in rules])
        for rule in rules:
            expected = counted(rule, rows, today) if rule.scope == "row" else table_answer(rule, rows)
            assert answers[rule.rule_id] == expected, (rule.rule_id, rule.sentence, rows)
