"""The dashboard as one HTML page that needs nothing else: no script, no font, no image, no network.

It is made of the rows of named queries and nothing more, none of which is of one person; the template escapes what it
prints. Groups of fewer than 11 persons are not in it.
"""

from datetime import datetime

from jinja2 import ChoiceLoader, PackageLoader

from expectations.report_page import page_environment
from glue_jobs.dashboard.answers import QUERIES, Answers
from glue_jobs.dashboard.cost_sections import category_section, lag_section, pmpm_section, reserve_section
from glue_jobs.dashboard.data_sections import freshness_section, quality_section
from glue_jobs.dashboard.denial_section import denial_section
from glue_jobs.dashboard.headline import headline
from glue_jobs.dashboard.health_sections import condition_section, hospital_section, risk_section
from glue_jobs.dashboard.small_cells import LEAST_PERSONS

SECTIONS = (
    pmpm_section,
    category_section,
    condition_section,
    hospital_section,
    risk_section,
    denial_section,
    lag_section,
    reserve_section,
    quality_section,
    freshness_section,
)
"""In the order of the page."""


def render_dashboard(answers: Answers, made_at: datetime) -> str:
    """The page for these answers; a query that is missing has no rows."""
    complete = {name: answers.get(name, ()) for name in QUERIES}
    environment = page_environment().overlay(
        loader=ChoiceLoader([PackageLoader("glue_jobs.dashboard"), PackageLoader("expectations")])
    )
    return environment.get_template("dashboard.html.j2").render(
        made_at=made_at,
        figures=headline(complete),
        sections=tuple(section(complete) for section in SECTIONS),
        least_persons=LEAST_PERSONS,
    )
