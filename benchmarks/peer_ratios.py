"""What the speed comparison says: medians of each program, ratios to the peers and floors, and which goals are met."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.measured_process import Cost
from benchmarks.quality_ratios import Line

PRODUCT = "product"
GOALS = {"naive_glue_job": 0.33, "floor_spark": 2.0, "duckdb_job": 2.5}
"""The most that the product may take of what a program takes, in processor seconds and in wall time."""

FLOORS = ("floor_spark", "duckdb_floor")
"""Programs that publish nothing: CSV to Parquet, untouched."""


@dataclass(frozen=True)
class Outcome:
    """One run of a program: what it cost, and how many lines it published; a floor publishes none."""

    cost: Cost
    published: int | None = None


def middle(outcomes: Sequence[Outcome], name: str) -> float:
    """The median of one figure of a program's cost."""
    return float(median(getattr(outcome.cost, name) for outcome in outcomes))


def cost_table(found: Mapping[str, Sequence[Outcome]]) -> str:
    """Markdown: a row a program, with the product's cost as a ratio to it."""
    rows = [
        "| program | wall s | CPU s | peak MB | published | product : it, CPU | product : it, wall |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, outcomes in found.items():
        cpu, wall = ratios(found, name)
        counts = sorted({str(outcome.published or "") for outcome in outcomes})
        rows.append(
            f"| `{name}` | {middle(outcomes, 'wall_seconds'):.1f} | {middle(outcomes, 'cpu_seconds'):.1f} "
            f"| {middle(outcomes, 'peak_megabytes'):,.0f} | {', '.join(counts)} | {cpu:.2f} | {wall:.2f} |"
        )
    return "\n".join(rows)


def ratios(found: Mapping[str, Sequence[Outcome]], name: str) -> tuple[float, float]:
    """The product's processor seconds and wall time in those of a program, by medians."""
    cpu, wall = (
        middle(found[PRODUCT], figure) / middle(found[name], figure) for figure in ("cpu_seconds", "wall_seconds")
    )
    return cpu, wall


def goal_lines(found: Mapping[str, Sequence[Outcome]]) -> list[Line]:
    """A line a goal and figure, and whether all programs published the same number of lines."""
    lines = []
    for name, most in GOALS.items():
        if name in found:
            for what, ratio in zip(("CPU", "wall"), ratios(found, name), strict=True):
                lines.append(Line(f"{what} : {name}", f"x{ratio:.2f}", f"at most x{most:.2f}", ratio <= most))
    return [*lines, counts_line(found)]


def counts_line(found: Mapping[str, Sequence[Outcome]]) -> Line:
    """Whether every run of every program that publishes published the same number of lines."""
    counts = {outcome.published for name, runs in found.items() if name not in FLOORS for outcome in runs}
    said = ", ".join(f"{count:,}" for count in sorted(count or 0 for count in counts))
    return Line("lines published", said, "the same by all", len(counts) == 1 and None not in counts)
