"""Lines of one member come together, once, for everything that looks at more than a line."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from glue_jobs.enrichments.enrichment import Enrichment, References

NOBODY = "\x1f"
"""In front of what stands for a person that is not known: no person_id begins with it."""


def gather_members(lines: DataFrame, _: References) -> DataFrame:
    """Add `_member`: the person, else the member number, marked, else the claim: it then stands for itself.

    This is the one shuffle of the lines: enrolment, claims and duplicates all ask for lines of one member.
    """
    nobody = F.concat(F.lit(NOBODY), F.coalesce("member_id", "claim_id"))
    member = F.coalesce("person_id", nobody)
    return lines.withColumn("_member", member).repartition("_member")


GATHER_MEMBERS = Enrichment("member", ("person_id", "member_id", "claim_id"), ("_member",), gather_members)
