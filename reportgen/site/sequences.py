"""Sequences of frames on a page: a strip a version, which says where errors lie, and the words beside it.

The browser draws the same strips and says the same words (``assets/js/engine/sequences.js``); a test holds both to each
other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns, numbers
from reportgen.analysis.judged_words import JudgedWords, words_of
from reportgen.analysis.sequences import FrameOrder, order_frames
from reportgen.model import Outcomes
from reportgen.report import Report
from reportgen.site.tiles import value_decimals

SHOWN = 6
"""Sequences that stand in the page itself, the first in the order of ``Report.sequences``."""
MOST = 120
"""Marks of a strip; where a sequence needs more places, each mark holds several frames."""
HIGH = 20
FOOT = 6
"""Height of the largest mark, and of what is below the line: the tick of a wrong one."""
ROOM = 600
"""Pixels that the longest strip takes where there is room, as far as ``WIDE`` allows: all places have one width."""
WIDE = (8, 32)
"""The least and the most pixels of a place."""
RUN = 3
"""So many wrong frames in a row are told of."""
_LOW, _WRONG = 3, 6
_GAP, _GAP_SHARE = 3, 0.05
_USUAL_MOST = 0.99

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class StripView:
    """One version's strip, as SVG paths over ``places`` columns of width 1. Without a path nothing is of that kind."""

    version: str
    mark: str  # candidate | baseline | other
    places: int
    wide: int  # pixels of a place where there is room
    line: str  # below every frame that there is: a gap has none
    right: str  # low marks, or as high as their loss
    worst: str  # as high as the worst of the frames, where some are wrong
    wrong: str  # of these marks, the share that is wrong
    ticks: str  # below wrong ones
    silent: str  # not scored
    told: str

    @property
    def width(self) -> int:
        """Its pixels where there is room."""
        return self.places * self.wide

    @property
    def height(self) -> int:
        """Its pixels."""
        return HIGH + FOOT

    @property
    def paths(self) -> tuple[tuple[str, str], ...]:
        """The paths by kind, in the order in which they are drawn."""
        return tuple((kind, getattr(self, kind)) for kind in ("line", "right", "worst", "wrong", "ticks", "silent"))


@dataclass(frozen=True)
class SequenceView:
    """One sequence: its name, how many frames it has, and its strips, the candidate's last."""

    code: int
    name: str
    size: str
    strips: tuple[StripView, ...]


@dataclass(frozen=True)
class SequencesView:
    """The sequences of a report. ``key`` is what is to be seen, ``shown`` how many of them stand here."""

    rows: tuple[SequenceView, ...]
    caption: str
    order: str
    key: str
    shown: str


def plan_sequences(report: Report) -> SequencesView | None:
    """The view of the first sequences; None where no sequence has two frames."""
    order = order_frames(report.outcomes)
    if order is None or int(np.diff(order.begins).max()) < 2:
        return None
    scale = frame_scale(report.outcomes)
    names = report.sequences["sequence"].unique(maintain_order=True).to_list()
    shown = f"the first {numbers.count(SHOWN)} of {_several(len(names), 'sequence')}" if len(names) > SHOWN else ""
    return SequencesView(
        rows=tuple(_sequence(report, order, name, scale) for name in names[:SHOWN]),
        caption=_caption(report, scale),
        order=_order(report),
        key=_key(report),
        shown=shown,
    )


def describe_frames(outcomes: Outcomes) -> dict[str, object] | None:
    """What the browser needs to know of frames, beside their chunks; null where no sequence has two."""
    order = order_frames(outcomes)
    if order is None or int(np.diff(order.begins).max()) < 2:
        return None
    wide = place_width(order)
    return {"seconds": in_seconds(order.number), "scale": frame_scale(outcomes), "most": MOST, "wide": wide}


