"""What two versions reach where their detections count from another score on: one figure, a curve each."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen import numbers
from reportgen.site.charts import marks
from reportgen.site.charts.axis import ValueAxis
from reportgen.site.charts.chart import Chart, Row, Spec, assemble, build, unchecked
from reportgen.site.charts.curves import curve, cut_offs
from reportgen.site.charts.cutoff_curves import LISTED, Rate, rate_fields
from reportgen.site.charts.theme import HALF, NARROW

LEFT, RIGHT, TOP, BOTTOM = 44.0, 16.0, 14.0, 44.0
HEIGHT = 160
ACROSS = "the score from which a detection counts"


@unchecked
def object_curves(
    id: str,
    label: str,
    candidate: Sequence[Rate | None],
    baseline: Sequence[Rate | None],
    *,
    read: tuple[float, float | None],
    names: tuple[str, str],
    level: str,
) -> Chart:
    """A figure of two versions at each cut-off, the lowest first, with each one's own marked; a script gives others.

    Args:
        id: of the chart.
        label: its key sentence.
        candidate: at equal steps from 0 to 1; none where too few samples are there, or it is not defined.
        baseline: likewise; empty without one.
        read: the cut-off of the candidate, and of the baseline.
        names: of the two.
        level: of the intervals.
    """
    rows = object_rows(candidate, baseline, read)
    fields = ("cut", *(f"{name}_{part}" for name in ("own", "base")[: 2 if baseline else 1] for part in ("text", "n")))
    head = ("Cut-off", *(cell for name in names[: 2 if baseline else 1] for cell in (f"{name}, {level}", "of")))
    table = [[str(row[field]) for field in fields] for row in rows if row["t"] == "row"]
    return build(id, label, _spec(HALF), {"": rows}, head, {"": table}, narrow=_spec(NARROW), live=True, cells=fields)


def object_rows(
    candidate: Sequence[Rate | None], baseline: Sequence[Rate | None], read: tuple[float | None, float | None]
) -> list[Row]:
    """The chart's rows; ``assets/js/engine/object_cutoffs.js`` makes the same ones of a selection."""
    rows: list[Row] = [marks.word("across", ACROSS)]
    last = len(candidate) - 1
    step = max(1, round(len(candidate) / LISTED))
    for i, one in enumerate(candidate):
        row: Row = {"t": "point" if i % step else "row", "x": i / last, "cut": numbers.plain(i / last, 2)}
        rows.append(row | rate_fields("own", one) | rate_fields("base", baseline[i] if baseline else None))
    for role, points, at in zip(("candidate", "baseline"), (candidate, baseline), read, strict=True):
        if points and at is not None:
            rows.append({"t": f"at-{role}", "x": at, "y": 0, "y2": 100})
            point = points[round(at * last)]
            rows += [{"t": f"dot-{role}", "x": at, "y": point.value * 100}] if point else []
    return rows


def _spec(width: float) -> Spec:
    plot = width - LEFT - RIGHT
    x = ValueAxis(0, 1, (0, 0.25, 0.5, 0.75, 1), ("0", "0.25", "0.5", "0.75", "1"), (0, plot))
    y = ValueAxis(0, 100, (0, 25, 50, 75, 100), ("0", "25", "50", "75", "100%"), (HEIGHT, 0))
    layers = [
        *curve(("row", "point"), x, y, "base", baseline=True),
        *curve(("row", "point"), x, y, "own", baseline=False),
        *cut_offs(x, y),
        marks.caption("across", 0, HEIGHT + 36),
    ]
    return assemble(layers, width=plot, height=HEIGHT, padding=(TOP, RIGHT, BOTTOM, LEFT))
