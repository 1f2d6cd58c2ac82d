"""Sections about money: cost of a member a month, what it goes to, how fast it is paid, what is still to come."""

from decimal import Decimal

from expectations.report_charts import Bar, horizontal_bars
from glue_jobs.dashboard.answers import (
    DASH,
    MONTHS_SHOWN,
    Answers,
    dollars_of,
    known,
    last_months,
    month_label,
    month_of,
    number,
    share_text,
    short_money,
    text,
    total,
)
from glue_jobs.dashboard.charts import Column, Part, TriangleRow, percent, stacked_columns, triangle
from glue_jobs.dashboard.section import DataTable, Picture, Section, hidden_note, rows_of, without_rows
from glue_jobs.dashboard.small_cells import Row, hide_small

COMPLETE = Decimal("0.90")
"""Months of service of which less is paid, by the estimate, are drawn as not complete yet."""
GROUPS_SHOWN = 10
LAGS = tuple(range(13))
MEDICAL, PHARMACY = ("published", "Medical"), ("held", "Pharmacy")


def early_months(answers: Answers) -> set[str]:
    """Months of service of which much is still to be paid."""
    return {
        text(row, "year_month")
        for row in answers["ibnr"]
        if (completed := known(row, "completed_share")) is not None and completed < COMPLETE
    }


def large_months(answers: Answers) -> set[str]:
    """Months of service with claims of so many persons that their money may be told."""
    return {text(row, "year_month") for row in hide_small(answers["claims_by_month"], "persons_at_least")[0]}


def months_told(answers: Answers, name: str) -> tuple[list[Row], int]:
    """Rows of the last months of service that have claims of enough persons, and how many months have too few."""
    claimed = {text(row, "year_month") for row in answers["claims_by_month"]}
    rows = last_months([row for row in answers[name] if text(row, "year_month") in claimed])
    large = large_months(answers)
    told = [row for row in rows if text(row, "year_month") in large]
    return told, len(rows) - len(told)


def pmpm_section(answers: Answers) -> Section:
    """What a member costs a month."""
    title = "Cost of a member a month"
    rows, hidden = hide_small(last_months(answers["pmpm_by_month"]), "persons")
    if not rows:
        return _paid_section(answers)
    early = early_months(answers)
    columns = [_pmpm_column(row, is_early=text(row, "year_month") in early) for row in rows]
    heads = ("Month of service", "Members", "Medical", "Pharmacy", "Paid PMPM", "A year before")
    table = [
        (
            month_label(text(row, "year_month")) + (" *" if text(row, "year_month") in early else ""),
            f"{number(row, 'persons'):,}",
            *(dollars_of(row, name) for name in ("medical_paid_pmpm", "pharmacy_paid_pmpm", "paid_pmpm")),
            dollars_of(row, "paid_pmpm_year_before"),
        )
        for row in rows
    ]
    star = ("* Less than 90% of the month is paid, by the estimate below: it will still grow.",) if early else ()
    return Section(
        "pmpm",
        title,
        "Paid for a member a month (PMPM): what was paid for services of the month, for all who were enrolled in it.",
        "pmpm_by_month",
        (Picture(f"Paid PMPM, the last {MONTHS_SHOWN} months of service.", stacked_columns(columns, title),
                 (MEDICAL, PHARMACY)),),
        DataTable("Paid PMPM by month of service.", heads, rows_of(table)),
        (*star, *hidden_note(hidden, "month", "months")),
    )  # fmt: skip


def _paid_section(answers: Answers) -> Section:
    """What was paid by month, where nothing is known of who was enrolled."""
    title = "Paid by month of service"
    rows, hidden = months_told(answers, "claims_by_month")
    if not rows:
        return without_rows("pmpm", title, "pmpm_by_month")
    early = early_months(answers)
    columns = []
    for row in rows:
        month, year = month_of(text(row, "year_month"))
        said = short_money(number(row, "paid_amount"))
        part = Part("paid", float(number(row, "paid_amount")), said, "published")
        columns.append(Column(year, month, (part,), said, text(row, "year_month") in early))
    table = [
        (month_label(text(row, "year_month")), f"{number(row, 'claims'):,}", dollars_of(row, "paid_amount"))
        for row in rows
    ]
    return Section(
        "pmpm",
        title,
        "Paid for medical services of the month. No members are loaded for these months, so there is no cost of a "
        "member a month (PMPM).",
        "claims_by_month",
        (Picture(f"Paid, the last {MONTHS_SHOWN} months of service.", stacked_columns(columns, title)),),
        DataTable("Paid by month of service.", ("Month of service", "Claims", "Paid"), rows_of(table)),
        hidden_note(hidden, "month", "months"),
    )


