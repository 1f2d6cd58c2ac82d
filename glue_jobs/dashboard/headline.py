"""The headline figures: what a chief medical officer looks at first, each with what it is to be compared with."""

from collections.abc import Iterator
from decimal import Decimal

from glue_jobs.dashboard.answers import (
    Answers,
    known,
    last_months,
    month_label,
    number,
    share_text,
    short_money,
    text,
    total,
)
from glue_jobs.dashboard.cost_sections import early_months, large_months
from glue_jobs.dashboard.data_sections import last_scores
from glue_jobs.dashboard.health_sections import admission_rate
from glue_jobs.dashboard.section import Figure
from glue_jobs.dashboard.small_cells import Row, hide_small

YEAR = 12


def headline(answers: Answers) -> tuple[Figure, ...]:
    """Figures that there are, in the order in which they are read."""
    return tuple(_figures(answers))


def _figures(answers: Answers) -> Iterator[Figure]:
    months = hide_small(answers["pmpm_by_month"], "persons")[0]
    yield from _cost(months, early_months(answers)) if months else _paid(answers)
    denials = last_months(answers["denial_rate"], YEAR)
    denials = hide_small(denials, "persons_at_least")[0]
    if denials and (judged := total(denials, "lines_judged")):
        share = share_text(total(denials, "lines_denied"), judged)
        yield Figure("Lines denied", share, "of lines of which it is known, last twelve months")
    if rate := admission_rate(answers):
        yield Figure("Readmitted within 30 days", f"{100 * rate[0]:.1f}%", f"of discharges of {rate[1]}, any cause")
    large = large_months(answers)
    to_come = [row for row in answers["ibnr"] if text(row, "year_month") in large]
    if to_come:
        amount = short_money(total(to_come, "ibnr_amount"))
        yield Figure("Still to come (IBNR)", amount, "estimate for medical services already given")
    if scores := last_scores(answers):
        least = min(scores, key=lambda row: number(row, "score"))
        yield Figure("Quality of the data", f"{number(least, 'score')}", f"of 100, the lowest: {text(least, 'source')}")


def _cost(months: list[Row], early: set[str]) -> Iterator[Figure]:
    # months of which much is still to be paid would look cheap
    dated = last_months([row for row in months if text(row, "year_month") not in early], 2 * YEAR)
    recent, before = dated[-YEAR:], dated[-2 * YEAR : -YEAR]
    pmpm = _pmpm(recent)
    if pmpm is None:
        return
    period = f"{month_label(text(recent[0], 'year_month'))} to {month_label(text(recent[-1], 'year_month'))}"
    earlier = _pmpm(before) if len(before) == YEAR else None
    change = "" if earlier is None else f", {_change(pmpm, earlier)} on the year before"
    yield Figure("Paid for a member a month", f"${pmpm:,.2f}", period + change)
    last = last_months(months, 1)[0]
    yield Figure("Members", f"{number(last, 'persons'):,}", f"enrolled in {month_label(text(last, 'year_month'))}")
    paid = total(recent, "medical_paid_amount") + total(recent, "pharmacy_paid_amount")
    pharmacy = share_text(total(recent, "pharmacy_paid_amount"), paid, 0)
    yield Figure("Paid", short_money(paid), f"{period}, {pharmacy} of it for drugs")


def _paid(answers: Answers) -> Iterator[Figure]:
    months = last_months(hide_small(answers["claims_by_month"], "persons_at_least")[0], YEAR)
    if months:
        period = f"{month_label(text(months[0], 'year_month'))} to {month_label(text(months[-1], 'year_month'))}"
        yield Figure("Paid", short_money(total(months, "paid_amount")), f"{period}, medical")
        yield Figure("Claims", f"{total(months, 'claims'):,}", period)


def _pmpm(months: list[Row]) -> Decimal | None:
    member_months = total(months, "member_months")
    paid = [known(row, name) or 0 for row in months for name in ("medical_paid_amount", "pharmacy_paid_amount")]
    return Decimal(sum(paid)) / member_months if member_months else None


def _change(now: Decimal, before: Decimal) -> str:
    if not before:
        return "no amount"
    change = 100 * (now - before) / before
    return f"{'+' if change >= 0 else '-'}{abs(change):.1f}%"
