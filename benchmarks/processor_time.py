"""Seconds of processor time that this process and its Java machine have used: what a noisy machine does not change."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass
class Spent:
    """Processor seconds and Spark jobs of one piece of work, known when it is done."""

    seconds: float = 0.0
    jobs: int = 0


def used_by(session: Any) -> float:  # noqa: ANN401 - a reference into the JVM; py4j has no types
    """Processor seconds used so far by Python and by the session's Java machine, each since it was started."""
    source = session._jvm.org.apache.spark.metrics.source.JVMCPUSource()  # noqa: SLF001 - no other way
    return float(source.metricRegistry().getGauges().get("jvmCpuTime").getValue()) / 1e9 + time.process_time()


def jobs_of(session: Any) -> int:  # noqa: ANN401 - as above
    """Spark jobs that the session has started so far."""
    return int(session.sparkContext._jsc.sc().dagScheduler().numTotalJobs())  # noqa: SLF001 - as above


@contextmanager
def measured(session: Any) -> Iterator[Spent]:  # noqa: ANN401 - as above
    """What the work inside costs."""
    spent, seconds, jobs = Spent(), used_by(session), jobs_of(session)
    yield spent
    spent.seconds, spent.jobs = used_by(session) - seconds, jobs_of(session) - jobs
