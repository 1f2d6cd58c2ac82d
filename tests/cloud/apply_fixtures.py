"""Applies fixtures by hand, plans again and destroys them, and prints what a module's author wants to know.

`python -m tests.cloud.apply_fixtures network queues`: without names, every fixture whose module is there.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from tests.cloud.fixture_roots import fixtures, make_root
from tests.cloud.local_cloud.server import running_cloud
from tests.cloud.terraform_reports import ApplyReport
from tests.cloud.terraform_runner import Terraform

T = TypeVar("T")


def main() -> None:
    """Apply, plan, destroy; end with 1 where something failed or would change."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.cloud.apply_fixtures")
    parser.add_argument("modules", nargs="*", help="names of fixtures; all by default")
    names = parser.parse_args().modules or fixtures()
    folder = Path(tempfile.mkdtemp(prefix="local_cloud_"))
    _say(f"In {folder}: {', '.join(names)}")
    with running_cloud(folder / "cloud.log") as cloud:
        terraform = Terraform(make_root(names, folder, cloud.make_key()), cloud)
        _timed("init", terraform.init)
        applied = _timed("apply", terraform.apply)
        _report(names, applied)
        plan = _timed("plan", terraform.plan)
        for change in plan.changes:
            _say(f"DRIFT {change}")
        destroyed = _timed("destroy", terraform.destroy)
        _report(names, destroyed)
    sys.exit(bool(applied.failures or destroyed.failures or plan.differs))


def _report(names: list[str], report: ApplyReport) -> None:
    for failure in report.failures:
        _say(f"FAILED {failure}")
    for name in names:
        own = {address: time for address, time in report.seconds.items() if address.startswith(f"module.{name}.")}
        longest = max(own, key=own.__getitem__, default=None)
        slowest = f"; longest {longest} {own[longest]:.0f} s" if longest else ""
        _say(f"{name}: {len(own)} resources in {report.seconds_of(name):.0f} s{slowest}")


def _timed(what: str, step: Callable[[], T]) -> T:
    began = time.monotonic()
    result = step()
    _say(f"{what}: {time.monotonic() - began:.0f} s")
    return result


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
