"""Choose a cut-off: what each version finds and gets wrong at one, and what the browser needs to show any other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from reportgen import columns, numbers
from reportgen.analysis import sentences
from reportgen.model import ALL, Figures, Report, Slice
from reportgen.site.charts import Chart, CutoffPoint, Rate, cutoff_curves
from reportgen.site.cutoff_words import SENTENCES, cutoff_text, fill
from reportgen.site.payload import Chunk, pack_json
from reportgen.site.reliability import slice_name, worst_slice
from reportgen.stats.distributions import two_sided_z

PRESENT = 0.5
"""The cut-off to begin with where the manifest names no threshold."""
OTHERS = (0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
"""The cut-offs that are listed where scripts are off."""
SAME = "cutoff"
GOALS = {
    SAME: "At the same cut-off",
    "recall": "Finding as many",
    "false_alarms": "At as many false alarms",
    "cost": "At equal cost",
}
"""What the versions can be held against each other at; the same cut-off first."""
COUNTS = ("n_found", "n_missed", "n_false_alarm", "n_rest")
"""Of a version at a cut-off: together all samples that it has a score for."""
WEIGHED = ("recall", "false_alarms")
"""The goals whose sentence is of counts; with weights it is of weighted shares, which may go another way."""

KEY = "No cut-off is right by itself: this shows what each one trades, and people choose."
DOT, GAP = 9.0, 4.0
"""The size of one of the hundred dots in px, and the room between two."""


@dataclass(frozen=True)
class Reading:
    """One version at one cut-off: the four counts, and the two shares where enough samples are there."""

    version: str
    cutoff: float
    n_found: int
    n_missed: int
    n_false: int
    n_rest: int
    found: Rate | None
    right: Rate | None
    cost: Rate | None  # a mean a sample; no share

    @property
    def n_class(self) -> int:
        """The samples of the class."""
        return self.n_found + self.n_missed

    @property
    def n_said(self) -> int:
        """How often the version says the class: its alarms."""
        return self.n_found + self.n_false


@dataclass(frozen=True)
class CutoffRow:
    """One line of the table; every cell is text."""

    role: str  # baseline | candidate | change
    version: str
    where: str
    cutoff: str
    found: str
    found_interval: str
    missed: str
    false: str
    false_interval: str  # of a change
    right: str
    right_interval: str
    n: str
    cost: str
    cost_interval: str


@dataclass(frozen=True)
class Dots:
    """A hundred dots as two paths of an SVG, and their words: how many are well, how many are not."""

    title: str
    well: str
    ill: str
    well_path: str
    ill_path: str


@dataclass(frozen=True)
class Matrix:
    """The four counts of one version: of the class and not, said so and not."""

    version: str
    role: str
    found: str
    missed: str
    false: str
    rest: str


@dataclass(frozen=True)
class Said:
    """What one version does at its cut-off: a head and the sentence after it."""

    role: str
    head: str
    text: str


@dataclass(frozen=True)
class CutoffsView:
    """The section at the cut-off to begin with; the browser shows every other from the data."""

    prose: str
    key: str
    cutoff: str
    value: float
    classes: tuple[str, ...]
    slices: tuple[tuple[str, str], ...]  # id, name
    start: tuple[str, str]  # class, slice id
    goals: tuple[tuple[str, str], ...]
    said: tuple[Said, ...]
    trade: str
    second: str
    dots: tuple[Dots, ...]
    rows: tuple[CutoffRow, ...]
    others: tuple[CutoffRow, ...]
    matrices: tuple[Matrix, ...]
    chart: Chart
    things: str
    costs: bool
    note: str
    side: float  # of the square of dots, in px
    show: int  # fewer samples have no share
    blank: tuple[CutoffRow, ...]  # a line a version and one of their change, without words, for the script to copy


def plan_cutoffs(report: Report) -> CutoffsView | None:
    """The section's view; none where no version has a score that a cut-off could be laid on."""
    start = _start(report)
    if start is None:
        return None
    klass, slice_id, cutoff = start
    versions = _versions(report, klass, slice_id)
    readings = [read(report, version, klass, slice_id, cutoff) for version in versions]
    shown = [one for one in readings if one is not None]
    second = _second(report, klass, slice_id)
    wheres = [slice_id, *([second] if second is not None else [])]
    things = sentences.noun(report.outcomes)
    trade = start_trade(report, klass, slice_id, cutoff)
    return CutoffsView(
        prose=fill("prose", **{"class": klass}),
        key=KEY,
        cutoff=cutoff_text(cutoff),
        value=cutoff,
        classes=classes_of(report),
        slices=tuple((one.id, slice_name(report, one.id)) for one in slices_of(report)),
        start=(klass, slice_id),
        goals=_goals(report),
        said=tuple(said(report, one, klass) for one in shown),
        trade=trade,
        second="" if second is None else second_sentence(report, klass, second, cutoff),
        dots=_dots(shown[0], klass, things) if shown else (),
        rows=_rows(report, klass, wheres, [cutoff]),
        others=_rows(report, klass, [slice_id], [c for c in OTHERS if c != cutoff]),
        matrices=tuple(_matrix(report, one) for one in shown),
        chart=_chart(report, klass, slice_id, cutoff, trade),
        things=things,
        costs=report.outcomes.costs is not None,
        note=_note(report),
        side=10 * DOT + 9 * GAP,
        show=report.limits.show,
        blank=tuple(CutoffRow(role, *[""] * 13) for role in ("candidate", "baseline", "change")),
    )


