"""Two versions of objects held against each other: what changed box by box, AP by size and class, and how boxes lie."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import permutations

import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.analysis.judged_words import fill
from reportgen.analysis.object_words import CHANGES
from reportgen.analysis.precision import decide_decimals
from reportgen.model import ALL, EffectRow, Figures, Link, Verdict
from reportgen.report import Report
from reportgen.site.charts import Chart, Level, LevelRow, levels, placed
from reportgen.site.charts.trend import Role
from reportgen.site.gain_changes import GainRow, gain_rows
from reportgen.site.overlap_shares import charted, compare_means, pair_key, pair_shares, shares_of

MOST_CLASSES = 25
"""Classes in the chart of AP: those that changed most, where there are more."""
SIZES = {"ap": "All objects", "ap_small": "Small", "ap_medium": "Medium", "ap_large": "Large"}


@dataclass(frozen=True)
class ChangeRow:
    """One kind of change: how many there are, and the samples that have one."""

    name: str
    label: str
    plain: str
    count: str
    verdict: Verdict  # better, worse: more than of its opposite, beyond chance
    link: Link | None  # null: no sample has one


@dataclass(frozen=True)
class ObjectPair:
    """What is said of two versions; ``chart`` is the key of their rows in the charts, empty for the built pair."""

    changes: tuple[ChangeRow, ...]
    placed: str  # how well both place the objects that both find
    chart: str | None  # null: the charts have no rows of theirs
    gains: tuple[GainRow, ...] = ()  # none where samples do not consist of objects


@dataclass(frozen=True)
class ObjectsView:
    """The built pair, and the charts of any two."""

    pair: ObjectPair
    precision: Chart
    overlaps: Chart
    title: str  # what the chart of AP has rows of
    hidden: str  # how many classes it leaves out


def plan_objects(report: Report) -> ObjectsView | None:
    """What Compare shows of objects; none where the report has none, or one version."""
    if report.baseline is None or not report.object_changes.height:
        return None
    own = (report.baseline, report.candidate)
    others = [one for one in charted(report) if one != own]
    classes = _shown_classes(report)
    level = report.limits.level
    changes = {first: _changes(report, first) for first in {first for first, _ in (own, *others)}}
    rows = {pair: _precision_rows(report, pair, classes, changes[pair[0]][pair[1]]) for pair in (own, *others)}
    precision = levels(
        "compare-objects",
        f"Average precision by size and class, {own[0]} and {own[1]}",
        rows[own],
        [("Baseline", "baseline"), ("Candidate", "candidate")],
        alternatives={pair_key(report, one): rows[one] for one in others} or None,
        heads=("Objects", "n (images)" if report.outcomes.media.kind == "image" else "n"),
        level=level,
    )
    overlaps = placed(
        "compare-overlaps",
        f"How much the objects that {own[0]} and {own[1]} find overlap their detections",
        (shares_of(report, own[0]), shares_of(report, own[1])),
        ("Baseline", "Candidate"),
        alternatives=pair_shares(report, own) or None,
        level=level,
    )
    n = len(_classes(report))
    hidden = f"Of {numbers.count(n)} classes, those with most change are drawn." if n > MOST_CLASSES else ""
    title = "Average precision by size and class" if n else "Average precision by size"
    return ObjectsView(plan_object_pair(report, *own), precision, overlaps, title, hidden)


def plan_object_chart(report: Report) -> Chart | None:
    """AP by size and class of the one version of a report."""
    if not report.object_errors.height or report.baseline is not None:
        return None
    rows = [
        LevelRow(name, (_level(row),), None, numbers.count(row["n"]))
        for name, row in _precisions(report, report.candidate, _classes(report)[:MOST_CLASSES])
        if row["value"] is not None
    ]
    label = f"Average precision of {report.candidate} by size and class"
    one: list[tuple[str, Role]] = [(report.candidate, "candidate")]
    return levels("overview-objects", label, rows, one, changes=False, level=report.limits.level)


def plan_overlap_chart(report: Report) -> Chart | None:
    """How well found objects are placed by the one version of a report."""
    if not report.object_errors.height or not report.overlaps.height or report.baseline is not None:
        return None
    name = report.candidate
    label = f"How much the objects that {name} finds overlap their detections"
    return placed("overview-overlaps", label, (shares_of(report, name),), (name,), level=report.limits.level)


def object_pairs(report: Report) -> dict[str, object]:
    """What Compare says of any two versions, by their places: "0-2" from the first to the third."""
    if report.baseline is None or not report.object_changes.height:
        return {}
    names = report.outcomes.versions
    return {
        pair_key(report, (names[b], names[c])): asdict(plan_object_pair(report, names[b], names[c]))
        for b, c in permutations(range(len(names)), 2)
    }


def plan_object_pair(report: Report, baseline: str, candidate: str) -> ObjectPair:
    """What is said of two versions."""
    table = report.object_changes.filter((pl.col("baseline") == baseline) & (pl.col("candidate") == candidate))
    found = {row["change"]: row for row in table.iter_rows(named=True)}
    state = [("baseline", baseline)] if baseline != report.baseline else []
    state += [("version", candidate)] if candidate != report.candidate else []
    rows = []
    for name, words in CHANGES.items():
        row = found[name]
        n = row["n_samples"]
        text = f"in {sentences.counted(report.outcomes, n)}"
        rows.append(
            ChangeRow(
                name,
                words.label,
                fill(words.plain, baseline=baseline, candidate=candidate),
                numbers.count(row["n"]),
                row["verdict"],
                Link("examples", text, (("set", name), *state), n) if n else None,
            )
        )
    built = (baseline, candidate) == (report.baseline, report.candidate)
    key = "" if built else pair_key(report, (baseline, candidate))
    has_chart = built or (baseline, candidate) in charted(report)
    told = _placed_text(report, baseline, candidate)
    return ObjectPair(tuple(rows), told, key if has_chart else None, gain_rows(report, baseline, candidate))


def _placed_text(report: Report, baseline: str, candidate: str) -> str:
    """The mean overlap of both over the objects that both find."""
    found = compare_means(report, baseline, candidate)
    if found is None:
        return f"There is no object that {baseline} and {candidate} both find."
    return (
        f"Of the {numbers.count(found.n)} objects that both find, {baseline} overlaps {found.before} and {candidate} "
        f"{found.after} on average ({found.change})."
    )


# --- average precision -------------------------------------------------------------------------------------------


def _classes(report: Report) -> list[str]:
    parts = report.outcomes.parts
    return list(parts.classes) if parts is not None and len(parts.classes) > 1 else []


def _shown_classes(report: Report) -> list[str]:
    """The classes in their order; of many those whose AP changed most in the built pair."""
    names = _classes(report)
    if len(names) <= MOST_CLASSES:
        return names
    table = report.comparisons.filter(
        (pl.col("slice") == ALL)
        & (pl.col("metric") == "ap")
        & pl.col("class").is_not_null()
        & (pl.col("candidate") == report.candidate)
    )
    size = {row["class"]: abs(row["delta"] or 0.0) for row in table.iter_rows(named=True)}
    kept = set(sorted(names, key=lambda name: (-size.get(name, 0.0), name))[:MOST_CLASSES])
    return [name for name in names if name in kept]


def _precisions(report: Report, version: str, classes: list[str]) -> list[tuple[str, Figures]]:
    """The rows of the chart with a version's estimates: sizes, then classes."""
    table = report.estimates.filter((pl.col("slice") == ALL) & (pl.col("version") == version))
    found = {(row["metric"], row["class"]): row for row in table.iter_rows(named=True)}
    wanted = [(label, (name, None)) for name, label in SIZES.items()] + [(name, ("ap", name)) for name in classes]
    return [(label, found[key]) for label, key in wanted if key in found]


