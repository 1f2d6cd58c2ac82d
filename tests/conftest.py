"""What every test shares: the order of tests, the folder ../shared, and what was skipped, said at the end."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from glue_jobs.runtime.session import SessionOptions, start_session
from tests.quick_spark import AS_USERS_RUN_IT, QUICK_SPARK
from tests.s3_bucket import bucket, one_client

__all__ = ["bucket", "one_client"]

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
ORDER = ("unit", "oracle", "chaos", "cloud", "agreement", "integration")
"""Fast ones first; then the longest, so that two workers end together."""
ONE_WORKER = {"test_versions.py": "versions", "test_order_free.py": "versions"}
"""Files that share what is dear to make go to one worker; so do the tests of one file."""
FOLDERS_OF_ONE_WORKER = ("chaos", "cloud")
"""All of these share what is dear to make: a killed lake, an applied stack."""


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of public claims files and malformed files beside the checkout; tests that use it skip without it."""
    return SHARED


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the one lake that all tests share; the session's catalog lies in it."""
    return tmp_path_factory.mktemp("lake")


@pytest.fixture(scope="session")
def spark(lake: Path) -> Iterator[SparkSession]:
    """The one Spark session of the tests, as a run has it, but it compiles nothing and has two shuffle partitions."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in QUICK_SPARK.items():
            environment.setenv(name, value)
        session = start_session(SessionOptions(str(lake), driver_memory_gigabytes=2))
    session.conf.set("spark.sql.shuffle.partitions", "2")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def compiling(spark: SparkSession) -> Iterator[None]:
    """Spark writes and compiles code for its queries, as where users run it."""
    before = {name: spark.conf.get(name) for name in AS_USERS_RUN_IT}
    for name, value in AS_USERS_RUN_IT.items():
        spark.conf.set(name, value)
    yield
    for name, usual in before.items():
        spark.conf.set(name, str(usual))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:  # noqa: ANN401 - pytest-xdist has no types for it
    """Tests of one group go to one worker: its marks for groups do nothing with this pytest (9.2 and xdist 3.8)."""
    from xdist.scheduler import (  # type: ignore[import-untyped]  # noqa: PLC0415 - only with several workers
        LoadScopeScheduling,
    )

    class GroupScheduling(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return _group(ROOT / nodeid.split("::", 1)[0])

    return GroupScheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fast tests run first; who needs ../shared is marked, and skipped where it is missing."""
    items.sort(key=lambda item: _place(item.path))
    for item in items:
        if "shared" in getattr(item, "fixturenames", ()):
            item.add_marker("shared")
        if not SHARED.is_dir() and item.get_closest_marker("shared"):
            item.add_marker(pytest.mark.skip(reason="the folder ../shared beside the checkout is missing"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line says how many tests were skipped for which reason, none included."""
    reports = terminalreporter.stats.get("skipped", [])
    reasons = Counter(_reason(report) for report in reports)
    counted = "; ".join(f"{count} because {reason}" for reason, count in reasons.most_common())
    terminalreporter.write_line(f"Skipped: {counted or 'none'}.")


def _place(path: Path) -> int:
    folder = path.relative_to(ROOT / "tests").parts[0]
    return ORDER.index(folder) if folder in ORDER else len(ORDER)


def _group(path: Path) -> str:
    place = path.relative_to(ROOT / "tests")
    return place.parts[0] if place.parts[0] in FOLDERS_OF_ONE_WORKER else ONE_WORKER.get(path.name, str(place))


def _reason(report: pytest.TestReport) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")
