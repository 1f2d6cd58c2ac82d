"""Queries that show what is in a table, answered after a run so that a reader sees how to ask."""

EXAMPLES = {
    "medical_claim": (
        "SELECT year, month, count(*) AS lines, sum(paid_amount) AS paid FROM medical_claim "
        "GROUP BY year, month ORDER BY year, month LIMIT 12",
        "SELECT claim_type, payer, count(DISTINCT claim_id) AS claims, count(*) AS lines, sum(paid_amount) AS paid "
        "FROM medical_claim GROUP BY claim_type, payer ORDER BY lines DESC",
    ),
    "pharmacy_claim": (
        "SELECT year, month, count(*) AS lines, sum(allowed_amount) AS allowed FROM pharmacy_claim "
        "GROUP BY year, month ORDER BY year, month LIMIT 12",
        "SELECT data_source, count(DISTINCT person_id) AS people, count(DISTINCT ndc_code) AS drugs "
        "FROM pharmacy_claim GROUP BY data_source",
    ),
    "eligibility": (
        "SELECT payer, gender, count(DISTINCT person_id) AS people FROM eligibility GROUP BY payer, gender",
        "SELECT min(enrollment_start_date) AS first_day, max(enrollment_end_date) AS last_day, count(*) AS spans "
        "FROM eligibility",
    ),
    "provider": (
        "SELECT entity_type_description, count(*) AS providers FROM provider GROUP BY entity_type_description",
        "SELECT practice_state, count(*) AS providers FROM provider GROUP BY practice_state "
        "ORDER BY providers DESC LIMIT 10",
    ),
}
"""Two queries on each table that files go to."""