def classes_of(report: Report) -> tuple[str, ...]:
    """The classes that have cut-offs, in the report's order."""
    known = set(report.cutoffs["class"])
    return tuple(name for name in report.outcomes.classes if name in known)


def slices_of(report: Report) -> tuple[Slice, ...]:
    """The slices that have cut-offs, the whole first."""
    known = set(report.cutoffs["slice"])
    return tuple(one for one in report.slices if one.id in known)


def _versions(report: Report, klass: str, slice_id: str) -> tuple[str, ...]:
    """The candidate, and the baseline where both have cut-offs."""
    rows = report.cutoffs.filter((pl.col("class") == klass) & (pl.col("slice") == slice_id))
    known = set(rows["version"])
    return tuple(name for name in (report.candidate, report.baseline) if name is not None and name in known)


def _start(report: Report) -> tuple[str, str, float] | None:
    """The class, slice and cut-off to begin with: the class that is looked for, or the one that lost most recall."""
    own = report.cutoffs.filter((pl.col("version") == report.candidate) & (pl.col("slice") == ALL))
    classes = [name for name in classes_of(report) if name in set(own["class"])]
    if not classes:
        return None
    klass = report.outcomes.positive if report.outcomes.positive in classes else _most_lost(report, classes)
    wanted = report.outcomes.threshold if report.outcomes.threshold is not None else PRESENT
    grid = own.filter(pl.col("class") == klass)["cutoff"].to_list()
    return str(klass), ALL, min(grid, key=lambda cutoff: (abs(cutoff - wanted), cutoff))


def _most_lost(report: Report, classes: list[str]) -> str:
    """The class whose recall fell most beyond chance; without one, the class with the lowest recall."""
    changes = report.comparisons.filter(
        (pl.col("slice") == ALL)
        & (pl.col("metric") == "recall")
        & (pl.col("candidate") == report.candidate)
        & (pl.col("verdict") == "worse")
        & pl.col("class").is_in(classes)
    ).sort("delta", "class")
    if changes.height:
        return str(changes["class"][0])
    levels = report.estimates.filter(
        (pl.col("slice") == ALL)
        & (pl.col("metric") == "recall")
        & (pl.col("version") == report.candidate)
        & pl.col("class").is_in(classes)
        & pl.col("value").is_not_null()
    ).sort("value", "class")
    return str(levels["class"][0]) if levels.height else classes[0]


def _second(report: Report, klass: str, slice_id: str) -> str | None:
    """The slice that stands beside the chosen one: where the candidate is most too sure, or else the whole."""
    worst = worst_slice(report)
    known = set(report.cutoffs.filter(pl.col("class") == klass)["slice"])
    for one in (worst.id if worst is not None else None, ALL):
        if one is not None and one != slice_id and one in known:
            return one
    return None


def _goals(report: Report) -> tuple[tuple[str, str], ...]:
    if report.baseline is None or not report.matches.height:
        return ()
    known = set(report.matches["goal"])
    weighted = _is_weighted(report)
    return tuple(
        (name, f"{label}, by weight" if weighted and name in WEIGHED else label)
        for name, label in GOALS.items()
        if name in known
    )


