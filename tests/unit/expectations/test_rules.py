"""Suites become rules, each with its words, its SQL and its Python; what is wrong in a suite is named with its cure."""

import json
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from expectations.contract import load_source, load_table
from expectations.errors import ContractError
from expectations.row_rules import Severity
from expectations.rules import SUITES_FOLDER, Rule, broken_rules, load_rules, suite_names
from tests.agreement.dirty_frames import dirty_frames

TODAY = date(2024, 6, 1)
SAMPLES = Path(__file__).parents[2] / "data" / "sources"
PREFIXES = {
    "medical_claim": "MC",
    "medical_claim_header": "MH",
    "pharmacy_claim": "PC",
    "eligibility": "EL",
    "provider": "PR",
}
EVERY_RULE = [rule for name in suite_names() for rule in load_rules(name)]
META = {"rule_id": "XX001", "sentence": "Made for this test.", "cure": "None at all.", "dimension": "validity"}


def expectation(kind: str = "expect_column_values_to_not_be_null", **kwargs: object) -> dict[str, Any]:
    return {"type": kind, "kwargs": kwargs or {"column": "payer"}, "severity": "info", "meta": META}


def load(folder: Path, *expectations: object, **beside: object) -> tuple[Rule, ...]:
    suite = {"name": "pharmacy_claim", "expectations": list(expectations)} | beside
    (folder / "pharmacy_claim.json").write_text(json.dumps(suite))
    return load_rules("pharmacy_claim", folder)


def only(folder: Path, kind: str, **kwargs: object) -> Rule:
    return load(folder, expectation(kind, **kwargs))[0]


def test_five_tables_have_rules_whose_ids_count_up() -> None:
    assert set(suite_names()) == set(PREFIXES)
    for name, prefix in PREFIXES.items():
        rules = load_rules(name)
        assert [rule.rule_id for rule in rules] == [f"{prefix}{n:03d}" for n in range(1, len(rules) + 1)]
    assert len(EVERY_RULE) >= 80
    assert sum(rule.scope == "row" for rule in load_rules("medical_claim")) <= 128


def test_words_are_sentences_and_no_two_rules_of_a_table_say_the_same() -> None:
    for rule in EVERY_RULE:
        assert re.fullmatch(r"[A-Z].*[.]", rule.sentence), rule.rule_id
        assert re.fullmatch(r"[A-Z].*[.]", rule.cure), rule.rule_id
    said = Counter((rule.table, rule.sentence) for rule in EVERY_RULE)
    assert said.most_common(1)[0][1] == 1


def test_only_what_makes_a_row_useless_to_every_reader_is_critical() -> None:
    critical = [rule for rule in EVERY_RULE if rule.severity is Severity.CRITICAL]
    kinds = {"expect_column_values_to_not_be_null", "expect_compound_columns_to_be_unique"}
    assert {rule.type for rule in critical} == kinds
    for rule in critical:
        assert set(rule.columns) <= set(load_table(rule.table).grain), rule.rule_id


def test_a_critical_uniqueness_rule_asks_for_the_grain_of_its_table() -> None:
    for name in suite_names():
        unique = [rule for rule in load_rules(name) if rule.type == "expect_compound_columns_to_be_unique"]
        assert [rule.columns for rule in unique] == [load_table(name).grain]


@pytest.mark.parametrize("name", suite_names())
def test_a_row_without_any_value_breaks_completeness_rules_only(name: str) -> None:
    broken = set(broken_rules(load_rules(name), {}, TODAY))
    assert {rule.dimension for rule in load_rules(name) if rule.rule_id in broken} == {"completeness"}


