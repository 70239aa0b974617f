"""The confusion of pixels on the Compare page: what share of each class's true pixels is called what."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from reportgen import columns, numbers
from reportgen.analysis import sentences
from reportgen.analysis.pixel_confusions import pixel_names
from reportgen.report import Report
from reportgen.site.charts import Chart, ConfusionCell, ConfusionGrid, confusion
from reportgen.site.charts.confusion import View, list_cells
from reportgen.site.pair_words import say
from reportgen.site.pairs import spoken

_LABELS: dict[View, str] = {"change": "the change", "baseline": "the baseline", "candidate": "the candidate"}
"""What the charts are called, whichever pair they show."""

ROOM = 7
"""Columns of a matrix for which there is room in a third of the page."""
MOST_TOLD = 3
"""Changes beyond chance that are told in words: first of mistakes, whose samples can be seen."""


@dataclass(frozen=True)
class PixelChange:
    """A change in words; ``cell`` is the mistake whose samples can be seen, by its names: the candidate makes it."""

    text: str
    cell: tuple[str, str] | None


@dataclass(frozen=True)
class PixelsView:
    """A built pair's matrices: the change, then each version's own."""

    version: str
    at: int  # its place among the versions
    live: bool  # whether pairs that were not built are drawn in its place
    n: str  # "16 images"
    changes: tuple[PixelChange, ...]  # those beyond chance: of mistakes first, the largest first
    charts: tuple[tuple[str, Chart], ...]  # what each shows
    wide: bool  # whether three matrices side by side have no room


def plan_pixels(report: Report) -> tuple[PixelsView, ...]:
    """One view a built pair; none where samples are not judged by pixels."""
    parts = report.outcomes.parts
    if parts is None or parts.kind != "pixel":
        return ()
    known = [version for _, version in report.pairs if has_pixels(report, version)]
    live = report.candidate if report.candidate in known else next(iter(known), "")
    return tuple(_view(report, version, live=version == live) for version in known)


def has_pixels(report: Report, version: str) -> bool:
    """Whether a version and the baseline have pixels to compare."""
    return _rows(report, version).height > 0


def _rows(report: Report, version: str) -> pl.DataFrame:
    return report.pixel_changes.filter((pl.col("baseline") == str(report.baseline)) & (pl.col("candidate") == version))


def _view(report: Report, version: str, *, live: bool) -> PixelsView:
    frame = _rows(report, version)
    cells = tuple(
        ConfusionCell(
            row["target"],
            row["prediction"],
            row["n_baseline"],
            row["n_candidate"],
            row["verdict"],
            None if row["low"] is None else row["low"] * row["n_of"],
            None if row["high"] is None else row["high"] * row["n_of"],
        )
        for row in frame.iter_rows(named=True)
    )
    assert report.outcomes.parts is not None
    # the same for every pair
    true, called = (set(report.pixel_confusions[column]) for column in ("target", "prediction"))
    names = tuple(name for name in pixel_names(report.outcomes.parts) if name in true | called)
    at = report.outcomes.versions.index(version)
    heads: tuple[tuple[View, str], ...] = (
        ("change", say("pixels_change", baseline=str(report.baseline), candidate=version)),
        ("baseline", str(report.baseline)),
        ("candidate", version),
    )
    grids = [
        ConfusionGrid(cells, view, True, say(f"said_{view}", baseline=str(report.baseline), candidate=version))
        for view, _ in heads
    ]
    lines = list_cells(cells)
    charts = tuple(
        (
            head,
            confusion(
                f"compare-pixels-{view}-{at}",
                f"Of the pixels of each class, the share that is called each: {_LABELS[view]}.",
                own,
                names,
                noun="pixels",
                beside=[one for one in grids if one is not own],
                live=live,
                level=report.limits.level,
                only_called=names[-1:] if names[-1] not in true else (),
                lines=lines,
            ),
        )
        for (view, head), own in zip(heads, grids, strict=True)
    )
    clear = frame.filter(pl.col("verdict").is_in(["better", "worse"])).sort(
        pl.col("target") == pl.col("prediction"), -pl.col("delta").abs(), maintain_order=True
    )
    told = tuple(_told(report, row) for row in clear.head(MOST_TOLD).iter_rows(named=True))
    places = [report.outcomes.versions.index(name) for name in (str(report.baseline), version)]
    both = int(report.outcomes.frame.select(pl.all_horizontal(columns.scored(v) for v in places)).to_series().sum())
    return PixelsView(version, at, live, sentences.counted(report.outcomes, both), told, charts, len(names) > ROOM)


def _told(report: Report, row: dict[str, object]) -> PixelChange:
    """One change in words, with its interval and on how many samples it rests."""
    before, after, delta, low, high = (
        None if row[name] is None else float(str(row[name]))
        for name in ("share_baseline", "share_candidate", "delta", "low", "high")
    )
    target, prediction = str(row["target"]), str(row["prediction"])
    text = say(
        "pixels_told",
        title=say("cell_right" if target == prediction else "cell_wrong", target=target, prediction=prediction),
        before=numbers.rate(before),
        after=numbers.rate(after),
        change=numbers.difference(delta, "rate"),
        level=numbers.level(report.limits.level),
        ends=numbers.difference_interval(low, high, "rate", None),
        q=spoken(numbers.q_value(float(str(row["q"])))),
        n=numbers.count(int(str(row["n_samples"]))),
    )
    return PixelChange(text, (target, prediction) if target != prediction and row["n_candidate"] else None)
