"""The validation of one file as one HTML page that needs nothing else, as that of a run."""

from expectations.report_page import EFFECT, page_environment
from expectations.validation import FileValidation


def render_validation(validation: FileValidation) -> str:
    """The page, the same text for the same validation; counts, names and sentences of the product only."""
    rules = sorted(validation.rules, key=lambda rule: (-rule.records, rule.rule_id))
    template = page_environment().get_template("file_validation.html.j2")
    return template.render(validation=validation, rules=rules, effect=EFFECT)
