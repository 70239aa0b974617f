"""Annotated boxes that look wrong: the most suspect ones as crops, and what correcting them would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.analysis.quality.boxes import FEWEST
from reportgen.inspection import BoxIssues
from reportgen.inspection.boxes import BOX_KINDS, BoxKind
from reportgen.model import Link, Verdict
from reportgen.report import Report
from reportgen.site.data.labels import EffectRow, said_by
from reportgen.site.data.reviewed import how_far_reviewed, left_out_text
from reportgen.site.data.set_rates import see_set
from reportgen.site.data.strip import StripCell
from reportgen.site.media import Thumb, Thumbnails
from reportgen.site.overlays import Floats, on_picture, outlines, upright_size
from reportgen.site.words import VERDICTS
from reportgen.tasks.objects import BOX

SHOWN = 4
"""Crops of each kind in the page: two rows of all."""
SHAPE = 16 / 10
AROUND = 3
"""A crop is so many times as large as what it is about, as that of a tile (``assets/js/crop.js``)."""
LEAST = 48
"""Pixels of the original that it has at least."""


@dataclass(frozen=True)
class CropView:
    """A part of a picture, as wide as its tile, in pixels of the upright original, with outlines as SVG paths."""

    picture: Thumb
    width: int  # of the whole picture
    height: int
    seen: str  # the part, as a viewBox
    others: str  # annotated objects that it is not about
    annotated: str
    suggested: str


@dataclass(frozen=True)
class SuspectBox:
    """One candidate: its crop, what is annotated, and what speaks against it."""

    crop: CropView | None
    missing: str  # why there is no crop
    link: Link
    spoken: str
    called: str
    label: str  # the annotated class; empty where nothing is annotated
    suggestion: str  # the class that versions say, where that is another one
    who: str  # "both versions say", "both versions place it elsewhere"
    figures: str  # scores, and the overlap
    where: str  # "annotation 649"


@dataclass(frozen=True)
class KindRow:
    """How many candidates are of a kind; ``share`` of the most frequent one, 0 to 1."""

    name: str
    n: str
    share: float


@dataclass(frozen=True)
class BoxesView:
    """What stands in the section; ``nouns`` are boxes, or masks where overlaps are those of masks."""

    nouns: str
    caption: str
    key: str
    placed: str  # from which overlap on a box is badly placed, and which versions cannot say so
    in_sample: str
    legend: bool  # there are crops to explain
    suspects: tuple[SuspectBox, ...]
    see_all: Link | None
    list: str  # key of the list to review; empty without one
    kinds: tuple[KindRow, ...]
    effects: tuple[EffectRow, ...]  # of the metric that leads
    verdicts: str  # whether the change would be judged otherwise
    more_effects: tuple[EffectRow, ...]


def plan_boxes(report: Report, thumbnails: Thumbnails) -> BoxesView | None:
    """The section's view; none where no annotated box could be looked at."""
    boxes = report.inspection.boxes
    if boxes is None:
        return None
    table = boxes.candidates
    see_all = see_set(report, boxes.sets[0], f"See all {numbers.count(boxes.sets[0].n)}") if boxes.sets else None
    suspects = tuple(_suspect(report, thumbnails, row) for row in _shown(boxes).iter_rows(named=True))
    effects = _effects(report, boxes)
    primary = report.primary.label
    return BoxesView(
        nouns=_noun(report, 2),
        caption=f"{boxes.rule} Looked at: {_objects(boxes.n_checked)} on "
        f"{sentences.counted(report.outcomes, boxes.n_samples)}.",
        key=_key(report, boxes),
        placed=_placed(report, boxes),
        in_sample=left_out_text(boxes.n_in_sample, report.outcomes, sentences.noun(report.outcomes)),
        legend=any(one.crop is not None for one in suspects),
        suspects=suspects,
        see_all=see_all,
        list=boxes.sets[0].key if boxes.sets else "",
        kinds=_kinds(table),
        effects=tuple(row for group, row in effects if group == "all" and row.name == primary),
        verdicts=_verdicts(report, boxes),
        more_effects=tuple(row for group, row in effects if group != "all" or row.name != primary),
    )


def box_cells(report: Report) -> tuple[StripCell, ...]:
    """What the strip says of annotated boxes; nothing where none could be looked at."""
    boxes = report.inspection.boxes
    if boxes is None:
        return ()
    n = boxes.candidates.height
    below = f"beside {_objects(boxes.n_checked)}" if n else f"of {_objects(boxes.n_checked)}"
    return (StripCell("check" if n else "fine", f"Suspect {_noun(report, 2)}", numbers.count(n), below, "boxes"),)


def suspect_box_rows(report: Report) -> list[int]:
    """The rows whose pictures the section needs."""
    boxes = report.inspection.boxes
    return [] if boxes is None else _shown(boxes)["row"].to_list()


