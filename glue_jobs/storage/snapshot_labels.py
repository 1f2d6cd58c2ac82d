"""Which states of other tables a table made from them shows, and how far back snapshots are needed to tell."""

from pyspark.sql import SparkSession

from expectations.contract import load_table
from glue_jobs.storage.publication import history
from glue_jobs.storage.tables import table_name

VERSION_TABLE = "medical_claim_version"
FOLLOWING = ("medical_claim", "medical_claim_header")
VERSION_SNAPSHOT = "claims-etl.version-snapshot"
"""In a snapshot's summary: the snapshot of medical_claim_version that it shows. Compaction writes none, so a table
shows what its nearest ancestor with a label says."""
INPUT_SNAPSHOTS = "claims-etl.input-snapshots"
"""In the summary of a derived table's snapshot: by which recipe it was made, of which snapshots; see derived_tables."""


def depth_of_needed_snapshots(spark: SparkSession, name: str) -> int:
    """How many snapshots back from the current one (1: itself) the oldest lies that must stay; 0: none must.

    Those are the table's own nearest labelled one and, in medical_claim_version, those that labels name. What labels of
    derived tables name need not stay: a table that is not made again for that long is made anew.
    """
    places = list(enumerate(_labelled(spark, name), start=1))
    if name != VERSION_TABLE:
        return next((place for place, (_, label) in places if label), 0)
    shown = {next((label for _, label in _labelled(spark, follower) if label), "") for follower in FOLLOWING}
    return max((place for place, (snapshot, _) in places if str(snapshot) in shown), default=0)


def _labelled(spark: SparkSession, name: str) -> list[tuple[int, str]]:
    """Snapshot ids from the current one back, each with its label ("" where it has none); no table has none."""
    full = table_name(load_table(name))
    if not spark.catalog.tableExists(full):
        return []
    label = INPUT_SNAPSHOTS if load_table(name).derived else VERSION_SNAPSHOT
    return [(kept.snapshot_id, kept.label(label)) for kept in history(spark, full)]
