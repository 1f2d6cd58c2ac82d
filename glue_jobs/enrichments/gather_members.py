"""Lines of one member come together, once, for everything that looks at more than a line."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from glue_jobs.enrichments.enrichment import Enrichment, References


def gather_members(lines: DataFrame, _: References) -> DataFrame:
    """Add `_member`: the person, else the member number; a claim without either stands for itself.

    This is the one shuffle of the lines: enrolment, claims and duplicates all ask for lines of one member.
    """
    member = F.coalesce("person_id", "member_id", F.concat(F.lit("\x1f"), "claim_id"))
    return lines.withColumn("_member", member).repartition("_member")


GATHER_MEMBERS = Enrichment("member", ("person_id", "member_id", "claim_id"), ("_member",), gather_members)
