from datetime import date

import pytest
from pydantic import ValidationError
from pyspark.sql import SparkSession

from expectations.payer_rules import PayerRules
from glue_jobs.enrichments.flag_timely_filing import FLAG_TIMELY_FILING
from tests.unit.glue_jobs.enrichments.claim_lines import added, column, references

LAW = {"calendar_years": 1, "source": "42 CFR 424.44"}
RULES = PayerRules.model_validate(
    {
        "timely_filing": LAW,
        "payers": [{"payer": "Acme", "timely_filing": {"days": 90, "source": "its provider manual"}}],
    }
)


def test_a_claim_is_in_time_until_the_same_day_of_the_next_year(spark: SparkSession) -> None:
    cases = [
        (date(2023, 3, 1), date(2024, 3, 1), 1),
        (date(2023, 3, 1), date(2024, 3, 2), 0),
        (date(2024, 2, 29), date(2025, 2, 28), 1),
        (date(2024, 2, 29), date(2025, 3, 1), 0),
        (date(2023, 2, 28), date(2024, 2, 28), 1),
        (date(2023, 2, 28), date(2024, 2, 29), 0),
        (date(2024, 3, 1), date(2024, 2, 1), 1),
        (date(2024, 3, 1), None, None),
        (None, date(2024, 3, 1), None),
    ]
    lines = [{"claim_start_date": day, "received_date": received, "payer": "any"} for day, received, _ in cases]
    assert column(added(spark, FLAG_TIMELY_FILING, lines), "timely_filing_flag") == [flag for *_, flag in cases]


def test_institutional_claims_count_from_their_last_day_and_others_from_the_first_day_of_the_line(
    spark: SparkSession,
) -> None:
    days = {
        "claim_start_date": date(2023, 1, 1),
        "claim_line_start_date": date(2023, 1, 5),
        "claim_end_date": date(2023, 1, 31),
        "received_date": date(2024, 1, 20),
        "paid_date": date(2023, 1, 1),
    }
    found = added(
        spark,
        FLAG_TIMELY_FILING,
        [{**days, "claim_type": kind} for kind in ("institutional", "professional", None)],
    )
    assert [tuple(row.values()) for row in found] == [(354, -30, 1), (380, -4, 0), (380, -4, 0)]


def test_a_payers_own_rule_takes_the_place_of_the_law(spark: SparkSession) -> None:
    day = date(2024, 1, 1)
    lines = [
        {"payer": payer, "claim_start_date": day, "received_date": received}
        for payer in ("acme", "ACME", "other", None)
        for received in (date(2024, 3, 31), date(2024, 4, 1))
    ]
    found = added(spark, FLAG_TIMELY_FILING, lines, references(spark, payers=RULES))
    assert column(found, "timely_filing_flag") == [1, 0, 1, 0, 1, 1, 1, 1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"timely_filing": {"source": "neither of both"}},
        {"timely_filing": {**LAW, "days": 90}},
        {"timely_filing": LAW, "payers": [{"payer": name, "timely_filing": LAW} for name in ("a", "A")]},
    ],
    ids=["no limit", "two limits", "payer twice"],
)
def test_rules_that_say_nothing_or_two_things_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PayerRules.model_validate(wrong)
