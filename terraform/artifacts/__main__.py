"""Builds what is deployed: `python -m terraform.artifacts [--to build/artifacts]`, what `make build` calls."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from terraform.artifacts.errors import BuildError
from terraform.artifacts.manifest import MANIFEST, Artifact
from terraform.artifacts.release import OUTSIDE, Suppliers, build_release

ROOT = Path(__file__).resolve().parents[2]
KILOBYTE = 1000


def main(arguments: Sequence[str] | None = None, root: Path = ROOT, suppliers: Suppliers = OUTSIDE) -> int:
    """Build, and print what was built; 1 and one line on stderr where that fails."""
    parser = argparse.ArgumentParser(prog="make build", description=__doc__)
    parser.add_argument(
        "--to", type=Path, default=root / "build" / "artifacts", help="folder; what it held is replaced"
    )
    folder = parser.parse_args(arguments).to.resolve()
    try:
        artifacts = build_release(root, folder, suppliers)
    except BuildError as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 1
    for artifact in artifacts:
        sys.stdout.write(f"{_line(artifact)}\n")
    sys.stdout.write(f"Listed in {folder / MANIFEST}\n")
    return 0


def _line(artifact: Artifact) -> str:
    return f"{artifact.kind:<16} {artifact.size / KILOBYTE:>10,.1f} kB  {artifact.file}"


if __name__ == "__main__":
    sys.exit(main())
