"""The two ways in which the comparison of latency runs the same stack, and what its files waited for by either."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from benchmarks.quality_ratios import Line
from terraform.artifacts.glue_wheels import JOBS, JOBS_WITH_QUALITY
from terraform.artifacts.locked import Needs

GOAL = 0.4
SHARE = 0.95
PREAMBLE = """\
import subprocess, sys, tempfile
subprocess.run({install!r} + [tempfile.mkdtemp()], check=True)
sys.argv += {arguments!r}
from glue_jobs.runtime import session
session.SETTINGS.update({settings!r})
"""
"""Before the deployed script: the packages that Glue would install, and what differs from the product."""


@dataclass(frozen=True)
class Profile:
    """One way to run: Terraform's variables, what is installed at the start of each run, what the job is told."""

    name: str
    variables: Mapping[str, Any]
    installs: Needs
    arguments: Sequence[str] = ()
    settings: Mapping[str, str] = field(default_factory=dict)

    def script(self, deployed: str, install: Sequence[str]) -> str:
        """The deployed script with what this profile does first; `install` takes a folder as its last argument."""
        told = {"arguments": list(self.arguments), "settings": dict(self.settings)}
        return PREAMBLE.format(install=list(install), **told) + deployed


OPTIMISED = Profile("optimised", {"glue": {"data_docs": False}}, JOBS)
"""What the product does: files that wait together are one run; the wheels of the job alone are installed."""

BASELINE = Profile(
    "baseline",
    {"batches": {"files": 1}, "glue": {"data_docs": True}},
    JOBS_WITH_QUALITY,
    ("--audit", "great_expectations"),
    {"spark.sql.adaptive.enabled": "false"},
)
"""File by file, without adaptive execution, audited by Great Expectations' own engine, for which it is installed."""


@dataclass(frozen=True)
class Waits:
    """Seconds from landed to readable, one a file, and of how many runs."""

    seconds: tuple[float, ...]
    runs: int

    @property
    def p95(self) -> float:
        """What 95 % of the files waited at most (nearest rank: of fewer than 20 files the longest)."""
        return sorted(self.seconds)[math.ceil(SHARE * len(self.seconds)) - 1]


def waits(landed: Mapping[str, datetime], readable: Iterable[tuple[Iterable[str], datetime]]) -> Waits:
    """How long each file that landed waited, by the runs that took files and when what they published was readable.

    Raises:
        ValueError: a file was not published.
    """
    taken = [(set(files), moment) for files, moment in readable]
    moments = {file: moment for files, moment in taken for file in files}
    missing = sorted(landed.keys() - moments.keys())
    if missing:
        raise ValueError(f"{len(missing)} of {len(landed)} files were not published, the first one {missing[0]}")
    return Waits(tuple((moments[file] - landed[file]).total_seconds() for file in landed), len(taken))


def judged(optimised: Waits, baseline: Waits) -> list[Line]:
    """The p95 of both, and their ratio against the goal."""
    ratio = optimised.p95 / baseline.p95
    shown = [(OPTIMISED.name, optimised), (BASELINE.name, baseline)]
    told = [
        Line(f"{name}, p95 of {len(one.seconds)} files", f"{one.p95:.1f} s, {one.runs} runs") for name, one in shown
    ]
    return [*told, Line("optimised : baseline", f"x{ratio:.2f}", f"at most x{GOAL:.2f}", ratio <= GOAL)]


def accepted(manifest: bytes, bucket: str) -> list[str]:
    """Keys of the files that a run took, by its manifest of accepted files."""
    return [uri.removeprefix(f"s3://{bucket}/") for uri in json.loads(manifest)["files"]]
