"""Findings of mistakes that became more frequent: one class taken for another, and sure but wrong."""

from __future__ import annotations

import numpy as np
import polars as pl

from reportgen import numbers
from reportgen.analysis import grounds
from reportgen.analysis.facts import Facts, Row
from reportgen.analysis.finding_parts import certain_loss, chance_sentence, q_text, size_effect
from reportgen.analysis.sentences import counted, noun
from reportgen.columns import GROUP, TARGET, prediction, scored
from reportgen.model import Effect, EffectRow, Finding, Link
from reportgen.stats.intervals import Intervals, ratio_intervals
from reportgen.stats.statistic import sum_ratio
from reportgen.tasks.classification import SURE


def find_confusions(facts: Facts, taken: set[int], n: int = 1) -> list[Finding]:
    """The mistakes that became more frequent beyond chance, largest first."""
    table = facts.confusion_changes.filter(
        (pl.col("candidate") == facts.candidate)
        & (pl.col("target") != pl.col("prediction"))
        & (pl.col("verdict") == "worse")
    ).sort(["delta", "target", "prediction"], descending=[True, False, False])
    told = [row for row in table.iter_rows(named=True) if facts.is_told("confusion", row)]
    return [_confusion(facts, row, taken) for row in told[:n]]


def _confusion(facts: Facts, row: Row, taken: set[int]) -> Finding:
    target, said = row["target"], row["prediction"]
    before, after, n = row["n_baseline"], row["n_candidate"], row["n"]
    classes = facts.outcomes.classes
    frame = facts.outcomes.frame
    version = facts.outcomes.versions.index(facts.candidate)
    mark = ((frame[TARGET] == classes.index(target)) & (frame[prediction(version)] == classes.index(said))).to_numpy()
    interval = numbers.difference_interval(row["low"], row["high"], "number", 0)
    first, second = _shares(facts, classes.index(target), classes.index(said))
    return Finding(
        kind="confusion",
        severity="watch",
        reason=f"of {counted(facts.outcomes, n)} labelled {target}",
        key=f"{target}>{said}",
        headline=f"{target} is taken for {said} more often",
        text=(
            f"Among {counted(facts.outcomes, n)} labelled {target}, {facts.candidate} calls {numbers.count(after)} "
            f"{said}; {facts.baseline} called {numbers.count(before)}. {_confusion_chance(row)}"
        ),
        slice=None,
        metric=None,
        effect=Effect(
            figure=f"{numbers.count(before)} → {numbers.count(after)}",
            unit=f"of {numbers.count(n)} labelled {target} · {facts.level_word} {interval}",
            verdict="worse",
            kind="pair",
            rows=(
                EffectRow(
                    f"{target} called {said}",
                    float(second.low[0]),
                    after / n,
                    float(second.high[0]),
                    "worse",
                    n,
                    baseline=before / n,
                    baseline_low=float(first.low[0]),
                    baseline_high=float(first.high[0]),
                ),
            ),
            axis=f"share of {target} called {said}",
        ),
        links=(
            Link(
                "examples",
                f"{numbers.count(int(mark.sum()))} {noun(facts.outcomes, int(mark.sum()))}",
                (("set", "all"), ("version", facts.candidate), ("label", target), ("predicted", said)),
                int(mark.sum()),
            ),
            Link("compare", "All confusions", (("version", facts.candidate), ("cell", f"{target}>{said}"))),
        ),
        rows=facts.hardest(mark, taken),
        grounds=grounds.of_confusion(facts),
        weight=certain_loss({"low": row["low"], "high": row["high"], "n": 1}),
    )


def _shares(facts: Facts, target: int, said: int) -> tuple[Intervals, Intervals]:
    """Of the samples of a class that both versions scored, the share that each calls another one."""
    frame = facts.outcomes.frame
    ends = [facts.outcomes.versions.index(str(name)) for name in (facts.baseline, facts.candidate)]
    both = frame[scored(ends[0])] & frame[scored(ends[1])] & (frame[TARGET] == target)
    among = both.to_numpy().astype(float)
    group = frame[GROUP].to_numpy() if GROUP in frame.columns else None
    keys = np.zeros(len(among), np.int64)
    first, second = (
        ratio_intervals(
            sum_ratio(keys, among * (frame[prediction(v)] == said).to_numpy(), among, 1, group=group),
            binary=True,
            level=facts.limits.level,
        )
        for v in ends
    )
    return first, second


def _confusion_chance(row: Row) -> str:
    return f"This is beyond chance, corrected for all pairs of classes (q {q_text(row['q'])})."


def find_sure_but_wrong(facts: Facts, taken: set[int]) -> list[Finding]:
    """Mistakes made with high confidence, where they became more frequent beyond chance."""
    row = facts.comparison("sure_wrong_rate")
    if row is None or row["verdict"] != "worse" or not facts.is_told("sure", row | {"q": row["p"]}):
        return []
    info = next(metric for metric in facts.metrics if metric.name == "sure_wrong_rate")
    before, after = (round(row[k] * row["n"]) for k in ("value_baseline", "value_candidate"))
    version = facts.outcomes.versions.index(facts.candidate)
    frame = facts.outcomes.frame
    wrong = (frame[f"scored_{version}"] & (frame[f"correct_{version}"] == 0)).to_numpy()
    sure = wrong & (facts.hardness >= np.float32(SURE))
    weighted = "weight" in frame.columns
    counts = "" if weighted else f": {numbers.count(before)} → {numbers.count(after)} {noun(facts.outcomes)}"
    return [
        Finding(
            kind="confidence",
            severity="watch",
            reason=f"confidence ≥ {SURE}",
            headline=f"{facts.candidate} makes more mistakes that it is sure of",
            text=(
                f"Wrong with a confidence of {SURE} or more{counts}. Confidence is how sure a version says it is, "
                f"from 0 to 1. {chance_sentence(facts, row)}"
            ),
            slice=None,
            metric=info.name,
            effect=size_effect(
                facts,
                info,
                row,
                [EffectRow.of(f"all {noun(facts.outcomes)}", row, row["decimals"])],
                unit="points",
                axis="change in the share that is sure but wrong, points",
            ),
            links=(
                Link(
                    "examples",
                    f"{numbers.count(int(sure.sum()))} sure but wrong",
                    (("set", "sure_wrong"), ("version", facts.candidate)),
                    int(sure.sum()),
                ),
                Link("confidence", "Confidence and cut-offs"),
            ),
            rows=facts.hardest(sure, taken),
            grounds=grounds.of_confidence(facts),
            weight=certain_loss(row),
        )
    ]