def test_a_right_claim_breaks_no_rule() -> None:
    assert broken_rules(load_rules("medical_claim"), claim(), TODAY) == ()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"diagnosis_code_25": "E11.9"}, "form of ICD-10-CM"),
        ({"diagnosis_code_25": "A"}, "form of ICD-10-CM"),
        ({"claim_end_date": date(2015, 9, 30), "discharge_date": None}, "ICD-10-CM diagnoses on a service before"),
        ({"diagnosis_code_type": "icd-9-cm"}, "ICD-9-CM diagnoses on a service of 2015-10-01 or later"),
        ({"facility_npi": "123"}, "not ten digits"),
        ({"facility_npi": "1437702123.0"}, "not ten digits"),
        ({"facility_npi": "8888888885"}, "begin with 1 or 2"),
        ({"facility_npi": "1234567898"}, "wrong check digit"),
        ({"paid_amount": Decimal("80.06")}, "Allowed is not"),
        ({"paid_amount": Decimal("-80.00")}, "negative although"),
        ({"admission_date": date(2024, 1, 10)}, "discharged before being admitted"),
        ({"procedure_date_25": date(2024, 1, 10)}, "dated after the end"),
        ({"hcpcs_modifier_5": "5"}, "modifier is not two"),
        ({"place_of_service_code": "21"}, "institutional claim has a place of service"),
        ({"bill_type_code": "0111"}, "type of bill is not three"),
        ({"paid_date": date(2024, 6, 2)}, "in the future"),
        ({"received_date": date(2025, 1, 10)}, "more than a year after"),
        ({"claim_line_number": 0}, "not above 0"),
    ],
)
def test_a_wrong_value_breaks_the_rule_about_it(changed: dict[str, object], sentence: str) -> None:
    broken = broken_rules(load_rules("medical_claim"), claim() | changed, TODAY)
    sentences = [rule.sentence for rule in load_rules("medical_claim") if rule.rule_id in broken]
    assert any(sentence in one for one in sentences), sentences


@pytest.mark.parametrize(
    "changed",
    [
        {"diagnosis_code_1": "U071"},
        {"paid_amount": Decimal("80.05")},
        {"received_date": date(2025, 1, 9)},
        {"hcpcs_code": "1BGP1", "revenue_center_code": "0023"},
        {"paid_date": TODAY},
        {
            "claim_record_type": "void",
            "claim_frequency_code": "8",
            "bill_type_code": "118",
            "original_claim_id": "T-0",
            **dict.fromkeys(("paid_amount", "allowed_amount", "charge_amount"), Decimal("-80.00")),
            "coinsurance_amount": Decimal("0.00"),
        },
    ],
    ids=["covid", "to_5_cents", "within_a_year", "a_hipps_code", "paid_today", "a_reversal"],
)
def test_what_only_looks_odd_breaks_no_rule(changed: dict[str, object]) -> None:
    assert broken_rules(load_rules("medical_claim"), claim() | changed, TODAY) == ()


def test_all_rules_of_a_medical_claim_take_well_under_a_millisecond() -> None:
    rules, row = load_rules("medical_claim"), claim()
    times = []
    for _ in range(5):
        start = process_time()
        for _ in range(200):
            broken_rules(rules, row, TODAY)
        times.append((process_time() - start) / 200)
    assert min(times) < 0.0005


def test_a_rule_says_what_it_reads_and_what_it_divides_by(tmp_path: Path) -> None:
    rule = only(
        tmp_path,
        "expect_column_values_to_be_between",
        column="quantity",
        min_value=0,
        strict_min=True,
        mostly=0.9,
        row_condition="payer = 'x'",
        condition_parser="spark",
    )
    assert (rule.columns, rule.mostly, rule.row_condition) == (("quantity", "payer"), 0.9, "payer = 'x'")
    assert rule.judged_sql == "coalesce((payer = 'x') AND (quantity IS NOT NULL), false)"
    assert rule.broken_sql == "coalesce((payer = 'x') AND (quantity IS NOT NULL) AND (quantity <= 0), false)"
    assert rule.judged({"payer": "x", "quantity": Decimal(1)})
    assert not rule.judged({"payer": "x"})
    assert not rule.judged({"payer": "y", "quantity": Decimal(1)})
    assert rule.broken({"payer": "x", "quantity": Decimal(0)})
    assert hash(rule)