def place_width(order: FrameOrder) -> int:
    """The pixels of a place on every strip, where there is room."""
    inside = (slice(begin, end) for begin, end in pairwise(order.begins.tolist()))
    longest = min(MOST, max(place_frames(order.missing[own])[1] for own in inside))
    return min(max(ROOM // longest, WIDE[0]), WIDE[1])


def in_seconds(number: Floats) -> bool:
    """Whether frames are told by their times: some number is not whole."""
    return bool((number % 1 != 0).any())


def frame_scale(outcomes: Outcomes) -> float:
    """The loss at which a mark is full: 1 of labels and shares of parts, else what one in a hundred is above."""
    if outcomes.classes or outcomes.parts is not None:
        return 1.0
    losses = [outcomes.frame[columns.loss(v)].drop_nulls().to_numpy() for v in range(len(outcomes.versions))]
    every = np.concatenate(losses)
    most = float(np.quantile(every, _USUAL_MOST, method="lower")) if len(every) else 0.0
    return float(f"{most:.2g}") or 1.0


def _sequence(report: Report, order: FrameOrder, name: str, scale: float) -> SequenceView:
    outcomes = report.outcomes
    code = outcomes.sequence_names.index(name)
    at = int(np.searchsorted(order.sequence[order.begins[:-1]], code))
    inside = slice(int(order.begins[at]), int(order.begins[at + 1]))
    table = report.sequences.filter(sequence=name)
    told = {row["version"]: row for row in table.to_dicts()}
    first = next(iter(told.values()))
    shown = [v for v in (report.baseline, report.candidate) if v is not None]
    seconds, wide = in_seconds(order.number), place_width(order)
    return SequenceView(
        code=code,
        name=name,
        size=size_text(first["n"], first["n_missing"]),
        strips=tuple(
            _strip(report, order, inside, version, told_text(outcomes, told[version], seconds=seconds), scale, wide)
            for version in shown
        ),
    )


def size_text(n: int, missing: int) -> str:
    """How many frames there are, and how many seem to be missing between them."""
    return _several(n, "frame") + (f", {numbers.count(missing)} missing" if missing else "")


def told_text(outcomes: Outcomes, row: Mapping[str, Any], *, seconds: bool) -> str:
    """What a version made of a sequence, in counts: "5 of 12 wrong, 5 in a row (3–7); 4 newly broken"."""
    words = words_of(outcomes)
    if not row["n_scored"]:
        return "no predictions"
    many = numbers.count(row["n_wrong"]) if row["n_wrong"] else "none"
    text = f"{many} of {numbers.count(row['n_scored'])} {words.wrong}"
    if row["longest_run"] > 1:
        where = range_text(row["run_first"], row["run_last"], seconds=seconds)
        text += f", {numbers.count(row['longest_run'])} in a row ({where})"
    text += f"; {mean}" if (mean := mean_text(outcomes, words, row["mean_loss"])) else ""
    moved = ((row["n_newly_broken"], words.newly_broken), (row["n_newly_fixed"], words.newly_fixed))
    said = ", ".join(f"{numbers.count(n)} {what}" for n, what in moved if n)
    return text + (f"; {said}" if said else "")


def mean_text(outcomes: Outcomes, words: JudgedWords, mean: float | None) -> str:
    """The mean loss of frames whose errors have a size; empty of labels."""
    if words.kind == "labels" or mean is None:
        return ""
    if words.kind == "parts":
        return f"{numbers.rate(mean)} wrong on average"
    return f"mean error {numbers.value(mean, 'number', value_decimals(outcomes))}"


def frame_text(number: float, *, seconds: bool) -> str:
    """A frame's number, or its time."""
    return f"{numbers.plain(number, 2)} s" if seconds else f"{number:.0f}"


def range_text(first: float, last: float, *, seconds: bool) -> str:
    """From one frame to another: "3–7"."""
    if first == last:
        return frame_text(first, seconds=seconds)
    return f"{frame_text(first, seconds=seconds).removesuffix(' s')}–{frame_text(last, seconds=seconds)}"


def _several(n: int, noun: str) -> str:
    return f"{numbers.count(n)} {noun}{'' if n == 1 else 's'}"


def place_frames(missing: Ints) -> tuple[Ints, int]:
    """The place of each frame of a sequence on its strip, and how many places there are; a gap has empty ones.

    A wide gap is cut to a few places, so that it does not push the frames together.
    """
    most = max(_GAP, math.ceil(_GAP_SHARE * len(missing)))
    gaps = np.where(np.arange(len(missing)) > 0, np.minimum(missing, most), 0)
    places = np.arange(len(missing)) + np.cumsum(gaps)
    return places, int(places[-1]) + 1


def _strip(
    report: Report, order: FrameOrder, inside: slice, version: str, told: str, scale: float, wide: int
) -> StripView:
    frame = report.outcomes.frame
    v = report.outcomes.versions.index(version)
    rows = order.rows[inside]
    places, n_places = place_frames(order.missing[inside])
    if n_places > MOST:
        places, n_places = places * MOST // n_places, MOST
    scored = frame[columns.scored(v)].to_numpy()[rows]
    wrong = scored & (frame[columns.correct(v)].to_numpy()[rows] == 0)
    loss = np.where(scored, frame[columns.loss(v)].cast(float).fill_null(0.0).to_numpy()[rows], 0.0)
    worst = np.zeros(n_places)
    np.maximum.at(worst, places, loss)
    n, n_scored, n_wrong = (
        np.bincount(places, weights, minlength=n_places)
        for weights in (None, scored.astype(float), wrong.astype(float))
    )
    made: dict[str, list[str]] = {key: [] for key in ("line", "right", "worst", "wrong", "ticks", "silent")}
    for x in map(int, np.flatnonzero(n)):
        made["line"].append(_bar(x, HIGH, 1, 1, 0))
        high = min(1.0, worst[x] / scale) * HIGH
        if not n_scored[x]:
            made["silent"].append(_bar(x, HIGH / 2 - 1, 2, 0.8, 0.1))
        elif not n_wrong[x]:
            made["right"].append(_bar(x, HIGH - max(_LOW, high), max(_LOW, high), 0.8, 0.1))
        else:
            high = max(_WRONG, high)
            part = high * n_wrong[x] / n_scored[x]
            if n_wrong[x] < n_scored[x]:
                made["worst"].append(_bar(x, HIGH - high, high, 0.8, 0.1))
            made["wrong"].append(_bar(x, HIGH - part, part, 0.8, 0.1))
            made["ticks"].append(_bar(x, HIGH + 3, FOOT - 3, 0.8, 0.1))
    mark = "candidate" if version == report.candidate else "baseline" if version == report.baseline else "other"
    return StripView(version, mark, n_places, wide, told=told, **{key: "".join(parts) for key, parts in made.items()})


def _bar(x: int, top: float, high: float, wide: float, air: float) -> str:
    return f"M{_text(x + air)} {_text(top)}h{_text(wide)}v{_text(high)}h-{_text(wide)}z"


def _text(value: float) -> str:
    """Two decimals at most, half up as the browser rounds."""
    return f"{math.floor(value * 100 + 0.5) / 100:g}"


def _caption(report: Report, scale: float) -> str:
    words = words_of(report.outcomes)
    if words.kind == "labels":
        high = "a high mark is wrong, a low one right"
    elif words.kind == "parts":
        high = "the higher a mark, the larger the share that is wrong"
    else:
        full = numbers.value(scale, "number", value_decimals(report.outcomes))
        high = f"the higher a mark, the larger the error, full at {full}"
    return (
        f"A mark is a frame, in their order: {high}; a tick below says {words.wrong}, a dash that nothing was "
        "predicted, an empty place that frames are missing. In a long sequence a mark holds several frames: as high as "
        f"the worst of them, filled as far as the share that is {words.wrong}."
    )


def _order(report: Report) -> str:
    if report.baseline is None:
        return f"Most {words_of(report.outcomes).wrong} first."
    return f"Most frames {words_of(report.outcomes).newly_broken} in {report.candidate} first."


def _key(report: Report) -> str:
    """What is to be seen of the candidate: in how many sequences frames are wrong in a row, and the longest run."""
    own = report.sequences.filter(version=report.candidate)
    words = words_of(report.outcomes)
    many = int((own["longest_run"] >= RUN).sum())
    longest = own.sort("longest_run", descending=True, maintain_order=True).row(0, named=True)
    seconds = in_seconds(order.number) if (order := order_frames(report.outcomes)) is not None else False
    said = key_text(own.height, many, longest, words.wrong, report.candidate, seconds=seconds)
    if report.baseline is None:
        return said
    more = own.filter(pl.col("n_newly_broken") > pl.col("n_newly_fixed"))
    if not more.height:
        return f"{said} In none are more frames {words.newly_broken} than {words.newly_fixed}."
    first = more.row(0, named=True)  # they stand by that
    those, verb = numbers.count(more.height), "has" if more.height == 1 else "have"
    most = f"{numbers.count(first['n_newly_broken'])} of {numbers.count(first['n'])}"
    return (
        f"{said} {those} {verb} more frames {words.newly_broken} than {words.newly_fixed}; most are in "
        f"{first['sequence']}: {most}."
    )


def key_text(n: int, many: int, longest: Mapping[str, Any], wrong: str, candidate: str, *, seconds: bool) -> str:
    """The sentence of ``_key``."""
    if not many:
        return f"In none of {_several(n, 'sequence')} are {RUN} frames in a row {wrong} in {candidate}."
    where = range_text(longest["run_first"], longest["run_last"], seconds=seconds)
    verb, run = "has" if many == 1 else "have", _several(longest["longest_run"], "frame")
    return (
        f"{numbers.count(many)} of {_several(n, 'sequence')} {verb} {RUN} frames or more in a row {wrong} in "
        f"{candidate}; the longest run is {run}, in {longest['sequence']} ({where})."
    )
