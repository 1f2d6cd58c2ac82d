"""Few rows of each table that the named queries read, with answers worked out by hand."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from tests.unit.glue_jobs.queries.contract_tables import Row, Tables


def money(**amounts: object) -> dict[str, object]:
    """Columns of amounts: `paid=5` is paid_amount 5."""
    return {f"{name}_amount": Decimal(str(amount)) for name, amount in amounts.items()}


def at(year_month: str) -> dict[str, object]:
    """A month in all the ways in which tables have it."""
    first = None if year_month == "000000" else date(int(year_month[:4]), int(year_month[4:]), 1)
    return {"year_month": year_month, "month_start_date": first, **plain(year_month)}


def plain(year_month: str) -> dict[str, object]:
    """The month of a table that has no year_month."""
    return {"year": year_month[:4], "month": year_month[4:]}


def filled(year_month: str) -> dict[str, object]:
    """A fill of the month."""
    return {"dispensing_date": date(int(year_month[:4]), int(year_month[4:]), 9), **plain(year_month)}


SENT: Row = {"data_source": "s", "payer": "a"}
OFFICE: Row = {**SENT, "plan": "p", "service_category_1": "office based", "service_category_2": "office visit"}
ACUTE: Row = {
    **SENT,
    "plan": "p",
    "member_state": "CA",
    "service_category_1": "inpatient",
    "service_category_2": "acute inpatient",
}
EMERGENCY: Row = {
    **SENT,
    **plain("202401"),
    "service_category_1": "outpatient",
    "service_category_2": "emergency department",
    "billing_npi": "n1",
    "claim_start_date": date(2024, 1, 5),
}
STAY: Row = {**SENT, "service_category_2": "acute inpatient", "admission_date": date(2024, 1, 2), "person_id": "p1"}
DISCHARGE: Row = {**SENT, "index_flag": 1, "readmitted_flag": 0, "discharge_year_month": "202401", "person_id": "p1"}
SCORE: Row = {"data_source": "s", "payment_year": 2024, "model": "V28"}
CONDITION: Row = {
    "data_source": "s",
    "service_year": 2024,
    "scheme": "chronic",
    "condition": "diabetes",
    "condition_description": "Diabetes",
}

ROWS: Tables = {
    "pmpm": [
        {**SENT, "plan": "p", **at("202301"), "member_months": 10, **money(medical_paid=1000, pharmacy_paid=200)},
        {
            **SENT,
            "plan": "p",
            **at("202401"),
            "member_months": 8,
            **money(medical_paid=1200, unenrolled_medical_paid=50),
        },
        {**SENT, "payer": "b", **at("202401"), "member_months": 2, **money(medical_paid=100, pharmacy_paid=100)},
        {**SENT, "payer": "b", **at("000000"), "member_months": 0, **money(medical_paid=7)},
    ],
    "monthly_claims": [
        {**OFFICE, **at("202201"), "lines": 1, "persons": 1, **money(paid=999, allowed=999, member_responsibility=0)},
        {**ACUTE, **at("202301"), "lines": 4, "persons": 2, **money(paid=400, allowed=500, member_responsibility=100)},
        {
            **ACUTE,
            **at("202401"),
            "claims_once": 5,
            "lines": 6,
            "persons": 3,
            **money(paid=600, allowed=800, member_responsibility=200),
        },
        {**OFFICE, **at("202401"), "lines": 8, "persons": 5, **money(paid=200, allowed=250, member_responsibility=50)},
    ],
    "top_provider": [
        {**SENT, "provider_npi": "n1", **at("202401"), "claims": 2, "lines": 3, "persons": 2, **money(paid=300)},
        {**SENT, "provider_npi": "n1", **at("202312"), "claims": 1, "lines": 1, "persons": 1, **money(paid=100)},
        {
            **SENT,
            "provider_npi": "n2",
            "provider_name": "North Hospital",
            "provider_state": "CA",
            **at("202401"),
            "claims": 4,
            "lines": 9,
            "persons": 4,
            **money(paid=500, allowed=600),
        },
        {**SENT, **at("202401"), "claims": 1, "lines": 1, "persons": 1, **money(paid=9999)},
        {**SENT, "provider_npi": "n3", **at("202301"), "claims": 1, "lines": 1, "persons": 1, **money(paid=9999)},
    ],
    "top_procedure": [
        {**SENT, "hcpcs_code": "99213", **at("202401"), "claims": 2, "lines": 2, "persons": 2, **money(paid=50)},
        {**SENT, "hcpcs_code": "99212", **at("202401"), "claims": 1, "lines": 1, "persons": 1, **money(paid=50)},
        {**SENT, "hcpcs_code": "99211", **at("202401"), "claims": 1, "lines": 1, "persons": 1},
    ],
    "top_diagnosis": [
        {
            **SENT,
            "diagnosis_code_type": "icd-10-cm",
            "diagnosis_code_1": "E119",
            "ccsr_category_description": "Diabetes mellitus",
            "diagnosis_chapter": "Endocrine",
            **at("202401"),
            "claims": 3,
            "lines": 5,
            "persons": 3,
            **money(paid=70, allowed=80),
        },
    ],
    "pharmacy_claim": [
        {
            **SENT,
            **filled("202401"),
            "person_id": "p1",
            "ndc_code": "A",
            "days_supply": 30,
            **money(paid=100, allowed=120),
        },
        {**SENT, **filled("202402"), "person_id": "p1", "ndc_code": "A", **money(paid=50)},
        {**SENT, **filled("202402"), "person_id": "p2", "ndc_code": "B", **money(paid=60000)},
        {**SENT, **filled("202302"), "person_id": "p3", "ndc_code": "A", **money(paid="0.01")},
    ],
    "medical_claim_header": [
        {**SENT, "claim_id": "1", **plain("202401"), "person_id": "p1", **money(paid=1000)},
        {**SENT, "claim_id": "2", **plain("202401"), "person_id": "p2", **money(paid=10)},
        {**SENT, "claim_id": "3", **plain("202301"), "person_id": "p3", **money(paid="49999.99")},
        {**SENT, "claim_id": "4", **plain("202401"), "person_id": "p4", **money(paid=40000)},
    ],
    "denial": [
        {**SENT, **at("202401"), "denied_flag": 0, "lines": 30, "persons": 20, **money(charge=900)},
        {**SENT, **at("202401"), "lines": 5, "persons": 5, **money(charge=50)},
        {
            **SENT,
            **at("202401"),
            "adjustment_group_code": "CO",
            "adjustment_reason_code": "45",
            "denied_flag": 1,
            "lines": 10,
            "persons": 4,
            **money(charge=100),
        },
        {
            **SENT,
            **at("202401"),
            "adjustment_group_code": "PR",
            "adjustment_reason_code": "96",
            "denied_flag": 1,
            "lines": 30,
            "persons": 9,
            **money(charge=300),
        },
        {**SENT, **at("202301"), "denied_flag": 1, "lines": 7, "persons": 6, **money(charge=70)},
    ],
    "claim_lag": [
        {**SENT, **at("202312"), "lag_months": 0, "paid_year_month": "202312", **money(paid=100)},
        {**SENT, **at("202312"), "lag_months": 1, "paid_year_month": "202401", **money(paid=50)},
        {**SENT, **at("202312"), "lag_months": 2, "paid_year_month": "202402", **money(paid=25)},
        {**SENT, **at("202402"), "lag_months": 0, "paid_year_month": "202402", **money(paid=80)},
        {**SENT, **at("202402"), **money(paid=7)},
    ],
    "completion_factor": [
        {
            **SENT,
            "claim_type": "professional",
            "year_month": "202402",
            "valuation_year_month": "202402",
            **money(paid=80, ultimate=160, ibnr=80),
        },
        {
            **SENT,
            "claim_type": "institutional",
            "year_month": "202402",
            "valuation_year_month": "202402",
            **money(paid=20),
        },
    ],
    "inpatient_stay": [
        {**STAY, "stay_id": "1", "length_of_stay_days": 3, **money(paid=1000)},
        {**STAY, "stay_id": "2", "length_of_stay_days": 4, **money(paid=3000)},
        {**STAY, "stay_id": "3", "service_category_2": "skilled nursing", "length_of_stay_days": 30, **money(paid=9)},
    ],
    "readmission": [
        {**DISCHARGE, "episode_id": "1"},
        {
            **DISCHARGE,
            "episode_id": "2",
            "readmitted_flag": 1,
            "readmission_planned_flag": 0,
            **money(readmission_paid=500),
        },
        {**DISCHARGE, "episode_id": "3", "person_id": "p2"},
        {**DISCHARGE, "episode_id": "4", "index_flag": 0, "readmitted_flag": None},
        *(
            {
                **DISCHARGE,
                "payer": "b",
                "facility_npi": "n2",
                "discharge_year_month": "202402",
                "person_id": f"q{number}",
                "episode_id": f"q{number}",
                "readmitted_flag": int(number < 2),
                "readmission_planned_flag": {0: 1, 1: 0}.get(number),
            }
            for number in range(11)
        ),
    ],
    "medical_claim_enriched": [
        {
            **EMERGENCY,
            "person_id": "p1",
            "in_network_flag": 1,
            "days_to_receipt_count": 10,
            "days_to_payment_count": 25,
            "timely_filing_flag": 1,
            **money(paid=100),
        },
        {
            **EMERGENCY,
            "person_id": "p1",
            "in_network_flag": 0,
            "days_to_receipt_count": 20,
            "days_to_payment_count": 100,
            "timely_filing_flag": 0,
            "duplicate_exact_flag": 1,
            **money(paid=300),
        },
        {**EMERGENCY, "person_id": "p2", "duplicate_suspected_flag": 1, **money(paid=50)},
    ],
    "member_risk_score": [
        {**SCORE, "person_id": "p1", "score": Decimal("0.4")},
        {**SCORE, "person_id": "p2", "score": Decimal("0.6")},
        {**SCORE, "person_id": "p3", "score": Decimal("0.8")},
        {**SCORE, "person_id": "p4"},
    ],
    "member_condition": [
        {**CONDITION, "person_id": "p1", "confirmed_flag": 1},
        {**CONDITION, "person_id": "p2", "confirmed_flag": 0},
        {**CONDITION, "person_id": "p1", "scheme": "Charlson", "confirmed_flag": 1},
    ],
    "member_month": [
        {**SENT, **at("202401"), "person_id": "p1"},
        {**SENT, **at("202401"), "person_id": "p2"},
        {**SENT, **at("202402"), "person_id": "p1"},
        {**SENT, **at("202403"), "person_id": "p1"},
        {**SENT, **at("202403"), "person_id": "p3"},
    ],
    "data_freshness": [
        {
            "source": "s",
            "target_table": "medical_claim",
            "files": 2,
            "lines": 9,
            "last_loaded_at": datetime.fromisoformat("2024-03-01T12:00:00"),
            "last_service_date": date(2024, 2, 1),
            "service_lag_days": 29,
        }
    ],
}

EMPTY_LAGS = (None,) * 10

ANSWERS: Mapping[str, list[tuple[object, ...]]] = {
    "pmpm_by_month": [
        ("202301", 10, None, 1000, 200, 100, 20, 120, None),
        ("202401", 10, 2, 1300, 100, 130, 10, 140, 120),
    ],
    "pmpm_by_plan": [
        ("2023", "a", "p", 10, 100, 20, 120),
        ("2024", "a", "p", 8, 150, None, 150),
        ("2024", "b", None, 2, 50, 50, 100),
    ],
    "paid_without_enrollment": [("202401", "a", "p", 50, None, "0.0400")],
    "claims_by_month": [
        ("202201", None, 1, 1, None, 999, 999),
        ("202301", None, 4, 2, None, 500, 400),
        ("202401", 5, 14, 5, None, 1050, 800),
    ],
    "category_mix": [
        ("inpatient", "acute inpatient", 6, 600, "0.7500", 400, 200, 3),
        ("office based", "office visit", 8, 200, "0.2500", None, 200, 5),
    ],
    "paid_by_state": [
        ("2023", None, 2, None, 10099, 1),
        ("2024", None, 4, None, 10299, "0.9537"),
        ("2024", "CA", 9, 600, 500, "0.0463"),
    ],
    "paid_by_member_state": [
        ("2022", None, "office based", 1, 999, 999, 1),
        ("2023", "CA", "inpatient", 4, 500, 400, 1),
        ("2024", "CA", "inpatient", 6, 800, 600, "0.7500"),
        ("2024", None, "office based", 8, 250, 200, "0.2500"),
    ],
    "member_cost_share": [
        ("2022", "a", "p", 999, 0, 0),
        ("2023", "a", "p", 500, 100, "0.2000"),
        ("2024", "a", "p", 1050, 250, "0.2381"),
    ],
    "top_providers": [
        (1, "n2", "North Hospital", None, "CA", 4, 9, 4, 600, 500),
        (2, "n1", None, None, None, 3, 4, 2, None, 400),
    ],
    "top_procedures": [
        (1, "99212", 1, 1, 1, None, 50),
        (1, "99213", 2, 2, 2, None, 50),
        (3, "99211", 1, 1, 1, None, None),
    ],
    "top_diagnoses": [(1, "icd-10-cm", "E119", "Diabetes mellitus", "Endocrine", 3, 5, 3, 80, 70)],
    "top_drugs": [(1, "B", 1, 1, None, None, 60000), (2, "A", 2, 1, 30, 120, 150)],
    "high_cost_members": [("2023", "s", "p3", "49999.99", "0.01", 50000), ("2024", "s", "p2", 10, 60000, 60010)],
    "cost_concentration": [("2023", 1, 50000, 1, 1, 1, 1), ("2024", 3, 101160, "0.5932", "0.5932", "0.5932", "0.9886")],
    "denial_rate": [("a", "202301", 7, 7, 1, 70, 0, 6), ("a", "202401", 70, 40, "0.5714", 400, 5, 9)],
    "denial_reasons": [
        ("a", "PR", "96", None, 30, "0.7500", 300, 9),
        ("a", "CO", "45", None, 10, "0.2500", 100, 4),
    ],
    "lag_triangle": [
        ("202312", 100, 150, 175, *EMPTY_LAGS, 175),
        ("202402", 80, None, None, *EMPTY_LAGS, 80),
    ],
    "ibnr": [("202402", "202402", 100, 160, 80, "0.5000")],
    "inpatient_use": [(2024, "a", 2, 8, 3000, 10500, "3.50", 2000, 1)],
    "readmission_rate": [
        ("2024", "a", 3, 2, 1, "0.3333", 1, "0.3333", 1, 500),
        ("2024", "b", 11, 11, 2, "0.1818", 1, "0.0909", 2, None),
    ],
    "readmissions_by_facility": [("n2", "North Hospital", 11, 2, "0.1818", None)],
    "emergency_use": [("202401", 2, 2, 10, 2400)],
    "risk_distribution": [
        (2024, "V28", "2: 0 to 0.5", 1, "0.4000"),
        (2024, "V28", "3: 0.5 to 1", 2, "0.7000"),
    ],
    "chronic_conditions": [(2024, "diabetes", "Diabetes", 1, 3, "0.3333")],
    "membership": [
        ("202401", "a", None, 2, None, 1),
        ("202402", "a", None, 1, 0, 0),
        ("202403", "a", None, 2, 1, None),
    ],
    "payment_turnaround": [("2024", "a", 3, "15.0", "62.5", 1, 1, 1)],
    "out_of_network": [("2024", "a", "outpatient", 1, 2, 300, "0.7500")],
    "duplicate_claims": [("a", "n1", 1, 300, 1, 50)],
    "freshness": [
        (
            "s",
            "medical_claim",
            2,
            9,
            datetime.fromisoformat("2024-03-01T12:00:00"),
            date(2024, 2, 1),
            None,
            None,
            29,
        )
    ],
}
"""Numbers with decimals are text, as they are compared digit by digit."""