def _shown(boxes: BoxIssues) -> pl.DataFrame:
    """The first candidates of each kind, in their order."""
    return boxes.candidates.filter(pl.int_range(pl.len()).over("kind") < SHOWN)


def box_evidence(row: Mapping[str, Any], versions: Sequence[str]) -> str:
    """What speaks against one annotation (``columns.BOX_ISSUES``), in one line of plain words."""
    scores = ", ".join(
        f"{name} {numbers.probability(score)}"
        for name, score in zip(versions, row["scores"], strict=True)
        if score is not None
    )
    who = said_by(row["n_for"], row["n_versions"])
    if row["kind"] == "overlooked":
        return f"{who} {row['suggestion']} ({scores}) where nothing is annotated"
    overlap = numbers.probability(row["iou"])
    if row["kind"] == "swapped":
        return f"{who} {row['suggestion']} ({scores}), overlap with what is annotated {overlap}"
    return f"{_places(row['n_for'], row['n_versions'])} ({scores}), overlap with what is annotated {overlap}"


def _places(n_for: int, n: int) -> str:
    """Who places a box elsewhere: so many of the versions."""
    who = said_by(n_for, n).removesuffix(" says").removesuffix(" say")
    return f"{who} {'places' if n == 1 else 'place'} it elsewhere"


def _noun(report: Report, n: int) -> str:
    parts = report.outcomes.parts
    masked = parts is not None and parts.overlap == "mask"
    return ("mask" if n == 1 else "masks") if masked else ("box" if n == 1 else "boxes")


def _objects(n: int) -> str:
    return f"{numbers.count(n)} annotated object{'' if n == 1 else 's'}"


def _key(report: Report, boxes: BoxIssues) -> str:
    n = boxes.candidates.height
    if not n:
        return f"No annotated {_noun(report, 1)} looks wrong."
    counts = ", ".join(f"{row.n} {row.name}" for row in _kinds(boxes.candidates))
    said = f"{numbers.count(n)} {_noun(report, n)} {'looks' if n == 1 else 'look'} wrong or missing: {counts}."
    return how_far_reviewed(said, boxes.reviewed, report.limits.level)


def _placed(report: Report, boxes: BoxIssues) -> str:
    """Below which overlap a place is odd for each version, and why others can't tell."""
    noun = _noun(report, 2)
    few = [name for name, n in boxes.n_found.items() if n < FEWEST]
    wide = [name for name in boxes.n_found if name not in boxes.limits and name not in few]
    said = []
    if boxes.limits:
        limits = [f"{numbers.probability(limit)} ({name})" for name, limit in boxes.limits.items()]
        said.append(f"Badly placed means an overlap below {sentences.listed(limits)}, far from what is usual there.")
    elif boxes.n_found:
        said.append(f"Whether {noun} are badly placed can't be told here.")
    if few:
        find = f"{sentences.listed(few)} {'finds' if len(few) == 1 else 'find'}"
        said.append(f"{find} fewer than {FEWEST} objects: too few to know how much {noun} usually overlap.")
    if wide:
        said.append(f"The overlaps of {sentences.listed(wide)} lie so far apart that no place is odd.")
    return " ".join(said)


def _kinds(table: pl.DataFrame) -> tuple[KindRow, ...]:
    """The kinds that there are, most first."""
    n = {kind: int((table["kind"] == kind).sum()) for kind in BOX_KINDS}
    found = sorted((kind for kind in BOX_KINDS if n[kind]), key=lambda kind: -n[kind])
    return tuple(KindRow(BOX_KINDS[kind], numbers.count(n[kind]), n[kind] / n[found[0]]) for kind in found)


def _suspect(report: Report, thumbnails: Thumbnails, row: Mapping[str, Any]) -> SuspectBox:
    kind: BoxKind = row["kind"]
    crop = _crop(report, thumbnails, row)
    figures = " · ".join(numbers.probability(score) for score in row["scores"] if score is not None)
    if kind != "overlooked":
        figures += f"; overlap {numbers.probability(row['iou'])}"
    who = _places if kind == "misplaced" else said_by
    evidence = box_evidence(row, report.outcomes.versions)
    state = (("set", "all"), ("sample", row["id"]))
    label = row["label"] or ""
    return SuspectBox(
        crop=crop,
        missing="" if crop else thumbnails.reason(row["row"]) or "picture not in the report",
        link=Link("examples", row["id"], state),
        spoken=f"{BOX_KINDS[kind]}{f', annotated {label}' if label else ''}: {evidence} (sample {row['id']})",
        called=BOX_KINDS[kind],
        label=label,
        suggestion="" if kind == "misplaced" else row["suggestion"],
        who=who(row["n_for"], row["n_versions"]),
        figures=figures,
        where=_annotation(row["annotation"]),
    )


