"""What the measurements of rules and engines say: medians, ratios, the bounds they are held to, a table of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.quality_engines import Counts

MOST_FOR_RULES, MOST_FOR_UNIQUENESS, MOST_JOBS = 0.15, 0.10, 10
LEAST_TIMES_CHEAPER = 4.0


@dataclass(frozen=True)
class JobCost:
    """Processor seconds and Spark jobs of one run of the job; of uniqueness, where the run judged it."""

    seconds: float
    jobs: int
    uniqueness_seconds: float = 0.0
    uniqueness_jobs: int = 0


@dataclass(frozen=True)
class EngineCost:
    """Processor seconds and Spark jobs of one engine on one suite, and the rows it found by rule."""

    seconds: float
    jobs: int
    wall: float
    counts: Counts


@dataclass(frozen=True)
class Line:
    """One line of the table: what is compared, the figure, the bound, and whether it is kept (None: there is none)."""

    what: str
    figure: str
    bound: str = ""
    kept: bool | None = None


def job_lines(with_rules: Sequence[JobCost], without: Sequence[JobCost]) -> list[Line]:
    """What the suite adds to the job: its row rules, their counts and the audit; and apart the uniqueness in it."""
    base, ruled = median(one.seconds for one in without), median(one.seconds for one in with_rules)
    unique = median(one.uniqueness_seconds for one in with_rules)
    rules, uniqueness = (ruled - unique) / base - 1, unique / base
    jobs = max(one.jobs for one in with_rules) - min(one.jobs for one in without)
    seconds = f"{ruled:.1f} s against {base:.1f} s"
    return [
        Line(
            "row rules and their counts",
            f"{rules:+.1%} ({seconds})",
            f"at most +{MOST_FOR_RULES:.0%}",
            rules <= MOST_FOR_RULES,
        ),
        Line(
            "uniqueness of the grain",
            f"{uniqueness:+.1%} ({unique:.1f} s)",
            f"at most +{MOST_FOR_UNIQUENESS:.0%}",
            uniqueness <= MOST_FOR_UNIQUENESS,
        ),
        Line("further Spark jobs, both", f"{jobs}", f"at most {MOST_JOBS}", jobs <= MOST_JOBS),
    ]


def engine_lines(costs: Mapping[str, Sequence[EngineCost]], compiled: str, bounded: str) -> list[Line]:
    """Each engine's cost as a multiple of the compiled suite's; of the bounded one it is to be large."""
    base = median(one.seconds for one in costs[compiled])
    lines = []
    for name, runs in costs.items():
        seconds = median(one.seconds for one in runs)
        figure = f"x{seconds / base:.2f} ({seconds:.1f} s, {runs[-1].jobs} jobs)"
        if name == bounded:
            kept = seconds / base >= LEAST_TIMES_CHEAPER
            lines.append(Line(name, figure, f"at least x{LEAST_TIMES_CHEAPER:.0f}", kept))
        else:
            lines.append(Line(name, figure))
    return lines


def count_lines(costs: Mapping[str, Sequence[EngineCost]], compiled: str, rules: Sequence[str]) -> list[Line]:
    """For each other engine: how many rules it can say, and whether it counts the same rows for each of these."""
    ours = costs[compiled][-1].counts
    lines = []
    for name, runs in costs.items():
        if name == compiled:
            continue
        counts = runs[-1].counts
        differ = [rule for rule in rules if rule in counts and counts[rule] != ours[rule]]
        unsaid = [rule for rule in rules if rule not in counts]
        left_out = f"; cannot say {', '.join(unsaid)}" if unsaid else ""
        equal = f"equal counts by {len(counts) - len(differ)} of {len(rules)} rules"
        different = f"; differ: {', '.join(differ)}" if differ else ""
        lines.append(Line(name, equal + left_out + different, "equal", not differ))
    return lines


def table(lines: Sequence[Line]) -> str:
    """The lines below each other, their columns aligned."""
    widths = [max(len(line.what) for line in lines), max(len(line.figure) for line in lines)]
    said = {True: "kept", False: "MISSED", None: ""}
    return "\n".join(
        f"{line.what:<{widths[0]}}  {line.figure:<{widths[1]}}  {line.bound:<14}  {said[line.kept]}".rstrip()
        for line in lines
    )
