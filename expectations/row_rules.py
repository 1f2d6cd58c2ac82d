"""The rules every record of every source must keep before any table's own rules: can it be read at all?

A record that breaks one is quarantined with its raw text; its other rows go on. Rules are numbered by position, because
the position is the bit that a broken rule sets in a row's mask: add at the end, never in between.
"""

from dataclasses import dataclass
from enum import StrEnum

from expectations.quality_score import Dimension


class Severity(StrEnum):
    """What a broken rule does to its row: quarantine it, keep and report it, or count it."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class RowRule:
    """One rule: its id, what it does, what is wrong in a sentence, what to do about it, and what it looks at."""

    rule_id: str
    severity: Severity
    sentence: str
    cure: str
    dimension: Dimension = Dimension.VALIDITY


RECORD_RULES: tuple[RowRule, ...] = (
    RowRule(
        "RC001",
        Severity.CRITICAL,
        "The record is not valid CSV: a quote is open, doubled wrongly or followed by text.",
        "Ask the sender to quote fields by RFC 4180.",
    ),
    RowRule(
        "RC002",
        Severity.CRITICAL,
        "The record has more or fewer fields than the header.",
        "Look for an unquoted delimiter, or a record cut short.",
    ),
    RowRule(
        "RC003",
        Severity.CRITICAL,
        "The record is not one valid JSON object with the declared shape.",
        "Ask the sender for one JSON object a line (NDJSON).",
    ),
    RowRule(
        "RC004",
        Severity.CRITICAL,
        "A key stands twice in one JSON object.",
        "Ask the sender which of the two values counts.",
    ),
    RowRule(
        "RC005",
        Severity.CRITICAL,
        "The record's bytes are not text in any declared encoding.",
        "Declare the sender's encoding in format.encodings of the source.",
    ),
    RowRule(
        "RC006",
        Severity.CRITICAL,
        "The record holds control, zero-width or direction characters that hide what it says.",
        "Ask the sender to clean the export; such characters make equal identifiers differ.",
    ),
    RowRule(
        "RC007", Severity.CRITICAL, "The record is longer than 16 MiB.", "Look for a missing line end or an open quote."
    ),
    RowRule(
        "RC008",
        Severity.CRITICAL,
        "The last record has no line end and may have been cut inside its last value.",
        "Ask for the file again, or declare format.final_newline optional where the sender never writes one.",
    ),
    RowRule(
        "RC009",
        Severity.CRITICAL,
        "No line of the record is present, so it would make no row.",
        "Check the record's procedure codes with the sender.",
    ),
    RowRule(
        "RC010",
        Severity.CRITICAL,
        "A date is not in any declared format, or is no day of the calendar.",
        "Correct the value, or declare its format in date_formats of the source.",
    ),
    RowRule(
        "RC011",
        Severity.CRITICAL,
        "An amount or quantity is not a plain decimal number of at most two (quantity: four) places within range.",
        "Correct the value, or declare its form in amount_styles of the source.",
    ),
    RowRule(
        "RC012",
        Severity.CRITICAL,
        "A whole number is not digits with an optional sign, or is out of range.",
        "Correct the value.",
    ),
    RowRule(
        "RC013",
        Severity.CRITICAL,
        "A value that every record must have is missing.",
        "Send the record again with the value.",
        Dimension.COMPLETENESS,
    ),
    RowRule(
        "RC014",
        Severity.CRITICAL,
        "An identifier is not plain: blanks inside, letters beyond ASCII, a formula, an escape or 1.23E+11.",
        "Export identifiers as text.",
    ),
    RowRule(
        "RC015",
        Severity.CRITICAL,
        "A yes/no value is none of 0, 1, true, false, t, f, y, n, yes, no.",
        "Correct the value, or declare a lookup for the column.",
    ),
    RowRule(
        "RC016",
        Severity.CRITICAL,
        "A JSON value has another type than its column: a number, true, false, an object or an array instead of text.",
        "Send text in quotes.",
    ),
    RowRule(
        "RC017",
        Severity.WARNING,
        "A line group without the value that marks a line carries money, which no line takes.",
        "Ask the sender whether the line's code was left out.",
        Dimension.COMPLETENESS,
    ),
    RowRule(
        "RC018",
        Severity.WARNING,
        "The record continues a claim whose first segment is not in the run; its dates stay empty.",
        "Load the first segment in the same run.",
        Dimension.CONSISTENCY,
    ),
)

RULE_BITS: dict[str, int] = {rule.rule_id: bit for bit, rule in enumerate(RECORD_RULES)}
CRITICAL_MASK: int = sum(1 << bit for bit, rule in enumerate(RECORD_RULES) if rule.severity is Severity.CRITICAL)


def mask_of(*rule_ids: str) -> int:
    """The mask with exactly these rules' bits set."""
    return sum(1 << RULE_BITS[rule_id] for rule_id in rule_ids)


def rules_in(mask: int) -> tuple[RowRule, ...]:
    """The rules whose bits are set in a mask, in order."""
    return tuple(rule for bit, rule in enumerate(RECORD_RULES) if mask >> bit & 1)