def _is_weighted(report: Report) -> bool:
    return columns.WEIGHT in report.outcomes.frame.columns


def read(report: Report, version: str, klass: str, slice_id: str, cutoff: float) -> Reading | None:
    """A version at a cut-off of the grid."""
    rows = report.cutoffs.filter(
        (pl.col("version") == version)
        & (pl.col("class") == klass)
        & (pl.col("slice") == slice_id)
        & ((pl.col("cutoff") - cutoff).abs() < 1e-9)
    )
    return _reading(report, rows.row(0, named=True)) if rows.height else None


def _reading(report: Report, row: Figures) -> Reading:
    n_class, n_said = row["n_found"] + row["n_missed"], row["n_found"] + row["n_false_alarm"]
    n = n_class + row["n_false_alarm"] + row["n_rest"]
    return Reading(
        version=row["version"],
        cutoff=row["cutoff"],
        n_found=row["n_found"],
        n_missed=row["n_missed"],
        n_false=row["n_false_alarm"],
        n_rest=row["n_rest"],
        found=_rate(report, row, "recall", n_class),
        right=_rate(report, row, "precision", n_said),
        cost=_rate(report, row, "cost", n),
    )


def _rate(report: Report, row: Figures, name: str, n: int) -> Rate | None:
    """A figure with its interval; none where it is not defined or rests on too few samples."""
    value, low, high = row[name], row[f"{name}_low"], row[f"{name}_high"]
    known = value is not None and low is not None and high is not None
    return Rate(value, low, high, n) if known and n >= report.limits.show else None


def _share(report: Report, rate: Rate | None) -> str:
    if rate is None:
        return ""
    ends = numbers.interval(rate.low, rate.high, "rate")
    return fill("share", rate=numbers.rate(rate.value), level=numbers.level(report.limits.level), interval=ends)


def said(report: Report, one: Reading, klass: str) -> Said:
    """What a version does at its cut-off."""
    role = "candidate" if one.version == report.candidate else "baseline"
    return Said(
        role,
        fill("head", version=one.version, cutoff=cutoff_text(one.cutoff), both=""),
        fill(_sentence(one), **_values(report, one, klass)),
    )


def _sentence(one: Reading) -> str:
    """Which sentence fits: there may be none of the class, and no alarm."""
    if one.n_class:
        return "reading" if one.n_said else "silent"
    return "absent" if one.n_said else "nothing"


def _values(report: Report, one: Reading, klass: str) -> dict[str, str]:
    return {
        "n": numbers.count(one.n_class),
        "things": sentences.noun(report.outcomes),
        "class": klass,
        "found": numbers.count(one.n_found),
        "found_share": _share(report, one.found),
        "missed": numbers.count(one.n_missed),
        "said": numbers.count(one.n_said),
        "right_share": _share(report, one.right),
        "false": numbers.count(one.n_false),
    }


def second_sentence(report: Report, klass: str, slice_id: str, cutoff: float) -> str:
    """What both versions find in the slice beside the chosen one, at the same cut-offs."""
    told = (read(report, version, klass, slice_id, cutoff) for version in _versions(report, klass, slice_id))
    known = [one for one in told if one is not None]
    parts: list[str] = []
    for one in known:
        rest = "second_baseline" if one.n_class == known[0].n_class else "second_apart"
        values = _values(report, one, klass)
        parts.append(fill(rest if parts else "second", **values, where=opening(report, slice_id), version=one.version))
    return " ".join(parts)


def opening(report: Report, slice_id: str) -> str:
    """Where a slice is, as a sentence begins, with its comma: "At night in the rain,"."""
    one = next((one for one in report.slices if one.id == slice_id and one.terms), None)
    if one is None:
        return "Overall,"
    return f"{sentences.opening(one, report.attributes, sentences.noun(report.outcomes))},"


def start_trade(report: Report, klass: str, slice_id: str, cutoff: float) -> str:
    """The candidate against the baseline at the same cut-off, and where it would raise as many false alarms."""
    told = (trade_sentence(report, klass, slice_id, cutoff, goal) for goal in (SAME, "false_alarms"))
    return " ".join(part for part in told if part)


