"""Annotated boxes and regions that look wrong: the most suspect ones as crops, and what correcting them changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.inspection import PartIssues
from reportgen.model import Link, Verdict
from reportgen.report import Report
from reportgen.site.data.labels import EffectRow
from reportgen.site.data.reviewed import how_far_reviewed, left_out_text
from reportgen.site.data.set_rates import see_set
from reportgen.site.data.strip import StripCell
from reportgen.site.media import Thumb, Thumbnails
from reportgen.site.overlays import Floats
from reportgen.site.words import VERDICTS

SHOWN = 4
"""Crops of each kind in the page: two rows of all."""
SHAPE = 16 / 10
AROUND = 3
"""A crop is so many times as large as what it is about, as that of a tile (``assets/js/crop.js``)."""
LEAST = 48
"""Pixels of the original that it has at least."""

Paths = tuple[tuple[str, str], ...]
"""SVG paths, from the bottom up, each behind the name of its style."""


@dataclass(frozen=True)
class CropView:
    """A part of a picture, as wide as its tile, with what is drawn over it, in pixels of the upright original."""

    picture: Thumb
    width: int  # of the whole picture
    height: int
    seen: str  # the part, as a viewBox
    paths: Paths


@dataclass(frozen=True)
class Suspect:
    """One candidate: its crop, what is annotated, and what speaks against it."""

    crop: CropView | None
    missing: str  # why there is no crop
    link: Link
    spoken: str
    called: str
    label: str  # the annotated class; empty where nothing is annotated
    suggestion: str  # the class that versions say, where that is another one
    who: str  # "both versions say", "both versions place it elsewhere"
    figures: str  # scores and the overlap, or pixels
    where: str  # "annotation 649"


@dataclass(frozen=True)
class KindRow:
    """How many candidates are of a kind; ``share`` of the most frequent one, 0 to 1."""

    name: str
    n: str
    share: float


@dataclass(frozen=True)
class Words:
    """How a section calls its candidates."""

    noun: str  # "box"
    nouns: str  # "boxes"
    kinds: Mapping[str, str]  # by key, in their order
    looked_at: str  # "1,204 annotated objects"
    rule: str  # from where on something is odd, and which versions cannot say so
    under: str  # what stands under a crop
    taken: str  # what is as it was when every suggestion is taken; "" or ", at the same cut-offs"


@dataclass(frozen=True)
class SuspectsView:
    """What stands in the section."""

    key: str  # of the section, "boxes"
    words: Words
    caption: str
    counted: str  # how many there are, and what people say of them
    in_sample: str
    legend: tuple[tuple[str, Paths], ...]  # what is drawn how; empty where there are no crops
    suspects: tuple[Suspect, ...]
    see_all: Link | None
    list: str  # key of the list to review; empty without one
    kinds: tuple[KindRow, ...]
    effects: tuple[EffectRow, ...]  # of the metric that leads
    verdicts: str  # whether the change would be judged otherwise
    more_effects: tuple[EffectRow, ...]

    @property
    def bounded(self) -> bool:
        """Whether it is known what correcting some of them can make of any measure."""
        return any(row.span for row in (*self.effects, *self.more_effects))


def plan_suspects(
    report: Report,
    issues: PartIssues,
    key: str,
    words: Words,
    suspects: tuple[Suspect, ...],
    legend: Sequence[tuple[str, Paths]],
) -> SuspectsView:
    """The section's view of candidates of one sort."""
    effects = _effects(report, issues, words)
    primary = report.primary.label
    found = issues.sets[0] if issues.sets else None
    return SuspectsView(
        key=key,
        words=words,
        caption=f"{issues.rule} Looked at: {words.looked_at} on "
        f"{sentences.counted(report.outcomes, issues.n_samples)}.",
        counted=_counted(report, issues, words),
        in_sample=left_out_text(issues.n_in_sample, report.outcomes, sentences.noun(report.outcomes)),
        legend=tuple(legend) if any(one.crop is not None for one in suspects) else (),
        suspects=suspects,
        see_all=None if found is None else see_set(report, found, f"See all {numbers.count(found.n)}"),
        list="" if found is None else found.key,
        kinds=_kinds(issues.candidates, words),
        effects=tuple(row for group, row in effects if group == "all" and row.name == primary),
        verdicts=_verdicts(report, issues),
        more_effects=tuple(row for group, row in effects if group != "all" or row.name != primary),
    )


def suspect_cell(issues: PartIssues, key: str, words: Words) -> StripCell:
    """What the strip says of candidates of one sort."""
    n = issues.candidates.height
    below = f"{'beside' if n else 'of'} {words.looked_at}"
    return StripCell("check" if n else "fine", f"Suspect {words.nouns}", numbers.count(n), below, key)


def first_of_each(issues: PartIssues) -> pl.DataFrame:
    """The first candidates of each kind, in their order."""
    return issues.candidates.filter(pl.int_range(pl.len()).over("kind") < SHOWN)


