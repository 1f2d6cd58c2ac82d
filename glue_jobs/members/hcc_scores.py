"""CMS-HCC scores of person years by `hccinfhir`: the one place where rows leave the JVM on their way to a table.

Why here and nowhere else: CMS publishes its model as SAS macros with edits, hierarchies and interactions by version,
which the library carries; written again in SQL they would be ours to keep true. The linter bans Python functions over
rows (`udf`, `pandas_udf`); `mapInPandas` passes it, and this module is its one use, held by a test. It sees member
years, never claim lines, in batches of Arrow.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from pyspark.sql import DataFrame

from glue_jobs.members.hcc_library import MODELS, processor, reference_year

if TYPE_CHECKING:
    import pandas as pd
    from hccinfhir import HCCInFHIR

SCORED, ESRD, FAILED = "scored", "esrd", "failed"
SEXES = {"male": "M", "female": "F"}
PERSON_YEAR = (
    "data_source string, person_id string, payment_year int, service_year int, age_years int, gender string, "
    "enrolled_months_count int"
)
RESULT = (
    "model string, score decimal(18,4), score_status string, conditions string, replaced_conditions string, "
    "coefficients string, category string, reference_year int"
)
WHOLE_NUMBERS = ("payment_year", "service_year", "age_years", "enrolled_months_count", "reference_year")
"""Columns with null in them come from Arrow as floats."""


class Score(NamedTuple):
    """What one model says of one person year; the fields are those of RESULT."""

    model: str
    score: Decimal | None
    score_status: str
    conditions: str = ""
    replaced_conditions: str = ""
    coefficients: str = ""
    category: str | None = None
    reference_year: int | None = None


def hcc_scores(years: DataFrame) -> DataFrame:
    """PERSON_YEAR and RESULT, one row a person year and model. In: rows of `person_years` with `diagnosis_codes`."""
    return years.mapInPandas(_score_batches, f"{PERSON_YEAR}, {RESULT}")


def _score_batches(batches: Iterable["pd.DataFrame"]) -> Iterator["pd.DataFrame"]:
    import pandas as pd  # noqa: PLC0415 - optional, and imported where the work is done

    kept, added = _names(PERSON_YEAR), list(Score._fields)
    for batch in batches:
        scored = [
            (*(getattr(row, name) for name in kept), *score)
            for row in batch.itertuples(index=False)
            for score in score_person_year(row)
        ]
        frame = pd.DataFrame(scored, columns=[*kept, *added], dtype=object)
        yield frame.astype(dict.fromkeys(WHOLE_NUMBERS, "Int32"))


def _names(schema: str) -> list[str]:
    return [field.split()[0] for field in schema.split(", ")]


def score_person_year(row: Any) -> list[Score]:  # noqa: ANN401 - a row of `person_years`, as pandas names its tuples
    """The scores of all models. Who cannot be scored has a row that says why, without a word of the library's."""
    status = row.demographics_missing or (ESRD if row.esrd else None)
    if status:
        return [Score(model, None, status) for model in MODELS]
    return [_score(row, model) for model in MODELS]


def _score(row: Any, model: str) -> Score:  # noqa: ANN401 - as above
    year = reference_year(int(row.payment_year))
    calculator = processor(model, year)  # outside: a library that is broken fails the job, not each member
    try:
        return _asked(calculator, row, model, year)
    except Exception:
        # whatever it says may quote the member, so it is told nowhere; the row says that there was a failure
        return Score(model, None, FAILED, reference_year=year)


def _asked(calculator: "HCCInFHIR", row: Any, model: str, year: int) -> Score:  # noqa: ANN401 - as above
    from hccinfhir.model_coefficients import get_coefficent_prefix  # noqa: PLC0415 - optional

    result = calculator.calculate_from_diagnosis(
        [] if row.diagnosis_codes is None else list(row.diagnosis_codes),
        age=int(row.age_years),
        sex=SEXES[row.gender],
        dual_elgbl_cd=row.dual_code,
        orec=row.original_entitlement,
        new_enrollee=bool(row.new_enrollee),
        lti=bool(row.institutional),
        snp=bool(row.chronic_snp),
    )
    # the library adds floats; its coefficients have three decimals, and their sum is exact as decimals
    coefficients = {_name(name): Decimal(str(value)) for name, value in result.coefficients.items() if value}
    found, counted = set(result.cc_to_dx), set(result.hcc_list)
    return Score(
        model=model,
        score=sum(coefficients.values(), Decimal(0)).quantize(Decimal("0.0001")),
        score_status=SCORED,
        conditions=_in_order(counted),
        replaced_conditions=_in_order(found - counted),
        coefficients=",".join(f"{name}={value}" for name, value in sorted(coefficients.items())),
        category=f"{get_coefficent_prefix(result.demographics, result.model_name)}{result.demographics.category}",
        reference_year=year,
    )


def _in_order(numbers: Iterable[str]) -> str:
    return ",".join(sorted(numbers, key=int))


def _name(coefficient: str) -> str:
    return f"HCC{coefficient}" if coefficient.isdigit() else coefficient
