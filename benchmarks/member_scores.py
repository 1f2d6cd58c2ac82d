"""How many members a second a core CMS-HCC scores: `.venv/bin/python -m benchmarks.member_scores [MEMBERS]`.

Members are drawn: no two alike, a third of them without a diagnosis that maps, the others with up to fourteen. Each is
scored in both models, V24 and V28, as the job does it: first the Python alone, then through Spark on one core (Arrow
there and back, start of the Python worker included). Processor seconds are counted beside those of the clock, because
machines are noisy.
"""

import os
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pyspark.sql import SparkSession

from glue_jobs.members.hcc_library import MODELS, processor
from glue_jobs.members.hcc_scores import hcc_scores, score_person_year

SCHEMA = (
    "data_source string, person_id string, payment_year int, service_year int, enrolled_months_count int, "
    "gender string, age_years int, demographics_missing string, dual_code string, original_entitlement string, "
    "new_enrollee boolean, institutional boolean, chronic_snp boolean, esrd boolean, diagnosis_codes array<string>"
)
YEAR = 2025
AGED_FROM = 65
LEAST_RATE = 2000
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


class Member(NamedTuple):
    """A row of `person_years` with its diagnoses; the fields are those of SCHEMA."""

    data_source: str
    person_id: str
    payment_year: int
    service_year: int
    enrolled_months_count: int
    gender: str
    age_years: int
    demographics_missing: str | None
    dual_code: str | None
    original_entitlement: str
    new_enrollee: bool
    institutional: bool
    chronic_snp: bool
    esrd: bool
    diagnosis_codes: list[str] | None


def drawn(count: int) -> Iterator[Member]:
    """Members of all segments; diagnoses that map and as many that do not."""
    draw = random.Random(1)  # noqa: S311 - drawn cases, no secret
    mapped = sorted({code for code, _ in processor("V24", YEAR).dx_to_cc_mapping})
    for number in range(count):
        age = draw.choice([draw.randint(20, 64), draw.randint(65, 100), draw.randint(65, 100)])
        codes = draw.sample(mapped, draw.choice([0, 0, 1, 2, 3, 5, 14]))
        aged = age >= AGED_FROM
        yield Member(
            "src", f"p{number}", YEAR, YEAR - 1, 12, draw.choice(["male", "female"]), age, None,
            draw.choice(["00", "00", "02", "01"]), "0" if aged else "1", draw.randrange(10) == 0,
            draw.randrange(20) == 0, False, False, [*codes, *(f"Z{n:03d}" for n in range(len(codes)))] or None,
        )  # fmt: skip


def main() -> int:
    """Print both rates; 1 where the Python alone is slower than 2,000 members a second a core."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    members = list(drawn(count))
    started, used = time.perf_counter(), time.process_time()
    scored = [score for member in members for score in score_person_year(member)]
    seconds, used = time.perf_counter() - started, time.process_time() - used
    failed = sum(score.score is None for score in scored)
    _say(f"Python alone: {count} members in {' and '.join(MODELS)}, {failed} not scored")
    _say_rates(count, used, seconds)
    _through_spark(members)
    return int(count / used < LEAST_RATE)


def _through_spark(members: list[Member]) -> None:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    years = session.createDataFrame(members, SCHEMA).repartition(1).localCheckpoint()
    for turn in ("first", "second"):
        started, used = time.perf_counter(), _used_below()
        rows = hcc_scores(years).where("score IS NOT NULL").count()
        seconds, used = time.perf_counter() - started, _used_below() - used
        _say(f"Spark on one core, {turn} time: {rows} scores")
        _say_rates(len(members), used, seconds)
    session.stop()


def _used_below() -> float:
    """Processor seconds of all processes below this one, as Linux counts them: Java and the Python workers."""
    parents, ticks = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:  # ended meanwhile
            continue
        parents[int(path.parent.name)] = int(fields[1])
        ticks[int(path.parent.name)] = sum(int(field) for field in fields[11:15])
    below, found = {os.getpid()}, -1
    while len(below) != found:
        found = len(below)
        below |= {pid for pid, parent in parents.items() if parent in below}
    return sum(ticks[pid] for pid in below - {os.getpid()}) / CLOCK_TICKS


def _say_rates(count: int, used: float, seconds: float) -> None:
    _say(f"  {count / used:,.0f} members a second of processor time, {count / seconds:,.0f} by the clock")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
