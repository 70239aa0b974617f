"""How good the confidences are as numbers: one line a version, one column a score, with its change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.analysis.precision import ERROR_DECIMALS
from reportgen.model import ALL, Figures, Verdict
from reportgen.report import Report
from reportgen.site.confidence_words import say

SCORES = ("ece", "brier", "log_loss")
VALUES = ("value", "low", "high", "reason")
CHANGES = ("delta", "low", "high", "decimals", "verdict")


@dataclass(frozen=True)
class ScoreCell:
    """One score of one version, and its change against the baseline where there is one."""

    value: str
    interval: str  # "2.10…2.80", or why there is no value
    change: str  # "−0.012"; empty without a comparison
    change_interval: str
    verdict: Verdict


@dataclass(frozen=True)
class ScoreRow:
    """One version with its cells in the order of the columns."""

    version: str
    role: str  # baseline | candidate | other
    n: str
    cells: tuple[ScoreCell, ...]
    binned: str  # the plug-in error of the bins, which other tools print


@dataclass(frozen=True)
class ScoresView:
    """The table; ``columns`` are label and plain meaning."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[ScoreRow, ...]
    key: str


def plan_scores(report: Report) -> ScoresView:
    """The scores of every version that has confidences."""
    known = {one.name: one for one in report.metrics}
    names = [name for name in SCORES if name in known]
    labels = tuple((known[name].label, known[name].plain) for name in names)
    versions = [one.name for one in report.versions if one.has_confidence]
    return ScoresView(labels, tuple(_row(report, version, names) for version in versions), _key(report, names))


def describe_scores(report: Report) -> dict[str, object]:
    """What a script makes the table of for another baseline: each version's values, and the changes that are known."""
    known = {one.name: one for one in report.metrics}
    names = [name for name in SCORES if name in known]
    return {
        "metrics": [
            {"name": name, "unit": known[name].unit, "lowered": sentences.lowered(known[name].label)} for name in names
        ],
        "labels": [known[name].label for name in names],
        "least": {"ece": ERROR_DECIMALS},
        "rows": [
            {
                "version": version,
                "n": row.n,
                "binned": row.binned,
                "values": [
                    _figures(report.estimates, VALUES, ("metric", name), ("version", version)) for name in names
                ],
                "changes": [
                    _figures(
                        report.comparisons,
                        CHANGES,
                        ("metric", name),
                        ("candidate", version),
                        ("baseline", report.baseline),
                    )
                    for name in names
                ],
            }
            for version in (one.name for one in report.versions if one.has_confidence)
            for row in (_row(report, version, names),)
        ],
    }


def _figures(frame: pl.DataFrame, wanted: tuple[str, ...], *which: tuple[str, object]) -> dict[str, object] | None:
    row = _one(frame, *which)
    return None if row is None else {name: row[name] for name in wanted}


def _row(report: Report, version: str, names: list[str]) -> ScoreRow:
    role = {report.baseline: "baseline", report.candidate: "candidate"}.get(version, "other")
    found = report.calibrations.filter((pl.col("version") == version) & (pl.col("slice") == ALL))
    binned = found["ece_binned"][0] if found.height else None
    cells = tuple(_cell(report, version, name) for name in names)
    n = found["n"][0] if found.height else next(one.n_scored for one in report.versions if one.name == version)
    return ScoreRow(version, role, numbers.count(n), cells, numbers.rate(binned, ERROR_DECIMALS))


def _cell(report: Report, version: str, name: str) -> ScoreCell:
    estimate = _one(report.estimates, ("metric", name), ("version", version))
    change = _one(report.comparisons, ("metric", name), ("candidate", version), ("baseline", report.baseline))
    unit: numbers.Unit = next(one.unit for one in report.metrics if one.name == name)
    decimals = _decimals(report, name)
    if estimate is None or estimate["value"] is None:
        return ScoreCell(numbers.MISSING, str((estimate or {}).get("reason") or ""), "", "", "too_few")
    ends = numbers.interval(estimate["low"], estimate["high"], unit, decimals)
    value = numbers.value(estimate["value"], unit, decimals)
    if change is None or change["delta"] is None:
        return ScoreCell(value, ends, "", "", "too_few")
    return ScoreCell(
        value,
        ends,
        numbers.difference(change["delta"], unit, decimals) + (" points" if unit == "rate" else ""),
        numbers.difference_interval(change["low"], change["high"], unit, decimals),
        change["verdict"],
    )


def _decimals(report: Report, name: str) -> int | None:
    """With which the score is printed for every version: those of its changes, and two at least for the error."""
    found = report.comparisons.filter(pl.col("slice") == ALL, pl.col("metric") == name, pl.col("class").is_null())
    widest = found["decimals"].max()
    known = widest if isinstance(widest, int) else None
    return max(ERROR_DECIMALS, known or 0) if name == "ece" else known


def _one(frame: pl.DataFrame, *which: tuple[str, object]) -> Figures | None:
    """The row over all samples that has these values and is of no class."""
    asked = (pl.col(name).eq_missing(pl.lit(value)) for name, value in which)
    rows = frame.filter(pl.col("slice") == ALL, pl.col("class").is_null(), *asked)
    return rows.row(0, named=True) if rows.height else None


def _key(report: Report, names: list[str]) -> str:
    """Which scores of the candidate changed beyond chance."""
    if report.baseline is None:
        return ""
    verdicts: Mapping[str, Verdict] = {name: _cell(report, report.candidate, name).verdict for name in names}
    labels = {one.name: sentences.lowered(one.label) for one in report.metrics}
    parts = []
    for verdict, word in (("worse", "worse"), ("better", "better")):
        which = [labels[name] for name in names if verdicts[name] == verdict]
        if which:
            parts.append(f"{word} in {sentences.listed(which)}")
    pair = {"candidate": report.candidate, "baseline": report.baseline}
    if not parts:
        return say("scores_alike", **pair)
    return say("scores_apart", what=" and ".join(parts), **pair)