def _level(row: Figures) -> Level:
    return Level(row["value"], row["low"], row["high"])


_Changes = dict[tuple[str, str | None], Figures]
"""The differences of two versions, by metric and class."""


def _precision_rows(report: Report, pair: tuple[str, str], classes: list[str], changes: _Changes) -> list[LevelRow]:
    """Sizes and classes of which either version has a figure."""
    old, new = (dict(_precisions(report, version, classes)) for version in pair)
    rows = []
    for label in new:
        before, after = old[label], new[label]
        if before["value"] is None and after["value"] is None:
            continue
        change = changes.get((after["metric"], after["class"]))
        effect = None if change is None or change["delta"] is None else _effect(label, change)
        rows.append(LevelRow(label, (_level(before), _level(after)), effect, numbers.count(after["n"])))
    return rows


def _effect(label: str, row: Figures) -> EffectRow:
    return EffectRow.of(label, row, row["decimals"])


def _changes(report: Report, baseline: str) -> dict[str, _Changes]:
    """By version its differences from one that it is held against, by metric and class; one precision serves all."""
    table = pl.concat([report.comparisons, report.object_comparisons]).filter(
        (pl.col("slice") == ALL)
        & pl.col("metric").is_in(list(SIZES))
        & pl.any_horizontal(pl.col("baseline", "candidate") == baseline)
    )
    ahead = pl.col("baseline") == baseline
    held = decide_decimals(pl.concat([table.filter(ahead), _turned(table.filter(~ahead))]), report.metrics)
    found: dict[str, _Changes] = {name: {} for name in report.outcomes.versions}
    for row in held.iter_rows(named=True):
        found[row["candidate"]][row["metric"], row["class"]] = row
    return found


def _turned(table: pl.DataFrame) -> pl.DataFrame:
    """Differences the other way round."""
    return table.with_columns(
        baseline=pl.col("candidate"),
        candidate=pl.col("baseline"),
        value_baseline=pl.col("value_candidate"),
        value_candidate=pl.col("value_baseline"),
        delta=-pl.col("delta"),
        low=-pl.col("high"),
        high=-pl.col("low"),
        verdict=pl.col("verdict").replace({"better": "worse", "worse": "better"}),
    )