def match_of(report: Report, klass: str, slice_id: str, cutoff: float, goal: str) -> Figures | None:
    """The row of ``columns.MATCHES`` at a cut-off of the baseline."""
    rows = report.matches.filter(
        (pl.col("slice") == slice_id)
        & (pl.col("class") == klass)
        & (pl.col("candidate") == report.candidate)
        & (pl.col("goal") == goal)
        & ((pl.col("cutoff_baseline") - cutoff).abs() < 1e-9)
    )
    return rows.row(0, named=True) if rows.height else None


def trade_sentence(report: Report, klass: str, slice_id: str, cutoff: float, goal: str) -> str:
    """What the candidate is against the baseline at the same cut-off, or where it is no worse in the goal."""
    row = match_of(report, klass, slice_id, cutoff, goal)
    if row is None:
        return ""
    names = {"baseline": row["baseline"], "candidate": row["candidate"], "both": _both(report, row)}
    if row["cutoff_candidate"] is None:
        return fill("unasked" if goal == "recall" and not row["n_found_baseline"] else "unreached", **names)
    return fill(
        f"{goal}_weighted" if goal in WEIGHED and _is_weighted(report) else goal,
        **names,
        things=sentences.noun(report.outcomes),
        more_found=numbers.more_or_fewer(row["n_found_candidate"] - row["n_found_baseline"]),
        more_false=numbers.more_or_fewer(row["n_false_alarm_candidate"] - row["n_false_alarm_baseline"]),
        found_change=_change(report, "found_change", row, "recall", row["n_class"]),
        false_change=_change(report, "false_change", row, "false_alarm_rate", row["n_other"]),
        cutoff=cutoff_text(row["cutoff_candidate"]),
        n_false=numbers.count(row["n_false_alarm_baseline"]),
    )


def _both(report: Report, row: Figures) -> str:
    """Which samples a match is over, where one of the versions has a score for more: its own lines count those too."""
    n = row["n_class"] + row["n_other"]
    if not _is_apart(report, row["class"], row["slice"], n):
        return ""
    return fill("both", n=numbers.count(n), things=sentences.noun(report.outcomes))


def _is_apart(report: Report, klass: str, slice_id: str, n: int) -> bool:
    """Whether a version has a score for other samples than the ``n`` that both have one for."""
    rows = report.cutoffs.filter((pl.col("class") == klass) & (pl.col("slice") == slice_id))
    own = rows.filter(pl.col("version").is_in(_versions(report, klass, slice_id)))
    return bool((own.select(pl.sum_horizontal(COUNTS)).to_series() != n).any())


def _change(report: Report, sentence: str, row: Figures, name: str, n: int) -> str:
    """The difference of a share with n, and with its interval where it has one; of too few samples n alone."""
    found = _difference(report, row, name, n)
    if found is None:
        return fill("few" if n else "none", n=numbers.count(n))
    return fill(
        sentence if found.ends else f"{sentence}_alone",
        delta=numbers.difference(found.delta, "rate"),
        weighted=SENTENCES["weighted"] if _is_weighted(report) else "",
        things=sentences.noun(report.outcomes),
        level=numbers.level(report.limits.level),
        interval=_interval(found, "rate"),
        n=numbers.count(n),
        clear=SENTENCES["unclear"] if found.ends and found.ends[0] <= 0 <= found.ends[1] else "",
    )


def change_row(report: Report, klass: str, slice_id: str, cutoff: float, goal: str) -> CutoffRow | None:
    """The candidate less the baseline as a line of the table; none where the goal is not reached."""
    row = match_of(report, klass, slice_id, cutoff, goal)
    if row is None or row["cutoff_candidate"] is None:
        return None
    ends = {end: cutoff_text(row[f"cutoff_{end}"]) for end in ("baseline", "candidate")}
    found = row["n_found_candidate"] - row["n_found_baseline"]
    n_class, n_other = row["n_class"], row["n_other"]
    recall = _difference(report, row, "recall", n_class)
    false = _difference(report, row, "false_alarm_rate", n_other)
    cost = _difference(report, row, "cost", n_class + n_other)
    return CutoffRow(
        role="change",
        version=SENTENCES["change"],
        where=f"{slice_name(report, slice_id)}{_both(report, row)}",
        cutoff=fill("ends", **ends) if len(set(ends.values())) > 1 else ends["candidate"],
        found=_points(recall, found) if n_class else numbers.MISSING,
        found_interval=_interval(recall, "rate"),
        missed=numbers.more_or_fewer(-found) if n_class else numbers.MISSING,
        false=numbers.more_or_fewer(row["n_false_alarm_candidate"] - row["n_false_alarm_baseline"]),
        false_interval=(
            ""
            if false is None
            else fill(
                "false_ends" if false.ends else "false_ends_alone",
                delta=numbers.difference(false.delta, "rate"),
                interval=_interval(false, "rate"),
                n=numbers.count(n_other),
            )
        ),
        right=numbers.MISSING,
        right_interval="",
        n=numbers.count(n_class),
        cost=numbers.MISSING if cost is None else numbers.difference(cost.delta, "number"),
        cost_interval=_interval(cost, "number"),
    )


