"""The oracle against stories written by hand: what it expects of the job is what a claims person expects."""

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest

from tests.oracle.claim_rows import SOURCES, TYPES, Record, declaration_of
from tests.oracle.claim_versions import action_of
from tests.oracle.scenarios import Scenario, scenarios
from tests.oracle.version_oracle import Declaration, ExpectedLine, Line, expected_tables

DAY = date(2024, 1, 10)


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda scenario: f"{scenario.source}: {scenario.name}")
def test_a_story_ends_as_it_was_written(scenario: Scenario) -> None:
    rows = expected_tables([row.record.line() for row in scenario.rows], declaration_of(scenario.source)).versions
    found = {(row.record_hash, row.line["file_date"]): row for row in rows}
    told = [(found.get(place(row.record)) or resent(row.record, rows), row.expected) for row in scenario.rows]
    assert [as_told(row, expected) for row, expected in told] == [expected for _, expected in told]


def place(record: Record) -> tuple[str, date]:
    return record.record_hash, record.file_date


def resent(record: Record, rows: Iterable[ExpectedLine]) -> ExpectedLine:
    """The row of the record that this one repeats."""
    return next(row for row in rows if row.record_hash == record.record_hash)


def as_told(row: ExpectedLine, columns: Iterable[str]) -> dict[str, str]:
    said = {
        "rank": str(row.version_rank),
        "lives": "yes" if row.is_final_action else "",
        "by": row.superseded_by or "",
        "missing": "yes" if row.original_missing_flag else "",
        "days": row.final_periods,
    }
    return {column: said[column] for column in columns}


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda scenario: f"{scenario.source}: {scenario.name}")
def test_a_story_ends_the_same_in_every_order_of_its_lines(scenario: Scenario) -> None:
    lines = [row.record.line() for row in scenario.rows]
    declaration = declaration_of(scenario.source)
    orders = permutations(lines) if len(lines) < 5 else (lines[::-1], lines[1:] + lines[:1], lines * 2)
    ends = {outcome(order, declaration) for order in orders}
    assert ends == {outcome(lines, declaration)}


def outcome(lines: Iterable[Line], declaration: Declaration) -> frozenset[tuple[object, ...]]:
    rows = expected_tables(lines, declaration).versions
    return frozenset(
        (row.record_hash, row.version_rank, row.is_final_action, row.superseded_by, row.final_periods) for row in rows
    )


@pytest.mark.parametrize("source", sorted(path.stem for path in SOURCES.glob("*.json")))
def test_a_test_source_maps_the_columns_that_the_oracle_reads(source: str) -> None:
    columns = json.loads((SOURCES / f"{source}.json").read_text())["columns"]
    mapped = {name: origin if isinstance(origin, str) else origin["from"] for name, origin in columns.items()}
    assert {name: column for column, (name, _) in TYPES.items()} == {
        name: column for name, column in mapped.items() if name != "person_id"
    }


def test_every_source_has_stories_and_every_story_is_told_once() -> None:
    assert {scenario.source for scenario in scenarios()} == {path.stem for path in SOURCES.glob("*.json")}
    assert len({(scenario.source, scenario.name) for scenario in scenarios()}) == len(scenarios())


def test_the_greater_hash_holds_where_one_line_of_one_version_came_in_two_forms() -> None:
    forms = [claim_line(paid_amount=Decimal(amount), record_hash=f"{amount}") for amount in (10, 30, 20)]
    expected = expected_tables(forms, Declaration(order=("received_date",)))
    assert [row.line["paid_amount"] for row in expected.survivors] == [Decimal(30)]
    assert {row.version_rank for row in expected.versions} == {1}
    assert expected.headers["payer", "A1"].line_count == 1


def test_a_header_counts_the_surviving_lines_of_a_claim_and_their_money() -> None:
    lines = [claim_line(claim_line_number=number, paid_amount=Decimal("1.10")) for number in (1, 2, 3)]
    header = expected_tables(lines, Declaration()).headers["payer", "A1"]
    assert (header.line_count, header.paid_amount) == (3, Decimal("3.30"))


def test_claims_of_two_data_sources_have_nothing_to_do_with_each_other() -> None:
    lines = [claim_line(data_source=name, claim_frequency_code=code) for name, code in (("one", "1"), ("two", "8"))]
    expected = expected_tables(lines, Declaration(actions=("claim_frequency_code",)))
    assert [row.line["data_source"] for row in expected.survivors] == ["one"]


FREQUENCIES = dict.fromkeys("7FGHIJKMPQY", "replacement") | dict.fromkeys("8DX", "void") | {"5": "addition"}
FREQUENCIES |= dict.fromkeys("234", "interim") | dict.fromkeys(["0", "1", "9", *"ABCELNOZ", ""], "original")


@pytest.mark.parametrize(("code", "action"), FREQUENCIES.items())
def test_a_frequency_code_says_what_a_version_does(code: str, action: str) -> None:
    by_bill_type = Declaration(actions=("claim_frequency_code", "bill_type_code"))
    line = claim_line(claim_frequency_code=code or None)
    assert action_of(line, Declaration(actions=("claim_frequency_code",))) == action
    assert action_of(claim_line(bill_type_code=f"13{code}"), by_bill_type) == action


@pytest.mark.parametrize(
    ("code", "action"), [("0", "original"), ("1", "void"), ("2", "replacement"), ("3", "addition"), ("4", "addition")]
)
def test_an_adjustment_type_says_what_a_version_does(code: str, action: str) -> None:
    line = claim_line(claim_adjustment_type_code=code)
    assert action_of(line, Declaration(actions=("claim_adjustment_type_code",))) == action


def claim_line(**told: object) -> Line:
    plain = {"data_source": "payer", "claim_id": "A1", "claim_line_number": 1, "received_date": DAY, "file_date": DAY}
    return plain | told
