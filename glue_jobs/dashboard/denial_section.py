"""The section about denials: how much is denied by month, and why."""

from decimal import Decimal

from expectations.report_charts import Bar, horizontal_bars
from glue_jobs.dashboard.answers import (
    Answers,
    dollars_of,
    last_months,
    month_label,
    month_of,
    number,
    text,
    total,
)
from glue_jobs.dashboard.charts import Column, Part, stacked_columns
from glue_jobs.dashboard.section import DataTable, Picture, Section, hidden_note, rows_of, without_rows
from glue_jobs.dashboard.small_cells import Row, hide_small

REASONS_SHOWN = 10


def denial_section(answers: Answers) -> Section:
    """What is denied, and why."""
    title = "Denials"
    rows, hidden = hide_small(_denials_by_month(answers), "persons_at_least")
    reasons, hidden_reasons = hide_small(_reasons(answers), "persons_at_least", parts=True)
    if not rows and not reasons:
        return without_rows("denials", title, "denial_rate")
    columns = []
    for row in rows:
        month, year = month_of(text(row, "year_month"))
        share = float(100 * number(row, "lines_denied") / number(row, "lines_judged"))
        columns.append(Column(year, month, (Part("denied", share, f"{share:.1f}%", "quarantined"),), f"{share:.1f}%"))
    bars = [
        Bar(text(row, "reason"), float(number(row, "lines")), f"{number(row, 'lines'):,} lines", "quarantined")
        for row in reasons[:REASONS_SHOWN]
    ]
    pictures = (
        Picture("Lines denied, of 100 lines of which it is known.", stacked_columns(columns, title, "{:g}%".format)),
        Picture("Why lines were denied in the last twelve months: group and reason code, or processing indicator.",
                horizontal_bars(bars, "Denied lines by reason")),
    )  # fmt: skip
    table = [
        (month_label(text(row, "year_month")), f"{number(row, 'lines_denied'):,}", f"{number(row, 'lines_judged'):,}",
         dollars_of(row, "denied_charge_amount"))
        for row in rows
    ]  # fmt: skip
    return Section(
        "denials",
        title,
        "Lines that a payer did not pay, and said why. Lines of senders who do not say are not counted.",
        "denial_rate",
        tuple(picture for picture, drawn in zip(pictures, (columns, bars), strict=True) if drawn),
        DataTable("Denied lines by month of service.", ("Month", "Denied", "Judged", "Denied charges"), rows_of(table)),
        (*hidden_note(hidden, "month", "months"), *hidden_note(hidden_reasons, "reason", "reasons")),
    )


def _denials_by_month(answers: Answers) -> list[Row]:
    months: dict[str, list[Row]] = {}
    for row in last_months(answers["denial_rate"]):
        months.setdefault(text(row, "year_month"), []).append(row)
    names = ("lines_judged", "lines_denied", "denied_charge_amount")
    merged: list[Row] = [
        {"year_month": month, "persons_at_least": _most_persons(rows), **{name: total(rows, name) for name in names}}
        for month, rows in sorted(months.items())
    ]
    return [row for row in merged if number(row, "lines_judged")]


def _reasons(answers: Answers) -> list[Row]:
    reasons: dict[str, list[Row]] = {}
    for row in answers["denial_reasons"]:
        group, code = text(row, "adjustment_group_code", ""), text(row, "adjustment_reason_code", "")
        indicator = text(row, "line_processing_indicator_code", "")
        name = " ".join(part for part in (group, code) if part) or f"Indicator {indicator or 'not told'}"
        reasons.setdefault(name, []).append(row)
    merged: list[Row] = [
        {"reason": name, "lines": total(rows, "lines"), "persons_at_least": _most_persons(rows)}
        for name, rows in reasons.items()
    ]
    return sorted(merged, key=lambda row: (-number(row, "lines"), text(row, "reason")))


def _most_persons(rows: list[Row]) -> int:
    return int(max((number(row, "persons_at_least") for row in rows), default=Decimal(0)))