def _annotation(mark: str | None) -> str:
    """The annotation by what its file calls it."""
    if mark is None:
        return ""
    return mark if mark.startswith(("entry ", "line ")) else f"annotation {mark}"


def _crop(report: Report, thumbnails: Thumbnails, row: Mapping[str, Any]) -> CropView | None:
    """What is around the annotated box and the versions' own."""
    at, parts = row["row"], report.outcomes.parts
    thumb = thumbnails.larger.get(at) or thumbnails.by_row.get(at)
    if thumb is None or parts is None or parts.truths is None:
        return None

    def placed(frame: pl.DataFrame) -> Floats:
        return on_picture(parts, at, thumb, frame.select(BOX).to_numpy())

    begin, end = np.searchsorted(parts.truths["sample"].to_numpy(), [at, at + 1])
    rows = np.arange(begin, end)
    rows = rows[~parts.truths["crowd"].to_numpy()[rows]]
    own = rows[rows == (-1 if row["object"] is None else row["object"])]
    said = [frame[[d]] for frame, d in zip(parts.detections, row["detections"], strict=False) if d >= 0]
    annotated, others = placed(parts.truths[own]), placed(parts.truths[np.setdiff1d(rows, own)])
    suggested = placed(pl.concat(said))
    width, height = upright_size(thumb)
    seen = window_around(np.concatenate([annotated, suggested]), width, height)
    return CropView(thumb, width, height, seen, outlines(others), outlines(annotated), outlines(suggested))


def window_around(boxes: Floats, width: int, height: int) -> str:
    """The part of a picture around some boxes, in the shape of a tile; the whole where it would be larger."""
    low, high = boxes[:, :2].min(axis=0), (boxes[:, :2] + boxes[:, 2:]).max(axis=0)
    side = (high - low) * AROUND
    wide = max(side[0], side[1] * SHAPE, LEAST)
    wide = min(wide, max(width, height * SHAPE))
    parts = []
    for middle, long, whole in zip((low + high) / 2, (wide, wide / SHAPE), (width, height), strict=True):
        parts.append((whole - long) / 2 if long > whole else min(max(middle - long / 2, 0.0), whole - long))
    return " ".join(f"{number:.10g}" for number in np.round([*parts, wide, wide / SHAPE], 2) + 0.0)


def _effects(report: Report, boxes: BoxIssues) -> list[tuple[str, EffectRow]]:
    """What baseline and candidate are, and their change, by group of candidates."""
    infos = {one.name: one for one in report.metrics}
    shown = [one for one in (report.baseline, report.candidate) if one is not None]
    table = boxes.effects.filter(pl.col("version").is_null() | pl.col("version").is_in(shown))
    rows = []
    for row in table.iter_rows(named=True):
        if row["metric"] not in infos or row["value"] is None:
            continue
        write = numbers.difference if row["version"] is None else numbers.value
        figures = (row[name] for name in ("value", "corrected", "at_least", "at_most"))
        value, corrected, least, most = ("" if one is None else write(one, "rate") for one in figures)
        name = infos[row["metric"]].label
        if row["group"] != "all":
            name = f"{name}, {_group(row['group'], row['n'])}"
        rows.append((row["group"], EffectRow(name, row["version"] or "change", value, corrected, _span(least, most))))
    return rows


def _span(least: str, most: str) -> str:
    return f"{least} to {most}" if least else ""


def _group(name: str, n: int) -> str:
    """A group of candidates in words: those that every version says, or those of one kind."""
    called = next((text for kind, text in BOX_KINDS.items() if kind == name), "said by all")
    return f"{called} ({numbers.count(n)})"


def _verdicts(report: Report, boxes: BoxIssues) -> str:
    """Whether the change of the metric that leads would be judged otherwise, in a sentence or two."""
    if boxes.verdict is None or report.baseline is None:
        return ""
    said, verdicts = [], []
    for name in ("all", "certain"):
        row = boxes.effects.filter(
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
    kept = all(one == boxes.verdict for one in verdicts)
    now = f"The change from {report.baseline} to {report.candidate} in {report.primary.label} is judged "
    judged = f"“{VERDICTS[boxes.verdict]}”"
    turn = "which stays so" if kept else "which depends on these annotations"
    return f"{now}{judged}, {turn}: {'; '.join(said)}."


def _change(report: Report, value: float, low: float | None, high: float | None, verdict: Verdict) -> str:
    ends = ""
    if low is not None and high is not None:
        ends = f", {numbers.level(report.limits.level)} {numbers.difference_interval(low, high, 'rate', joint=' to ')}"
    return f"{numbers.difference(value, 'rate')} points{ends} ({VERDICTS[verdict]})"