@dataclass(frozen=True)
class _Difference:
    """The candidate less the baseline. What the versions are matched in has no interval: it is held equal."""

    delta: float
    ends: tuple[float, float] | None


def _difference(report: Report, row: Figures, name: str, n: int) -> _Difference | None:
    """A difference of ``columns.MATCHES``; none where it is not defined or rests on too few samples."""
    delta, low, high = row[f"delta_{name}"], row[f"{name}_low"], row[f"{name}_high"]
    if delta is None or n < report.limits.show:
        return None
    return _Difference(delta, None if low is None or high is None else (low, high))


def _interval(found: _Difference | None, unit: numbers.Unit) -> str:
    return numbers.difference_interval(*found.ends, unit) if found and found.ends else ""


def _points(found: _Difference | None, count: int) -> str:
    """The difference of a share in points, or that of the counts alone where there are too few."""
    if found is None:
        return numbers.more_or_fewer(count)
    return fill("points", delta=numbers.difference(found.delta, "rate"))


def _rows(report: Report, klass: str, slices: Iterable[str], cutoffs: Iterable[float]) -> tuple[CutoffRow, ...]:
    """The lines of the table: for each cut-off and slice the candidate, then the baseline, then their change."""
    places = [(cutoff, slice_id) for cutoff in cutoffs for slice_id in slices]
    return tuple(row for cutoff, slice_id in places for row in _lines(report, klass, slice_id, cutoff))


def _lines(report: Report, klass: str, slice_id: str, cutoff: float) -> Iterator[CutoffRow]:
    for version in _versions(report, klass, slice_id):
        if (one := read(report, version, klass, slice_id, cutoff)) is not None:
            yield cutoff_row(report, slice_id, one)
    if (change := change_row(report, klass, slice_id, cutoff, SAME)) is not None:
        yield change


def cutoff_row(report: Report, slice_id: str, one: Reading) -> CutoffRow:
    """One version at one cut-off, in one slice."""
    return CutoffRow(
        role="candidate" if one.version == report.candidate else "baseline",
        version=one.version,
        where=slice_name(report, slice_id),
        cutoff=cutoff_text(one.cutoff),
        found=_told(one.found, one.n_found, one.n_class),
        found_interval=_ends(one.found),
        missed=numbers.count(one.n_missed),
        false=numbers.count(one.n_false),
        false_interval="",
        right=_told(one.right, one.n_found, one.n_said),
        right_interval=_ends(one.right),
        n=numbers.count(one.n_class),
        cost=numbers.value(one.cost.value, "number") if one.cost else numbers.MISSING,
        cost_interval=numbers.interval(one.cost.low, one.cost.high, "number") if one.cost else "",
    )


def _told(rate: Rate | None, n: int, of: int) -> str:
    """The share, or the counts alone where there are too few: "6 of 8"."""
    if rate is not None:
        return numbers.rate(rate.value)
    return f"{numbers.count(n)} of {numbers.count(of)}" if of else numbers.MISSING


def _ends(rate: Rate | None) -> str:
    return numbers.interval(rate.low, rate.high, "rate") if rate else ""


def _dots(one: Reading, klass: str, things: str) -> tuple[Dots, ...]:
    """A hundred of the class, and a hundred alarms, rounded from the shares; none where there are too few."""
    found = []
    for title, words, rate in (
        (fill("hundred", **{"things": things, "class": klass}), ("are found", "missed"), one.found),
        (fill("hundred_alarms"), ("are right", "false"), one.right),
    ):
        well = None if rate is None else round_half_up(rate.value * 100)
        texts = ("", "") if well is None else (f"{well} {words[0]}", f"{100 - well} {words[1]}")
        found.append(Dots(title, *texts, *dot_paths(0 if well is None else well, 0 if well is None else 100)))
    return tuple(found)


