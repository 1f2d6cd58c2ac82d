"""What the quality section of the report page shows: scores by source and dimension, the worst files, the trend."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from expectations.quality_score import PERFECT, WEIGHTS, Dimension, DimensionCount, sum_counts, total_score
from expectations.report import RunReport
from expectations.report_charts import Bar, TrendPoint, score_trend, thin_bar
from expectations.report_parts import FileOutcome, ScorePoint, SourceQuality

FILES_SHOWN = 20
RUNS_DRAWN = 30
"""Earlier ones; the run itself comes on top."""

LEFT, IN_ERROR, WARNED = "left", "lost to records in error", "lost to warnings"


def quality_section(report: RunReport) -> dict[str, object]:
    """The facts of the section by name, as its template reads them."""
    counts = sum_counts(count for source in report.quality for count in source.dimensions)
    dimensions = [count.dimension for count in counts]
    rows = [_row(source.source, source.dimensions, dimensions) for source in report.quality]
    if len(rows) > 1:
        rows.append(_row("All sources", counts, dimensions))
    files = sorted(
        (file for file in report.files if _score(file) < PERFECT), key=lambda file: (_score(file), file.file)
    )
    trends = [_trend(report, source) for source in report.quality]
    return {
        "dimensions": dimensions,
        "rows": rows,
        "with_total_row": len(rows) > len(report.quality),
        "files": [_file(file) for file in files[:FILES_SHOWN]],
        "files_left_out": len(files) - FILES_SHOWN,
        "runs_drawn": RUNS_DRAWN,
        "trends": [trend for trend in trends if trend["chart"]],
        "first_time": [trend["source"] for trend in trends if not trend["chart"]],
    }


def _score(file: FileOutcome) -> Decimal:
    return PERFECT if file.quality_score is None else file.quality_score


def _row(name: str, counts: Sequence[DimensionCount], dimensions: Sequence[Dimension]) -> dict[str, object]:
    by_dimension = {count.dimension: count for count in counts}
    return {
        "source": name,
        "records": max(count.rows for count in counts),
        "total": _cell("total", counts),
        "cells": [
            _cell(dimension, [by_dimension[dimension]]) if dimension in by_dimension else None
            for dimension in dimensions
        ],
    }


def _cell(name: str, counts: Sequence[DimensionCount]) -> dict[str, object]:
    score, in_error, warned = total_score(counts), _lost(counts, 1), _lost(counts, 0)
    bars = [
        Bar(LEFT, float(PERFECT) - in_error - warned, str(score), "published"),
        Bar(IN_ERROR, in_error, _points(in_error), "quarantined"),
        Bar(WARNED, warned, _points(warned), "warned"),
    ]
    return {"score": score, "bar": thin_bar(bars, name)}


def _lost(counts: Sequence[DimensionCount], critical: int) -> float:
    """Points of 100 that records in error (1), or with a warning only (0), took off the score of these dimensions."""
    weight = sum(WEIGHTS[count.dimension] for count in counts)
    lost = 0.0
    for count in counts:
        rows = count.critical_rows if critical else count.warning_rows / 2
        lost += WEIGHTS[count.dimension] * 100 * rows / max(1, count.rows)
    return lost / weight


def _points(lost: float) -> str:
    return f"{lost:.1f}" if lost >= 0.1 or not lost else "less than 0.1"  # noqa: PLR2004 - as the text says


def _file(file: FileOutcome) -> dict[str, object]:
    worst_first = sorted((count for count in file.quality if count.score < PERFECT), key=lambda count: count.score)
    return {
        "file": file.file,
        "source": file.source,
        "held": file.status == "held",
        "cell": _cell("total", file.quality),
        "parts": [f"{count.dimension} {count.score}" for count in worst_first],
    }


def _trend(report: RunReport, quality: SourceQuality) -> dict[str, object]:
    this = ScorePoint(source=quality.source, run_id=report.run_id, finished_at=report.finished_at, score=quality.score)
    earlier = sorted(
        (point for point in report.history if point.source == quality.source and point.run_id != report.run_id),
        key=lambda point: (point.finished_at, point.run_id),
    )[-RUNS_DRAWN:]
    points = [_trend_point(point) for point in (*earlier, this)]
    return {
        "source": quality.source,
        "now": this.score,
        "before": earlier[-1].score if earlier else None,
        "chart": score_trend(points, f"Quality score of {quality.source} by run") if earlier else "",
    }


def _trend_point(point: ScorePoint) -> TrendPoint:
    day = _day(point.finished_at)
    return TrendPoint(day, float(point.score), str(point.score), f"{day}, run {point.run_id}: {point.score}")


def _day(value: datetime) -> str:
    return f"{value.day} {value:%b %Y}"
