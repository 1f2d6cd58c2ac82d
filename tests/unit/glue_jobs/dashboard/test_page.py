"""The dashboard's page: self-contained, well-formed, its figures those of the answers, and nothing of few persons."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import sqlglot
from sqlglot import exp

from glue_jobs.dashboard.answers import QUERIES, Answers, short_money
from glue_jobs.dashboard.headline import headline
from glue_jobs.dashboard.page import SECTIONS, render_dashboard
from glue_jobs.runtime.named_queries import query_text
from tests.unit.expectations.test_report_page import HOSTILE, Page
from tests.unit.glue_jobs.dashboard.example_answers import answers

NOW = datetime(2025, 1, 5, 8, 0, tzinfo=UTC)
ANCHORS = ["pmpm", "mix", "conditions", "hospital", "risk", "denials", "lag", "ibnr", "quality", "freshness"]
CHARTS = [
    "Cost of a member a month",
    "What the money goes to",
    "Paid by principal diagnosis",
    "Members by chronic condition",
    "Acute admissions",
    "Readmissions within 30 days",
    "Emergency department visits",
    "Members by Charlson score",
    "Members by V28 score",
    "Denials",
    "Denied lines by reason",
    "How fast claims are paid",
    "What is still to come",
    "Quality of the data",
    "How fresh the data is",
]
PERSONAL = {"person_id", "member_id", "claim_id", "birth_date", "last_file_name", "file_name"}


@pytest.fixture(scope="module")
def text() -> str:
    return render_dashboard(answers(), NOW)


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def only(*names: str) -> Answers:
    return {name: rows for name, rows in answers().items() if name in names}


def test_the_page_needs_nothing_else(page: Page, text: str) -> None:
    assert not {"script", "img", "link", "iframe", "object"} & {tag for tag, _ in page.tags}
    assert not re.search(r"https?:|@import|url\(|javascript:", text)
    assert "default-src 'none'" in str(page.all("meta"))


def test_sections_charts_and_tables_stand_in_their_order(page: Page) -> None:
    assert [heading["id"] for heading in page.all("h2")] == ANCHORS
    assert [chart.split(":", 1)[0] for chart in page.charts()] == CHARTS
    assert len(page.all("table")) == len(page.all("caption")) == len(ANCHORS) == len(SECTIONS)
    assert [link["href"] for link in page.all("a")] == [f"#{anchor}" for anchor in ANCHORS]
    assert all("scope" in head for head in page.all("th"))


def test_every_chart_has_its_numbers_in_words(page: Page) -> None:
    spoken = dict(chart.split(": ", 1) for chart in page.charts())
    assert spoken["What the money goes to"].startswith("acute inpatient (inpatient) $4.8M · 39.2%")
    assert spoken["Readmissions within 30 days"] == "2023 · Northern Health 14.0%; 2024 · Northern Health 13.0%"
    assert "Dec 2024: Medical $221.10, Pharmacy $130.50, not complete yet" in spoken["Cost of a member a month"]
    assert spoken["How fast claims are paid"].endswith("Nov 2024 31% 68%; Dec 2024 31%")
    assert spoken["Denied lines by reason"].startswith("CO 16 7,135 lines; CO 29 1,240 lines")


@pytest.mark.parametrize(
    "small",
    ["Sickle cell", "C3490", "CO 197", "2024 · Plains Mutual", "6.10", "other (other)"],
    ids=["condition", "diagnosis", "reason", "admissions and readmissions", "band", "kind of service"],
)
def test_groups_of_few_persons_are_not_on_the_page(page: Page, small: str) -> None:
    assert small not in page.text
    assert small not in " ".join(page.charts())


@pytest.mark.parametrize("other", ["skilled nursing", "OA 18", "2 to 3"], ids=["kind of service", "reason", "band"])
def test_nor_is_the_part_from_which_a_hidden_one_could_be_worked_out(page: Page, other: str) -> None:
    assert other not in page.text


def test_months_of_few_members_are_not_told() -> None:
    rows = [{**row, "persons": 10, "paid_pmpm": Decimal("987.65")} for row in answers()["pmpm_by_month"]]
    claims = [{**row, "persons_at_least": 10} for row in answers()["claims_by_month"]]
    told = Page(render_dashboard({**answers(), "pmpm_by_month": rows, "claims_by_month": claims}, NOW))
    assert "987.65" not in told.text
    drawn = {chart.split(":", 1)[0] for chart in told.charts()}
    assert drawn == set(CHARTS) - {"Cost of a member a month", "How fast claims are paid", "What is still to come"}


def test_headline_figures_are_those_worked_out_by_hand() -> None:
    months = [
        {"year_month": "202401", "persons": 100, "member_months": 100,
         "medical_paid_amount": Decimal(1000), "pharmacy_paid_amount": Decimal(500)},
        {"year_month": "202402", "persons": 100, "member_months": 100,
         "medical_paid_amount": Decimal(3000), "pharmacy_paid_amount": None},
    ]  # fmt: skip
    found = headline({**dict.fromkeys(QUERIES, ()), "pmpm_by_month": months})
    assert [(figure.label, figure.value, figure.note) for figure in found] == [
        ("Paid for a member a month", "$22.50", "Jan 2024 to Feb 2024"),
        ("Members", "100", "enrolled in Feb 2024"),
        ("Paid", "$4.5k", "Jan 2024 to Feb 2024, 11% of it for drugs"),
    ]


def test_the_headline_compares_twelve_months_with_the_twelve_before() -> None:
    months = [
        {"year_month": f"{year}{month:02d}", "persons": 50, "member_months": 50, "medical_paid_amount": Decimal(paid)}
        for year, paid in ((2023, 1000), (2024, 1100))
        for month in range(1, 13)
    ]
    (cost, *_) = headline({**dict.fromkeys(QUERIES, ()), "pmpm_by_month": months})
    assert (cost.value, cost.note) == ("$22.00", "Jan 2024 to Dec 2024, +10.0% on the year before")


def test_months_of_which_much_is_still_to_be_paid_are_not_in_the_headline() -> None:
    months = [
        {"year_month": month, "persons": 50, "member_months": 50, "medical_paid_amount": Decimal(paid)}
        for month, paid in (("202401", 1000), ("202402", 1000), ("202403", 50))
    ]
    shares = [
        {"year_month": month, "completed_share": Decimal(share)} for month, share in (("202402", 1), ("202403", 0))
    ]
    (cost, members, _) = headline({**dict.fromkeys(QUERIES, ()), "pmpm_by_month": months, "ibnr": shares})
    assert (cost.value, cost.note) == ("$20.00", "Jan 2024 to Feb 2024")
    assert members.note == "enrolled in Mar 2024"


def test_the_readmission_rate_is_that_of_the_last_year_that_may_be_told(page: Page) -> None:
    assert re.search(r"Readmitted within 30 days\s*13\.0%of discharges of 2024", page.text)


def test_without_members_the_page_tells_what_was_paid() -> None:
    claims = [{"year_month": month, "claims": 40, "persons_at_least": 30, "paid_amount": Decimal(2500)} for month in
              ("202401", "202402")]  # fmt: skip
    told = Page(render_dashboard({"claims_by_month": claims, "pmpm_by_month": [{"year_month": "202401"}]}, NOW))
    assert told.charts() == ["Paid by month of service: Jan 2024: paid $2.5k; Feb 2024: paid $2.5k"]
    assert re.search(r"Paid\s*\$5\.0kJan 2024 to Feb 2024, medical", told.text)


def test_without_members_visits_are_counted_and_conditions_have_no_share() -> None:
    visits = [{**row, "visits_per_thousand": None, "member_months": None} for row in answers()["emergency_use"]]
    conditions = [{**row, "members": None} for row in answers()["chronic_conditions"]]
    told = Page(render_dashboard({**answers(), "emergency_use": visits, "chronic_conditions": conditions}, NOW))
    spoken = dict(chart.split(": ", 1) for chart in told.charts())
    assert spoken["Emergency department visits"].startswith("Dec 2023: visits 124")
    assert spoken["Members by chronic condition"].startswith("Hypertension 1,944; Diabetes 702")


def test_a_long_label_leaves_room_for_its_number(page: Page) -> None:
    words = "Symptoms, signs and abnormal clinical and laboratory findings, not elsewhere classified"
    rows = [{**row, "ccsr_category_description": words} for row in answers()["top_diagnoses"]]
    told = Page(render_dashboard({**answers(), "top_diagnoses": rows}, NOW))
    labels = re.findall(r"I5023 · [^;]+? \$", next(chart for chart in told.charts() if "by principal" in chart))
    assert labels == ["I5023 · Symptoms, signs and abnormal clinical and laborator… $"]
    assert f"I5023 · {words}" in told.text


def test_a_few_early_claims_of_a_new_year_do_not_make_it_the_last() -> None:
    early = {"condition_description": "Diabetes", "persons": 1, "members": 1, "service_year": 2025}
    scored = {"payment_year": 2026, "model": "V28", "score_band": "2: 0 to 0.5", "persons": 1}
    rows = {
        name: [*answers()[name], row] for name, row in (("chronic_conditions", early), ("risk_distribution", scored))
    }
    charts = " ".join(Page(render_dashboard({**answers(), **rows}, NOW)).charts())
    assert "Hypertension 1,944" in charts
    assert "Members by V28 score: 0 to 0.5 2,410 members" in charts


def test_months_without_claims_are_not_said_to_be_hidden() -> None:
    later = [{"year_month": "202501", "paid_amount": Decimal(0), "ibnr_amount": Decimal(0)}]
    told = Page(render_dashboard({**answers(), "ibnr": [*answers()["ibnr"], *later]}, NOW))
    assert "Jan 2025" not in told.text
    assert "month is not shown" not in told.text


@pytest.mark.parametrize("name", QUERIES)
def test_a_page_can_be_made_of_the_rows_of_one_query(name: str) -> None:
    told = Page(render_dashboard(only(name), NOW))
    assert len(told.all("section")) == len(SECTIONS)
    assert "make summarize" in told.text


def test_texts_of_the_data_are_escaped() -> None:
    rows = [{**row, "payer": HOSTILE} for row in answers()["inpatient_use"]]
    text = render_dashboard({**answers(), "inpatient_use": rows}, NOW)
    Page(text)
    assert HOSTILE not in text


@pytest.mark.parametrize("name", QUERIES)
def test_no_query_of_the_page_answers_about_persons_or_files(name: str) -> None:
    tree = sqlglot.parse_one(query_text(name), dialect="trino")
    assert isinstance(tree, exp.Query)
    assert not PERSONAL & set(tree.named_selects)


@pytest.mark.parametrize(
    ("amount", "said"),
    [("0", "$0"), ("999.4", "$999"), ("1000", "$1.0k"), ("-2500000", "-$2.5M"), ("3e9", "$3.0B")],
)
def test_money_is_said_short(amount: str, said: str) -> None:
    assert short_money(Decimal(amount)) == said
