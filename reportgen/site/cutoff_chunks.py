"""What the browser needs to show any cut-off: counts of every class, version, slice and cut-off, and what matches."""

from __future__ import annotations

import numpy as np
import polars as pl

from reportgen import columns, numbers
from reportgen.analysis import sentences
from reportgen.model import ALL
from reportgen.report import Report
from reportgen.site.cutoff_changes import GOALS, goals_of, is_apart
from reportgen.site.cutoff_readings import classes_of, is_weighted, opening, slices_of, start_of
from reportgen.site.cutoff_words import SENTENCES
from reportgen.site.metric_columns import sides_of
from reportgen.site.packing import Chunk, pack_json
from reportgen.site.reliability import slice_name, worst_slice
from reportgen.stats.cutoffs import as_float32
from reportgen.stats.distributions import two_sided_z


def cutoff_chunks(report: Report) -> dict[str, Chunk]:
    """The browser's data: what holds for all classes in ``cutoffs``, and the counts of class i in ``cutoffs-{i}``.

    A class's counts are two whole numbers a cut-off, version and slice, whatever the number of samples.
    """
    start = start_of(report)
    if start is None:
        return {}
    worst = worst_slice(report)
    ids = [one.id for one in slices_of(report)]
    grid = report.cutoffs["cutoff"].unique().sort().to_list()
    versions = [report.candidate, *([report.baseline] if report.baseline is not None else [])]
    others = [name for name in report.outcomes.versions if name not in versions] if report.baseline is not None else []
    shared = {
        "versions": versions,
        "others": others,
        "classes": list(classes_of(report)),
        "slices": [{"id": id_, "name": slice_name(report, id_), "opening": opening(report, id_)} for id_ in ids],
        "second": ids.index(worst.id) if worst is not None and worst.id in ids else None,
        "grid": [round(cutoff, 9) for cutoff in grid],
        "start": {"class": start[0], "slice": start[1], "cutoff": start[2]},
        "sentences": dict(SENTENCES),
        "goals": [name for name, _ in goals_of(report)],
        "quantile": two_sided_z(report.limits.level),
        "level": numbers.level(report.limits.level),
        "show": report.limits.show,
        "weighted": is_weighted(report),
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
        rest = [_entry(report, parts.get((klass, ALL, v))) for v in others]
        begins = _begins(report, klass, grid) if report.baseline is not None else {}
        chunks[f"cutoffs-{i}"] = pack_json({"entries": entries, "matches": matches, "others": rest, "begins": begins})
    return chunks


def _begins(report: Report, klass: str, grid: list[float]) -> dict[str, list[int]]:
    """By version: the place among its scores of the class, from 1, from which a score reaches each cut-off."""
    code = report.outcomes.classes.index(klass)
    found = {}
    for name, side in zip(report.outcomes.versions, sides_of(report), strict=True):
        score = side.class_score(code)
        if score is not None and side.scored.any():
            places = np.unique(score[side.scored])
            begins = np.searchsorted(as_float32(places), as_float32(np.array(grid)), side="left")
            found[name] = (begins + 1).tolist()
    return found


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
    weighted = is_weighted(report)
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
                "apart": is_apart(report, part["class"][0], part["slice"][0], part["n_class"][0] + part["n_other"][0]),
                "cutoff": _short(part["cutoff_candidate"], 9),  # as many as tell any two Float32 apart
                "found": part["n_found_candidate"].to_list(),
                "false": part["n_false_alarm_candidate"].to_list(),
                "base_found": part["n_found_baseline"].to_list(),
                "base_false": part["n_false_alarm_baseline"].to_list(),
                **changes,
            }
    return found
