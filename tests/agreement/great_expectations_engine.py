"""Great Expectations' own Spark engine, asked about many tiny frames as cheaply as it can be."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyspark.sql import DataFrame, SparkSession

from expectations.contract import Table
from expectations.rules import Rule
from tests.agreement.dirty_frames import Frame

if TYPE_CHECKING:
    import great_expectations as gx

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # before it is imported

FOR_TINY_FRAMES = {
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
}
COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0}


@contextmanager
def settings(spark: SparkSession, changed: dict[str, str]) -> Iterator[None]:
    """The session with other settings for a while."""
    before = {key: spark.conf.get(key, None) for key in changed}
    try:
        for key, value in changed.items():
            spark.conf.set(key, value)
        yield
    finally:
        for key, old in before.items():
            spark.conf.unset(key) if old is None else spark.conf.set(key, old)


def load_suite(path: Path) -> "gx.ExpectationSuite":
    """The suite as Great Expectations loads it."""
    import great_expectations as gx  # noqa: PLC0415 - takes seconds, which other tests need not wait for

    return gx.ExpectationSuite(**json.loads(path.read_text(encoding="utf-8")))


def local_frames(spark: SparkSession, table: Table, columns: Sequence[str], frames: Sequence[Frame]) -> list[DataFrame]:
    """A DataFrame of each frame that Spark holds as rows and need not compute; one job makes them all."""
    schema = ", ".join(f"{name} {table.column(name).type}" for name in columns)
    rows = [tuple(row[name] for name in columns) for frame in frames for row in frame]
    together: Any = spark.createDataFrame(rows, schema).coalesce(1)._jdf  # noqa: SLF001 - Python has no list of Java's rows
    java_rows, java_schema = together.collectAsList(), together.schema()
    found, at = [], 0
    for frame in frames:
        java_session: Any = spark._jsparkSession  # noqa: SLF001
        java_frame = java_session.createDataFrame(java_rows.subList(at, at + len(frame)), java_schema)
        found.append(DataFrame(java_frame, spark))
        at += len(frame)
    return found


class Engine:
    """Validates frames with expectations of suites."""

    def __init__(self) -> None:
        import great_expectations as gx  # noqa: PLC0415 - as above
        from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: PLC0415 - as above

        self._gx = gx
        self._context = gx.get_context(mode="ephemeral")
        self._context.variables.progress_bars = ProgressBarsConfig(globally=False)
        asset = self._context.data_sources.add_spark("frames", persist=False).add_dataframe_asset("frame")
        self._whole = asset.add_batch_definition_whole_dataframe("whole")

    def answers(self, frame: DataFrame, expectations: Sequence[Any]) -> dict[str, tuple[bool, int | None]]:
        """Rule id to success and count of unexpected rows; of expectations that have no such count, None."""
        batch = self._whole.get_batch({"dataframe": frame})
        suite = self._gx.ExpectationSuite(name="some", expectations=list(expectations))
        found = {}
        for result in batch.validate(suite, result_format=COUNTS_ONLY).results:
            config = result.expectation_config
            assert config is not None
            failed = [info for info in _exceptions(result.exception_info) if info.get("raised_exception")]
            assert not failed, (config.meta, failed[0].get("exception_message"))
            found[config.meta["rule_id"]] = (bool(result.success), _count(result.result, config.type))
        return found


def counted(rule: Rule, frame: Frame, today: date) -> tuple[bool, int]:
    """What Great Expectations should answer for a row rule, by the rule's Python form."""
    broken = sum(rule.broken(row, today) for row in frame)
    judged = sum(rule.judged(row, today) for row in frame)
    return (not judged or (judged - broken) / judged >= rule.mostly), broken


def _count(result: dict[str, Any], kind: str) -> int | None:
    if kind == "unexpected_rows_expectation":
        return int(result["observed_value"])
    if "unexpected_count" not in result:
        return None
    return int(result["unexpected_count"] or 0)


def _exceptions(info: dict[str, Any] | None) -> list[dict[str, Any]]:
    if not info:
        return []
    return [info] if "raised_exception" in info else [one for one in info.values() if isinstance(one, dict)]
