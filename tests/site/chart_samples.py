"""One chart of each kind and layout, of made-up figures, for the tests of charts."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from reportgen.model import EffectRow, PairCoverage, Verdict
from reportgen.site.charts import (
    BarRow,
    Chart,
    ClassRow,
    ComparedShare,
    ConfusionCell,
    ConfusionGrid,
    ContributionRow,
    CutoffPoint,
    DivergingSet,
    FlipCounts,
    HeatCell,
    HeatGrid,
    HistogramBin,
    Level,
    LevelRow,
    MovedRow,
    PlacedShare,
    Rate,
    ReliabilityBin,
    RiskCurve,
    RiskPoint,
    ShareRow,
    StackPart,
    TrainingRow,
    TrendPoint,
    bars,
    classes,
    compared_shares,
    confusion,
    contributions,
    covered,
    cutoff_curves,
    diverging,
    effect,
    flips,
    heatmap,
    histogram,
    levels,
    moved,
    object_curves,
    placed,
    reliability,
    risk,
    shares,
    stacked,
    trainings,
    trend,
)
from reportgen.site.charts.heatmap import View
from reportgen.site.drawing import Drawing, draw

HOSTILE = (
    "a.b",
    "a[0]",
    "a'b",
    'a"b',
    "a\\b",
    "__proto__",
    "constructor",
    "acc:Q",
    "count()",
    " ",
    "x" * 300,
    "🦊 vulpes",
    "</script><img src=x onerror=alert(1)>",
    "datum.n === 1 ? 'a' : 'b'",
    "{{ 7 * 7 }}",
    "line\nbreak\x00\x1b[31m",
    "שלום",
)
"""Names that a column or a value may have, and that no chart may stumble over."""


def change(name: str, low: float, value: float, high: float, verdict: Verdict, n: int) -> EffectRow:
    """A row whose support follows from its n."""
    support = "decide" if n >= 200 else "test" if n >= 30 else "show" if n >= 10 else "counts"
    return EffectRow(name, low, value, high, verdict, n, support)  # type: ignore[arg-type]


WORSE = change("night × rain", -0.112, -0.083, -0.054, "worse", 812)
FEW = change("night × rain × pedestrian", -0.395, -0.298, -0.2, "worse", 131)
UNCLEAR = change("night × fog", -0.067, -0.019, 0.029, "unclear", 207)
BETTER = change("van", 0.042, 0.054, 0.066, "better", 3874)
TINY = change("tunnel", -0.3, 0.1, 0.4, "too_few", 24)
COUNTED = change("tunnel × van", -0.9, 0.1, 0.9, "too_few", 8)
CHANGES = (FEW, WORSE, UNCLEAR, BETTER, TINY, COUNTED)


def named(names: tuple[str, ...]) -> Chart:
    """A chart with a row for each name."""
    rows = [EffectRow(name, -0.05, i / 100 - 0.04, 0.1, "unclear", 300) for i, name in enumerate(names)]
    return diverging("named", "Names.", rows, overall=0.01, candidate=names[0])


def heat(view: View = "change", columns: int = 4) -> HeatGrid:
    """A grid with every kind of cell, and with an empty one."""
    rows, values = ("day", "dusk", "night"), tuple(f"weather {i}" for i in range(columns))
    cells = []
    for r, row in enumerate((*rows, None)):
        for c, column in enumerate((*values, None)):
            i = r * (columns + 1) + c
            if i == 6:
                continue
            one = CHANGES[i % len(CHANGES)]
            key = f"{row} {column}"
            cells.append(
                HeatCell(
                    row, column, one.n, one.support, one.verdict, one.value, one.low, one.high, 0.9, 0.85, 6, key=key
                )
            )
    return HeatGrid(rows, values, tuple(cells), all_columns="all weather", view=view)


def changes() -> list[TrendPoint]:
    """A change over four reports: worse, none kept, no clear one, better."""
    told = ((-0.023, "fails"), (None, "–"), (0.005, "passes"), (0.041, "passes"))
    return [
        TrendPoint(f"{i + 1} Nov 2026", f"{i + 1} Nov", None, None, None, None, asides=(state, "v1"))
        if value is None
        else TrendPoint(
            f"{i + 1} Nov 2026", f"{i + 1} Nov", value, value - 0.02, value + 0.02, 900, "candidate", (state, "v1")
        )
        for i, (value, state) in enumerate(told)
    ]


def level_rows() -> list[LevelRow]:
    """A row a hostile name, one without a change, and one of which a version has no value."""
    change = EffectRow("a", 0.01, 0.09, 0.16, "better", 812)
    pair = (Level(0.19, 0.12, 0.27), Level(0.28, 0.21, 0.36))
    rows = [LevelRow(name, pair, change, "812") for name in HOSTILE]
    return [*rows, LevelRow("Small", pair, None, "812"), LevelRow("Large", (Level(None), Level(0.4)), None, "7")]


def placed_shares(less: float = 1.0) -> list[PlacedShare]:
    """Ten ranges; the first of which nobody has."""
    return [
        PlacedShare(f"0.{50 + 5 * i}", f"0.{50 + 5 * i}", 7 * i, 0.02 * i * less, 0.01 * i * less, 0.03 * i)
        if i
        else PlacedShare("0.50", "0.50", 0, None, None, None)
        for i in range(10)
    ]


def points(n: int) -> list[TrendPoint]:
    """Values on the way, one of them missing: ring, dots, and the candidate last."""
    values = [None if i == 1 else 0.9 + (i % 5) / 100 for i in range(n)]
    found = [
        TrendPoint(f"version {i}", f"version {i}", v, v and v - 0.02, v and v + 0.01, 812 if v else None)
        for i, v in enumerate(values)
    ]
    return [replace(found[0], role="baseline"), *found[1:-1], replace(found[-1], role="candidate")]


def matrix(n_classes: int, *, moved: int = 30) -> tuple[tuple[str, ...], ConfusionGrid]:
    """Class names, and a matrix with cells beyond chance on both sides."""
    names = tuple(f"class {i}" for i in range(n_classes))
    cells = []
    for i, target in enumerate(names):
        for j in (i, (i + 1) % n_classes, (i + 5) % n_classes):
            delta = (moved if i % 2 else -moved) * (1 if i == j else -1) + j
            verdict: Verdict = ("better" if (delta > 0) == (i == j) else "worse") if abs(delta) > 20 else "unclear"
            cells.append(ConfusionCell(target, names[j], 100 + i, 100 + i + delta, verdict, key=f"{i}>{j}"))
    return names, ConfusionGrid(tuple(cells), said="v2 and v1 said…")


def coverage(n_attributes: int) -> tuple[tuple[str, ...], tuple[PairCoverage, ...]]:
    """Attributes with all, some and none of their combinations covered."""
    names = tuple(f"attribute {i}" for i in range(n_attributes))
    pairs = [
        PairCoverage((first, second), 12 + i + j, max(0, 12 + j - 4 * i), 2 * i)
        for i, first in enumerate(names)
        for j, second in enumerate(names)
        if i <= j
    ]
    return names, tuple(pairs)


def sure_bins(shift: float = 0.0) -> tuple[ReliabilityBin, ...]:
    """Bins of every kind: empty, not drawn, pale, honest and too sure."""
    counts = (0, 0, 3, 20, 49, 134, 371, 762, 1300, 2100, 0, 3500, 6400, 12000, 34000)
    return tuple(
        ReliabilityBin(
            i / 15,
            (i + 1) / 15,
            n,
            (i + 0.5) / 15 if n else None,
            max(0.0, (i + 0.5) / 15 - shift) if n else None,
            max(0.0, (i + 0.5) / 15 - shift - 0.4 / (1 + n) ** 0.5) if n else None,
            min(1.0, (i + 0.5) / 15 - shift + 0.4 / (1 + n) ** 0.5) if n else None,
        )
        for i, n in enumerate(counts)
    )


def curve_points(power: float, n: int) -> tuple[CutoffPoint, ...]:
    """Shares at 101 cut-offs; at the last ones too few alarms to say how many are right."""

    def share(value: float, of: int) -> Rate:
        return Rate(value, max(0.0, value - 1 / of**0.5), min(1.0, value + 1 / of**0.5), of)

    return tuple(
        CutoffPoint(i / 100, share(1 - (i / 100) ** power, n), share(0.6 + i / 300, n) if i < 96 else None)
        for i in range(101)
    )


def risk_curve(version: str, scale: float, n: int) -> RiskCurve:
    """Errors that grow with the share decided."""
    points = tuple(
        RiskPoint(k / 20, n * k // 20, scale * (k / 20) ** 2, scale * (k / 20) ** 2 * 0.7, scale * (k / 20) ** 2 * 1.4)
        for k in range(1, 21)
    )
    return RiskCurve(version, points, points[17])


@cache
def every() -> tuple[Chart, ...]:
    """One chart of each kind; those with alternatives are live, and so is the last one."""
    pair = EffectRow("night", 0.26, 0.336, 0.421, "worse", 131, "test", 0.069, 0.036, 0.126)
    share = EffectRow("all samples", 0.0038, 0.0044, 0.005, "unclear", 48210)
    class_rows = [ClassRow(one.label, (one, BETTER)) for one in CHANGES[:4]]
    names, cells = matrix(10)
    many, more = matrix(30)
    return (
        diverging(
            "diverging",
            "Losses sit where night meets rain.",
            CHANGES,
            overall=0.014,
            candidate="v2",
            alternatives={"v3": DivergingSet((UNCLEAR, BETTER), 0.02, "v3")},
        ),
        diverging("errors", "Errors grow at night.", CHANGES, overall=None, unit="number", higher_is_better=False),
        effect("difference", "Night loses.", (WORSE, UNCLEAR, BETTER), axis="change in accuracy, points"),
        effect("pair", "Night is confused.", (pair,), kind="pair", axis="pedestrians called cyclist"),
        effect("share", "Labels look wrong.", (share,), kind="share"),
        heatmap("heat", "Only together they fail.", heat(), alternatives={"value": heat("candidate", 3)}),
        heatmap("heat-wide", "Eleven columns.", heat(columns=11)),
        classes("classes", "Vans gain.", class_rows, alternatives={"v3": [ClassRow("one", (None, WORSE))]}),
        confusion("confusion", "One goes the wrong way.", cells, names, alternatives={"v3": matrix(10, moved=60)[1]}),
        confusion("confusion-many", "Thirty classes.", more, many),
        flips(
            "flips",
            "More fixed than broken.",
            FlipCounts(43511, 456, 1131, 3112),
            alternatives={"same": FlipCounts(9, 0, 0, 1)},
        ),
        shares(
            "shares",
            "Night holds a fifth.",
            [ShareRow("night", 86, 456, 812, 48210, True), ShareRow("else", 370, 456, 47398, 48210)],
        ),
        compared_shares(
            "compared-shares",
            "Well matched.",
            [
                ComparedShare("car", 14820, 0.307, 0.303, 0.311, 9000, 0.319, 0.31, 0.328),
                ComparedShare("name " * 12, 496, 0.01, 0.009, 0.011, 0, 0.0, 0.0, 0.001),
                ComparedShare("7 other", 90, 0.002, None, None, 12, 0.003, None, None),
            ],
            level=0.95,
        ),
        moved(
            "moved",
            "Only the mix of time and weather has moved.",
            [
                MovedRow("time × weather", 0.21, 0.12, 0.9, True, "night × rain", 90000, 48210, 0.0004, "0.6% → 1.7%"),
                MovedRow("value " * 12, 0.0, 0.0, 0.04, False, "no clear change", 90000, 48210, 0.4),
                MovedRow("camera", None, None, None, False, "too few to tell", 4, 48210, None),
            ],
            threshold=0.1,
            level=0.95,
        ),
        trainings(
            "trainings",
            "Three trainings of each.",
            [
                TrainingRow("v1", (0.7, 0.72, 0.71), 0.71, 0.68, 0.74, 812),
                TrainingRow("v2", (0.8,), 0.8, None, None, 812),
            ],
        ),
        contributions(
            "contributions",
            "Rain brings most.",
            [
                ContributionRow("rain", 0.3, -0.02, -0.03, -0.01, -0.066, 812, "worse", "decide"),
                ContributionRow("value " * 12, 0.5, 0.0, None, None, 0.0, 90, "unclear", "test"),
                ContributionRow("sun", 0.2, 0.03, 0.02, 0.04, 0.15, 300, "better", "decide"),
            ],
            alternatives={"1-1": [ContributionRow("the rest", 1.0, 0.01, -0.01, 0.02, 0.01, 12, "too_few", "show")]},
        ),
        trend("trend", "Accuracy over four versions.", points(4)),
        trend(
            "trend-change",
            "A gate of a largest drop.",
            changes(),
            change=True,
            order="Report",
            asides=("Gate", "Baseline"),
        ),
        trend(
            "trend-many",
            "Cost over twenty reports.",
            [replace(one, asides=("v2",)) for one in points(20)],
            unit="number",
            order="Report",
            asides=("Candidate",),
        ),
        levels(
            "levels",
            "AP by size and class.",
            level_rows(),
            [("Baseline", "baseline"), ("Candidate", "candidate")],
            alternatives={"1-0": level_rows()[:2]},
        ),
        levels(
            "levels-four",
            "What mending would give.",
            [
                LevelRow(name, tuple(Level(0.1 * v, 0.05, 0.1 * v + 0.1) for v in range(4)), None, "9")
                for name in HOSTILE
            ],
            [("v1", "baseline"), ("v2", "other"), ("v3", "other"), ("v4", "candidate")],
            changes=False,
        ),
        placed("placed", "How well boxes are placed.", (placed_shares(), placed_shares(0.5)), ("v1", "v2")),
        placed("placed-one", "How well boxes are placed.", (placed_shares(),), ("v1",)),
        stacked(
            "stacked",
            "Errors by type.",
            HOSTILE,
            [
                StackPart(f"Kind {k} of error", tuple(k * i for i in range(len(HOSTILE))), hollow=k == 3)
                for k in range(6)
            ],
        ),
        covered("covered", "One pair in four has gaps.", *coverage(4), enough="30 images"),
        covered("covered-many", "Fourteen attributes.", *coverage(14), enough="30 images and 10 groups"),
        reliability("reliability", "v2 is too sure.", sure_bins(0.1), alternatives={"night": sure_bins()}),
        object_curves(
            "object-cutoffs",
            "F1 of v2 and v1, by the score from which a detection counts.",
            [*(Rate(0.8 - 0.03 * k, 0.7 - 0.03 * k, 0.9 - 0.03 * k, 300) for k in range(20)), None],
            [Rate(0.7 - 0.03 * k, 0.6 - 0.03 * k, 0.8 - 0.03 * k, 300) for k in range(21)],
            read=(0.4, 0.5),
            names=("v2", "v1"),
            level="95%",
        ),
        cutoff_curves(
            "cutoffs",
            "A higher cut-off finds fewer.",
            curve_points(4, 7412),
            curve_points(2, 150),
            read=(curve_points(4, 7412)[74], curve_points(2, 150)[50]),
        ),
        risk("risk", "v2 makes fewer errors.", risk_curve("v2", 0.074, 48210), risk_curve("v1", 0.088, 48210)),
        risk("risk-alone", "One version.", risk_curve("v" * 60, 0.25, 120)),
        histogram("histogram", "Numbers.", [HistogramBin(-2.5 + i, i - 1.5, 9 * i, i) for i in range(5)]),
        histogram(
            "sure", "How sure.", [HistogramBin(i / 8, (i + 1) / 8, i * i, i) for i in range(8)], probability=True
        ),
        bars("bars", "The selection.", [BarRow("pedestrian", 1204, 37), BarRow("car", 812, 20), BarRow("van", 0, 0)]),
    )


@cache
def drawn(chart: Chart) -> Drawing:
    """The chart's drawing, made once."""
    return draw(chart)