def test_a_rule_about_the_table_has_no_answer_for_a_row(tmp_path: Path) -> None:
    rule = only(tmp_path, "expect_table_row_count_to_be_between", min_value=1)
    assert (rule.scope, rule.broken_sql, rule.judged_sql) == ("table", "", "")
    with pytest.raises(ContractError, match="XX001 is about the table"):
        rule.broken({})
    assert broken_rules((rule,), {}, TODAY) == ()


def test_broken_is_never_true_of_a_row_that_is_not_judged() -> None:
    for name in suite_names():
        rules = [rule for rule in load_rules(name) if rule.scope == "row"]
        columns = list(dict.fromkeys(column for rule in rules for column in rule.columns))
        rows = [row for frame in dirty_frames(load_table(name), columns, 20, seed=7) for row in frame]
        assert all(rule.judged(row, TODAY) for rule in rules for row in rows if rule.broken(row, TODAY))


@pytest.mark.parametrize("expected", sorted(SAMPLES.glob("*/expected.json")), ids=lambda path: path.parent.name)
def test_what_the_sample_of_a_public_source_publishes_breaks_no_critical_rule(expected: Path) -> None:
    table = load_table(load_source(expected.parent.name).table)
    rules = [rule for rule in load_rules(table.name) if rule.severity is Severity.CRITICAL and rule.scope == "row"]
    for texts in json.loads(expected.read_text())["rows"]:
        row = {name: typed(table.column(name).type, text) for name, text in texts.items()}
        assert broken_rules(tuple(rules), row, TODAY) == ()


def typed(kind: str, text: str) -> object:
    if kind in {"int", "bigint"}:
        return int(text)
    if kind.startswith("decimal"):
        return Decimal(text)
    return date.fromisoformat(text) if kind == "date" else text


def test_a_suite_is_read_once() -> None:
    assert load_rules("provider") is load_rules("provider")


