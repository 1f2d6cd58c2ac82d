"""Days from service to receipt and payment, and whether the claim was received in time."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.payer_rules import TimelyFiling
from glue_jobs.enrichments.enrichment import SERVICE_DAY, Enrichment, References, flag, service_day

MONTHS_OF_A_YEAR = 12


def flag_timely_filing(lines: DataFrame, references: References) -> DataFrame:
    """Add the days, which are negative where a date is wrong, and the flag: 1 in time, 0 late."""
    last_day = _last_day(references.payers.timely_filing)
    for rule in references.payers.payers:
        last_day = F.when(F.lower("payer") == rule.payer.lower(), _last_day(rule.timely_filing)).otherwise(last_day)
    return lines.select(
        "*",
        F.datediff("received_date", filing_day()).alias("days_to_receipt_count"),
        F.datediff("paid_date", filing_day()).alias("days_to_payment_count"),
        flag(F.col("received_date") <= last_day).alias("timely_filing_flag"),
    )


def filing_day() -> Column:
    """The day that filing counts from (42 CFR 424.44): the last of an institutional claim, the first of other lines."""
    last = F.coalesce("claim_end_date", "claim_line_end_date", service_day())
    return F.when(F.col("claim_type") == "institutional", last).otherwise(service_day())


def _last_day(rule: TimelyFiling) -> Column:
    """Of 29 February the day is 28 February in a year that has no other."""
    if rule.days:
        return F.date_add(filing_day(), rule.days)
    return F.add_months(filing_day(), MONTHS_OF_A_YEAR * rule.calendar_years)


FLAG_TIMELY_FILING = Enrichment(
    "timely filing",
    ("payer", "claim_type", *SERVICE_DAY, "claim_line_end_date", "claim_end_date", "received_date", "paid_date"),
    ("days_to_receipt_count", "days_to_payment_count", "timely_filing_flag"),
    flag_timely_filing,
)