def round_half_up(value: float) -> int:
    """To the nearest whole number, halves up, as the browser rounds."""
    return int(value + 0.5)


def dot_paths(well: int, total: int = 100) -> tuple[str, str]:
    """The path of the first dots as circles, and that of the rest as crosses, ten in a line."""
    circles, crosses = [], []
    for i in range(total):
        x, y = (i % 10) * (DOT + GAP), (i // 10) * (DOT + GAP)
        if i < well:
            circles.append(f"M{x:g} {y + 4.5:g}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z")
        else:
            crosses.append(f"M{x + 1:g} {y + 1:g}l7 7M{x + 8:g} {y + 1:g}l-7 7")
    return "".join(circles), "".join(crosses)


def _matrix(report: Report, one: Reading) -> Matrix:
    role = "candidate" if one.version == report.candidate else "baseline"
    counts = (numbers.count(n) for n in (one.n_found, one.n_missed, one.n_false, one.n_rest))
    return Matrix(one.version, role, *counts)


def points_of(report: Report, version: str | None, klass: str, slice_id: str) -> tuple[CutoffPoint, ...]:
    """A version's two shares at every cut-off, the lowest first; none of no version."""
    if version is None:
        return ()
    rows = report.cutoffs.filter(
        (pl.col("version") == version) & (pl.col("class") == klass) & (pl.col("slice") == slice_id)
    ).sort("cutoff")
    found = (_reading(report, row) for row in rows.iter_rows(named=True))
    return tuple(CutoffPoint(one.cutoff, one.found, one.right) for one in found)


def _chart(report: Report, klass: str, slice_id: str, cutoff: float, label: str) -> Chart:
    candidate, baseline = (points_of(report, v, klass, slice_id) for v in (report.candidate, report.baseline))

    def at(points: tuple[CutoffPoint, ...]) -> CutoffPoint | None:
        return next((one for one in points if abs(one.cutoff - cutoff) < 1e-9), None)

    return cutoff_curves(
        "confidence-cutoffs",
        label or f"What {report.candidate} finds and how many of its alarms are right, at each cut-off.",
        candidate,
        baseline,
        read=(at(candidate), at(baseline)),
        names=(report.candidate, report.baseline or ""),
        level=report.limits.level,
    )


def _note(report: Report) -> str:
    """What the reader must know of the figures: whether weights count, and which of a change are not there."""
    parts = ["Dots are rounded from the share; the table has the exact counts."]
    if _is_weighted(report):
        parts.append(f"Counts are of {sentences.noun(report.outcomes)}; shares are weighted.")
    if len(report.outcomes.classes) > 2:
        parts.append("Each class is cut off by its own probability, whatever the others are.")
    goals = {name for name, _ in _goals(report)}
    if goals:
        parts.append(
            "A change has no share of alarms right: the two versions' alarms are not the same samples; compare the "
            "intervals of their two lines."
        )
    if goals - {SAME}:
        parts.append("What the versions are matched in has no interval: the cut-off is chosen to hold it equal.")
    return " ".join(parts)


def cutoff_chunks(report: Report) -> dict[str, Chunk]:
    """The browser's data: what holds for all classes in ``cutoffs``, and the counts of class i in ``cutoffs-{i}``.

    A class's counts are two whole numbers a cut-off, version and slice, whatever the number of samples.
    """
    start = _start(report)
    if start is None:
        return {}
    worst = worst_slice(report)
    ids = [one.id for one in slices_of(report)]
    grid = report.cutoffs["cutoff"].unique().sort().to_list()
    versions = [report.candidate, *([report.baseline] if report.baseline is not None else [])]
    shared = {
        "versions": versions,
        "classes": list(classes_of(report)),
        "slices": [{"id": id_, "name": slice_name(report, id_), "opening": opening(report, id_)} for id_ in ids],
        "second": ids.index(worst.id) if worst is not None and worst.id in ids else None,
        "grid": [round(cutoff, 9) for cutoff in grid],
        "start": {"class": start[0], "slice": start[1], "cutoff": start[2]},
        "sentences": dict(SENTENCES),
        "goals": [name for name, _ in _goals(report)],
        "quantile": two_sided_z(report.limits.level),
        "level": numbers.level(report.limits.level),
        "show": report.limits.show,
        "weighted": _is_weighted(report),
        "things": sentences.noun(report.outcomes),
        "costs": report.outcomes.costs is not None,
    }
    chunks = {"cutoffs": pack_json(shared)}
    parts = report.cutoffs.sort("cutoff").partition_by("class", "slice", "version", as_dict=True)
    matched = report.matches.filter(pl.col("candidate") == report.candidate).partition_by(
        "class", "slice", as_dict=True
    )
    for i, klass in enumerate(classes_of(report)):
        entries = [[_entry(report, parts.get((klass, id_, v))) for v in versions] for id_ in ids]
        matches = [_matched(report, matched.get((klass, id_)), grid) for id_ in ids]
        chunks[f"cutoffs-{i}"] = pack_json({"entries": entries, "matches": matches})
    return chunks


def _entry(report: Report, rows: pl.DataFrame | None) -> dict[str, object] | None:
    """The counts of one version at every cut-off; how wide its intervals are, only where groups or weights say so."""
    if rows is None:
        return None
    found: dict[str, object] = {
        "n_class": int(rows["n_found"][0] + rows["n_missed"][0]),
        "n_other": int(rows["n_false_alarm"][0] + rows["n_rest"][0]),
        "found": rows["n_found"].to_list(),
        "false": rows["n_false_alarm"].to_list(),
    }
    weighted = _is_weighted(report)
    for name in ("recall", "precision"):
        if weighted:
            found[name] = _short(rows[name])
        if weighted or columns.GROUP in report.outcomes.frame.columns:
            found[f"{name}_width"] = [_width(*row) for row in rows.select(name, f"{name}_low", f"{name}_high").rows()]
    if report.outcomes.costs is not None:
        found |= {name: _short(rows[name]) for name in ("cost", "cost_low", "cost_high")}
    return found


def _short(values: pl.Series, digits: int = 7) -> list[float | None]:
    return [None if v is None else float(f"{v:.{digits}g}") for v in values]


def _width(value: float | None, low: float | None, high: float | None) -> float | None:
    """What Wilson's interval is wide by: z² ÷ n, where n is what groups and weights leave of the samples.

    Both limits π solve (value − π)² = width · π · (1 − π); the one farther from the value tells it best.
    """
    if value is None or low is None or high is None:
        return None
    limit = high if high - value >= value - low else low
    if not 0 < limit < 1:
        return None
    return float(f"{(value - limit) ** 2 / (limit * (1 - limit)):.7g}")


def _matched(report: Report, rows: pl.DataFrame | None, grid: list[float]) -> dict[str, dict[str, object]]:
    """By goal: the candidate's cut-off and counts, and what differs with its interval.

    One of each for the baseline's cut-offs whose positions on the grid are ``at``, which need not be all of them.
    """
    places = {round(cutoff, 9): i for i, cutoff in enumerate(grid)}
    found: dict[str, dict[str, object]] = {}
    if rows is None:
        return found
    for goal in GOALS:
        part = rows.filter(pl.col("goal") == goal).sort("cutoff_baseline")
        if part.height:
            changes = {
                name: _short(part[name])
                for of in ("recall", "false_alarm_rate", "cost")
                for name in (f"delta_{of}", f"{of}_low", f"{of}_high")
                if not part[name].is_null().all()
            }
            found[goal] = {
                "at": [places[round(cutoff, 9)] for cutoff in part["cutoff_baseline"]],
                "n_class": part["n_class"][0],
                "n_other": part["n_other"][0],
                "apart": _is_apart(report, part["class"][0], part["slice"][0], part["n_class"][0] + part["n_other"][0]),
                "cutoff": _short(part["cutoff_candidate"], 9),  # as many as tell any two Float32 apart
                "found": part["n_found_candidate"].to_list(),
                "false": part["n_false_alarm_candidate"].to_list(),
                "base_found": part["n_found_baseline"].to_list(),
                "base_false": part["n_false_alarm_baseline"].to_list(),
                **changes,
            }
    return found