WITHOUT_META = {key: value for key, value in expectation().items() if key != "meta"}
CONDITION = {"column": "payer", "row_condition": "payer = 'x'"}
NULLS = "expect_column_values_to_not_be_null"
SETS = "expect_column_values_to_be_in_set"
BETWEEN = "expect_column_values_to_be_between"
REGEX = "expect_column_values_to_match_regex"
LENGTHS = "expect_column_value_lengths_to_be_between"
GREATER = "expect_column_pair_values_a_to_be_greater_than_b"
QUERY = "unexpected_rows_expectation"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (expectation("expect_column_max_to_be_between", column="payer"), "not supported; cure: one of"),
        (expectation(column="nope"), "no column nope"),
        (expectation(column="payer", value=1), "does not take value; cure"),
        (expectation(REGEX, column="payer"), "lacks regex; cure"),
        (expectation(REGEX, column="payer", regex=r"\d"), "regular expression"),
        (expectation(REGEX, column="payer", regex=1), "regex is no text"),
        (expectation(REGEX, column="quantity", regex="x"), "quantity is a decimal"),
        (expectation(SETS, column="payer", value_set=[]), "something else, or nothing"),
        (expectation(SETS, column="payer", value_set=["x", None]), "something else"),
        (expectation(SETS, column="payer", value_set=["it's"]), "quote"),
        (expectation(SETS, column="refills", value_set=[True]), "something else"),
        (expectation(SETS, column="quantity", value_set=[1]), "quantity is a decimal"),
        (expectation(BETWEEN, column="quantity"), "neither min_value nor max_value"),
        (expectation(BETWEEN, column="quantity", min_value=0.1), "no whole number"),
        (expectation(BETWEEN, column="paid_date", min_value="2024-02-30"), "no day of the calendar"),
        (expectation(BETWEEN, column="paid_date", min_value=1), "no day like"),
        (expectation(BETWEEN, column="payer", min_value=1), "payer is a string"),
        (expectation(LENGTHS, column="refills", min_value=1), "refills is a int"),
        (expectation(NULLS, column="payer", mostly=2), "mostly"),
        (expectation(NULLS, **CONDITION), "condition_parser"),
        (expectation(NULLS, **CONDITION, condition_parser="pandas"), "condition_parser"),
        (expectation(NULLS, column="payer", row_condition="payer ~ 1", condition_parser="spark"), "cure|not Spark"),
        (expectation(GREATER, column_A="payer", column_B="refills"), "text and whole|whole and text"),
        (expectation(GREATER, column_A="paid_date", column_B="ingest_datetime"), "is a timestamp"),
        (expectation(GREATER, column_A="paid_date", column_B="paid_date", ignore_row_if="never"), "ignore_row_if"),
        (expectation(QUERY, unexpected_rows_query="SELECT * FROM {batch} WHERE payer RLIKE 'x{2}'"), "brace"),
        (expectation(QUERY, unexpected_rows_query="SELECT * FROM {batch.name} WHERE true"), "Spark SQL"),
        (expectation(QUERY, unexpected_rows_query="SELECT * FROM {batch} WHERE payer = 'x') OR (true"), "SQL"),
        (expectation(QUERY, unexpected_rows_query="SELECT * FROM {batch} WHERE nope"), "no column"),
        (expectation(QUERY, unexpected_rows_query="SELECT * FROM {batch} WHERE payer = 'x' LIMIT 1"), "SQL|support"),
        (expectation(QUERY, unexpected_rows_query="SELECT * FROM {batch} WHERE payer"), "text, not true"),
        (expectation("expect_table_row_count_to_be_between", min_value=1, row_condition="true"), "row_condition"),
        (expectation("expect_table_row_count_to_be_between"), "neither min_value nor max_value"),
        (expectation("expect_compound_columns_to_be_unique", column_list=["payer", "nope"]), "no column nope"),
    ],
)
def test_a_wrong_rule_is_named_with_its_file_and_its_cure(tmp_path: Path, wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(ContractError, match=rf"^suites/pharmacy_claim.json: rule XX001: .*({reason})") as caught:
        load(tmp_path, wrong)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("suite", "reason"),
    [
        ({"expectations": [expectation(), expectation()]}, "rule XX001 stands twice; cure"),
        ({"expectations": []}, "expectations"),
        ({"expectations": [WITHOUT_META]}, r"expectations.0.meta: Field required; cure"),
        ({"expectations": [expectation() | {"severity": "fatal"}]}, r"rule XX001: expectations.0.severity"),
        ({"expectations": [expectation() | {"meta": META | {"dimension": "beauty"}}]}, r"rule XX001: .*dimension"),
        ({"expectations": [expectation() | {"meta": META | {"rule_id": "1"}}]}, "rule_id"),
        ({"name": "provider"}, "declares the name provider; cure"),
        ({"nmae": "pharmacy_claim"}, "nmae"),
    ],
)
def test_a_wrong_suite_is_named_with_the_place_and_its_cure(
    tmp_path: Path, suite: dict[str, object], reason: str
) -> None:
    with pytest.raises(ContractError, match=rf"^suites/pharmacy_claim.json.*({reason})"):
        load(tmp_path, expectation(), **suite)


def test_a_suite_that_is_missing_or_no_json_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"suites/provider.json does not exist; there are: none; cure"):
        load_rules("provider", tmp_path)
    (tmp_path / "provider.json").write_text("{")
    with pytest.raises(ContractError, match=r"suites/provider.json line 1: not JSON.*cure"):
        load_rules("provider", tmp_path)


def test_a_new_rule_in_a_suite_needs_no_python(tmp_path: Path) -> None:
    rule = only(
        tmp_path, QUERY, unexpected_rows_query="SELECT * FROM {batch} WHERE payer RLIKE '^[a-z]{{3}}$' AND refills > 1"
    )
    assert rule.broken({"payer": "abc", "refills": 2})
    assert not rule.broken({"payer": "abcd", "refills": 2})


