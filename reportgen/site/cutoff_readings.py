"""What a version finds and gets wrong at a cut-off: figures, sentences, and its line of the table."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from reportgen import columns, numbers
from reportgen.analysis import sentences
from reportgen.model import ALL, Figures, Slice
from reportgen.report import Report
from reportgen.site.charts import CutoffPoint, Rate
from reportgen.site.cutoff_words import cutoff_text, fill
from reportgen.site.reliability import slice_name

PRESENT = 0.5
"""The cut-off to begin with where the manifest names no threshold."""


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
class Said:
    """What one version does at its cut-off: a head and the sentence after it."""

    role: str
    head: str
    text: str


def classes_of(report: Report) -> tuple[str, ...]:
    """The classes that have cut-offs, in the report's order."""
    known = set(report.cutoffs["class"])
    return tuple(name for name in report.outcomes.classes if name in known)


def slices_of(report: Report) -> tuple[Slice, ...]:
    """The slices that have cut-offs, the whole first."""
    known = set(report.cutoffs["slice"])
    return tuple(one for one in report.slices if one.id in known)


def versions_of(report: Report, klass: str, slice_id: str) -> tuple[str, ...]:
    """The candidate, and the baseline where both have cut-offs."""
    rows = report.cutoffs.filter((pl.col("class") == klass) & (pl.col("slice") == slice_id))
    known = set(rows["version"])
    return tuple(name for name in (report.candidate, report.baseline) if name is not None and name in known)


def start_of(report: Report) -> tuple[str, str, float] | None:
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


def is_weighted(report: Report) -> bool:
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


def points_of(report: Report, version: str | None, klass: str, slice_id: str) -> tuple[CutoffPoint, ...]:
    """A version's two shares at every cut-off, the lowest first; none of no version."""
    if version is None:
        return ()
    rows = report.cutoffs.filter(
        (pl.col("version") == version) & (pl.col("class") == klass) & (pl.col("slice") == slice_id)
    ).sort("cutoff")
    found = (_reading(report, row) for row in rows.iter_rows(named=True))
    return tuple(CutoffPoint(one.cutoff, one.found, one.right) for one in found)


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


def _share(report: Report, rate: Rate | None) -> str:
    if rate is None:
        return ""
    ends = numbers.interval(rate.low, rate.high, "rate")
    return fill("share", rate=numbers.rate(rate.value), level=numbers.level(report.limits.level), interval=ends)


def second_sentence(report: Report, klass: str, slice_id: str, cutoff: float) -> str:
    """What both versions find in the slice beside the chosen one, at the same cut-offs."""
    told = (read(report, version, klass, slice_id, cutoff) for version in versions_of(report, klass, slice_id))
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
