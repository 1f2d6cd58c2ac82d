from datetime import date
from decimal import Decimal

from pyspark.sql import SparkSession

from glue_jobs.enrichments import diagnosis_chapters as chapters
from glue_jobs.enrichments.add_amounts import ADD_AMOUNTS
from glue_jobs.enrichments.add_length_of_stay import ADD_LENGTH_OF_STAY
from glue_jobs.enrichments.add_risk_tier import ADD_RISK_TIER
from glue_jobs.enrichments.flag_costs import FLAG_COSTS
from glue_jobs.enrichments.flag_denied import FLAG_DENIED
from tests.unit.glue_jobs.enrichments.claim_lines import Row, added, column

D = Decimal
Cases = list[tuple[Row, object]]


def test_amounts_are_made_of_the_lines_own_and_empty_where_these_are(spark: SparkSession) -> None:
    lines = [
        {"allowed_amount": D("100.00"), "paid_amount": D("80.00"), "charge_amount": D("150.50"),
         "service_unit_quantity": D("3"), "coinsurance_amount": D("20.00")},
        {"paid_amount": D("80.00"), "service_unit_quantity": D("0.5"), "copayment_amount": D("1.10"),
         "deductible_amount": D("2.20"), "coinsurance_amount": D("0.00")},
        {"allowed_amount": D("10"), "service_unit_quantity": D("0"), "charge_amount": D("8")},
        {"allowed_amount": D("-10"), "service_unit_quantity": D("-2"), "charge_amount": D("-8")},
        {},
    ]  # fmt: skip
    found = added(spark, ADD_AMOUNTS, lines)
    assert [tuple(row.values()) for row in found] == [
        (D("33.3333"), D("20.00"), D("50.50")),
        (D("160.0000"), D("3.30"), None),
        (None, None, D("-2.00")),
        (None, None, D("2.00")),
        (None, None, None),
    ]


def test_a_stay_has_its_days_and_at_least_one(spark: SparkSession) -> None:
    stay = {"claim_type": "institutional", "service_category_1": "inpatient"}
    first, last = date(2024, 2, 27), date(2024, 3, 2)
    cases: Cases = [
        ({**stay, "admission_date": first, "discharge_date": last}, 4),
        ({**stay, "admission_date": first, "discharge_date": first}, 1),
        ({**stay, "admission_date": last, "discharge_date": first}, None),
        ({**stay, "claim_start_date": first, "claim_end_date": last}, 4),
        ({**stay, "admission_date": first, "claim_end_date": last, "discharge_disposition_code": "30"}, None),
        ({**stay, "admission_date": first, "claim_end_date": last, "discharge_disposition_code": "01"}, 4),
        ({**stay, "admission_date": first}, None),
        ({**stay, "service_category_1": "outpatient", "admission_date": first, "discharge_date": last}, None),
        ({**stay, "claim_type": "professional", "admission_date": first, "discharge_date": last}, None),
        ({"admission_date": first, "discharge_date": last}, None),
    ]
    found = added(spark, ADD_LENGTH_OF_STAY, [case for case, _ in cases])
    assert column(found, "length_of_stay_days") == [days for _, days in cases]


def test_high_cost_begins_at_ten_thousand_of_the_best_known_amount(spark: SparkSession) -> None:
    cases: Cases = [
        ({"allowed_amount": D("10000.00")}, 1),
        ({"allowed_amount": D("9999.99"), "charge_amount": D("50000")}, 0),
        ({"paid_amount": D("10000"), "charge_amount": D("1")}, 1),
        ({"charge_amount": D("10000")}, 1),
        ({"allowed_amount": D("-10000")}, 0),
        ({}, None),
    ]
    found = added(spark, FLAG_COSTS, [case for case, _ in cases])
    assert column(found, "high_cost_flag") == [flag for _, flag in cases]


def test_an_outlier_is_a_long_stay_many_units_or_a_charge_out_of_proportion(spark: SparkSession) -> None:
    cases: Cases = [
        ({"length_of_stay_days": 60}, 0),
        ({"length_of_stay_days": 61}, 1),
        ({"service_unit_quantity": D("1000")}, 0),
        ({"service_unit_quantity": D("1000.5")}, 1),
        ({"charge_amount": D("2000"), "allowed_amount": D("100")}, 1),
        ({"charge_amount": D("1999.99"), "allowed_amount": D("100")}, 0),
        ({"charge_amount": D("999.99"), "allowed_amount": D("1")}, 0),
        ({"charge_amount": D("2000"), "allowed_amount": D("0")}, 0),
        ({"charge_amount": D("2000")}, 0),
        ({}, 0),
    ]
    found = added(spark, FLAG_COSTS, [case for case, _ in cases])
    assert column(found, "outlier_flag") == [flag for _, flag in cases]


def test_a_line_is_denied_where_it_was_not_paid_and_the_payer_says_why(spark: SparkSession) -> None:
    paid, nothing = D("10.00"), D("0.00")
    cases: Cases = [
        ({"paid_amount": nothing, "line_processing_indicator_code": "C"}, 1),
        ({"line_processing_indicator_code": "D"}, 1),
        ({"paid_amount": paid, "line_processing_indicator_code": "O"}, 0),
        ({"paid_amount": nothing, "line_processing_indicator_code": "A"}, 0),
        ({"paid_amount": nothing, "line_processing_indicator_code": "A", "adjustment_reason_code": "CO45"}, 0),
        ({"paid_amount": nothing, "adjustment_reason_code": "CO50"}, 1),
        ({"adjustment_reason_code": "50"}, 1),
        ({"paid_amount": paid, "adjustment_reason_code": "CO45"}, 0),
        ({"paid_amount": nothing, "adjustment_reason_code": "PR1"}, 0),
        ({"paid_amount": nothing, "adjustment_reason_code": "2"}, 0),
        ({"paid_amount": nothing, "allowed_amount": paid, "adjustment_reason_code": "CO45"}, 0),
        ({"paid_amount": nothing, "allowed_amount": nothing, "adjustment_reason_code": "CO16"}, 1),
        ({"paid_amount": D("-5")}, 0),
        ({"paid_amount": nothing}, None),
        ({}, None),
    ]
    assert column(added(spark, FLAG_DENIED, [case for case, _ in cases]), "denied_flag") == [one for _, one in cases]


def test_the_risk_tier_counts_points(spark: SparkSession) -> None:
    emergency = {"service_category_1": "outpatient", "service_category_2": "emergency department"}
    inpatient = {"service_category_1": "inpatient"}
    serious = {"diagnosis_chapter": chapters.NEOPLASMS}
    cases: Cases = [
        ({}, "low"),
        (emergency, "low"),
        ({"age_at_service_years": 84}, "low"),
        ({"age_at_service_years": 85}, "medium"),
        ({**emergency, "age_at_service_years": 65}, "medium"),
        (inpatient, "medium"),
        ({"high_cost_flag": 1}, "medium"),
        ({"high_cost_flag": 0, "outlier_flag": 1, **serious}, "medium"),
        ({**inpatient, **serious}, "medium"),
        ({**inpatient, **serious, "age_at_service_years": 65}, "high"),
        ({**inpatient, "high_cost_flag": 1}, "high"),
        ({**emergency, **serious, "age_at_service_years": 85}, "high"),
    ]
    assert column(added(spark, ADD_RISK_TIER, [case for case, _ in cases]), "risk_tier") == [one for _, one in cases]
