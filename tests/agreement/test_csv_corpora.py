"""The public CSV corpora come out of our front door and grammar as Python reads them, or are quarantined."""

import csv
import io
from pathlib import Path

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from expectations.contract import FileFormat
from expectations.raw_files import scan
from expectations.raw_rewrite import rewrite
from glue_jobs.transforms.split_fields import csv_fields

CSV = FileFormat(type="csv", final_newline="optional")
NOT_RFC_4180 = {"location_coordinates.csv", "bad-missing-quote.csv", "bad-quotes-with-unescaped-quote.csv"}
NO_HEADER = {"all-empty.csv"}


def records(path: Path) -> list[str]:
    """Text of the records of a file as Spark gets them, the header left out."""
    facts, sink = scan(lambda: path.open("rb"), path.name, CSV), io.BytesIO()
    rewrite(lambda: path.open("rb"), facts, CSV, sink)
    lines = [line.rstrip("\r") for line in sink.getvalue().decode().split("\n")[1:]]
    return [line.replace("\x1e", "\n") for line in lines if line.strip(" \t")]


def test_well_formed_files_are_read_as_python_reads_them_and_others_not_at_all(
    spark: SparkSession, shared: Path
) -> None:
    paths = [path for path in sorted((shared / "badfiles/public").glob("csv-*/*.csv")) if path.name not in NO_HEADER]
    rows = [(str(path), n, line) for path in paths for n, line in enumerate(records(path))]
    frame = spark.createDataFrame(rows, "path string, n int, line string")
    found: dict[str, list[list[str] | None]] = {str(path): [] for path in paths}
    for row in frame.select("path", csv_fields(F.col("line"), CSV).alias("fields")).orderBy("path", "n").collect():
        found[row["path"]].append(row["fields"])
    assert len(paths) == 19
    for path in paths:
        with path.open(newline="", encoding="utf-8-sig", errors="replace") as stream:
            expected = [record for record in list(csv.reader(stream))[1:] if record]
        assert found[str(path)] == ([None] if path.name in NOT_RFC_4180 else expected), path.name