def test_a_query_that_needs_more_than_one_row_is_about_the_table_and_says_what_it_reads(tmp_path: Path) -> None:
    query = (
        "SELECT b.claim_id FROM {batch} AS b LEFT ANTI JOIN claims.processed.eligibility AS e "
        "ON e.member_id = b.member_id WHERE b.paid_amount > 0"
    )
    rule = only(tmp_path, QUERY, unexpected_rows_query=query)
    assert (rule.scope, rule.broken_sql) == ("table", "")
    assert set(rule.columns) == {"claim_id", "member_id", "paid_amount"}
    assert rule.other_tables == ("claims.processed.eligibility",)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT claim_id FROM claims.processed.eligibility", "does not select from {batch}"),
        ("DELETE FROM {batch}", "does not select from {batch}"),
        ("SELECT x FROM {batch} JOIN elsewhere.eligibility", "reads elsewhere.eligibility"),
        ("SELECT FROM WHERE {batch}", "is not Spark SQL"),
        ("SELECT claim_id FROM {table}", "is not Spark SQL"),
    ],
    ids=["not of the rows", "no select", "an unknown table", "no SQL", "another name in braces"],
)
def test_a_query_that_cannot_be_asked_is_refused(tmp_path: Path, query: str, said: str) -> None:
    with pytest.raises(ContractError, match=re.escape(said)):
        only(tmp_path, QUERY, unexpected_rows_query=query)


@pytest.mark.parametrize("name", suite_names())
def test_great_expectations_loads_each_suite_with_its_severities(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx  # noqa: PLC0415 - takes seconds

    suite = gx.ExpectationSuite(**json.loads((SUITES_FOLDER / f"{name}.json").read_text()))
    loaded = {one.meta["rule_id"]: (one.expectation_type, one.severity.value) for one in suite.expectations if one.meta}
    assert loaded == {rule.rule_id: (rule.type, rule.severity.value) for rule in load_rules(name)}


def claim() -> dict[str, object]:
    """An inpatient claim line on which nothing is wrong."""
    first, last, npi = date(2024, 1, 2), date(2024, 1, 9), "1234567893"
    return {
        **dict.fromkeys(("claim_start_date", "claim_line_start_date", "admission_date"), first),
        **dict.fromkeys(("claim_end_date", "claim_line_end_date", "discharge_date"), last),
        **dict.fromkeys(("rendering_npi", "billing_npi", "facility_npi"), npi),
        **{f"diagnosis_code_{n}": "E119" for n in range(1, 13)},
        **{f"diagnosis_poa_{n}": "Y" for n in range(1, 13)},
        "claim_id": "T-1",
        "claim_line_number": 1,
        "data_source": "test",
        "person_id": "P",
        "payer": "medicare",
        "claim_type": "institutional",
        "bill_type_code": "111",
        "claim_frequency_code": "1",
        "claim_record_type": "original",
        "revenue_center_code": "0120",
        "drg_code": "470",
        "drg_code_type": "ms-drg",
        "admit_type_code": "1",
        "admit_source_code": "1",
        "discharge_disposition_code": "01",
        "diagnosis_code_type": "icd-10-cm",
        "procedure_code_type": "icd-10-pcs",
        "procedure_code_1": "0SR9019",
        "procedure_date_1": date(2024, 1, 3),
        "paid_date": date(2024, 2, 1),
        "received_date": date(2024, 1, 20),
        "paid_amount": Decimal("80.00"),
        "allowed_amount": Decimal("100.00"),
        "charge_amount": Decimal("150.00"),
        "coinsurance_amount": Decimal("20.00"),
        "service_unit_quantity": Decimal("7.0000"),
        "in_network_flag": 1,
    }
