"""What a batch of corrections costs when the table has grown: the same batch into an empty lake and into a full one.

`python -m benchmarks.cost_of_correction [--lines 20000000]` fills a lake with invented claims over 24 months, in bulk
through the tables' own functions, then runs the job on batches of 100,000 lines, each of a claim that replaces one of
the table: spread over the months as corrections are in practice (every second within two months, some years later),
and evenly over all of them, the worst there is. Claim ids are scattered, so that no order of ids helps. Prints ratios
to the same batch in an empty lake, and the files and bytes read and rewritten.
"""

import csv
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from benchmarks.told import say
from expectations.contract import load_source, load_table
from glue_jobs.runtime.session import SessionOptions, start_session
from glue_jobs.storage.claim_tables import follow_versions
from glue_jobs.storage.publication import RUN_PROPERTY, history
from glue_jobs.storage.tables import create_table
from glue_jobs.transforms.resolve_versions import alone
from glue_jobs.transforms.summarize_headers import AMOUNTS
from glue_jobs.transforms.version_keys import version_columns

SOURCES = Path(__file__).parent / "sources"
MONTHS, FIRST_MONTH = 24, date(2023, 1, 1)
LINES_A_CLAIM, BATCH_CLAIMS = 4, 25_000
SCATTER = 2_654_435_761
"""An odd number by which claim numbers are multiplied: neighbours get ids far apart, and no two the same."""

TABLES = ("medical_claim_version", "medical_claim", "medical_claim_header")
STAGES = ("read, clean and check", "publish")