def _pmpm_column(row: Row, *, is_early: bool) -> Column:
    month, year = month_of(text(row, "year_month"))
    parts = tuple(
        Part(label, float(number(row, f"{name}_paid_pmpm")), dollars_of(row, f"{name}_paid_pmpm"), colour)
        for (colour, label), name in ((MEDICAL, "medical"), (PHARMACY, "pharmacy"))
    )
    return Column(year, month, parts, f"${number(row, 'paid_pmpm'):,.0f}", is_early)


def category_section(answers: Answers) -> Section:
    """What the money goes to."""
    title = "What the money goes to"
    rows, hidden = hide_small(answers["category_mix"], "persons_at_least", parts=True)
    rows = [row for row in rows if row.get("paid_amount") is not None]
    if not rows:
        return without_rows("mix", title, "category_mix")
    whole = total(answers["category_mix"], "paid_amount")
    bars = [
        Bar(_category(row), max(0.0, float(number(row, "paid_amount"))),
            f"{short_money(number(row, 'paid_amount'))} · {share_text(number(row, 'paid_amount'), whole)}", "published")
        for row in rows[:GROUPS_SHOWN]
    ]  # fmt: skip
    table = [
        (
            _category(row),
            dollars_of(row, "paid_amount"),
            share_text(number(row, "paid_amount"), whole),
            DASH if row.get("paid_amount_year_before") is None else dollars_of(row, "paid_amount_change"),
        )
        for row in rows
    ]
    return Section(
        "mix",
        title,
        "Medical claims by kind of service: paid in the last twelve months of service, and the change to the twelve "
        "before.",
        "category_mix",
        (Picture("Paid by kind of service, the greatest first.", horizontal_bars(bars, title)),),
        DataTable("Paid by kind of service.", ("Kind of service", "Paid", "Share", "Change"), rows_of(table)),
        hidden_note(hidden, "kind of service", "kinds of service"),
    )


def lag_section(answers: Answers) -> Section:
    """How fast claims are paid."""
    title = "How fast claims are paid"
    rows, hidden = months_told(answers, "lag_triangle")
    if not rows:
        return without_rows("lag", title, "lag_triangle")
    ultimate = {text(row, "year_month"): known(row, "ultimate_amount") for row in answers["ibnr"]}
    drawn = [_triangle_row(row, ultimate.get(text(row, "year_month"))) for row in rows]
    table = [
        (month_label(text(row, "year_month")), *("" if row.get(f"paid_by_lag_{lag}") is None
         else short_money(number(row, f"paid_by_lag_{lag}")) for lag in LAGS))
        for row in rows
    ]  # fmt: skip
    return Section(
        "lag",
        title,
        "Each row is a month of service, each column a month later: how much of the amount expected in the end was "
        "paid by then. The last cell of each row is today.",
        "lag_triangle",
        (Picture("Share of the expected amount that is paid, by months after the service.", triangle(drawn, title)),),
        DataTable("Paid in all, by months after the service.", ("Month of service", *map(str, LAGS)), rows_of(table)),
        hidden_note(hidden, "month", "months"),
        is_wide=True,
    )


def _triangle_row(row: Row, ultimate: Decimal | None) -> TriangleRow:
    # where nothing can be estimated, what is paid by now is the whole
    whole = ultimate or number(row, "paid_amount")
    paid = [known(row, f"paid_by_lag_{lag}") for lag in LAGS]
    return TriangleRow(
        month_label(text(row, "year_month")),
        tuple(None if one is None or not whole else float(one / whole) for one in paid),
    )


def reserve_section(answers: Answers) -> Section:
    """What is still to come."""
    title = "What is still to come"
    rows, hidden = months_told(answers, "ibnr")
    if not rows:
        return without_rows("ibnr", title, "ibnr")
    columns = []
    for row in rows:
        month, year = month_of(text(row, "year_month"))
        paid, to_come = number(row, "paid_amount"), number(row, "ibnr_amount")
        parts = (
            Part("Paid", float(paid), short_money(paid), "published"),
            Part("Still to come", float(to_come), short_money(to_come), "quarantined"),
        )
        columns.append(Column(year, month, parts, short_money(paid + to_come)))
    table = [
        (month_label(text(row, "year_month")), dollars_of(row, "paid_amount"), dollars_of(row, "ibnr_amount"),
         DASH if row.get("completed_share") is None else percent(float(number(row, "completed_share"))))
        for row in rows
    ]  # fmt: skip
    legend = (("published", "Paid"), ("quarantined", "Still to come (IBNR)"))
    return Section(
        "ibnr",
        title,
        "Services that were given and are not paid yet, estimated from how earlier months filled up (chain ladder, "
        "medical claims). An estimate, not an actuary's reserve.",
        "ibnr",
        (Picture("Paid, and still to come, by month of service.", stacked_columns(columns, title), legend),),
        DataTable("Paid and still to come.", ("Month of service", "Paid", "Still to come", "Complete"), rows_of(table)),
        hidden_note(hidden, "month", "months"),
    )


def _category(row: Row) -> str:
    first, second = text(row, "service_category_1"), text(row, "service_category_2")
    return first if first == second else f"{second} ({first})"