def picture_of(thumbnails: Thumbnails, row: int) -> Thumb | None:
    """The largest picture that there is of a sample."""
    return thumbnails.larger.get(row) or thumbnails.by_row.get(row)


def _counted(report: Report, issues: PartIssues, words: Words) -> str:
    n = issues.candidates.height
    if not n:
        return f"No annotated {words.noun} looks wrong."
    counts = ", ".join(f"{row.n} {row.name}" for row in _kinds(issues.candidates, words))
    noun = words.noun if n == 1 else words.nouns
    said = f"{numbers.count(n)} {noun} {'looks' if n == 1 else 'look'} wrong or missing: {counts}."
    return how_far_reviewed(said, issues.reviewed, report.limits.level)


def _kinds(table: pl.DataFrame, words: Words) -> tuple[KindRow, ...]:
    """The kinds that there are, most first."""
    n = {kind: int((table["kind"] == kind).sum()) for kind in words.kinds}
    found = sorted((kind for kind in words.kinds if n[kind]), key=lambda kind: -n[kind])
    return tuple(KindRow(words.kinds[kind], numbers.count(n[kind]), n[kind] / n[found[0]]) for kind in found)


@dataclass(frozen=True)
class Window:
    """A part of a picture, in its pixels."""

    left: float
    top: float
    width: float
    height: float

    @property
    def view_box(self) -> str:
        """The part as SVG has it."""
        return " ".join(f"{number:.10g}" for number in (self.left, self.top, self.width, self.height))


def window_around(boxes: Floats, width: int, height: int) -> Window:
    """The part of a picture around some boxes, in the shape of a tile; the whole where it would be larger."""
    low, high = boxes[:, :2].min(axis=0), (boxes[:, :2] + boxes[:, 2:]).max(axis=0)
    side = (high - low) * AROUND
    wide = max(side[0], side[1] * SHAPE, LEAST)
    wide = min(wide, max(width, height * SHAPE))
    parts = []
    for middle, long, whole in zip((low + high) / 2, (wide, wide / SHAPE), (width, height), strict=True):
        parts.append((whole - long) / 2 if long > whole else min(max(middle - long / 2, 0.0), whole - long))
    return Window(*(np.round([*parts, wide, wide / SHAPE], 2) + 0.0).tolist())


def _effects(report: Report, issues: PartIssues, words: Words) -> list[tuple[str, EffectRow]]:
    """What baseline and candidate are, and their change, by group of candidates."""
    infos = {one.name: one for one in report.metrics}
    shown = [one for one in (report.baseline, report.candidate) if one is not None]
    table = issues.effects.filter(pl.col("version").is_null() | pl.col("version").is_in(shown))
    rows = []
    for row in table.iter_rows(named=True):
        if row["metric"] not in infos or row["value"] is None:
            continue
        write = numbers.difference if row["version"] is None else numbers.value
        figures = (row[name] for name in ("value", "corrected", "at_least", "at_most"))
        value, corrected, least, most = ("" if one is None else write(one, "rate") for one in figures)
        name = infos[row["metric"]].label
        if row["group"] != "all":
            name = f"{name}, {_group(row['group'], row['n'], words)}"
        rows.append((row["group"], EffectRow(name, row["version"] or "change", value, corrected, _span(least, most))))
    return rows


def _span(least: str, most: str) -> str:
    return f"{least} to {most}" if least else ""


def _group(name: str, n: int, words: Words) -> str:
    """A group of candidates in words: those that every version says, or those of one kind."""
    return f"{words.kinds.get(name, 'said by all')} ({numbers.count(n)})"


def _verdicts(report: Report, issues: PartIssues) -> str:
    """Whether the change of the metric that leads would be judged otherwise, in a sentence or two."""
    if issues.verdict is None or report.baseline is None:
        return ""
    said, verdicts = [], []
    for name in ("all", "certain"):
        row = issues.effects.filter(
            (pl.col("group") == name) & pl.col("version").is_null() & pl.col("verdict").is_not_null()
        )
        if not row.height:
            continue
        one = row.row(0, named=True)
        verdicts.append(one["verdict"])
        which = "all of them" if name == "all" else f"the {numbers.count(one['n'])} that all versions say"
        said.append(
            f"with {which} corrected {_change(report, one['corrected'], one['low'], one['high'], one['verdict'])}"
        )
    kept = all(one == issues.verdict for one in verdicts)
    now = f"The change from {report.baseline} to {report.candidate} in {report.primary.label} is judged "
    judged = f"“{VERDICTS[issues.verdict]}”"
    turn = "which stays so" if kept else "which depends on these annotations"
    return f"{now}{judged}, {turn}: {'; '.join(said)}."


def _change(report: Report, value: float, low: float | None, high: float | None, verdict: Verdict) -> str:
    ends = ""
    if low is not None and high is not None:
        ends = f", {numbers.level(report.limits.level)} {numbers.difference_interval(low, high, 'rate', joint=' to ')}"
    return f"{numbers.difference(value, 'rate')} points{ends} ({VERDICTS[verdict]})"
