"""The run report as one HTML page that needs nothing else: no script, no font, no image from anywhere.

The page is made from a `RunReport` and nothing more; the template escapes whatever it prints.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from expectations.report import RunReport
from expectations.report_charts import Bar, MoneyColumn, horizontal_bars, money_columns, stacked_bar
from expectations.report_parts import FileOutcome, MonthMoney
from expectations.report_quality import quality_section
from expectations.report_verdict import counted, held_because, verdict
from expectations.row_rules import Severity

FILES_SHOWN = 50
RULES_SHOWN = 50
RULES_DRAWN = 15
COLUMNS_DRAWN = 60
MONTH_ROWS_UNFOLDED = 12
MONTH_NAMES = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FILE_ORDER = ("refused", "held", "empty", "published", "known")
MONTHLY_QUERY = (
    "SELECT year, month, count(*) AS lines, sum(paid_amount) AS paid FROM {table} "
    "GROUP BY year, month ORDER BY year, month"
)
PLAIN_QUERY = "SELECT count(*) AS rows_in_table FROM {table}"
_PLACE_TO_BREAK = re.compile(r"(?<=[/_])(?=.)", re.DOTALL)
MINUTE, SHOWN_AS_A_MINUTE = 60, 59.95
EFFECT = {Severity.CRITICAL: "quarantined", Severity.WARNING: "kept, with a warning", Severity.INFO: "kept and counted"}
EFFECT_COLOUR = {Severity.CRITICAL: "quarantined", Severity.WARNING: "warned", Severity.INFO: "resent"}


def render_run_report(report: RunReport) -> str:
    """The report as one self-contained HTML page, the same text for the same report."""
    files = sorted(report.files, key=_file_order)
    rules = sorted(report.broken_rules, key=lambda rule: (-rule.records, rule.rule_id, rule.source))
    return (
        page_environment()
        .get_template("run_report.html.j2")
        .render(
            report=report,
            verdict=verdict(report),
            files=files[:FILES_SHOWN],
            files_left_out=len(files) - FILES_SHOWN,
            problems_left_out=sum(file.has_problem for file in files[FILES_SHOWN:]),
            rules=rules[:RULES_SHOWN],
            rules_left_out=len(rules) - RULES_SHOWN,
            rules_drawn=RULES_DRAWN,
            effect=EFFECT,
            effect_colour=EFFECT_COLOUR,
            quality=quality_section(report),
            nothing_published=report.nothing_published,
            outcomes=_outcomes(report),
            outcome_chart=stacked_bar(_outcomes(report), "Records by outcome"),
            rule_chart=_rule_chart(report),
            stage_chart=_stage_chart(report),
            money_tables=_money_tables(report.months),
            query=example_query(report),
        )
    )


def example_query(report: RunReport) -> str:
    """A query that answers on the tables of this run; empty where it has none."""
    dated = {month.table for month in report.months}
    for table in report.tables:
        if table.table in dated:
            return MONTHLY_QUERY.format(table=table.table)
    return PLAIN_QUERY.format(table=report.tables[0].table) if report.tables else ""


def _file_order(file: FileOutcome) -> tuple[bool, int, int, str]:
    return not file.has_problem, FILE_ORDER.index(file.status), -file.records_quarantined, file.file


def _outcomes(report: RunReport) -> list[Bar]:
    numbers = (
        ("Accepted, not published" if report.nothing_published else "Published", report.records_accepted, "published"),
        ("Quarantined", report.records_quarantined, "quarantined"),
        ("Sent twice", report.records_resent, "resent"),
    )
    held = (("Held", report.records_held, "held"),) if report.records_held else ()
    return [Bar(label, number, f"{number:,}", colour) for label, number, colour in (*numbers, *held)]


def _rule_chart(report: RunReport) -> Markup:
    records: Counter[tuple[str, Severity]] = Counter()
    for rule in report.broken_rules:
        records[rule.rule_id, rule.severity] += rule.records
    bars = [
        Bar(f"{rule_id} · {EFFECT[severity]}", number, f"{number:,}", EFFECT_COLOUR[severity])
        for (rule_id, severity), number in records.most_common(RULES_DRAWN)
    ]
    return horizontal_bars(bars, "Records that broke a rule, by rule")


def _stage_chart(report: RunReport) -> Markup:
    bars = [Bar(stage.name, stage.seconds, duration(stage.seconds), "published") for stage in report.stages]
    return horizontal_bars(bars, "Time by stage")


def _money_tables(months: Sequence[MonthMoney]) -> list[dict[str, object]]:
    ordered = sorted(months, key=lambda month: (month.table, month.year, month.month))
    return [_money_table(table, list(of_table)) for table, of_table in groupby(ordered, key=lambda month: month.table)]


def _money_table(table: str, months: list[MonthMoney]) -> dict[str, object]:
    by_month = len(months) <= COLUMNS_DRAWN
    drawn = months if by_month else _by_year(months)
    columns = [_money_column(month) for month in drawn[-COLUMNS_DRAWN:]]
    return {
        "table": table,
        "months": months,
        "unit": "month" if by_month else "year",
        "not_drawn": len(drawn) - len(columns),
        "unfolded": len(months) <= MONTH_ROWS_UNFOLDED,
        "chart": money_columns(columns, f"Paid amounts published to {table}"),
    }


def _by_year(months: Sequence[MonthMoney]) -> list[MonthMoney]:
    return [_year_of(list(group)) for _, group in groupby(months, key=lambda month: month.year)]


def _year_of(months: list[MonthMoney]) -> MonthMoney:
    return MonthMoney(
        table=months[0].table,
        year=months[0].year,
        month="",
        lines=sum(month.lines for month in months),
        paid_amount=sum((month.paid_amount for month in months), Decimal(0)),
        allowed_amount=sum((month.allowed_amount for month in months), Decimal(0)),
        charge_amount=sum((month.charge_amount for month in months), Decimal(0)),
    )


def _money_column(month: MonthMoney) -> MoneyColumn:
    amount = money(month.paid_amount)
    return MoneyColumn(
        year=month.year or "no date",
        month=MONTH_NAMES[int(month.month or 0)],
        value=float(month.paid_amount),
        text=amount,
        title=f"{month_name(month)}: {amount} on {counted(month.lines, 'line')}",
    )


def month_name(month: MonthMoney) -> str:
    """`Mar 2024`; `2024` where it stands for a year; `no date`."""
    return f"{MONTH_NAMES[int(month.month or 0)]} {month.year or 'no date'}".strip()


def money(amount: Decimal) -> str:
    """US dollars and cents with thousands separators, the sign in front."""
    return f"{'-' if amount < 0 else ''}${abs(amount):,.2f}"


def duration(seconds: float) -> str:
    """`0.4 s`, `12.0 s`, `2 min 05 s`, `3 h 07 min`."""
    if seconds < SHOWN_AS_A_MINUTE:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), MINUTE)
    if minutes < MINUTE:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // MINUTE} h {minutes % MINUTE:02d} min"


def size(number: int) -> str:
    """Bytes in the decimal unit that a person would use."""
    for unit, scale in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if number >= scale:
            return f"{number / scale:,.1f} {unit}"
    return counted(number, "byte")


def breakable(name: str) -> Markup:
    """The name, escaped, with a place to break the line after each slash and underscore."""
    return Markup("<wbr>").join(map(escape, _PLACE_TO_BREAK.split(name)))


def instant(value: datetime) -> str:
    """`1 March 2024, 14:05:09 UTC`; the report's times are UTC already."""
    return f"{value.day} {value:%B %Y, %H:%M:%S} UTC"


@cache
def page_environment() -> Environment:
    """What all report pages are made with: whatever is printed is escaped."""
    environment = Environment(
        loader=PackageLoader("expectations"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        number="{:,}".format,
        money=money,
        duration=duration,
        size=size,
        instant=instant,
        month_name=month_name,
        counted=counted,
        breakable=breakable,
        held_because=lambda file: held_because([file]),
    )
    return environment
