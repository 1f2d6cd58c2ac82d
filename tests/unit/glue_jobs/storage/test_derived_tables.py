"""A derived table shows what its inputs hold now; only touched parts are made again, and they are seen at once."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from expectations.contract import load_table
from expectations.errors import AccountingError
from glue_jobs.derivations import Derivation
from glue_jobs.storage.derived_tables import bring_up_to_date, recipe
from glue_jobs.storage.publication import history
from glue_jobs.storage.tables import table_name
from tests.derived.tiny_derivations import (
    LINES,
    MONTHS,
    PERSON_MONTHS,
    PERSONS,
    YEARS,
    at_each_step,
    change,
    claim,
    contract_with_tiny_tables,
    elsewhere,
    member,
    rows_of,
    twice,
)
from tests.oracle.lakes import lake_of_its_own

ALL = (LINES, PERSONS, PERSON_MONTHS, MONTHS, YEARS)
CLAIMS = [
    claim("A", "ann", "2024-01-15", "10.00"),
    claim("B", "bob", "2024-02-10", "20.00"),
    claim("C", "ann", "2024-03-05", "30.00"),
]


@pytest.fixture
def own(spark: SparkSession, tmp_path: Path) -> Iterator[SparkSession]:
    """A lake with three claims of two members, and with all derived tables made."""
    with contract_with_tiny_tables(tmp_path / "contract"), lake_of_its_own(spark, tmp_path / "lake") as session:
        change(session, "medical_claim", CLAIMS)
        change(session, "eligibility", [member("ann", "female"), member("bob", "male")])
        assert summarize(session) == ["everything"] * len(ALL)
        yield session


def summarize(spark: SparkSession) -> list[str]:
    return [bring_up_to_date(spark, derivation, "job-1").parts for derivation in ALL]


def assert_equal_to_a_rebuild(spark: SparkSession) -> None:
    for derivation in ALL:
        shown = rows_of(spark, derivation.table)
        bring_up_to_date(spark, derivation, "job-2", anew=True)
        assert shown == rows_of(spark, derivation.table), derivation.table
        assert shown


def files_of(spark: SparkSession, derivation: Derivation) -> dict[str, str]:
    name = table_name(load_table(derivation.table))
    return {row["file_path"]: row["partition"]["month"] for row in spark.table(f"{name}.files").collect()}


def test_a_table_has_what_its_derivation_says_and_nothing_is_written_while_nothing_changes(own: SparkSession) -> None:
    assert {(row[4], row[5]) for row in rows_of(own, "line_with_gender")} == {("ann", "female"), ("bob", "male")}
    assert {(row[0], row[1], str(row[2])) for row in rows_of(own, "paid_by_person")} == {
        ("ann", 2, "40.00"),
        ("bob", 1, "20.00"),
    }
    assert {(row[0], row[1], str(row[2])) for row in rows_of(own, "paid_by_year")} == {("2024", 3, "60.00")}
    before = [next(history(own, table_name(load_table(one.table)))).snapshot_id for one in ALL]
    assert summarize(own) == ["up to date"] * len(ALL)
    assert [next(history(own, table_name(load_table(one.table)))).snapshot_id for one in ALL] == before


def test_a_claim_that_moves_to_another_month_touches_both_and_no_third(own: SparkSession) -> None:
    before = files_of(own, LINES)
    change(own, "medical_claim", [claim("A", "ann", "2024-02-20", "11.00")], delete="claim_id = 'A'")
    assert summarize(own) == ["2 months", "1 persons", "1 persons", "2 months", "everything"]
    kept = before.keys() & files_of(own, LINES).keys()
    assert [before[file] for file in kept] == ["03"]
    assert_equal_to_a_rebuild(own)


def test_a_claim_that_is_gone_is_gone_from_every_table(own: SparkSession) -> None:
    change(own, "medical_claim", delete="claim_id = 'B'")
    assert summarize(own) == ["1 months", "1 persons", "1 persons", "1 months", "everything"]
    assert not any("bob" in row for row in rows_of(own, "paid_by_person"))
    assert_equal_to_a_rebuild(own)


def test_a_late_member_touches_the_months_of_that_persons_claims(own: SparkSession) -> None:
    change(own, "eligibility", [member("bob", "unknown", "2024-06-01"), member("eve", "female")])
    assert summarize(own) == ["1 months", "up to date", "up to date", "1 months", "everything"]
    assert ("bob", "unknown") in {(row[4], row[5]) for row in rows_of(own, "line_with_gender")}
    assert_equal_to_a_rebuild(own)


def test_a_reference_table_that_changes_touches_everything(own: SparkSession) -> None:
    judged = replace(LINES, inputs=(*LINES.inputs, "code_set"))
    assert bring_up_to_date(own, judged, "job-1").parts == "everything"
    for code in ("A00", "B99"):
        change(own, "code_set", [{"code_system": "icd-10-cm", "code": code, "billable_flag": 1}])
        assert bring_up_to_date(own, judged, "job-1").parts == "everything"
    assert bring_up_to_date(own, judged, "job-1").parts == "up to date"


def test_compaction_of_an_input_and_commits_without_rows_touch_nothing(own: SparkSession) -> None:
    change(own, "medical_claim", [claim("D", "bob", "2024-02-11", "1.00")])
    summarize(own)
    own.sql(
        "CALL claims.system.rewrite_data_files(table => 'processed.medical_claim', "
        "options => map('min-input-files', '2', 'rewrite-all', 'true'))"
    )
    change(own, "medical_claim")
    assert summarize(own) == ["up to date"] * len(ALL)
    change(own, "medical_claim", delete="claim_id = 'D'")
    assert summarize(own) == ["1 months", "1 persons", "1 persons", "1 months", "everything"]
    assert_equal_to_a_rebuild(own)


def test_where_the_shown_snapshot_is_expired_everything_is_made_again(own: SparkSession) -> None:
    change(own, "medical_claim", [claim("D", "bob", "2024-02-11", "1.00")])
    own.sql(
        "CALL claims.system.expire_snapshots(table => 'processed.medical_claim', "
        "older_than => TIMESTAMP '2100-01-01 00:00:00', retain_last => 1)"
    )
    assert bring_up_to_date(own, LINES, "job-1").parts == "everything"
    summarize(own)
    assert_equal_to_a_rebuild(own)


def test_another_recipe_makes_everything_again(own: SparkSession) -> None:
    other = replace(PERSONS, rebuilt="whole")
    assert recipe(PERSONS) == recipe(replace(PERSONS)) != recipe(other)
    assert bring_up_to_date(own, other, "job-1").parts == "everything"
    assert bring_up_to_date(own, other, "job-1").parts == "up to date"


class Killed(BaseException):
    """Stands for SIGKILL: no handler may catch it."""


@pytest.mark.parametrize("derivation", [LINES, PERSON_MONTHS], ids=["months", "persons"])
def test_killed_at_any_step_readers_see_the_table_as_it_was_or_as_it_should_be_and_the_next_one_completes_it(
    own: SparkSession, derivation: Derivation
) -> None:
    change(own, "medical_claim", [claim("A", "bob", "2024-03-20", "11.00")], delete="claim_id = 'A'")
    before, steps = rows_of(own, derivation.table), list[str]()
    seen = []

    def die_at_the_next(step: str) -> None:
        if step not in steps:
            steps.append(step)
            raise Killed

    for _ in range(9):
        try:
            with at_each_step(die_at_the_next):
                bring_up_to_date(own, derivation, "job-1")
        except Killed:
            seen.append(rows_of(own, derivation.table))
        else:
            break
    after = rows_of(own, derivation.table)
    assert steps[-2:] == [f"publishing {derivation.table}", f"published {derivation.table}"]
    assert f"written {derivation.table}" in steps
    assert before != after
    assert seen == [before] * (len(steps) - 1) + [after]
    bring_up_to_date(own, derivation, "job-2", anew=True)
    assert rows_of(own, derivation.table) == after


def test_of_two_at_once_the_later_one_starts_from_what_the_earlier_one_published(own: SparkSession) -> None:
    change(own, "medical_claim", [claim("D", "bob", "2024-02-11", "1.00")])
    others: list[str] = []

    def another(step: str) -> None:
        if step == "staged line_with_gender" and not others:
            others.append("begun")
            change(own, "medical_claim", [claim("E", "ann", "2024-03-11", "2.00")])
            others.append(bring_up_to_date(own, LINES, "another").parts)

    with at_each_step(another):
        late = bring_up_to_date(own, LINES, "job-1")
    assert others[1:] == ["2 months"]
    assert late.parts == "up to date"
    summarize(own)
    assert_equal_to_a_rebuild(own)


@pytest.mark.parametrize(
    ("faulty", "told"),
    [
        pytest.param(twice(LINES), "3 rows were to be written, 6 were", id="more rows than the claims have"),
        pytest.param(twice(PERSONS), "2 values of its grain .person_id. have several rows", id="a grain twice"),
    ],
)
def test_what_is_not_one_row_a_grain_is_not_published(own: SparkSession, faulty: Derivation, told: str) -> None:
    before = rows_of(own, faulty.table)
    with pytest.raises(AccountingError, match=told):
        bring_up_to_date(own, faulty, "job-1", anew=True)
    assert rows_of(own, faulty.table) == before


def test_rows_of_months_that_are_not_touched_are_not_published(
    own: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the recipe is the same, as of a derivation that looks at the day it runs
    monkeypatch.setattr("glue_jobs.storage.derived_tables.recipe", lambda derivation: "same")
    bring_up_to_date(own, MONTHS, "job-1")
    before = rows_of(own, MONTHS.table)
    change(own, "medical_claim", [claim("D", "bob", "2024-02-11", "1.00")])
    bring_up_to_date(own, LINES, "job-1")
    change(own, "medical_claim", delete="claim_id = 'D'")
    bring_up_to_date(own, LINES, "job-1")
    with pytest.raises(AccountingError, match="rows were to be written"):
        bring_up_to_date(own, elsewhere(MONTHS), "job-1")
    assert rows_of(own, MONTHS.table) == before
