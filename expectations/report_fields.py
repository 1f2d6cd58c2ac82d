"""The kinds of value that a run report is made of: counts, seconds, money to the cent, scores, times in UTC, lines."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

CENT = Decimal("0.01")
TENTH = Decimal("0.1")


def _reject_float(value: object) -> object:
    if isinstance(value, float):
        raise ValueError("money does not pass through floating point; give a Decimal or text")  # noqa: TRY004 (pydantic)
    return value


def _to_cents(value: Decimal) -> Decimal:
    try:
        cents = value.quantize(CENT)
    except InvalidOperation as error:
        raise ValueError("money is out of range") from error
    if cents != value:
        raise ValueError("money has more than two decimal places")
    return cents + 0


def _to_tenths(value: Decimal) -> Decimal:
    tenths = value.quantize(TENTH)
    if tenths != value:
        raise ValueError("a score has one decimal place")
    return tenths


def _to_utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


def _to_one_line(value: str) -> str:
    return " ".join(value.split())


Money = Annotated[Decimal, BeforeValidator(_reject_float), AfterValidator(_to_cents)]
Instant = Annotated[AwareDatetime, AfterValidator(_to_utc)]
OneLine = Annotated[str, AfterValidator(_to_one_line)]
Count = Annotated[int, Field(ge=0)]
Score = Annotated[Decimal, Field(ge=0, le=100), AfterValidator(_to_tenths)]
Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Reported(BaseModel):
    """Base of everything in a report: frozen, and a field that is not declared is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")
