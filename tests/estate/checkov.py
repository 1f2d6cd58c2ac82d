"""Runs checkov over Terraform's source and rendered plans: `python -m tests.estate.checkov`, what `make checkov` calls.

checkov pins boto3 and much else, so it lives in an environment of its own below .cache, made from its own lock file.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.installed_tools import ROOT, ToolError, installed

SOURCE = ROOT / "terraform"
PLAIN = ("--quiet", "--compact", "--skip-download", "--output=json")


@dataclass(frozen=True)
class Scan:
    """What checkov says: how many checks passed, how many are skipped with a reason, and those that failed."""

    passed: int
    skipped: int
    failed: tuple[str, ...]

    @classmethod
    def read(cls, output: str) -> "Scan":
        """Read checkov's JSON; a scan that saw nothing, or could not read a file, is an error."""
        try:
            report = json.loads(output)
        except ValueError as error:
            raise ToolError(f"checkov wrote no JSON: {output[:500]}") from error
        summary = report.get("summary", report)
        if not summary["passed"] or summary["parsing_errors"]:
            raise ToolError(f"checkov read nothing, or not all: {summary}")
        failed = sorted(_line(one) for one in report["results"]["failed_checks"])
        return cls(summary["passed"], summary["skipped"], tuple(failed))

    def __str__(self) -> str:
        return f"{self.passed} passed, {len(self.failed)} failed, {self.skipped} skipped with a reason"


def scan_source(folder: Path = SOURCE) -> Scan:
    """Checks of a folder of Terraform, as `checkov -d terraform` reads it."""
    return Scan.read(_run(f"--directory={folder}", "--framework=terraform", *PLAIN))


def scan_plans(plans: Sequence[Path], source: Path = SOURCE) -> Scan:
    """Checks of rendered plans; skips are read from the source that they were made of."""
    files = (f"--file={plan}" for plan in plans)
    enriched = f"--repo-root-for-plan-enrichment={source}"
    return Scan.read(_run(*files, "--framework=terraform_plan", enriched, *PLAIN))


def _run(*arguments: str) -> str:
    """What checkov writes; the names of the machine's AWS settings are kept from it, it asks nobody."""
    own = {
        name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "BC_", "CKV_", "CHECKOV_"))
    }
    done = subprocess.run(  # noqa: S603 - the program of our lock file
        [installed("checkov"), *arguments], cwd=ROOT, env=own, capture_output=True, text=True, check=False
    )
    if not done.stdout:
        raise ToolError(f"checkov ended with {done.returncode}: {done.stderr[-1000:]}")
    return done.stdout


def _line(failed: dict[str, Any]) -> str:
    place = f"{failed['file_path'].lstrip('/')}:{failed['file_line_range'][0]}"
    return f"{failed['check_id']} {failed['resource']} ({place}): {failed['check_name']}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Scan the source and the given plans; 1 where a check fails."""
    parser = argparse.ArgumentParser(prog="make checkov", description=__doc__)
    parser.add_argument("plans", nargs="*", type=Path, help="rendered plans")
    plans = parser.parse_args(arguments).plans
    try:
        scans = {"source": scan_source()} | ({"plans": scan_plans(plans)} if plans else {})
    except ToolError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for name, scan in scans.items():
        sys.stdout.write("".join(f"{line}\n" for line in (*scan.failed, f"{name}: {scan}")))
    return 1 if any(scan.failed for scan in scans.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
