"""Answers of named queries as two years of claims of some thousand members would give them; all made up."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

from glue_jobs.dashboard.answers import Answers
from glue_jobs.dashboard.small_cells import Row

MONTHS = tuple(f"{year}{month:02d}" for year in (2023, 2024) for month in range(1, 13))
CATEGORIES = (
    ("inpatient", "acute inpatient", 4_812_300, 240),
    ("outpatient", "outpatient surgery", 2_930_120, 610),
    ("outpatient", "emergency department", 1_840_400, 380),
    ("office based", "office visit", 1_611_900, 2_900),
    ("ancillary", "lab", 701_350, 1_750),
    ("inpatient", "skilled nursing", 388_000, 14),
    ("other", "other", 4_200, 6),
)


def decimal(value: float) -> Decimal:
    return Decimal(str(round(value, 2)))


def pmpm() -> Iterator[Row]:
    for number, month in enumerate(MONTHS):
        fade = {22: 0.92, 23: 0.55}.get(number, 1.0)
        medical, drugs, members = (310 + 4 * number) * fade, 96 + 1.5 * number, 5_000 + 21 * number
        yield {
            "year_month": month,
            "member_months": members,
            "persons": members,
            "medical_paid_amount": decimal(medical * members),
            "pharmacy_paid_amount": decimal(drugs * members),
            "medical_paid_pmpm": decimal(medical),
            "pharmacy_paid_pmpm": decimal(drugs),
            "paid_pmpm": decimal(medical + drugs),
            "paid_pmpm_year_before": None
            if number < 12
            else decimal(310 + 4 * (number - 12) + 96 + 1.5 * (number - 12)),
        }


def completed(number: int) -> float:
    """Share of a month of service that is paid at the end of 2024."""
    return (0.31, 0.68, 0.86, 0.93, 0.96, 0.98, 0.99, 1, 1, 1, 1, 1, 1)[min(12, number)]


def lags() -> Iterator[Row]:
    for number, month in enumerate(MONTHS):
        age = len(MONTHS) - 1 - number
        ultimate = 1_500_000 + 11_000 * number
        paid = {lag: decimal(ultimate * completed(lag)) if lag <= age else None for lag in range(13)}
        yield {
            "year_month": month,
            **{f"paid_by_lag_{lag}": amount for lag, amount in paid.items()},
            "paid_amount": decimal(ultimate * completed(age)),
        }


def reserves() -> Iterator[Row]:
    for number, month in enumerate(MONTHS):
        ultimate, share = 1_500_000 + 11_000 * number, completed(len(MONTHS) - 1 - number)
        yield {
            "year_month": month,
            "valuation_year_month": MONTHS[-1],
            "paid_amount": decimal(ultimate * share),
            "ultimate_amount": decimal(ultimate),
            "ibnr_amount": decimal(ultimate * (1 - share)),
            "completed_share": decimal(share),
        }


def denials() -> Iterator[Row]:
    for number, month in enumerate(MONTHS):
        for payer, share in (("Northern Health", 0.071), ("Plains Mutual", 0.104)):
            yield {
                "payer": payer,
                "year_month": month,
                "lines_judged": 9_000,
                "lines_denied": round(9_000 * share) + 13 * (number % 5),
                "denied_charge_amount": decimal(210_000 + 900 * number),
                "lines_unknown": 0,
                "persons_at_least": 400,
            }


def answers() -> Answers:
    return {
        "pmpm_by_month": list(pmpm()),
        "claims_by_month": [{"year_month": month, "claims": 8_000, "persons_at_least": 2_400} for month in MONTHS],
        "category_mix": [
            {
                "service_category_1": first,
                "service_category_2": second,
                "paid_amount": decimal(paid),
                "paid_amount_year_before": decimal(paid * 0.94),
                "paid_amount_change": decimal(paid * 0.06),
                "persons_at_least": persons,
            }
            for first, second, paid, persons in CATEGORIES
        ],
        "lag_triangle": list(lags()),
        "ibnr": list(reserves()),
        "denial_rate": list(denials()),
        "denial_reasons": [
            {"payer": payer, "adjustment_group_code": group, "adjustment_reason_code": code, "lines": lines,
             "persons_at_least": persons}
            for payer, group, code, lines, persons in (
                ("Northern Health", "CO", "16", 4_120, 310),
                ("Plains Mutual", "CO", "16", 3_015, 260),
                ("Northern Health", "CO", "29", 1_240, 150),
                ("Plains Mutual", "PR", "204", 980, 90),
                ("Plains Mutual", "OA", "18", 377, 41),
                ("Plains Mutual", "CO", "197", 12, 4),
            )
        ],
        "top_diagnoses": [
            {"diagnosis_code_1": code, "ccsr_category_description": words, "paid_amount": decimal(paid),
             "persons_at_least": persons}
            for code, words, paid, persons in (
                ("I5023", "Heart failure", 812_400, 61),
                ("A419", "Septicemia", 701_900, 38),
                ("E1165", "Diabetes mellitus with complication", 455_120, 240),
                ("M1711", "Osteoarthritis", 390_050, 44),
                ("C3490", None, 380_000, 3),
            )
        ],
        "chronic_conditions": [
            {"service_year": year, "condition": name, "condition_description": words, "persons": persons,
             "members": 5_400}
            for year in (2023, 2024)
            for name, words, persons in (
                ("hypertension", "Hypertension", 1_944),
                ("diabetes", "Diabetes", 702),
                ("copd", "Chronic obstructive pulmonary disease", 240),
                ("sickle_cell", "Sickle cell disease", 5),
            )
        ],
        "inpatient_use": [
            {"year": year, "payer": payer, "admissions": admissions, "persons": persons,
             "admissions_per_thousand": decimal(rate), "mean_stay_days": decimal(4.61),
             "paid_amount_per_stay": decimal(14_210.55)}
            for year, payer, admissions, persons, rate in (
                (2023, "Northern Health", 310, 270, 92.4),
                (2024, "Northern Health", 322, 281, 95.1),
                (2024, "Plains Mutual", 7, 7, 41.0),
            )
        ],
        "readmission_rate": [
            {"year": year, "payer": payer, "index_discharges": index, "persons": persons, "readmissions": back,
             "readmission_rate": decimal(back / index), "persons_readmitted": readmitted}
            for year, payer, index, persons, back, readmitted in (
                ("2023", "Northern Health", 290, 255, 41, 33),
                ("2024", "Northern Health", 300, 262, 39, 31),
                ("2024", "Plains Mutual", 60, 55, 4, 4),
            )
        ],
        "emergency_use": [
            {"year_month": month, "visits": 120 + number % 7, "persons": 100, "member_months": 5_000,
             "visits_per_thousand": decimal(288 + 2.4 * (number % 7))}
            for number, month in enumerate(MONTHS)
        ],
        "risk_distribution": [
            {"payment_year": 2025, "model": model, "score_band": band, "persons": persons, "mean_score": decimal(mean)}
            for model, band, persons, mean in (
                ("Charlson", "2: 0 to 0.5", 3_900, 0),
                ("Charlson", "4: 1 to 2", 1_003, 1),
                ("Charlson", "7: 5 or more", 120, 6.2),
                ("V28", "2: 0 to 0.5", 2_410, 0.34),
                ("V28", "3: 0.5 to 1", 1_730, 0.71),
                ("V28", "4: 1 to 2", 690, 1.34),
                ("V28", "5: 2 to 3", 140, 2.4),
                ("V28", "7: 5 or more", 8, 6.1),
            )
        ],
        "quality_history": [
            {"source": source, "run_id": f"run-{number}", "finished_at": datetime(2024, number, 1, tzinfo=UTC),
             "score": Decimal(score), "completeness": Decimal(score), "validity": Decimal("99.9"), "timeliness": None}
            for source, number, score in (("clinic", 3, "96.1"), ("clinic", 4, "98.9"), ("payer", 4, "94.0"))
        ],
        "freshness": [
            {"source": "clinic", "files": 41, "lines": 260_113, "last_loaded_at": datetime(2025, 1, 4, tzinfo=UTC),
             "last_service_date": date(2024, 12, 30), "last_paid_date": None, "service_lag_days": 5},
            {"source": "nppes", "files": 1, "lines": 900, "last_loaded_at": datetime(2025, 1, 2, tzinfo=UTC)},
        ],
    }  # fmt: skip
