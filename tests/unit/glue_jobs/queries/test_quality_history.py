"""The named query of scores says in SQL what `expectations.quality_score` says in Python, on any counts.

DuckDB reads it here, as it is fast; that Spark reads it too is seen in the test of the scorecard.
"""

from collections.abc import Iterator
from datetime import datetime
from random import Random

import duckdb

from expectations.quality_score import Dimension, DimensionCount, sum_counts, total_score
from glue_jobs.runtime.named_queries import query_text

COLUMNS = (
    "run_id VARCHAR, source VARCHAR, file_id VARCHAR, dimension VARCHAR, "
    "records BIGINT, critical_records BIGINT, warning_records BIGINT, finished_at TIMESTAMP"
)
RUNS, SIZES = 200, (0, 1, 3, 7, 1000, 123_457, 10**9)


def file_counts(random: Random) -> Iterator[DimensionCount]:
    for dimension in random.sample(list(Dimension), random.randint(1, len(Dimension))):
        rows = random.choice(SIZES)
        critical = random.randint(0, random.choice((rows, min(rows, 2))))
        warning = random.randint(0, rows - critical)
        yield DimensionCount(dimension=dimension, rows=rows, critical_rows=critical, warning_rows=warning)


def rows_of(run_id: str, files: list[list[DimensionCount]]) -> Iterator[tuple[object, ...]]:
    noon = datetime.fromisoformat("2024-03-01T12:00:00")
    for number, counts in enumerate(files):
        for count in counts:
            numbers = (count.rows, count.critical_rows, count.warning_rows)
            yield run_id, "clinic", f"file-{number}", count.dimension.value, *numbers, noon
        yield run_id, "clinic", f"file-{number}", "total", 1, 1, None, noon


def test_the_query_and_the_product_agree_on_every_score() -> None:
    random = Random(7)  # noqa: S311 - the same cases every time
    runs = {
        f"run-{number:03d}": [list(file_counts(random)) for _ in range(random.randint(1, 3))] for number in range(RUNS)
    }
    with duckdb.connect() as database:
        database.execute(f"CREATE TABLE quality_scorecard ({COLUMNS})")
        rows = [row for run_id, files in runs.items() for row in rows_of(run_id, files)]
        database.executemany("INSERT INTO quality_scorecard VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        answer = database.sql(query_text("quality_history"))
        found = [dict(zip(answer.columns, values, strict=True)) for values in answer.fetchall()]
    assert [row["run_id"] for row in found] == list(runs)
    for row in found:
        expected = sum_counts(count for counts in runs[row["run_id"]] for count in counts)
        by_dimension = {count.dimension: count.score for count in expected}
        assert row["score"] == total_score(expected)
        assert {dimension: row[dimension.value] for dimension in Dimension} == {
            dimension: by_dimension.get(dimension) for dimension in Dimension
        }
