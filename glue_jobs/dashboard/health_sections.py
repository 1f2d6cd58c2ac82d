"""Sections about members: their conditions, hospital care, and risk. Groups of few persons are not told."""

from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup

from expectations.report_charts import Bar, horizontal_bars
from glue_jobs.dashboard.answers import (
    Answers,
    dollars_of,
    last_months,
    month_label,
    month_of,
    number,
    share_text,
    short_money,
    shortened,
    text,
)
from glue_jobs.dashboard.charts import Column, Part, stacked_columns
from glue_jobs.dashboard.section import DataTable, Picture, Section, hidden_note, rows_of, without_rows
from glue_jobs.dashboard.small_cells import Row, hide_small

GROUPS_SHOWN = 10


def condition_section(answers: Answers) -> Section:
    """Which conditions members have, and which cost most."""
    title = "Conditions"
    costly, hidden = hide_small(answers["top_diagnoses"], "persons_at_least")
    last_year = last_year_told(answers["chronic_conditions"], "service_year")
    of_year = [row for row in answers["chronic_conditions"] if number(row, "service_year") == last_year]
    chronic, hidden_chronic = hide_small(of_year, "persons")
    if not costly and not chronic:
        return without_rows("conditions", title, "top_diagnoses")
    cost_bars = [
        Bar(shortened(_diagnosis(row)), max(0.0, float(number(row, "paid_amount"))),
            short_money(number(row, "paid_amount")), "published")
        for row in costly[:GROUPS_SHOWN]
    ]  # fmt: skip
    share_bars = [
        Bar(shortened(text(row, "condition_description")), float(number(row, "persons")),
            _members(row), "held")
        for row in chronic[:GROUPS_SHOWN]
    ]  # fmt: skip
    pictures = (
        Picture("Principal diagnoses with the greatest paid amount in the last twelve months of service.",
                horizontal_bars(cost_bars, "Paid by principal diagnosis")),
        Picture(f"Members with a chronic condition, services of {last_year}, and their share of all members.",
                horizontal_bars(share_bars, "Members by chronic condition")),
    )  # fmt: skip
    table = [
        *((_diagnosis(row), "paid", dollars_of(row, "paid_amount")) for row in costly[:GROUPS_SHOWN]),
        *((text(row, "condition_description"), "members", f"{number(row, 'persons'):,}")
          for row in chronic[:GROUPS_SHOWN]),
    ]  # fmt: skip
    return Section(
        "conditions",
        title,
        "What members are treated for, by what it costs and by how many live with it.",
        "top_diagnoses",
        tuple(picture for picture, drawn in zip(pictures, (cost_bars, share_bars), strict=True) if drawn),
        DataTable("Conditions.", ("Condition", "What is counted", "Number"), rows_of(table)),
        (
            *hidden_note(hidden, "diagnosis", "diagnoses"),
            *hidden_note(hidden_chronic, "chronic condition", "chronic conditions"),
        ),
    )


def last_year_told(rows: Sequence[Row], name: str) -> int:
    """The last year with a group of enough persons; a few early claims of a new year do not make it one."""
    return max((int(number(row, name)) for row in hide_small(rows, "persons")[0]), default=0)


def _members(row: Row) -> str:
    said = f"{number(row, 'persons'):,}"
    return f"{said} · {share_text(number(row, 'persons'), number(row, 'members'))}" if row.get("members") else said


def _diagnosis(row: Row) -> str:
    code = text(row, "diagnosis_code_1")
    said = text(row, "ccsr_category_description", "") or text(row, "diagnosis_chapter", "")
    return f"{code} · {said}" if said else code


