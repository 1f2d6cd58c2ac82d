"""What the initial partitions of expectations.run_size cost against adaptive execution alone: a table of ratios.

`python -m benchmarks.partition_tiers [LINES ...]` writes a sample of so many claim lines and runs the whole job on it
in fresh processes, in turn with the tier's partitions, with Spark's default of 200 left to adaptive execution, and with
two partitions a core. Compare the ratios, not the seconds: machines are noisy.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from expectations.run_size import InputSize, initial_partitions
from glue_jobs.runtime.sample import write_sample

SPARKS_DEFAULT = 200
ROUNDS = 2


def run_job(raw: Path, partitions: int) -> float:
    """Seconds of one run of the job, start of Spark included, in a process and a lake of its own."""
    with tempfile.TemporaryDirectory() as lake:
        started = time.perf_counter()
        subprocess.run(  # noqa: S603 - our own program on our own folder
            [
                sys.executable,
                "-m",
                "glue_jobs.cli",
                "run",
                "--input",
                raw,
                "--lake",
                lake,
                "--partitions",
                str(partitions),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return time.perf_counter() - started


def compare(lines: int) -> None:
    """Print one row for each way to choose the partitions, the better of two rounds; the tier is 1.00."""
    with tempfile.TemporaryDirectory() as folder:
        facts = write_sample(Path(folder), claim_lines=lines)
        sizes = [InputSize(path.stat().st_size, path.suffix == ".gz") for path in facts.paths]
        tier = initial_partitions(sizes)
        choices = {"tier": tier, "adaptive alone": SPARKS_DEFAULT, "two a core": 2 * (os.cpu_count() or 1)}
        seconds: dict[str, list[float]] = {name: [] for name in choices}
        for _ in range(ROUNDS):
            for name, partitions in choices.items():
                seconds[name].append(run_job(Path(folder) / "raw", partitions))
    megabytes = sum(size.text_bytes for size in sizes) / 1e6
    for name, partitions in choices.items():
        best = min(seconds[name])
        sys.stdout.write(
            f"{lines:>9} lines {megabytes:>6.0f} MB  {name:<15} {partitions:>4} partitions"
            f"  {best:>6.1f} s  x{best / min(seconds['tier']):.2f}\n"
        )
    sys.stdout.flush()


if __name__ == "__main__":
    for wanted in [int(argument) for argument in sys.argv[1:]] or [20_000, 600_000]:
        compare(wanted)