def month_start(month: int) -> date:
    """First day of the month of that number, 0 the first."""
    return date(FIRST_MONTH.year + month // 12, month % 12 + 1, 1)


def claim_id(number: int) -> str:
    """The id of a claim: letters that tell nothing, then its number."""
    return f"{number * SCATTER % 2**32:08X}{number:08d}"


def stored_lines(spark: SparkSession, month: int, claims: int) -> DataFrame:
    """All lines of one month, as `medical_claim_version` holds claims of one version each."""
    table, source = load_table("medical_claim_version"), load_source("bench_claims", SOURCES)
    number = (F.floor(F.col("id") / LINES_A_CLAIM) + month * claims).cast("bigint")
    ids = F.concat(F.lpad(F.hex(number * SCATTER % 2**32), 8, "0"), F.lpad(number.cast("string"), 8, "0"))
    day = F.date_add(F.lit(month_start(month)), (number % 28).cast("int"))

    def of(salt: int, values: int) -> Column:
        return F.pmod(F.xxhash64("id", F.lit(salt)), F.lit(values)).cast("string")

    money = {name: (of(salt, 50_000).cast("decimal(18,2)") / 100) for salt, name in enumerate(AMOUNTS)}
    values: dict[str, Column] = {name: F.lit(text) for name, text in source.constants.items()} | money
    values |= {
        "claim_id": ids,
        "claim_line_number": F.col("id") % LINES_A_CLAIM + 1,
        "person_id": F.concat(F.lit("P"), (number % 400_000).cast("string")),
        "member_id": F.concat(F.lit("P"), (number % 400_000).cast("string")),
        **dict.fromkeys(DAYS, day),
        "received_date": F.date_add(day, 20),
        "paid_date": F.date_add(day, 30),
        "hcpcs_code": F.concat(F.lit("G"), of(11, 4_000)),
        "rendering_npi": F.concat(F.lit("1"), of(12, 20_000)),
        "billing_npi": F.concat(F.lit("1"), of(13, 5_000)),
        **{f"diagnosis_code_{n}": F.concat(F.lit("E"), of(20 + n, 3_000)) for n in (1, 2, 3)},
        "claim_frequency_code": F.lit("1"),
        "record_hash": F.sha2(F.concat(ids, F.col("id").cast("string")), 256),
        "record_line": F.lit(0),
        "header_amounts_repeat_flag": F.lit(0),
        "file_name": F.lit(f"bulk-{month}.csv"),
        "ingest_run_id": F.lit(f"bulk-{month}"),
        "resolved_run_id": F.lit(f"bulk-{month}"),
        "ingest_datetime": F.current_timestamp(),
        "year": F.lit(f"{month_start(month):%Y}"),
        "month": F.lit(f"{month_start(month):%m}"),
    }
    values |= version_columns(source, table, values)
    values |= alone(values["version_action"], values["version_order"], values["received_date"])
    values["claim_family_id"] = values["claim_key"]
    chosen = [values.get(c.name, F.lit(None)).cast(c.type).alias(c.name) for c in table.columns]
    return spark.range(0, claims * LINES_A_CLAIM, numPartitions=2).select(*chosen)


DAYS = ("claim_start_date", "claim_end_date", "claim_line_start_date", "claim_line_end_date")


def fill(lake: Path, lines: int) -> None:
    """A lake of so many lines, every claim of one version, in all three tables."""
    spark = start_session(SessionOptions(str(lake), driver_memory_gigabytes=6))
    spark.conf.set("spark.sql.shuffle.partitions", MONTHS)
    table = load_table("medical_claim_version")
    name = create_table(spark, table)
    for month in range(MONTHS):
        rows = stored_lines(spark, month, lines // LINES_A_CLAIM // MONTHS)
        writer = rows.sortWithinPartitions(*table.sorted_by).writeTo(name).option("distribution-mode", "none")
        writer.option(f"snapshot-property.{RUN_PROPERTY}", f"bulk-{month}").append()
        say(f"filled month {month + 1} of {MONTHS}")
    follow_versions(spark, "bulk")
    spark.stop()


def write_batch(path: Path, numbers: list[tuple[int, int]], prefix: str) -> None:
    """A file of replacements, one for each claim (month, number), of as many lines."""
    source = load_source("bench_claims", SOURCES)
    header = sorted({name for column in source.columns.values() for name in column.from_})
    with path.open("w", newline="") as sink:
        writer = csv.DictWriter(sink, header, restval="1.00", lineterminator="\n")
        writer.writeheader()
        for month, number in numbers:
            day = month_start(month) + timedelta(days=number % 28)
            for line in range(1, LINES_A_CLAIM + 1):
                writer.writerow(
                    {
                        "claim_id": f"{prefix}{claim_id(number)}",
                        "original": claim_id(number),
                        "line": line,
                        "person_id": f"P{number % 400_000}",
                        "start": day,
                        "paid_date": day + timedelta(days=90),
                        "received": day + timedelta(days=80),
                        "frequency": "7",
                        "pos": "11",
                        "hcpcs": f"G{random.randrange(1000, 5000)}",  # noqa: S311 - invented codes, no secret
                        "modifier": "",
                        "rendering_npi": f"1{number % 20_000:09d}",
                        "billing_npi": f"1{number % 5_000:09d}",
                        **{f"dx{n}": f"E{random.randrange(100, 999)}" for n in (1, 2, 3)},  # noqa: S311 - as above
                    }
                )


def chosen_claims(spread: str, claims: int, seed: int) -> list[tuple[int, int]]:
    """Month and number of the claims that a batch corrects, each once."""
    chance = random.Random(seed)  # noqa: S311 - invented claims, no secret
    found: set[tuple[int, int]] = set()
    while len(found) < min(BATCH_CLAIMS, claims * MONTHS // 2):
        back = int(chance.expovariate(0.35)) if spread == "practice" else chance.randrange(MONTHS)
        month = MONTHS - 1 - back
        if month >= 0:
            found.add((month, month * claims + chance.randrange(claims)))
    return sorted(found, key=lambda _: chance.random())


@dataclass(frozen=True)
class Cost:
    """Seconds of one run, whole process and by stage, and the data files and bytes that it read."""

    whole: float
    stages: Mapping[str, float]
    files_read: int
    bytes_read: int


def run_job(lake: Path, batch: Path) -> Cost:
    """The job on one batch, in a process of its own."""
    arguments = ["--input", str(batch), "--lake", str(lake), "--source", "bench_claims", "--sources", str(SOURCES)]
    started = time.perf_counter()
    read = batch.with_suffix(".json")
    command = [sys.executable, "-m", "benchmarks.measured_run", str(read), *arguments, "--job_id", batch.stem]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program on our own folder
    whole = time.perf_counter() - started
    report = json.loads((lake / "validation-reports" / f"{batch.stem}.json").read_text())
    stages = {stage["name"]: stage["seconds"] for stage in report["stages"]}
    found = json.loads(read.read_text())
    return Cost(whole, stages, found["files"], found["bytes"])


def rewritten(spark: SparkSession, run_id: str) -> Iterator[str]:
    """One sentence a table: what it holds, and what a run wrote to it."""
    for name in TABLES:
        full = create_table(spark, load_table(name))
        files = spark.table(f"{full}.files").agg(F.count("*"), F.sum("file_size_in_bytes")).first()
        parents = {s.snapshot_id: s for s in history(spark, full)}
        ours = next(s for s in parents.values() if s.label(RUN_PROPERTY) == run_id)
        place = list(parents).index(ours.snapshot_id)
        before = list(parents.values())[place + 1]
        made = [ours, *([] if before.label(RUN_PROPERTY) else [before])]
        data, deletes, size = (
            sum(int(snapshot.label(key) or 0) for snapshot in made)
            for key in ("added-data-files", "added-delete-files", "added-files-size")
        )
        total = f"{files[0]} files, {files[1] / 1e6:,.0f} MB" if files else "nothing"
        yield f"{name}: {total}; written {data} data files, {deletes} delete files, {size / 1e6:,.1f} MB"


def main(
    lines: Annotated[int, typer.Option(help="Claim lines in the full lake.")] = 20_000_000,
    folder: Annotated[str, typer.Option(help="Where the lakes lie; one that is filled is used again.")] = "",
) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(folder or temporary)
        full, claims = root / f"full-{lines}", lines // LINES_A_CLAIM // MONTHS
        if not (full / "filled").exists():
            fill(full, lines)
            (full / "filled").touch()
        costs: dict[str, Cost] = {}
        stamp = int(time.time())
        for seed, spread in enumerate(("practice", "even")):
            batch = root / f"{spread}-{stamp}.csv"
            write_batch(batch, chosen_claims(spread, claims, seed + stamp), f"{spread[0].upper()}{stamp}-")
            costs[f"{spread}, empty"] = run_job(root / f"empty-{spread}-{stamp}", batch)
            costs[f"{spread}, full"] = run_job(full, batch)
        show(costs, full, stamp)


def show(costs: Mapping[str, Cost], full: Path, stamp: int) -> None:
    """Print the ratios, and what was written."""
    for spread in ("practice", "even"):
        empty, grown = costs[f"{spread}, empty"], costs[f"{spread}, full"]
        say(f"{spread}: whole run {grown.whole:.1f} s / {empty.whole:.1f} s = x{grown.whole / empty.whole:.2f}")
        for stage in STAGES:
            ratio = grown.stages[stage] / empty.stages[stage]
            say(f"   {stage}: {grown.stages[stage]:.1f} s / {empty.stages[stage]:.1f} s = x{ratio:.2f}")
        for name, cost in (("full", grown), ("empty", empty)):
            say(f"   {name} lake: read {cost.files_read} data files, {cost.bytes_read / 1e6:,.0f} MB")
    spark = start_session(SessionOptions(str(full)))
    for spread in ("practice", "even"):
        for sentence in rewritten(spark, f"{spread}-{stamp}"):
            say(f"{spread}: {sentence}")
    spark.stop()


if __name__ == "__main__":
    typer.run(main)