def hospital_section(answers: Answers) -> Section:
    """Admissions, readmissions and emergency visits."""
    title = "Hospital care"
    stays, hidden = hide_small(answers["inpatient_use"], "persons")
    back, hidden_back = hide_small(answers["readmission_rate"], "persons", "persons_readmitted")
    visits, hidden_visits = hide_small(last_months(answers["emergency_use"]), "persons")
    if not stays and not back and not visits:
        return without_rows("hospital", title, "inpatient_use")
    rates = [row for row in stays if row.get("admissions_per_thousand") is not None]
    stay_bars = [
        Bar(_of_year(row), float(number(row, "admissions_per_thousand")),
            f"{number(row, 'admissions_per_thousand'):,} admissions · {number(row, 'mean_stay_days')} days",
            "published")
        for row in rates[-GROUPS_SHOWN:]
    ]  # fmt: skip
    back_bars = [
        Bar(_of_year(row), float(number(row, "readmission_rate")), f"{100 * number(row, 'readmission_rate'):.1f}%",
            "quarantined")
        for row in back[-GROUPS_SHOWN:]
    ]  # fmt: skip
    visit_chart, visit_caption = _visits(visits)
    pictures = (
        Picture("Acute admissions for 1,000 members a year, and mean length of stay, by year and payer.",
                horizontal_bars(stay_bars, "Acute admissions")),
        Picture("Discharges followed by a readmission within 30 days, for any cause, by year and payer.",
                horizontal_bars(back_bars, "Readmissions within 30 days")),
        Picture(visit_caption, visit_chart),
    )  # fmt: skip
    table = [
        *((_of_year(row), "Acute admissions", f"{number(row, 'admissions'):,}") for row in stays),
        *((_of_year(row), "Paid for a stay", dollars_of(row, "paid_amount_per_stay")) for row in stays),
        *((_of_year(row), "Discharges that can be followed", f"{number(row, 'index_discharges'):,}") for row in back),
        *((_of_year(row), "Readmissions", f"{number(row, 'readmissions'):,}") for row in back),
        *((month_label(text(row, "year_month")), "Emergency visits", f"{number(row, 'visits'):,}") for row in visits),
    ]
    return Section(
        "hospital",
        title,
        "How often members are admitted, come back within 30 days, and go to the emergency department.",
        "inpatient_use",
        tuple(picture for picture, drawn in zip(pictures, (stay_bars, back_bars, visits), strict=True) if drawn),
        DataTable("Hospital care.", ("Period", "What is counted", "Number"), rows_of(table)),
        (
            *hidden_note(hidden, "year of a payer's admissions", "years of a payer's admissions"),
            *hidden_note(hidden_back, "year of a payer's readmissions", "years of a payer's readmissions"),
            *hidden_note(hidden_visits, "month of emergency visits", "months of emergency visits"),
        ),
    )


def _visits(rows: Sequence[Row]) -> tuple[Markup, str]:
    """Visits by month for 1,000 members a year; plain visits where members are not known of every month."""
    by_members = all(row.get("visits_per_thousand") is not None for row in rows)
    name = "visits_per_thousand" if by_members else "visits"
    columns = []
    for row in rows:
        month, year = month_of(text(row, "year_month"))
        part = Part("visits", float(number(row, name)), f"{number(row, name):,}", "warned")
        columns.append(Column(year, month, (part,), f"{number(row, name):,.0f}"))
    chart = stacked_columns(columns, "Emergency department visits", "{:,.0f}".format)
    return chart, f"Emergency department visits{' for 1,000 members a year' if by_members else ''}, by month."


def _of_year(row: Row) -> str:
    return f"{text(row, 'year')} · {text(row, 'payer')}"


def risk_section(answers: Answers) -> Section:
    """How ill the members are."""
    title = "Risk of the members"
    scored = answers["risk_distribution"]
    last_year = last_year_told(scored, "payment_year")
    models = sorted({text(row, "model") for row in scored if number(row, "payment_year") == last_year})
    pictures, table, hidden = [], [], 0
    for model in models:
        of_model = [row for row in scored if row.get("model") == model and number(row, "payment_year") == last_year]
        bands, few = hide_small(of_model, "persons", parts=True)
        hidden += few
        bars = [
            Bar(_band(row), float(number(row, "persons")), f"{number(row, 'persons'):,} members", "published")
            for row in bands
        ]
        if bars:
            chart = horizontal_bars(bars, f"Members by {model} score")
            pictures.append(Picture(f"{model}: members by band of the score, for {last_year}.", chart))
        table += [
            (model, _band(row), f"{number(row, 'persons'):,}", f"{number(row, 'mean_score'):.2f}") for row in bands
        ]
    if not pictures:
        return without_rows("risk", title, "risk_distribution")
    return Section(
        "risk",
        title,
        "CMS-HCC scores say what a member is expected to cost (1.0 is average in Medicare); Charlson and Elixhauser "
        "count points for what a member is ill with.",
        "risk_distribution",
        tuple(pictures),
        DataTable("Members by score.", ("Model", "Score", "Members", "Mean score"), rows_of(table)),
        hidden_note(hidden, "band of scores", "bands of scores"),
    )


def _band(row: Row) -> str:
    return text(row, "score_band").split(": ", 1)[-1]


def admission_rate(answers: Answers) -> tuple[Decimal, str] | None:
    """The readmission rate of the last year that may be told, over all payers, and the year."""
    rows, _ = hide_small(answers["readmission_rate"], "persons", "persons_readmitted")
    if not rows:
        return None
    year = max(text(row, "year") for row in rows)
    of_year = [row for row in rows if text(row, "year") == year]
    discharges = sum(number(row, "index_discharges") for row in of_year)
    return sum(number(row, "readmissions") for row in of_year) / Decimal(discharges), year
