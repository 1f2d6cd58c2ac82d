"""Members: months and gaps of enrolment, conditions, risk scores; DERIVED says which table each is made for."""

from pyspark.sql import DataFrame

from glue_jobs.derivations import Derivation
from glue_jobs.members.enrollment_gaps import enrollment_gaps
from glue_jobs.members.link_persons import link_persons, person_pairs
from glue_jobs.members.member_conditions import member_conditions
from glue_jobs.members.member_months import member_months
from glue_jobs.members.risk_scores import risk_scores

DERIVED = (
    Derivation("member_month", ("eligibility",), "persons", lambda given: member_months(given["eligibility"])),
    Derivation("enrollment_gap", ("eligibility",), "persons", lambda given: enrollment_gaps(given["eligibility"])),
    Derivation(
        "member_condition", ("medical_claim",), "persons", lambda given: member_conditions(given["medical_claim"])
    ),
    Derivation(
        "member_risk_score",
        ("eligibility", "medical_claim"),
        "persons",
        lambda given: risk_scores(given["eligibility"], given["medical_claim"]),
    ),
    Derivation(
        "member_crosswalk",
        ("eligibility",),
        "whole",
        lambda given: link_persons(person_pairs(given["eligibility"]), DataFrame.localCheckpoint),
    ),
)
"""In the order in which they are made; none is made of another."""
