"""Writes what the plans say into docs/: `python -m terraform.estate [--check] [--plans build/plans]`.

The plans are rendered by `make plans`; a plan of a real account does as well: `terraform show -json <saved plan>`.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from terraform.estate.documents import CURE, stale, write
from terraform.estate.errors import EstateError
from terraform.estate.plan import Estate

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENTS = ("dev", "staging", "prod")


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Write the documents, or with `--check` name the stale ones; 1 where there are any or a plan cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m terraform.estate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail where a document is out of date")
    parser.add_argument("--plans", type=Path, default=root / "build" / "plans", help="folder of <environment>.json")
    given = parser.parse_args(arguments)
    try:
        estates = {name: Estate.read(given.plans / f"{name}.json") for name in ENVIRONMENTS}
        if not given.check:
            write(root, estates)
            return 0
        old = stale(root, estates)
    except EstateError as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 1
    for path in old:
        sys.stdout.write(f"{path} is not what the plans say now; cure: {CURE}\n")
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main())
